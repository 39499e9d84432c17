//! What waits, what an acknowledgement settles, and the two ways of sending anew. Nothing here forgets an operation: it is
//! in the outbox until a verified receipt covers it, and in the log ever after (S11).

use super::changes::{Changes, SheetFile};
use super::fold::refold;
use super::records::{LogRecord, OutboxRecord, Received, ReplicaRecord};
use super::visits::refold_visit;
use crate::ids::{ReplicaId, SheetId};
use crate::sync::chain::{Chain, Context, Envelope, OpHash, WireOp};
use crate::sync::outbox::{batch_len, status_in};
use crate::sync::wire::{Push, Pushed, Status};
use std::collections::BTreeSet;

/// What goes out next.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Who sends.
    pub replica: ReplicaRecord,
    /// Consecutive operations, in order; none if nothing waits.
    pub ops: Vec<WireOp>,
    /// Number of the first; without any, of the next to come.
    pub first_seq: u64,
}

/// An operation of our own that this version can't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable operation")]
pub struct Unreadable;

/// The operations to send next, as many as go into one push. `waiting` is the outbox from its start, at least
/// [`crate::sync::MAX_PUSH_OPS`] of it.
pub fn batch(replica: ReplicaRecord, waiting: Vec<OutboxRecord>) -> Batch {
    let first_seq = waiting.first().map_or(replica.chain.seq + 1, |entry| entry.seq);
    let mut ops: Vec<WireOp> = waiting.into_iter().map(|entry| entry.op).collect();
    ops.truncate(batch_len(&ops));
    Batch { replica, ops, first_seq }
}

/// What becomes of an acknowledgement.
#[derive(Clone, Debug)]
pub enum Settling {
    /// To be written down.
    Settled(Box<Changes>),
    /// About a replica that this one no longer is: nothing to write.
    Stale,
    /// The server has another history of this replica than we: nothing to write (S17).
    Forked,
}

/// The sheets that an acknowledgement of these operations is about.
pub fn touched_by(covered: &[OutboxRecord]) -> BTreeSet<SheetId> {
    covered.iter().map(|entry| entry.sheet).collect()
}

/// Whether sheets are folded again by this acknowledgement, for which the rest of the outbox must be known. Where all is as
/// usual the folds stay as they are; where something is or was held or rejected they may not. Records of stops always are.
pub fn refolds(files: &[SheetFile], pushed: &Pushed) -> bool {
    let unusual = |entry: &LogRecord| entry.status != Status::Accepted;
    let unusual = |file: &SheetFile| file.visit.is_some() || file.log.iter().any(unusual);
    !pushed.statuses.is_empty() || files.iter().any(unusual)
}

/// Writes down an acknowledgement that [`crate::sync::outbox::read_answer`] believed. `covered` is the outbox up to its
/// number, `rest` what follows if [`refolds`] asks for it, `files` are those of [`touched_by`].
pub fn settle(
    mut replica: ReplicaRecord,
    covered: &[OutboxRecord],
    rest: &[OutboxRecord],
    files: Vec<SheetFile>,
    (sent, pushed): (&Push, &Pushed),
) -> Settling {
    if sent.replica != replica.chain.replica {
        // Re-issued in the meantime: the server will know the first writings by their hashes.
        return Settling::Stale;
    }
    let acked = pushed.acked_seq;
    let other_end = covered.last().is_some_and(|last| last.seq == acked && Some(last.op.hash) != pushed.acked_hash);
    let other_head = acked == replica.chain.seq && pushed.acked_hash != replica.chain.head;
    if acked > replica.chain.seq || other_end || other_head {
        return Settling::Forked;
    }
    let refolded = refolds(&files, pushed);
    let writer = replica.chain.replica;
    let received = Received { at_ms: pushed.receipt.statement.received_at, code: pushed.receipt.short_code() };
    let mut changes = Changes { outbox_gone: Some(acked), ..Changes::default() };
    for mut file in files {
        for entry in covered.iter().filter(|entry| entry.sheet == file.id) {
            let before = file.log.iter().find(|known| known.op.hash == entry.op.hash);
            let mut settled = in_log(before, entry, (sent, pushed));
            if file.visit.is_some() {
                settled = settled.with_what_was_known(before);
            }
            file.log.retain(|known| known.op.hash != entry.op.hash);
            file.log.push(settled.clone());
            changes.log.push((writer, entry.seq, settled));
        }
        if let Some(mut record) = file.record {
            record.received = Some(received.clone());
            if refolded {
                refold(&mut record, &file.log, &of_sheet(rest, file.id));
            }
            changes.sheets.push(record);
        }
        if let Some(mut visit) = file.visit {
            visit.received = Some(received.clone());
            refold_visit(&mut visit, &file.log, &of_sheet(rest, file.id));
            changes.visits.push(visit);
        }
    }
    replica.acked_seq = acked;
    if acked > 0 {
        replica.receipt = Some(pushed.receipt.clone());
    }
    changes.replica = Some(replica);
    Settling::Settled(Box::new(changes))
}

