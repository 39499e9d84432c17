//! What the server tells: the juror's own operations from all of their tablets, with what became of them. The local view is
//! what was pulled plus the replay of what still waits (S28).

use super::changes::{Changes, SheetFile};
use super::fold::refold;
use super::records::{LogRecord, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use super::send::{of_sheet, read};
use crate::ids::{EditionId, ReplicaId, SheetId, UserId};
use crate::sync::chain::{Envelope, OpHash, WireOp, sha256};
use crate::sync::wire::{Pulled, PulledOp};
use std::collections::{BTreeMap, BTreeSet};

/// Why a pull is not taken in; nothing of it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TakeError {
    /// It is about another user: somebody else signed in meanwhile (S13).
    #[error("another user's data")]
    OtherUser,
    /// Not what this version can read.
    #[error("unreadable")]
    Unreadable,
}

/// A pulled operation, read and found to be the juror's own.
struct Arrival<'a> {
    envelope: Envelope,
    pulled: &'a PulledOp,
}

/// What a page brings, by sheet.
pub struct Arrivals<'a>(BTreeMap<SheetId, (SheetKey, Vec<Arrival<'a>>)>);

/// A page taken in.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What is to be written.
    pub changes: Changes,
    /// The server knows operations under our name that we never wrote: a device restored from a backup (S17).
    pub forked: bool,
}

/// A sheet's identity contains its juror (S3), so an assignment of another user's shows.
pub fn check_assignments(page: &Pulled, edition: EditionId, user: UserId) -> Result<(), TakeError> {
    let own = page.assignments.iter().all(|task| task.sheet == SheetId::of(edition, &task.round, user, task.product));
    if own { Ok(()) } else { Err(TakeError::OtherUser) }
}

impl<'a> Arrivals<'a> {
    /// Reads a page's operations.
    pub fn read(page: &'a Pulled, edition: EditionId, user: UserId) -> Result<Self, TakeError> {
        let mut sheets: BTreeMap<SheetId, (SheetKey, Vec<Arrival<'a>>)> = BTreeMap::new();
        for pulled in &page.ops {
            let envelope: Envelope =
                serde_json::from_slice(pulled.envelope.as_bytes()).map_err(|_| TakeError::Unreadable)?;
            if sha256(pulled.envelope.as_bytes()) != pulled.hash {
                return Err(TakeError::Unreadable);
            }
            if envelope.user != user {
                return Err(TakeError::OtherUser);
            }
            // What this version can't read is of no sheet that it could show.
            let Ok(work) = envelope.work() else {
                continue;
            };
            let key = SheetKey { round: envelope.round.clone(), product: work.product };
            let id = SheetId::of(edition, &key.round, user, key.product);
            sheets.entry(id).or_insert_with(|| (key, Vec::new())).1.push(Arrival { envelope, pulled });
        }
        Ok(Self(sheets))
    }

    /// The sheets that the page is about. After a reset every sheet is.
    pub fn sheets(&self) -> BTreeSet<SheetId> {
        self.0.keys().copied().collect()
    }

    /// Whether the server knows of us what we don't.
    fn are_foreign(&self, replica: &ReplicaRecord, waiting: &[OutboxRecord]) -> bool {
        let arrivals = self.0.values().flat_map(|(_, arrivals)| arrivals);
        let ours = arrivals.filter(|arrival| arrival.envelope.replica == replica.chain.replica);
        let other = |seq: u64, hash: OpHash| waiting.iter().any(|entry| entry.seq == seq && entry.op.hash != hash);
        ours.into_iter()
            .any(|arrival| arrival.envelope.seq > replica.chain.seq || other(arrival.envelope.seq, arrival.pulled.hash))
    }
}

/// Takes in one page. `waiting` is the whole outbox, `files` are those of [`Arrivals::sheets`], after a reset all that the
/// replica has. Writing down the page's catalogue is the caller's, with these changes.
pub fn take(
    replica: &ReplicaRecord,
    mut arrivals: Arrivals<'_>,
    page: &Pulled,
    waiting: &[OutboxRecord],
    files: Vec<SheetFile>,
) -> Taken {
    let forked = arrivals.are_foreign(replica, waiting);
    let mut changes = Changes { cursor: Some(page.cursor.clone()), ..Changes::default() };
    for file in files {
        let (key, arrived) = match arrivals.0.remove(&file.id) {
            Some((key, arrived)) => (Some(key), arrived),
            None => (None, Vec::new()),
        };
        let voided_for = page.reset.then_some(replica.chain.replica);
        take_sheet(&mut changes, file, key, arrived, voided_for, waiting);
    }
    Taken { changes, forked }
}

/// Writes what is new of a sheet, and folds it again if anything is.
///
/// After a restore (`own` names us then) the server's log is another one: what others' replicas had in it is void until it
/// arrives again. Our own operations stay as they are: if the server lost them, it says so at the next push, and they are
/// sent again.
fn take_sheet(
    changes: &mut Changes,
    file: SheetFile,
    key: Option<SheetKey>,
    arrived: Vec<Arrival<'_>>,
    own: Option<ReplicaId>,
    waiting: &[OutboxRecord],
) {
    let mut log: BTreeMap<(ReplicaId, u64), LogRecord> = BTreeMap::new();
    for entry in file.log {
        if let Ok(envelope) = read(&entry.op) {
            log.insert((envelope.replica, envelope.seq), entry);
        }
    }
    let before = log.clone();
    if let Some(own) = own {
        let others = log.iter_mut().filter(|((replica, _), _)| *replica != own);
        others.for_each(|(_, entry)| entry.void = true);
    }
    for Arrival { envelope, pulled } in arrived {
        let op = WireOp { envelope: pulled.envelope.clone(), hash: pulled.hash };
        let entry = LogRecord { sheet: file.id, op, status: pulled.status.clone(), void: false };
        log.insert((envelope.replica, envelope.seq), entry);
    }
    let new = log.iter().filter(|(place, entry)| before.get(place) != Some(entry));
    let new: Vec<_> = new.map(|((replica, seq), entry)| (*replica, *seq, entry.clone())).collect();
    if new.is_empty() {
        return;
    }
    changes.log.extend(new);
    if let Some(mut record) = file.record.or_else(|| key.map(|key| SheetRecord::new(file.id, key))) {
        refold(&mut record, &log.into_values().collect::<Vec<_>>(), &of_sheet(waiting, file.id));
        changes.sheets.push(record);
    }
}
