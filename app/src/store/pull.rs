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
use domain::edition::Edition;
use domain::ids::{EditionId, ReplicaId, SheetId, UserId};
use domain::sync::chain::{Envelope, OpHash, sha256};
use domain::sync::wire::{Pulled, PulledOp};
use serde::Deserialize;
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
    envelope: Envelope,
    pulled: &'a PulledOp,
}

/// What a pull says of one sheet.
#[derive(Default)]
struct Touched<'a> {
    key: Option<SheetKey>,
    arrivals: Vec<Arrival<'a>>,
    /// Operations of it are void now.
    voided: bool,
}

/// Of a catalogue, what every page needs. Most pages bring none, and reading all of it for each would be most of the work.
#[derive(Deserialize)]
struct KnownEdition {
    edition: Option<Edition>,
}

impl Store {
    /// Takes in one page of a pull.
    pub async fn take(&self, page: &Pulled) -> Result<Taken, PullProblem> {
        self.db
            .write(&[META, CATALOGUE, SHEETS, OUTBOX, LOG], async |tx| {
                let replica = require_replica(tx).await?;
                let (edition, catalogue) = take_catalogue(tx, page).await?;
                check_assignments(page, edition, replica.user)?;
                let mut touched = read_arrivals(page, edition, replica.user)?;
                if page.reset {
                    void_others(tx, &replica, &mut touched).await?;
                }
                let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
                let forked = touched.values().flat_map(|sheet| &sheet.arrivals).any(|arrival| {
                    is_foreign(&replica, &waiting, arrival.envelope.replica, arrival.envelope.seq, arrival.pulled.hash)
                });
                let mut sheets = Vec::with_capacity(touched.len());
                for (id, sheet) in touched {
                    sheets.extend(take_sheet(tx, id, sheet, &of_sheet(&waiting, id)).await?);
                }
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

/// The edition, and the catalogue if it is another one now.
async fn take_catalogue(tx: &Tx<'_>, page: &Pulled) -> Result<(EditionId, Option<Catalogue>), PullProblem> {
    if page.edition.is_none() && page.removed.is_empty() {
        let known: Option<KnownEdition> = tx.get(CATALOGUE, CURRENT).await?;
        let edition = known.and_then(|known| known.edition).ok_or(PullProblem::Unreadable)?;
        return Ok((edition.id, None));
    }
    let before: Catalogue = tx.get(CATALOGUE, CURRENT).await?.unwrap_or_default();
    let after = before.clone().updated(page);
    let edition = after.edition.as_ref().ok_or(PullProblem::Unreadable)?.id;
    Ok((edition, (after != before).then_some(after)))
}

fn read_arrivals(
    page: &Pulled,
    edition: EditionId,
    user: UserId,
) -> Result<BTreeMap<SheetId, Touched<'_>>, PullProblem> {
    let mut touched: BTreeMap<SheetId, Touched<'_>> = BTreeMap::new();
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
        let sheet = touched.entry(SheetId::of(edition, &key.round, user, key.product)).or_default();
        sheet.key = Some(key);
        sheet.arrivals.push(Arrival { envelope, pulled });
    }
    Ok(touched)
}

/// After a restore the server's log is another one. Own operations stay as they are: if the server lost them, it says so
/// at the next push, and they are sent again.
async fn void_others(
    tx: &Tx<'_>,
    replica: &ReplicaRecord,
    touched: &mut BTreeMap<SheetId, Touched<'_>>,
) -> Result<(), SaveProblem> {
    let log: Vec<LogRecord> = tx.get_all(LOG).await?;
    for mut entry in log {
        let Ok(envelope) = serde_json::from_slice::<Envelope>(entry.op.envelope.as_bytes()) else {
            continue;
        };
        if envelope.replica != replica.chain.replica {
            entry.void = true;
            touched.entry(entry.sheet).or_default().voided = true;
            tx.put(LOG, log_key(entry.sheet, envelope.replica, envelope.seq), &entry)?;
        }
    }
    Ok(())
}

/// Whether the server knows of us what we don't.
fn is_foreign(replica: &ReplicaRecord, waiting: &[OutboxRecord], writer: ReplicaId, seq: u64, hash: OpHash) -> bool {
    let other_than_ours = waiting.iter().any(|entry| entry.seq == seq && entry.op.hash != hash);
    writer == replica.chain.replica && (seq > replica.chain.seq || other_than_ours)
}

fn wire(pulled: &PulledOp) -> domain::sync::chain::WireOp {
    domain::sync::chain::WireOp { envelope: pulled.envelope.clone(), hash: pulled.hash }
}

/// Writes what is new of a sheet, and folds it again if anything is. Its log is read once: a first download brings
/// thousands of operations, and to ask for each would take most of the time.
async fn take_sheet(
    tx: &Tx<'_>,
    id: SheetId,
    sheet: Touched<'_>,
    waiting: &[OutboxRecord],
) -> Result<Option<SheetRecord>, SaveProblem> {
    let mut log: BTreeMap<(ReplicaId, u64), LogRecord> = BTreeMap::new();
    for entry in tx.get_range::<LogRecord>(LOG, log_range(id), u32::MAX).await? {
        if let Ok(envelope) = serde_json::from_slice::<Envelope>(entry.op.envelope.as_bytes()) {
            log.insert((envelope.replica, envelope.seq), entry);
        }
    }
    let mut changed = sheet.voided;
    for Arrival { envelope, pulled } in sheet.arrivals {
        let place = (envelope.replica, envelope.seq);
        let entry = LogRecord { sheet: id, op: wire(pulled), status: pulled.status.clone(), void: false };
        if log.get(&place) != Some(&entry) {
            tx.put(LOG, log_key(id, envelope.replica, envelope.seq), &entry)?;
            log.insert(place, entry);
            changed = true;
        }
    }
    if !changed {
        return Ok(None);
    }
    let name = id.to_string();
    let found: Option<SheetRecord> = tx.get(SHEETS, name.as_str()).await?;
    let Some(mut record) = found.or_else(|| sheet.key.map(|key| SheetRecord::new(id, key))) else {
        return Ok(None);
    };
    refold(&mut record, &log.into_values().collect::<Vec<_>>(), waiting);
    tx.put(SHEETS, name.as_str(), &record)?;
    Ok(Some(record))
}