/// An acknowledged operation as the log keeps it. An acknowledgement lists what it was asked about; of what an earlier push
/// brought a pull may have told the status already.
fn in_log(before: Option<&LogRecord>, entry: &OutboxRecord, (sent, pushed): (&Push, &Pushed)) -> LogRecord {
    let is_asked = entry.seq >= sent.first_seq;
    let status = match before.filter(|_| !is_asked) {
        Some(pulled) => pulled.status.clone(),
        None => status_in(&pushed.statuses, entry.seq),
    };
    LogRecord::told(entry.sheet, entry.op.clone(), status)
}

/// The server misses operations from `seq` on, though it once acknowledged them (it was restored from a backup): they
/// wait again. `log` is all that the replica has.
pub fn rewind(mut replica: ReplicaRecord, log: Vec<LogRecord>, seq: u64) -> Result<Changes, Unreadable> {
    let mut outbox = Vec::new();
    for LogRecord { sheet, op, .. } in log {
        let envelope = read(&op)?;
        if envelope.replica == replica.chain.replica && envelope.seq >= seq {
            outbox.push(OutboxRecord { sheet, seq: envelope.seq, op });
        }
    }
    replica.acked_seq = replica.acked_seq.min(seq.saturating_sub(1));
    Ok(Changes { replica: Some(replica), outbox, ..Changes::default() })
}

/// A cloned or restored device goes on under a new identity: what waits is written anew, naming its first writing, so that
/// the server never counts both (S17). Sheets are folded anew, because their heads change; `files` are all of them.
pub fn reissue(
    mut replica: ReplicaRecord,
    waiting: &[OutboxRecord],
    files: Vec<SheetFile>,
    id: ReplicaId,
) -> Result<Changes, Unreadable> {
    replica.chain = Chain::new(id);
    (replica.receipt_key, replica.acked_seq, replica.recovering) = (None, 0, true);
    let reissued = write_anew(&mut replica.chain, waiting)?;
    // Everything is pulled once more, from the beginning: which of it the server has is open, for it may have been restored since.
    let mut changes = Changes { outbox_gone: Some(u64::MAX), cursor: Some(String::new()), ..Changes::default() };
    for file in files {
        for entry in file.log.iter().filter(|entry| !entry.void) {
            if let Ok(envelope) = read(&entry.op) {
                changes.log.push((envelope.replica, envelope.seq, LogRecord { unproven: true, ..entry.clone() }));
            }
        }
        let own = of_sheet(&reissued, file.id);
        let last_seq = own.last().map_or(0, |entry| entry.seq);
        if let Some(mut record) = file.record {
            record.last_seq = last_seq;
            if !own.is_empty() {
                refold(&mut record, &file.log, &own);
            }
            changes.sheets.push(record);
        }
        if let Some(mut visit) = file.visit {
            visit.last_seq = last_seq;
            refold_visit(&mut visit, &file.log, &own);
            changes.visits.push(visit);
        }
    }
    changes.replica = Some(replica);
    changes.outbox = reissued;
    Ok(changes)
}

/// What the server has lost, or has something else in its place, at the end of the chain: it waits again.
pub(super) fn again(chain: &mut Chain, lost: &[LogRecord]) -> Vec<OutboxRecord> {
    let waiting: Vec<_> =
        lost.iter().map(|entry| OutboxRecord { sheet: entry.sheet, seq: 0, op: entry.op.clone() }).collect();
    // What is in the log was read when it came; what can't be read was never shown.
    waiting.iter().filter_map(|entry| write_anew(chain, std::slice::from_ref(entry)).ok()).flatten().collect()
}

/// The operation, or the one that a re-issue repeats.
pub(super) fn root(op: &WireOp) -> OpHash {
    read(op).ok().and_then(|envelope| envelope.reissue_of).unwrap_or(op.hash)
}

/// The same acts at the same claimed times on the same bases, at the end of another chain. Bases stay as they were: a first
/// writing and its re-issues are one in the fold, whichever of them the log has.
fn write_anew(chain: &mut Chain, waiting: &[OutboxRecord]) -> Result<Vec<OutboxRecord>, Unreadable> {
    let again = waiting.iter().map(|entry| {
        let envelope = read(&entry.op)?;
        let context = Context {
            user: envelope.user,
            bases: envelope.bases(),
            round: envelope.round.clone(),
            epoch: envelope.epoch,
            claimed_at: envelope.claimed_at,
            reissue_of: envelope.reissue_of.or(Some(entry.op.hash)),
        };
        let op = chain.append_again(context, envelope);
        Ok(OutboxRecord { sheet: entry.sheet, seq: chain.seq, op })
    });
    again.collect()
}

/// The waiting operations of one sheet, in order.
pub(super) fn of_sheet(waiting: &[OutboxRecord], sheet: SheetId) -> Vec<OutboxRecord> {
    waiting.iter().filter(|entry| entry.sheet == sheet).cloned().collect()
}

pub(super) fn read(op: &WireOp) -> Result<Envelope, Unreadable> {
    serde_json::from_slice(op.envelope.as_bytes()).map_err(|_| Unreadable)
}
