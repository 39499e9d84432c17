//! A rescue file of another tablet (S11).

use crate::behind_fetch::{Fetch, sign_in, tablet, taken_in_unseen, until};
use crate::edition::stop;
use crate::server::{TestServer, Weather, sync};
use crate::support::*;
use app::store::DraftCell;
use app::store::device::{DEVICE, Device};
use app::sync::tabs::{Message, Tabs};
use app::tablet::{Link, Phase};
use domain::sheet::Act;
use domain::visit::{VisitAct, VisitKey};
use leptos::prelude::GetUntracked;
use serde_json::json;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// S11, S23: nobody knows how old it is what a file has half typed. It is put back where nothing stands, and never takes the place
/// of what was given since; how much was not is said.
#[wasm_bindgen_test]
async fn s11_what_a_file_has_half_typed_is_put_back_where_nothing_stands() {
    let server = Rc::new(TestServer::new());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;
    let user = sign_in(tablet, "gk51").await.unwrap().user;
    server.weather.set(Weather::NoNetwork);
    let (key, at) = (visit(7), VisitKey { round: visit(7).round, stop: stop().key() });
    tablet.act(&key, mark("1", 400)).await.unwrap();
    tablet.act(&key, mark("2", 550)).await.unwrap();
    tablet.act(&key, Act::SetMark { criterion: code("2"), points: None }).await.unwrap();
    tablet.draft(&key, DraftCell::Remark, Some("Sạch".into())).await.unwrap();
    tablet.act_on_visit(&at, VisitAct::SetFact { product: None, text: "Lò mới".into() }).await.unwrap();

    let typed =
        json!([[{"mark": "1"}, "3"], [{"mark": "2"}, "5"], [{"note": "1"}, "Máy mới"], ["remark", "Bao bì đẹp"]]);
    let file = json!({
        "format": "binhchon-rescue-1",
        "user": user,
        "ops": [],
        "drafts": [{"round": key.round, "product": key.product, "drafts": typed}],
        "facts": [{"round": at.round, "stop": at.stop, "drafts": [[null, "Lò cũ"], [product(7), "Chạy êm"]]}],
    });
    let taken = tablet.take_in(file.to_string()).await.unwrap();
    assert_eq!((taken.typed, taken.typed_left), (2, ["3", "5", "Bao bì đẹp", "Lò cũ"].map(str::to_owned).to_vec()));
    let drafts: Vec<_> = tablet.sheet(&key).get_untracked().drafts.into_iter().collect();
    let note = DraftCell::Note(code("1"));
    assert_eq!(drafts, [(note, "Máy mới".to_owned()), (DraftCell::Remark, "Sạch".to_owned())]);
    let facts: Vec<_> = tablet.visit(&at).get_untracked().drafts.into_iter().collect();
    assert_eq!(facts, [(Some(product(7)), "Chạy êm".to_owned())]);
    server.weather.set(Weather::Fine);
    drop(fetch);
}

/// S13, S23: another tab signs out, and doesn't wait, while a file is being taken in: what it has typed is its juror's all the same.
#[wasm_bindgen_test]
async fn s13_what_a_file_has_half_typed_is_put_back_for_whoever_brought_it() {
    let server = Rc::new(TestServer::new());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;
    let user = sign_in(tablet, "gk52").await.unwrap().user;
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    // Another tablet's words, which are in the store and not on the screen yet.
    let there = store_of(user, fresh_replica()).await;
    act_as(&there, user, 40, Act::SetRemark { text: "Bao bì đẹp".into() }).await.unwrap();
    assert_eq!(sync(&there, &server).await, Link::Online);
    taken_in_unseen(&server).await;
    let sheets = (1..=40).map(|n| json!({"round": "visit", "product": product(n), "drafts": [["remark", "Sạch"]]}));
    let sheets: Vec<_> = sheets.collect();
    let file = json!({"format": "binhchon-rescue-1", "user": user, "ops": [], "drafts": sheets}).to_string();
    let device = Device::open(DEVICE).await.unwrap();
    let brought = async move { assert_eq!(tablet.take_in(file).await.unwrap().typed, 40) };
    let signed_out = async move {
        device.mark_signed_in(None).await.unwrap();
        Tabs::open(|_| {}).tell(&Message::People);
        until("signed out", || tablet.phase().get_untracked() == Phase::SignedOut).await;
    };
    both(brought, signed_out).await;
    server.weather.set(Weather::Fine);
    sign_in(tablet, "gk52").await.unwrap();
    assert_eq!(tablet.unsent().get_untracked(), 40);
    // S23: whoever typed it had not seen them.
    tablet.act(&visit(40), Act::SetRemark { text: "Sạch".into() }).await.unwrap();
    let remark = tablet.sheet(&visit(40)).get_untracked().sheet.remark();
    assert!(remark.contains("Sạch") && remark.contains("Bao bì đẹp"), "{remark}");
    drop(fetch);
}
