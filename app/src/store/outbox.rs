//! The outbox: what waits, what an acknowledgement settles, and the two ways of sending anew. Nothing here forgets an
//! operation: it is in the outbox until a verified receipt covers it, and in the log ever after (S11).

use super::problem::SaveProblem;
use super::records::{LogRecord, OutboxRecord, Received, ReplicaRecord, SheetRecord};
use super::refold::refold;
use super::schema::v1::{LOG, META, OUTBOX, SHEETS};
use super::tx::{Tx, number_key};
use super::{REPLICA, Store, log_key, log_range};
use domain::ids::{ReplicaId, SheetId};
use domain::sync::MAX_PUSH_OPS;
use domain::sync::chain::{Chain, Context, Envelope, WireOp};
use domain::sync::outbox::{batch_len, status_in};
use domain::sync::wire::{Push, Pushed, Status};
use indexed_db_futures::KeyRange;
use std::collections::BTreeMap;

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

/// What became of an acknowledgement.
#[derive(Clone, Debug)]
pub enum Settlement {
    /// Written down.
    Settled {
        /// As it is now.
        replica: Box<ReplicaRecord>,
        /// Whose work it covered.
        sheets: Vec<SheetRecord>,
    },
    /// The server has another history of this replica than we: nothing was written (S17).
    Forked,
}

impl Store {
    /// The operations to send next, as many as go into one push.
    pub async fn batch(&self) -> Result<Batch, SaveProblem> {
        self.db
            .read(&[META, OUTBOX], async |tx| {
                let replica = require_replica(tx).await?;
                let everything = KeyRange::LowerBound(number_key(0), false);
                let waiting: Vec<OutboxRecord> = tx.get_range(OUTBOX, everything, MAX_PUSH_OPS as u32).await?;
                let first_seq = waiting.first().map_or(replica.chain.seq + 1, |entry| entry.seq);
                let mut ops: Vec<WireOp> = waiting.into_iter().map(|entry| entry.op).collect();
                ops.truncate(batch_len(&ops));
                Ok(Batch { replica, ops, first_seq })
            })
            .await
    }

    /// Writes down an acknowledgement that [`domain::sync::outbox::read_answer`] believed.
    pub async fn settle(&self, sent: &Push, pushed: &Pushed) -> Result<Settlement, SaveProblem> {
        self.db
            .write(&[META, SHEETS, OUTBOX, LOG], async |tx| {
                let mut replica = require_replica(tx).await?;
                if sent.replica != replica.chain.replica {
                    // Re-issued in the meantime: the server will know the first writings by their hashes.
                    return Ok(Settlement::Settled { replica: Box::new(replica), sheets: Vec::new() });
                }
                if pushed.acked_seq > replica.chain.seq {
                    return Ok(Settlement::Forked);
                }
                let covered = KeyRange::UpperBound(number_key(pushed.acked_seq), false);
                let settled: Vec<OutboxRecord> = tx.get_range(OUTBOX, covered.clone(), u32::MAX).await?;
                let last = settled.last().filter(|entry| entry.seq == pushed.acked_seq);
                if last.is_some_and(|last| Some(last.op.hash) != pushed.acked_hash) {
                    return Ok(Settlement::Forked);
                }
                let mut touched: BTreeMap<SheetId, bool> = BTreeMap::new();
                for entry in settled {
                    let accepted = move_to_log(tx, replica.chain.replica, &entry, pushed).await?;
                    *touched.entry(entry.sheet).or_default() |= !accepted;
                }
                tx.delete(OUTBOX, covered)?;
                replica.acked_seq = pushed.acked_seq;
                if pushed.acked_seq > 0 {
                    replica.receipt = Some(pushed.receipt.clone());
                }
                tx.put(META, REPLICA, &replica)?;
                let received =
                    Received { at_ms: pushed.receipt.statement.received_at, code: pushed.receipt.short_code() };
                let sheets = mark_received(tx, touched, &received).await?;
                Ok(Settlement::Settled { replica: Box::new(replica), sheets })
            })
            .await
    }

    /// The server misses operations from `seq` on, though it once acknowledged them (it was restored from a backup):
    /// they wait again.
    pub async fn rewind(&self, seq: u64) -> Result<ReplicaRecord, SaveProblem> {
        self.db
            .write(&[META, OUTBOX, LOG], async |tx| {
                let mut replica = require_replica(tx).await?;
                let log: Vec<LogRecord> = tx.get_all(LOG).await?;
                for LogRecord { sheet, op, .. } in log {
                    let envelope = read(&op)?;
                    if envelope.replica == replica.chain.replica && envelope.seq >= seq {
                        tx.put(OUTBOX, number_key(envelope.seq), &OutboxRecord { sheet, seq: envelope.seq, op })?;
                    }
                }
                replica.acked_seq = replica.acked_seq.min(seq.saturating_sub(1));
                tx.put(META, REPLICA, &replica)?;
                Ok(replica)
            })
            .await
    }

