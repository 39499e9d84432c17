//! What the server tells: the juror's own operations from all of their tablets, with what became of them. The local view is
//! what was pulled plus the replay of what still waits (S28).

use super::changes::{Changes, SheetFile};
use super::fold::refold;
use super::records::{LogRecord, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use super::send::{again, of_sheet, read, root};
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

impl<'a> Arrivals<'a> {
    /// Reads a page's operations.
    pub fn read(page: &'a Pulled, edition: EditionId, user: UserId) -> Result<Self, TakeError> {
        if page.user != user {
            return Err(TakeError::OtherUser);
        }
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

/// A sheet with what a page says of it.
struct Merged {
    id: SheetId,
    record: Option<SheetRecord>,
    log: BTreeMap<(ReplicaId, u64), LogRecord>,
    changed: bool,
}

impl Merged {
    /// All is pulled: what has not arrived the server has lost.
    fn give_up_unproven(&mut self, changes: &mut Changes, lost: &mut Vec<LogRecord>) {
        for ((replica, seq), entry) in self.log.iter_mut().filter(|(_, entry)| entry.unproven) {
            lost.push(entry.clone());
            (entry.unproven, entry.void, self.changed) = (false, true, true);
            changes.log.push((*replica, *seq, entry.clone()));
        }
    }
}

/// Takes in one page. `waiting` is the whole outbox; `files` are those of [`Arrivals::sheets`], and while
/// [`ReplicaRecord::recovering`], or with a reset, all that the replica has. Writing down the page's catalogue is the
/// caller's, with these changes.
///
/// After a restore the server's log is another one: what other replicas had in it is unproven until it arrives again. What
/// of it doesn't, and what the server has something else in the place of, is written anew at the end of our own chain,
/// naming its first writing: whichever tablet of the juror still has an operation delivers it (S17, S27). Our own chain's
/// stay as they are: if the server lost them, it says so at the next push.
pub fn take(
    replica: &ReplicaRecord,
    mut arrivals: Arrivals<'_>,
    page: &Pulled,
    waiting: &[OutboxRecord],
    files: Vec<SheetFile>,
) -> Taken {
    let forked = arrivals.are_foreign(replica, waiting);
    let recovering = page.reset || replica.recovering;
    let voided_for = page.reset.then_some(replica.chain.replica);
    let mut changes = Changes { cursor: Some(page.cursor.clone()), ..Changes::default() };
    let (mut sheets, mut lost) = (Vec::with_capacity(files.len()), Vec::new());
    for file in files {
        let (key, arrived) = match arrivals.0.remove(&file.id) {
            Some((key, arrived)) => (Some(key), arrived),
            None => (None, Vec::new()),
        };
        sheets.push(merge(&mut changes, &mut lost, file, key, arrived, voided_for));
    }
    let mut known = replica.clone();
    if recovering && !page.more {
        sheets.iter_mut().for_each(|sheet| sheet.give_up_unproven(&mut changes, &mut lost));
    }
    let there = sheets.iter().flat_map(|sheet| sheet.log.values()).filter(|entry| !entry.void).map(|entry| &entry.op);
    let mut there: BTreeSet<OpHash> = match lost.is_empty() {
        true => BTreeSet::new(),
        false => there.chain(waiting.iter().map(|entry| &entry.op)).map(root).collect(),
    };
    lost.retain(|entry| there.insert(root(&entry.op)));
    changes.outbox = again(&mut known.chain, &lost);
    known.recovering = recovering && page.more;
    if known != *replica {
        changes.replica = Some(known);
    }
    let waiting: Vec<OutboxRecord> = waiting.iter().chain(&changes.outbox).cloned().collect();
    for sheet in sheets {
        let own = changes.outbox.iter().filter(|entry| entry.sheet == sheet.id).map(|entry| entry.seq).max();
        if let Some(mut record) = sheet.record.filter(|_| sheet.changed || own.is_some()) {
            record.last_seq = own.unwrap_or(record.last_seq);
            refold(&mut record, &sheet.log.into_values().collect::<Vec<_>>(), &of_sheet(&waiting, sheet.id));
            changes.sheets.push(record);
        }
    }
    Taken { changes, forked }
}

/// Puts a page's operations into a sheet's log. `own` names us after a reset.
fn merge(
    changes: &mut Changes,
    lost: &mut Vec<LogRecord>,
    file: SheetFile,
    key: Option<SheetKey>,
    arrived: Vec<Arrival<'_>>,
    own: Option<ReplicaId>,
) -> Merged {
    let mut log: BTreeMap<(ReplicaId, u64), LogRecord> = BTreeMap::new();
    for entry in file.log {
        if let Ok(envelope) = read(&entry.op) {
            log.insert((envelope.replica, envelope.seq), entry);
        }
    }
    let before = log.clone();
    if let Some(own) = own {
        let others = log.iter_mut().filter(|((replica, _), _)| *replica != own);
        others.filter(|(_, entry)| !entry.void).for_each(|(_, entry)| entry.unproven = true);
    }
    for Arrival { envelope, pulled } in arrived {
        let op = WireOp { envelope: pulled.envelope.clone(), hash: pulled.hash };
        let entry = LogRecord { sheet: file.id, op, status: pulled.status.clone(), unproven: false, void: false };
        let displaced = log.insert((envelope.replica, envelope.seq), entry);
        lost.extend(displaced.filter(|entry| entry.op.hash != pulled.hash));
    }
    let new = log.iter().filter(|(place, entry)| before.get(place) != Some(entry));
    let new: Vec<_> = new.map(|((replica, seq), entry)| (*replica, *seq, entry.clone())).collect();
    let changed = !new.is_empty();
    changes.log.extend(new);
    Merged { id: file.id, record: file.record.or_else(|| key.map(|key| SheetRecord::new(file.id, key))), log, changed }
}
