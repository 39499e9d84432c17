//! What the server tells: the catalogue, and the juror's own operations from all of their tablets. The local view is
//! what was pulled plus the replay of what still waits (S28).

use super::catalogue::Catalogue;
use super::outbox::{of_sheet, require_replica};
use super::problem::SaveProblem;
use super::records::{LogRecord, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use super::refold::refold;
use super::schema::v1::{CATALOGUE, LOG, META, OUTBOX, SHEETS};
use super::tx::Tx;
use super::{CURRENT, CURSOR, Store, log_key, log_range};
use domain::ids::{EditionId, ReplicaId, SheetId, UserId};
use domain::sync::chain::{Envelope, OpHash, sha256};
use domain::sync::wire::{Pulled, PulledOp};
use std::collections::BTreeMap;

/// What a pull changed.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The catalogue, if it is another one now.
    pub catalogue: Option<Catalogue>,
    /// The sheets that were folded again.
    pub sheets: Vec<SheetRecord>,
    /// The server knows operations under our name that we never wrote: a device restored from a backup (S17).
    pub forked: bool,
}

/// Why a pull was not taken in; nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PullProblem {
    /// It is about another user: somebody else signed in meanwhile (S13).
    #[error("another user's data")]
    OtherUser,
    /// Not what this version can read.
    #[error("unreadable")]
    Unreadable,
    /// It could not be saved.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}

impl super::connection::Failure for PullProblem {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Save(problem) if problem.is_lost())
    }
}

/// A pulled operation, read and found to be the juror's own.
struct Arrival<'a> {
    sheet: SheetId,
    key: Option<SheetKey>,
    envelope: Envelope,
    pulled: &'a PulledOp,
}

impl Store {
    /// Takes in one page of a pull.
    pub async fn take(&self, page: &Pulled) -> Result<Taken, PullProblem> {
        self.db
            .write(&[META, CATALOGUE, SHEETS, OUTBOX, LOG], async |tx| {
                let replica = require_replica(tx).await?;
                let before: Catalogue = tx.get(CATALOGUE, CURRENT).await?.unwrap_or_default();
                let after = before.clone().updated(page);
                let edition = after.edition.as_ref().ok_or(PullProblem::Unreadable)?.id;
                check_assignments(page, edition, replica.user)?;
                let arrivals = read_arrivals(page, edition, replica.user)?;

                let mut touched = BTreeMap::new();
                if page.reset {
                    void_others(tx, &replica, &mut touched).await?;
                }
                let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
                let forked = write_arrivals(tx, &replica, &waiting, arrivals, &mut touched).await?;
                let sheets = refold_touched(tx, &waiting, touched).await?;
                let catalogue = (after != before).then_some(after);
                if let Some(catalogue) = &catalogue {
                    tx.put(CATALOGUE, CURRENT, catalogue)?;
                }
                tx.put(META, CURSOR, &page.cursor)?;
                Ok(Taken { catalogue, sheets, forked })
            })
            .await
    }
}

/// A sheet's identity contains its juror (S3), so an assignment of another user's shows.
fn check_assignments(page: &Pulled, edition: EditionId, user: UserId) -> Result<(), PullProblem> {
    let own = page.assignments.iter().all(|task| task.sheet == SheetId::of(edition, &task.round, user, task.product));
    if own { Ok(()) } else { Err(PullProblem::OtherUser) }
}

fn read_arrivals(page: &Pulled, edition: EditionId, user: UserId) -> Result<Vec<Arrival<'_>>, PullProblem> {
    let mut arrivals = Vec::with_capacity(page.ops.len());
    for pulled in &page.ops {
        let envelope: Envelope =
            serde_json::from_slice(pulled.envelope.as_bytes()).map_err(|_| PullProblem::Unreadable)?;
        if sha256(pulled.envelope.as_bytes()) != pulled.hash {
            return Err(PullProblem::Unreadable);
        }
        if envelope.user != user {
            return Err(PullProblem::OtherUser);
        }
        // What this version can't read is of no sheet that it could show.
        let Ok(work) = envelope.work() else {
            continue;
        };
        let key = SheetKey { round: envelope.round.clone(), product: work.product };
        let sheet = SheetId::of(edition, &key.round, user, key.product);
        arrivals.push(Arrival { sheet, key: Some(key), envelope, pulled });
    }
    Ok(arrivals)
}

/// After a restore the server's log is another one. Own operations stay as they are: if the server lost them, it says so
/// at the next push, and they are sent again.
async fn void_others(
    tx: &Tx<'_>,
    replica: &ReplicaRecord,
    touched: &mut BTreeMap<SheetId, Option<SheetKey>>,
) -> Result<(), SaveProblem> {
    let log: Vec<LogRecord> = tx.get_all(LOG).await?;
    for mut entry in log {
        let Ok(envelope) = serde_json::from_slice::<Envelope>(entry.op.envelope.as_bytes()) else {
            continue;
        };
        if envelope.replica != replica.chain.replica {
            entry.void = true;
            touched.entry(entry.sheet).or_default();
            tx.put(LOG, log_key(entry.sheet, envelope.replica, envelope.seq), &entry)?;
        }
    }
    Ok(())
}

/// Whether the server knows of us what we don't.
async fn write_arrivals(
    tx: &Tx<'_>,
    replica: &ReplicaRecord,
    waiting: &[OutboxRecord],
    arrivals: Vec<Arrival<'_>>,
    touched: &mut BTreeMap<SheetId, Option<SheetKey>>,
) -> Result<bool, SaveProblem> {
    let mut forked = false;
    for Arrival { sheet, key, envelope, pulled } in arrivals {
        let at = log_key(sheet, envelope.replica, envelope.seq);
        let known: Option<LogRecord> = tx.get(LOG, at.clone()).await?;
        forked |= is_foreign(replica, waiting, envelope.replica, envelope.seq, pulled.hash);
        let entry = LogRecord { sheet, op: wire(pulled), status: pulled.status.clone(), void: false };
        if known.as_ref() != Some(&entry) {
            tx.put(LOG, at, &entry)?;
            touched.insert(sheet, key);
        }
    }
    Ok(forked)
}

fn is_foreign(replica: &ReplicaRecord, waiting: &[OutboxRecord], writer: ReplicaId, seq: u64, hash: OpHash) -> bool {
    let other_than_ours = waiting.iter().any(|entry| entry.seq == seq && entry.op.hash != hash);
    writer == replica.chain.replica && (seq > replica.chain.seq || other_than_ours)
}

fn wire(pulled: &PulledOp) -> domain::sync::chain::WireOp {
    domain::sync::chain::WireOp { envelope: pulled.envelope.clone(), hash: pulled.hash }
}

async fn refold_touched(
    tx: &Tx<'_>,
    waiting: &[OutboxRecord],
    touched: BTreeMap<SheetId, Option<SheetKey>>,
) -> Result<Vec<SheetRecord>, SaveProblem> {
    let mut sheets = Vec::with_capacity(touched.len());
    for (id, key) in touched {
        let name = id.to_string();
        let found: Option<SheetRecord> = tx.get(SHEETS, name.as_str()).await?;
        let Some(mut record) = found.or_else(|| key.map(|key| SheetRecord::new(id, key))) else {
            continue;
        };
        let log: Vec<LogRecord> = tx.get_range(LOG, log_range(id), u32::MAX).await?;
        refold(&mut record, &log, &of_sheet(waiting, id));
        tx.put(SHEETS, name.as_str(), &record)?;
        sheets.push(record);
    }
    Ok(sheets)
}
