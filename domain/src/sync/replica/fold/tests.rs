//! What a sheet shows of operations with what became of them.

use super::*;
use crate::ids::{ProductId, RoundCode, SheetId, UserId};
use crate::points::Points;
use crate::sheet::Work;
use crate::sync::chain::{Chain, Context};
use crate::sync::replica::SheetKey;
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

fn shown(log: &[(&WireOp, Status)]) -> Option<Points> {
    let entry = |(op, status): &(&WireOp, Status)| LogRecord {
        sheet: SHEET,
        op: (*op).clone(),
        status: status.clone(),
        unproven: false,
        void: false,
    };
    let mut record = SheetRecord::new(SHEET, SheetKey { round: visit(), product: PRODUCT });
    refold(&mut record, &log.iter().map(entry).collect::<Vec<_>>(), &[]);
    assert_eq!(record.rejected.filter(|code| *code == RejectedCode::AlreadyStored), None);
    record.sheet.mark(&"1.1".parse().unwrap())
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
    assert_eq!(shown(&[(&first, already), (&again, denied)]), None, "what became of that one became of both");
}
