//! Jurors who share a tablet (S1).

use crate::support::*;
use app::session::SignedIn;
use app::store::device::Device;
use domain::access::Role;
use domain::ids::UserId;
use wasm_bindgen_test::wasm_bindgen_test;

fn person(user: UserId, name: &str) -> SignedIn {
    SignedIn { user, name: name.to_owned(), display_name: name.to_owned(), role: Role::Juror }
}

/// S1: a second juror gets another database; the first finds theirs again.
#[wasm_bindgen_test]
async fn s1_each_juror_has_a_database_of_their_own() {
    let device = Device::open(&fresh_name()).await.unwrap();
    let first = device.enter(&person(JUROR, "gk01"), "aaa").await.unwrap();
    let second = device.enter(&person(OTHER, "gk02"), "bbb").await.unwrap();
    assert_eq!((first.database.as_str(), second.database.as_str()), ("aaa", "bbb"));
    assert_eq!(device.enter(&person(JUROR, "gk01"), "ccc").await.unwrap().database, "aaa");
}

/// S1, S11: one at a time is signed in; signing out forgets nobody's database.
#[wasm_bindgen_test]
async fn s1_one_juror_at_a_time_is_signed_in() {
    let name = fresh_name();
    let device = Device::open(&name).await.unwrap();
    assert_eq!(device.signed_in().await.unwrap(), None);
    device.enter(&person(JUROR, "gk01"), "aaa").await.unwrap();
    device.enter(&person(OTHER, "gk02"), "bbb").await.unwrap();
    assert_eq!(device.signed_in().await.unwrap(), None, "enrolment is not done yet");
    device.mark_signed_in(Some(JUROR)).await.unwrap();
    device.mark_signed_in(Some(OTHER)).await.unwrap();
    let again = Device::open(&name).await.unwrap();
    assert_eq!(again.signed_in().await.unwrap().unwrap().who.user, OTHER);
    again.mark_signed_in(None).await.unwrap();
    assert_eq!(again.signed_in().await.unwrap(), None);
    assert_eq!(again.enter(&person(JUROR, "gk01"), "ccc").await.unwrap().database, "aaa");
}

/// S1, S2: an interrupted enrolment goes on with the replica that it drew first.
#[wasm_bindgen_test]
async fn s1_a_database_keeps_its_replica() {
    let (first, second) = (fresh_replica(), fresh_replica());
    let store = store_of(JUROR, first).await;
    assert_eq!(store.enrol(JUROR, second).await.unwrap().chain.replica, first);
}
