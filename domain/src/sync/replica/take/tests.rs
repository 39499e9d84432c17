//! What a page may bring.

use super::*;
use crate::ids::RoundCode;
use crate::sync::wire::{RejectedCode, Status};
use serde_json::value::RawValue;
use uuid::Uuid;

/// S21: an operation of a kind that this version doesn't know.
fn of_tomorrow(status: Status) -> Result<BTreeSet<SheetId>, TakeError> {
    let (user, edition) = (UserId(Uuid::from_u128(2)), EditionId(Uuid::from_u128(7)));
    let round: RoundCode = "visit".parse().unwrap();
    let envelope = Envelope {
        replica: ReplicaId(Uuid::from_u128(1)),
        seq: 1,
        prev: None,
        user,
        round,
        epoch: 1,
        schema: 99,
        kind: "sing".to_owned(),
        body: RawValue::from_string("{}".to_owned()).unwrap(),
        base: None,
        claimed_at: 0,
        also: Vec::new(),
        reissue_of: None,
    };
    let envelope = serde_json::to_string(&envelope).unwrap();
    let hash = sha256(envelope.as_bytes());
    let page = Pulled { ops: vec![PulledOp { position: 1, envelope, hash, status }], ..Pulled::without_news(user) };
    Arrivals::read(&page, edition, user).map(|arrivals| arrivals.sheets())
}

#[test]
fn s21_what_only_a_newer_version_can_read_is_waited_for() {
    assert_eq!(of_tomorrow(Status::Accepted), Err(TakeError::Unreadable), "the cursor stays before it");
    assert_eq!(of_tomorrow(Status::Rejected(RejectedCode::UnknownKind)), Ok(BTreeSet::new()), "nobody could read it");
}