    /// A cloned or restored device goes on under a new identity: what waits is written anew, naming its first writing, so
    /// that the server never counts both (S17). The sheets are folded anew, because their heads change.
    pub async fn reissue(&self, id: ReplicaId) -> Result<(ReplicaRecord, Vec<SheetRecord>), SaveProblem> {
        self.db
            .write(&[META, SHEETS, OUTBOX, LOG], async |tx| {
                let mut replica = require_replica(tx).await?;
                let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
                replica = ReplicaRecord { chain: Chain::new(id), receipt_key: None, acked_seq: 0, ..replica };
                let reissued = write_anew(&mut replica.chain, &waiting)?;
                tx.delete(OUTBOX, KeyRange::LowerBound(number_key(0), false))?;
                for entry in &reissued {
                    tx.put(OUTBOX, number_key(entry.seq), entry)?;
                }
                tx.put(META, REPLICA, &replica)?;
                let mut sheets: Vec<SheetRecord> = tx.get_all(SHEETS).await?;
                for record in &mut sheets {
                    let own = of_sheet(&reissued, record.id);
                    record.last_seq = own.last().map_or(0, |entry| entry.seq);
                    if !own.is_empty() {
                        let log: Vec<LogRecord> = tx.get_range(LOG, log_range(record.id), u32::MAX).await?;
                        refold(record, &log, &own);
                    }
                    tx.put(SHEETS, record.id.to_string(), record)?;
                }
                Ok((replica, sheets))
            })
            .await
    }
}

/// The replica, which is there from enrolment on.
pub(super) async fn require_replica(tx: &Tx<'_>) -> Result<ReplicaRecord, SaveProblem> {
    tx.get(META, REPLICA).await?.ok_or(SaveProblem::Unreadable)
}

/// The waiting operations of one sheet, in order.
pub(super) fn of_sheet(waiting: &[OutboxRecord], sheet: SheetId) -> Vec<OutboxRecord> {
    waiting.iter().filter(|entry| entry.sheet == sheet).cloned().collect()
}

/// The same acts at the same claimed times on the same bases, at the end of another chain. Bases stay as they were: one
/// that names a first writing takes effect if that is in the log after all, and means nothing if not.
fn write_anew(chain: &mut Chain, waiting: &[OutboxRecord]) -> Result<Vec<OutboxRecord>, SaveProblem> {
    let again = waiting.iter().map(|entry| {
        let envelope = read(&entry.op)?;
        let work = envelope.work().map_err(|_| SaveProblem::Unreadable)?;
        let context = Context {
            user: envelope.user,
            round: envelope.round,
            epoch: envelope.epoch,
            bases: envelope.bases(),
            claimed_at: envelope.claimed_at,
            reissue_of: envelope.reissue_of.or(Some(entry.op.hash)),
        };
        let op = chain.append(context, &work);
        Ok(OutboxRecord { sheet: entry.sheet, seq: chain.seq, op })
    });
    again.collect()
}

fn read(op: &WireOp) -> Result<Envelope, SaveProblem> {
    serde_json::from_slice(op.envelope.as_bytes()).map_err(|_| SaveProblem::Unreadable)
}

/// Whether it was simply accepted. A pull may have told its status already; an acknowledgement that repeats an older one
/// doesn't list it again.
async fn move_to_log(
    tx: &Tx<'_>,
    replica: ReplicaId,
    entry: &OutboxRecord,
    pushed: &Pushed,
) -> Result<bool, SaveProblem> {
    let key = log_key(entry.sheet, replica, entry.seq);
    let pulled: Option<LogRecord> = tx.get(LOG, key.clone()).await?;
    let status = match (status_in(&pushed.statuses, entry.seq), pulled) {
        (Status::Accepted, Some(pulled)) => pulled.status,
        (listed, _) => listed,
    };
    let accepted = status == Status::Accepted;
    tx.put(LOG, key, &LogRecord { sheet: entry.sheet, op: entry.op.clone(), status, void: false })?;
    Ok(accepted)
}

/// `touched`: whether one of the sheet's operations was not simply accepted. Then, and where something was held or
/// rejected before, the sheet is folded again.
async fn mark_received(
    tx: &Tx<'_>,
    touched: BTreeMap<SheetId, bool>,
    received: &Received,
) -> Result<Vec<SheetRecord>, SaveProblem> {
    let mut sheets = Vec::with_capacity(touched.len());
    for (id, exceptional) in touched {
        let name = id.to_string();
        let Some(mut record) = tx.get::<SheetRecord>(SHEETS, name.as_str()).await? else {
            continue;
        };
        record.received = Some(received.clone());
        if exceptional || record.held.is_some() || record.rejected.is_some() {
            let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
            let log: Vec<LogRecord> = tx.get_range(LOG, log_range(id), u32::MAX).await?;
            refold(&mut record, &log, &of_sheet(&waiting, id));
        }
        tx.put(SHEETS, name.as_str(), &record)?;
        sheets.push(record);
    }
    Ok(sheets)
}
