//! What the server tells: the juror's own operations from all of their tablets, with what became of them. The local view is
//! what was pulled plus the replay of what still waits (S28).

use super::changes::{Changes, SheetFile};
use super::fold::refold;
use super::records::{LogRecord, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use super::send::{again, of_sheet, read, root};
use super::visits::{VisitRecord, refold_visit};
use crate::ids::{EditionId, ReplicaId, SheetId, UserId};
use crate::sync::chain::{Envelope, OpHash, Task, WireOp, sha256};
use crate::sync::wire::{Pulled, PulledOp};
use crate::visit::{VisitKey, VisitState};
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

/// What operations are about.
enum Subject {
    Sheet(SheetKey),
    Visit(VisitKey),
}

/// What a page says of one sheet, or of one stop's record.
struct Said<'a> {
    about: Subject,
    ops: Vec<Arrival<'a>>,
    /// The record as the server has it.
    state: Option<&'a VisitState>,
}

/// What a page brings, by sheet and record.
pub struct Arrivals<'a>(BTreeMap<SheetId, Said<'a>>);

/// A page taken in.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What is to be written.
    pub changes: Changes,
    /// The server knows operations under our name that we never wrote: a device restored from a backup (S17). Then nothing of
    /// the page is taken in: it comes again under another name. As acknowledged work of our own chain, another's would
    /// stay even where the server has lost it since.
    pub forked: bool,
}

impl<'a> Arrivals<'a> {
    /// Reads a page's operations.
    pub fn read(page: &'a Pulled, edition: EditionId, user: UserId) -> Result<Self, TakeError> {
        if page.user != user {
            return Err(TakeError::OtherUser);
        }
        let mut sheets: BTreeMap<SheetId, Said<'a>> = BTreeMap::new();
        for pulled in &page.ops {
            let envelope: Envelope =
                serde_json::from_slice(pulled.envelope.as_bytes()).map_err(|_| TakeError::Unreadable)?;
            if sha256(pulled.envelope.as_bytes()) != pulled.hash {
                return Err(TakeError::Unreadable);
            }
            if envelope.user != user {
                return Err(TakeError::OtherUser);
            }
            let round = envelope.round.clone();
            let (id, about) = match envelope.task() {
                // What the server couldn't read either is of no sheet that it could show. What a newer server could is
                // waited for: the cursor would pass it, and the update that can read it never get it (S21).
                Err(_) if !pulled.status.was_read() => continue,
                Err(_) => return Err(TakeError::Unreadable),
                Ok(Task::Sheet(work)) => {
                    let id = SheetId::of(edition, &round, user, work.product);
                    (id, Subject::Sheet(SheetKey { round, product: work.product }))
                }
                Ok(Task::Visit(work)) => {
                    let id = SheetId::of_visit(edition, &round, &work.stop);
                    (id, Subject::Visit(VisitKey { round, stop: work.stop }))
                }
            };
            let said = sheets.entry(id).or_insert_with(|| Said { about, ops: Vec::new(), state: None });
            said.ops.push(Arrival { envelope, pulled });
        }
        for state in &page.visits {
            let id = SheetId::of_visit(edition, &state.key.round, &state.key.stop);
            let about = || Subject::Visit(state.key.clone());
            let said = sheets.entry(id).or_insert_with(|| Said { about: about(), ops: Vec::new(), state: None });
            said.state = Some(state);
        }
        Ok(Self(sheets))
    }

    /// The sheets and records that the page is about. After a reset every one is.
    pub fn sheets(&self) -> BTreeSet<SheetId> {
        self.0.keys().copied().collect()
    }

    /// Whether the server knows of us what we don't.
    fn are_foreign(&self, replica: &ReplicaRecord, waiting: &[OutboxRecord]) -> bool {
        let arrivals = self.0.values().flat_map(|said| &said.ops);
        let ours = arrivals.filter(|arrival| arrival.envelope.replica == replica.chain.replica);
        let other = |seq: u64, hash: OpHash| waiting.iter().any(|entry| entry.seq == seq && entry.op.hash != hash);
        ours.into_iter()
            .any(|arrival| arrival.envelope.seq > replica.chain.seq || other(arrival.envelope.seq, arrival.pulled.hash))
    }
}

/// A sheet or a stop's record with what a page says of it.
struct Merged {
    id: SheetId,
    record: Option<SheetRecord>,
    visit: Option<VisitRecord>,
    log: BTreeMap<(ReplicaId, u64), LogRecord>,
    changed: bool,
}

impl Merged {
    /// The server's log is another one since, or may be, and may have lost bytes with it.
    fn ask_for_photos(&mut self) {
        let here = self.record.as_mut().map(|record| &mut record.photos).into_iter();
        for here in here.chain(self.visit.as_mut().map(|visit| &mut visit.photos)) {
            self.changed |= here.ask_again();
        }
    }

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
    if arrivals.are_foreign(replica, waiting) {
        return Taken { changes: Changes::default(), forked: true };
    }
    let recovering = page.reset || replica.recovering;
    let voided_for = page.reset.then_some(replica.chain.replica);
    let mut changes = Changes { cursor: Some(page.cursor.clone()), ..Changes::default() };
    let (mut sheets, mut lost) = (Vec::with_capacity(files.len()), Vec::new());
    for file in files {
        let said = arrivals.0.remove(&file.id);
        sheets.push(merge(&mut changes, &mut lost, file, said, voided_for));
    }
    let mut known = replica.clone();
    if recovering {
        sheets.iter_mut().for_each(Merged::ask_for_photos);
    }
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
        if !sheet.changed && own.is_none() {
            continue;
        }
        let (log, waiting) = (sheet.log.into_values().collect::<Vec<_>>(), of_sheet(&waiting, sheet.id));
        if let Some(mut record) = sheet.record {
            record.last_seq = own.unwrap_or(record.last_seq);
            refold(&mut record, &log, &waiting);
            changes.sheets.push(record);
        }
        if let Some(mut visit) = sheet.visit {
            visit.last_seq = own.unwrap_or(visit.last_seq);
            refold_visit(&mut visit, &log, &waiting);
            changes.visits.push(visit);
        }
    }
    Taken { changes, forked: false }
}

/// Puts a page's operations into a sheet's log. `own` names us after a reset.
fn merge(
    changes: &mut Changes,
    lost: &mut Vec<LogRecord>,
    file: SheetFile,
    said: Option<Said<'_>>,
    own: Option<ReplicaId>,
) -> Merged {
    let (about, arrived, state) = match said {
        Some(said) => (Some(said.about), said.ops, said.state),
        None => (None, Vec::new(), None),
    };
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
    let changed = !new.is_empty() || state.is_some();
    changes.log.extend(new);
    let (mut record, mut visit) = (file.record, file.visit);
    match about {
        Some(Subject::Sheet(key)) => record = record.or_else(|| Some(SheetRecord::new(file.id, key))),
        Some(Subject::Visit(key)) => visit = visit.or_else(|| Some(VisitRecord::new(file.id, key))),
        None => {}
    }
    if let Some((visit, state)) = visit.as_mut().zip(state) {
        visit.known = state.visit.clone();
    }
    Merged { id: file.id, record, visit, log, changed }
}

#[cfg(test)]
mod tests;
