//! A conversation's course, and what answers count as.

use super::*;
use crate::sync::receipt::{ReceiptKey, Statement};
use crate::sync::replica::ReplicaRecord;
use serde::Serialize;
use uuid::Uuid;

pub(super) const USER: UserId = UserId(Uuid::from_u128(2));

fn key() -> ReceiptKey {
    ReceiptKey::from_seed([1; 32])
}

/// The server's key is known, and everything is acknowledged.
pub(super) fn nothing_waits() -> Event {
    let mut replica = ReplicaRecord::new(USER, ReplicaId(Uuid::from_u128(1)));
    replica.receipt_key = Some(key().public());
    Event::Batch(Box::new(Batch { replica, ops: vec![], first_seq: 1 }), 3)
}

pub(super) fn ok(body: &impl Serialize) -> Event {
    Event::Reply(Some(Reply { status: 200, marked: true, body: serde_json::to_vec(body).unwrap() }))
}

pub(super) fn refusal(status: u16, code: &str) -> Event {
    let body = format!(r#"{{"code":"{code}","message":""}}"#);
    Event::Reply(Some(Reply { status, marked: true, body: body.into_bytes() }))
}

/// The server has what a push without operations names.
pub(super) fn acked(push: &Push) -> Event {
    let statement = Statement { replica: push.replica, acked_seq: 0, acked_hash: None, position: 0, received_at: 5 };
    let receipt = key().sign(statement);
    ok(&Pushed { protocol: PROTOCOL, acked_seq: 0, acked_hash: None, statuses: vec![], receipt })
}

/// A conversation that has reported that nothing waits, and pulls.
fn pulling() -> Turn {
    let (mut turn, _) = Turn::begin("1", true);
    let Step::Push(push) = turn.hear(nothing_waits()) else { panic!("no report") };
    assert!(matches!(turn.hear(acked(&push)), Step::Settle(..)));
    assert!(matches!(turn.hear(Event::Settled), Step::Batch));
    assert!(matches!(turn.hear(nothing_waits()), Step::Position));
    turn
}

/// Takes in a page, and gives what follows.
fn taken(turn: &mut Turn, page: &Pulled) -> Step {
    assert!(matches!(turn.hear(Event::Position(None)), Step::Pull(None)));
    assert!(matches!(turn.hear(ok(page)), Step::Take(..)));
    turn.hear(Event::Taken { forked: false, waits: false })
}

/// S27: a server that has forgotten a tablet, or whose log is another one now, may have lost what the tablet has no longer
/// to send: it is asked once more before all is said to be sent.
#[test]
fn s27_a_restored_server_is_asked_once_more_what_it_has() {
    let (mut turn, _) = Turn::begin("1", true);
    assert!(matches!(turn.hear(nothing_waits()), Step::Push(_)));
    assert!(matches!(turn.hear(refusal(404, "unknown_replica")), Step::Register(_)));
    let replica = ReplicaId(Uuid::from_u128(1));
    let registered = ok(&Registered { protocol: PROTOCOL, replica, receipt_key: key().public() });
    assert!(matches!(turn.hear(registered), Step::Batch));
    assert!(matches!(turn.hear(nothing_waits()), Step::Push(_)), "also without anything to send");

    let page = Pulled::without_news(USER);
    let mut turn = pulling();
    assert!(matches!(taken(&mut turn, &page), Step::Photos));
    let mut turn = pulling();
    let first = Pulled { reset: true, more: true, ..page.clone() };
    assert!(matches!(taken(&mut turn, &first), Step::Position));
    assert!(matches!(taken(&mut turn, &page), Step::Batch), "once the pages have come");
    let Step::Push(push) = turn.hear(nothing_waits()) else { panic!("not asked") };
    assert!(matches!(turn.hear(acked(&push)), Step::Settle(..)));
    assert!(matches!(turn.hear(Event::Settled), Step::Batch));
    assert!(matches!(turn.hear(nothing_waits()), Step::Photos), "once");
}

/// S17, S27: nothing of a fork's page was taken in, be it the last: under the new name everything is asked for.
#[test]
fn s17_after_a_fork_it_is_pulled_once_more() {
    let mut turn = pulling();
    assert!(matches!(turn.hear(Event::Position(None)), Step::Pull(None)));
    assert!(matches!(turn.hear(ok(&Pulled::without_news(USER))), Step::Take(..)));
    assert!(matches!(turn.hear(Event::Taken { forked: true, waits: false }), Step::Reissue));
    assert!(matches!(turn.hear(Event::Repaired), Step::Batch));
    let Step::Push(push) = turn.hear(nothing_waits()) else { panic!("not reported") };
    assert!(matches!(turn.hear(acked(&push)), Step::Settle(..)));
    assert!(matches!(turn.hear(Event::Settled), Step::Batch));
    assert!(matches!(turn.hear(nothing_waits()), Step::Position));
}

/// S27: where another conversation has pulled in between, this one goes on from where that has come to.
#[test]
fn s27_a_page_from_elsewhere_is_asked_for_anew() {
    let mut turn = pulling();
    assert!(matches!(turn.hear(Event::Position(Some("a.1".into()))), Step::Pull(Some(_))));
    let step = turn.hear(ok(&Pulled::without_news(USER)));
    assert!(matches!(step, Step::Take(_, Some(asked)) if asked == "a.1"));
    assert!(matches!(turn.hear(Event::NotTaken(TakeError::Elsewhere)), Step::Position));
}

fn answered(status: u16, marked: bool, body: &str) -> Link {
    later(Some(&Reply { status, marked, body: body.as_bytes().to_vec() }))
}

/// S22: a server that says why it can't now is there; no answer, a proxy's page and a cut body are a missing network.
#[test]
fn s22_only_our_own_server_says_why_it_can_not_now() {
    let full = r#"{"code":"server_full","message":""}"#;
    assert_eq!(answered(507, true, full), Link::Refused("server_full".to_owned()));
    assert_eq!(answered(507, false, full), Link::Offline, "a proxy");
    assert_eq!(answered(502, false, "<h1>Bad gateway</h1>"), Link::Offline);
    assert_eq!(answered(503, true, &full[..9]), Link::Offline, "cut off");
    assert_eq!(later(None), Link::Offline);
    let pull = read::<Pulled>(Some(Reply { status: 507, marked: true, body: full.as_bytes().to_vec() }));
    assert_eq!(pull.err(), Some(Link::Refused("server_full".to_owned())));
}
