//! What a sheet shows of operations with what became of them.

use super::*;
use crate::ids::{ProductId, RoundCode, SheetId, UserId};
use crate::points::Points;
use crate::sheet::Work;
use crate::sync::chain::{Chain, Context};
use crate::sync::replica::SheetKey;
use crate::sync::wire::HeldCode;
use uuid::Uuid;

const SHEET: SheetId = SheetId(Uuid::from_u128(5));
const PRODUCT: ProductId = ProductId(Uuid::from_u128(3));

fn visit() -> RoundCode {
    "visit".parse().unwrap()
}

/// A mark as one tablet wrote it, or as another wrote it anew.
fn mark(replica: u128, reissue_of: Option<OpHash>) -> WireOp {
    let user = UserId(Uuid::from_u128(2));
    let context = Context { user, round: visit(), epoch: 1, bases: Default::default(), claimed_at: 0, reissue_of };
    let act = Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(400)) };
    Chain::new(ReplicaId(Uuid::from_u128(replica))).append(context, &Work { product: PRODUCT, act })
}

/// What one tablet writes, one after the other.
struct Hand(Chain);

impl Hand {
    fn new(replica: u128) -> Self {
        Self(Chain::new(ReplicaId(Uuid::from_u128(replica))))
    }

    fn writes(&mut self, act: Act, bases: &[&WireOp]) -> WireOp {
        let user = UserId(Uuid::from_u128(2));
        let bases = bases.iter().map(|op| op.hash).collect();
        let context = Context { user, round: visit(), epoch: 1, bases, claimed_at: 0, reissue_of: None };
        self.0.append(context, &Work { product: PRODUCT, act })
    }
}

fn points(points: i32) -> Act {
    Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(points)) }
}

fn note() -> Act {
    Act::SetNote { criterion: "1.1".parse().unwrap(), text: "Ồn".into() }
}

/// What the juror is told of held and of rejected work.
fn told(log: &[(&WireOp, Status)]) -> (Option<HeldCode>, Option<RejectedCode>) {
    let record = folded(log);
    (record.held, record.rejected)
}

const HELD: Status = Status::Held(HeldCode::RoundClosed);
const DENIED: Status = Status::Rejected(RejectedCode::Denied);

/// S10, S25: denied work asks for its juror until something else stands in its place or the sheet is confirmed.
#[test]
fn s25_denied_work_is_told_until_it_is_dealt_with() {
    let (mut one, mut other) = (Hand::new(1), Hand::new(2));
    let (first, noted) = (one.writes(points(300), &[]), one.writes(note(), &[]));
    let denied = [(&first, DENIED), (&noted, DENIED)];
    assert_eq!(told(&denied), (None, Some(RejectedCode::Denied)));
    let corrected = other.writes(points(400), &[]);
    assert_eq!(told(&[(&first, DENIED), (&corrected, Status::Accepted)]), (None, None), "on another tablet, too");
    let again = one.writes(points(400), &[&first]);
    let confirmed = one.writes(Act::Confirm { state_hash: first.hash }, &[]);
    let [first, noted] = denied;
    let still = [first.clone(), noted.clone(), (&again, Status::Accepted)];
    assert_eq!(told(&still), (None, Some(RejectedCode::Denied)), "the note is still to be dealt with");
    assert_eq!(told(&[&still[..], &[(&confirmed, Status::Accepted)]].concat()), (None, None));
    assert_eq!(told(&[&still[..], &[(&confirmed, DENIED)]].concat()), (None, Some(RejectedCode::Denied)));
}

/// S10: what stands on the sheet is held, or it isn't.
#[test]
fn s10_held_is_told_of_what_stands() {
    let (mut one, mut other) = (Hand::new(1), Hand::new(2));
    let first = one.writes(points(300), &[]);
    assert_eq!(told(&[(&first, HELD)]).0, Some(HeldCode::RoundClosed));
    let after = other.writes(points(400), &[&first]);
    assert_eq!(told(&[(&first, HELD), (&after, Status::Accepted)]).0, None);
    let beside = other.writes(points(400), &[]);
    assert_eq!(told(&[(&first, HELD), (&beside, Status::Accepted)]).0, Some(HeldCode::RoundClosed));
}

fn shown(log: &[(&WireOp, Status)]) -> Option<Points> {
    let record = folded(log);
    assert_eq!(record.rejected.filter(|code| *code == RejectedCode::AlreadyStored), None);
    record.sheet.mark(&"1.1".parse().unwrap())
}

fn folded(log: &[(&WireOp, Status)]) -> SheetRecord {
    let entry = |(op, status): &(&WireOp, Status)| LogRecord::told(SHEET, (*op).clone(), status.clone());
    let mut record = SheetRecord::new(SHEET, SheetKey { round: visit(), product: PRODUCT });
    refold(&mut record, &log.iter().map(entry).collect::<Vec<_>>(), &[]);
    record
}

/// S28, S17: another tablet of the juror was quicker to write it anew, and the network ended between the acknowledgement and the
/// page that brings that one: nothing leaves the screen.
#[test]
fn s28_what_the_server_has_under_another_name_stays_until_that_one_is_here() {
    let first = mark(1, None);
    let again = mark(2, Some(first.hash));
    let already = Status::Rejected(RejectedCode::AlreadyStored);
    assert_eq!(shown(&[(&first, already.clone())]), Some(Points(400)));
    assert_eq!(shown(&[(&again, already.clone())]), Some(Points(400)), "the same of a clone's");
    assert_eq!(shown(&[(&first, already.clone()), (&again, Status::Accepted)]), Some(Points(400)));
    let denied = Status::Rejected(RejectedCode::Denied);
    assert_eq!(shown(&[(&first, already.clone()), (&again, denied)]), None, "what became of that one became of both");
    let mut one = Hand::new(1);
    let first = one.writes(points(400), &[]);
    let (again, corrected) = (mark(2, Some(first.hash)), one.writes(points(300), &[&first]));
    for (first_is, again_is) in [(already.clone(), already.clone()), (Status::Accepted, Status::Accepted)] {
        let log = [(&first, first_is), (&corrected, Status::Accepted), (&again, again_is)];
        assert_eq!(shown(&log), Some(Points(300)), "and what was corrected stays so: both are one");
    }
}
