//! A sheet anew from its operations (S7, S28): what the server has, and after it what still waits here.

use super::records::{LogRecord, OutboxRecord, SheetRecord};
use crate::ids::ReplicaId;
use crate::sheet::{Act, Origin, Sheet};
use crate::sync::chain::{Envelope, OpHash, WireOp};
use crate::sync::wire::{RejectedCode, Status};
use std::collections::{BTreeMap, BTreeSet};

/// An operation as the fold needs it.
struct Step {
    origin: Origin,
    act: Act,
    status: Status,
}

impl Step {
    /// Each replica's own order; the order among replicas doesn't matter.
    fn place(&self) -> (ReplicaId, u64, OpHash) {
        (self.origin.replica, self.origin.seq, self.origin.hash)
    }
}

/// Folds the sheet of a record again. `log` and `outbox` may hold other sheets' operations in no case, and the same
/// operation twice in any (acknowledged by a pull before its own push was answered).
pub fn refold(record: &mut SheetRecord, log: &[LogRecord], outbox: &[OutboxRecord]) {
    let mut steps: BTreeMap<(ReplicaId, u64, OpHash), Step> = BTreeMap::new();
    let waiting = outbox.iter().filter_map(|entry| step(&entry.op, &Status::Accepted));
    // What the server says of an operation takes the place of what the outbox hopes.
    let acknowledged = log.iter().filter(|entry| !entry.void).filter_map(|entry| step(&entry.op, &entry.status));
    steps.extend(waiting.chain(acknowledged).map(|step| (step.place(), step)));

    // Which writings are here with what became of them: of a writing and its re-issues the server judges one (S17).
    let already = Status::Rejected(RejectedCode::AlreadyStored);
    let judged: BTreeSet<OpHash> =
        steps.values().filter(|step| step.status != already).map(|step| step.origin.root()).collect();
    record.sheet = Sheet::default();
    let mut last: BTreeMap<_, Status> = BTreeMap::new();
    for Step { origin, act, status } in steps.into_values() {
        match status {
            // Held work may still be admitted: on its own tablet it shows.
            Status::Accepted | Status::Held(_) => record.sheet.apply(&origin, &act),
            // The server has it under another name, which this tablet has yet to hear of: it stays on the screen (S28).
            Status::Rejected(RejectedCode::AlreadyStored) if !judged.contains(&origin.root()) => {
                record.sheet.apply(&origin, &act);
            }
            Status::Rejected(_) => record.sheet.skip(&origin, &act),
        }
        last.insert((act.cell(), origin.replica), status);
    }
    record.held = last.values().find_map(|status| match status {
        Status::Held(code) => Some(*code),
        _ => None,
    });
    record.rejected = last.values().find_map(|status| match status {
        // A re-issue whose first writing arrived after all is no news for the juror (S17).
        Status::Rejected(RejectedCode::AlreadyStored) => None,
        Status::Rejected(code) => Some(*code),
        _ => None,
    });
}

/// Rejected operations that nobody can read have no place in the fold.
fn step(op: &WireOp, status: &Status) -> Option<Step> {
    let envelope: Envelope = serde_json::from_slice(op.envelope.as_bytes()).ok()?;
    let act = envelope.work().ok()?.act;
    Some(Step { origin: envelope.origin(op.hash), act, status: status.clone() })
}

/// Whether an act would leave its cell exactly as it is.
pub fn changes_nothing(sheet: &Sheet, act: &Act) -> bool {
    match act {
        Act::SetMark { criterion, points: None } => sheet.mark_heads(criterion).iter().all(|head| head.value.is_none()),
        Act::SetMark { criterion, points } => sheet.mark(criterion) == *points,
        Act::SetNote { criterion, text } => sheet.note(criterion) == *text,
        Act::SetRemark { text } => sheet.remark() == *text,
        Act::Attach(photo) => sheet.photos().iter().any(|there| there.sha256 == photo.sha256),
        Act::Detach(sha256) => sheet.photos().iter().all(|there| there.sha256 != *sha256),
        Act::Confirm { .. } | Act::Reopen { .. } | Act::Recuse { .. } => false,
    }
}

#[cfg(test)]
mod tests;
