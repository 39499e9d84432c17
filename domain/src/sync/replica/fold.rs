//! A sheet anew from its operations (S7, S28): what the server has, and after it what still waits here.

use super::records::{LogRecord, OutboxRecord, SheetRecord};
use crate::ids::ReplicaId;
use crate::sheet::{Act, CellKey, Origin, Sheet};
use crate::sync::chain::{Envelope, OpHash, WireOp};
use crate::sync::wire::{RejectedCode, Status};
use std::collections::BTreeMap;

/// An operation as the fold needs it.
struct Step {
    origin: Origin,
    act: Act,
    /// What became of it; none while it waits here.
    status: Option<Status>,
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
    let waiting = outbox.iter().filter_map(|entry| step(&entry.op, None));
    // What the server says of an operation takes the place of what the outbox hopes.
    let acknowledged = log.iter().filter(|entry| !entry.void).filter_map(|entry| step(&entry.op, Some(&entry.status)));
    steps.extend(waiting.chain(acknowledged).map(|step| (step.place(), step)));

    // Of a writing and its re-issues the server judges one (S17): whether that one is here, and what was said of it.
    let already = Some(Status::Rejected(RejectedCode::AlreadyStored));
    let judged = |root: OpHash, is: fn(&Option<Status>) -> bool| {
        steps.values().any(|step| step.origin.root() == root && step.status != already && is(&step.status))
    };
    record.sheet = Sheet::default();
    let mut folded = Vec::new();
    for step in steps.values() {
        let Step { origin, act, status } = step;
        let counts = match status {
            // Held work may still be admitted: on its own tablet it shows.
            Some(Status::Accepted | Status::Held(_)) => true,
            // What was refused under its first name isn't hoped for under another.
            None => !judged(origin.root(), |status| matches!(status, Some(Status::Rejected(_)))),
            // The server has it under another name, which this tablet has yet to hear of: it stays on the screen (S28).
            Some(Status::Rejected(RejectedCode::AlreadyStored)) => !judged(origin.root(), |_| true),
            Some(Status::Rejected(_)) => false,
        };
        // Of several writings that the tablet can't tell to be judged yet, the first stands for all.
        if counts && !folded.contains(&origin.root()) {
            folded.push(origin.root());
            record.sheet.apply(origin, act);
        } else {
            record.sheet.skip(origin, act);
        }
    }
    let heads: Vec<(CellKey, Vec<OpHash>)> =
        record.sheet.cells().map(|(cell, heads)| (cell, heads.collect())).collect();
    let stands = |step: &&Step| heads.iter().any(|(_, heads)| heads.contains(&step.origin.root()));
    let (mut held, mut confirmed) = (None, Vec::new());
    for step in steps.values().filter(stands) {
        match (&step.status, &step.act) {
            (Some(Status::Held(code)), _) => held = Some(*code),
            (Some(Status::Accepted) | None, Act::Confirm { .. }) => confirmed.push(&step.origin),
            _ => {}
        }
    }
    record.held = held;
    // Whether a refused one was written knowing all these, itself or through others that were refused before it.
    let knew = |step: &Step, heads: &[OpHash]| {
        let (mut seen, mut next) = (step.origin.bases.to_vec(), 0);
        while let Some(base) = seen.get(next).copied() {
            let behind = steps.values().filter(|step| step.origin.root() == base && !stands(step));
            for base in behind.flat_map(|step| &step.origin.bases) {
                // Looked at once each, so that a forged circle ends.
                if !seen.contains(base) {
                    seen.push(*base);
                }
            }
            next += 1;
        }
        heads.iter().all(|head| seen.contains(head))
    };
    record.rejected = steps.values().find_map(|step| {
        let Step { origin, act, status } = step;
        let code = match status {
            // A re-issue whose first writing arrived after all is no news for the juror (S17).
            Some(Status::Rejected(code)) if *code != RejectedCode::AlreadyStored => *code,
            _ => return None,
        };
        // Nor is it, once something else stands in its place, or whoever confirmed the sheet since has made up their mind.
        let is_later = |other: &Origin| other.replica == origin.replica && other.seq > origin.seq;
        let cell = act.cell();
        let is_past = steps.values().any(|other| is_later(&other.origin) && other.act.cell() == cell)
            || heads.iter().any(|(other, heads)| *other == cell && !knew(step, heads))
            || confirmed.iter().any(|other| other.replica != origin.replica || is_later(other));
        (!is_past).then_some(code)
    });
}

/// Rejected operations that nobody can read have no place in the fold.
fn step(op: &WireOp, status: Option<&Status>) -> Option<Step> {
    let envelope: Envelope = serde_json::from_slice(op.envelope.as_bytes()).ok()?;
    let act = envelope.work().ok()?.act;
    Some(Step { origin: envelope.origin(op.hash), act, status: status.cloned() })
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
