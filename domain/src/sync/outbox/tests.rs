//! What is sent, and what every kind of answer means.

use super::*;
use crate::ids::ReplicaId;
use crate::sync::chain::sha256;
use crate::sync::receipt::{ReceiptKey, Statement};
use crate::sync::wire::{RejectedCode, Status};

fn op(text: &str) -> WireOp {
    WireOp { envelope: text.to_owned(), hash: sha256(text.as_bytes()) }
}

fn key() -> ReceiptKey {
    ReceiptKey::from_seed([5; 32])
}

fn sent() -> Push {
    Push {
        protocol: PROTOCOL,
        app_version: "test".into(),
        replica: ReplicaId(uuid::Uuid::from_u128(1)),
        first_seq: 3,
        ops: vec![op("a"), op("b")],
        unsent: 0,
    }
}

fn ack(change: impl FnOnce(&mut Statement)) -> Pushed {
    let mut statement = Statement {
        replica: sent().replica,
        acked_seq: 4,
        acked_hash: Some(op("b").hash),
        position: 9,
        received_at: 0,
    };
    change(&mut statement);
    Pushed {
        protocol: PROTOCOL,
        acked_seq: statement.acked_seq,
        acked_hash: statement.acked_hash,
        statuses: vec![],
        receipt: key().sign(statement),
    }
}

fn read(status: u16, marked: bool, body: &[u8]) -> Outcome {
    read_answer(&Answer::Http { status, marked, body }, &sent(), &key().public())
}

fn read_pushed(pushed: &Pushed) -> Outcome {
    read(200, true, &serde_json::to_vec(pushed).unwrap())
}

#[test]
fn s16_a_push_is_bounded_in_number_and_bytes_and_never_empty() {
    assert_eq!(batch_len(&[]), 0);
    assert_eq!(batch_len(&vec![op("x"); 500]), MAX_PUSH_OPS);
    assert_eq!(batch_len(&[op(&"\u{1}".repeat(MAX_PUSH_BYTES)), op("x")]), 1, "one that is too big still goes alone");
    let waiting = vec![op(&"\"".repeat(4_000)); 200];
    let push = Push { ops: waiting[..batch_len(&waiting)].to_vec(), ..sent() };
    assert!(serde_json::to_vec(&push).unwrap().len() <= MAX_PUSH_BYTES);
    assert!(push.ops.len() > 10);
}

#[test]
fn s19_a_verified_ack_settles() {
    assert!(matches!(read_pushed(&ack(|_| ())), Outcome::Settled(_)));
}

#[test]
fn s19_an_ack_that_does_not_fit_what_was_sent_settles_nothing() {
    let refused = Outcome::Refused("receipt_invalid".into());
    assert_eq!(read_pushed(&ack(|s| s.replica = ReplicaId(uuid::Uuid::from_u128(2)))), refused);
    assert_eq!(read_pushed(&ack(|s| s.acked_hash = Some(op("c").hash))), refused);
    assert_eq!(read_pushed(&ack(|s| s.acked_seq = 3)), refused, "less than sent is no ack of it");
    let mut unsigned = ack(|_| ());
    unsigned.receipt.signature = "00".repeat(64);
    assert_eq!(read_pushed(&unsigned), refused);
    let mut other = ack(|_| ());
    other.acked_seq = 400;
    assert_eq!(read_pushed(&other), refused, "the receipt says otherwise");
}

#[test]
fn s22_only_a_marked_and_whole_answer_counts() {
    let whole = serde_json::to_vec(&ack(|_| ())).unwrap();
    assert_eq!(read(200, false, &whole), Outcome::NotOurs);
    assert_eq!(read(200, false, b"<html>Wi-Fi</html>"), Outcome::NotOurs);
    assert_eq!(read(302, false, b""), Outcome::NotOurs);
    assert_eq!(read(200, true, &whole[..whole.len() / 2]), Outcome::Later);
    assert_eq!(read(502, false, b"<html>Bad gateway</html>"), Outcome::Later);
    assert_eq!(read_answer(&Answer::Nothing, &sent(), &key().public()), Outcome::Later);
}

#[test]
fn s11_refusals_leave_the_outbox_alone_and_say_what_to_do() {
    assert_eq!(read(401, true, b"{\"code\":\"signed_out\",\"message\":\"\"}"), Outcome::SignedOut);
    assert_eq!(read(403, true, b"{\"code\":\"forbidden\",\"message\":\"\"}"), Outcome::Refused("forbidden".into()));
    assert_eq!(read(503, true, b"{\"code\":\"busy\",\"message\":\"\"}"), Outcome::Later);
    assert_eq!(read(409, true, b"{\"code\":\"gap\",\"message\":\"\",\"expected_seq\":2}"), Outcome::ResendFrom(2));
    assert_eq!(read(409, true, b"{\"code\":\"fork\",\"message\":\"\"}"), Outcome::Forked);
    assert_eq!(read(400, true, b"{\"code\":\"unsupported_schema\",\"message\":\"\"}"), Outcome::WrongVersion);
}

#[test]
fn s18_statuses_name_only_the_exceptions() {
    let rejected = Status::Rejected(RejectedCode::OverMaximum);
    let statuses = [OpStatus { seq: 4, status: rejected.clone() }];
    assert_eq!(status_in(&statuses, 3), Status::Accepted);
    assert_eq!(status_in(&statuses, 4), rejected);
    let json = serde_json::to_string(&statuses[0]).unwrap();
    assert_eq!(json, r#"{"seq":4,"status":"rejected","code":"over_maximum"}"#);
    assert_eq!(serde_json::from_str::<OpStatus>(&json).unwrap(), statuses[0]);
}

#[test]
fn s12_waiting_doubles_to_a_minute_and_is_spread() {
    assert_eq!(backoff_ms(0, 0), 2_000);
    assert_eq!(backoff_ms(1, 1_000), 2_000);
    assert_eq!(backoff_ms(40, 0), 60_000);
    assert_eq!(backoff_ms(40, 1_000), 30_000);
}
