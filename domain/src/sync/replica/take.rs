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
use crate::visit::{Visit, VisitKey, VisitState};
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
    /// It goes on from somewhere else than where the tablet is by now: another conversation came in between.
    #[error("of another position")]
    Elsewhere,
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

    /// Whether the server knows of us what we don't, or something else than we do.
    fn are_foreign(&self, replica: &ReplicaRecord, waiting: &[OutboxRecord], files: &[SheetFile]) -> bool {
        let own = replica.chain.replica;
        let arrivals = self.0.values().flat_map(|said| &said.ops).filter(|arrival| arrival.envelope.replica == own);
        let arrived: Vec<(u64, OpHash)> = arrivals.map(|arrival| (arrival.envelope.seq, arrival.pulled.hash)).collect();
        let is_other = |seq: u64, hash: OpHash| arrived.iter().any(|(number, there)| *number == seq && *there != hash);
        let sent_otherwise = |entry: &LogRecord| {
            read(&entry.op).is_ok_and(|sent| sent.replica == own && is_other(sent.seq, entry.op.hash))
        };
        arrived.iter().any(|(seq, _)| *seq > replica.chain.seq)
            || waiting.iter().any(|entry| is_other(entry.seq, entry.op.hash))
            || (!arrived.is_empty() && files.iter().flat_map(|file| &file.log).any(sent_otherwise))
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

/// What the server has no more.
#[derive(Default)]
struct Lost {
    /// Of our own chain: it waits again as it is.
    own: Vec<OutboxRecord>,
    /// Of other chains, and what something else is in the place of: it is written anew.
    others: Vec<LogRecord>,
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
    fn give_up_unproven(&mut self, changes: &mut Changes, lost: &mut Lost, own: ReplicaId) {
        for ((replica, seq), entry) in self.log.iter_mut().filter(|(_, entry)| entry.unproven) {
            if *replica == own {
                lost.own.push(OutboxRecord { sheet: entry.sheet, seq: *seq, op: entry.op.clone() });
            } else {
                lost.others.push(entry.clone());
            }
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
/// naming its first writing: whichever tablet of the juror still has an operation delivers it (S17, S27). What is lost of our own
/// chain waits again as it is, so that the screen doesn't take for stored what isn't (S10, S28).
pub fn take(
    replica: &ReplicaRecord,
    mut arrivals: Arrivals<'_>,
    page: &Pulled,
    waiting: &[OutboxRecord],
    files: Vec<SheetFile>,
) -> Taken {
    if arrivals.are_foreign(replica, waiting, &files) {
        return Taken { changes: Changes::default(), forked: true };
    }
    let recovering = page.reset || replica.recovering;
    let all_is_told = recovering && !page.more;
    let mut changes = Changes { cursor: Some(page.cursor.clone()), ..Changes::default() };
    let (mut sheets, mut lost) = (Vec::with_capacity(files.len()), Lost::default());
    for file in files {
        let said = arrivals.0.remove(&file.id);
        sheets.push(merge(&mut changes, &mut lost.others, file, said, page.reset, all_is_told));
    }
    if recovering {
        sheets.iter_mut().for_each(Merged::ask_for_photos);
    }
    let mut known = replica.clone();
    if all_is_told {
        sheets.iter_mut().for_each(|sheet| sheet.give_up_unproven(&mut changes, &mut lost, replica.chain.replica));
        changes.outbox = wait_again(&mut known, &sheets, lost.own, waiting);
    }
    let waiting: Vec<OutboxRecord> = changes.outbox.iter().chain(waiting).cloned().collect();
    let there = sheets.iter().flat_map(|sheet| sheet.log.values()).filter(|entry| !entry.void).map(|entry| &entry.op);
    let mut there: BTreeSet<OpHash> = match lost.others.is_empty() {
        true => BTreeSet::new(),
        false => there.chain(waiting.iter().map(|entry| &entry.op)).map(root).collect(),
    };
    lost.others.retain(|entry| there.insert(root(&entry.op)));
    let anew = again(&mut known.chain, &lost.others);
    known.recovering = recovering && page.more;
    if known != *replica {
        changes.replica = Some(known);
    }
    changes.outbox.extend_from_slice(&anew);
    let waiting: Vec<OutboxRecord> = waiting.into_iter().chain(anew.iter().cloned()).collect();
    for sheet in sheets {
        let own = anew.iter().filter(|entry| entry.sheet == sheet.id).map(|entry| entry.seq).max();
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

/// Our own chain from where the server has lost of it, without gaps; what waits anyway is not among it.
fn wait_again(
    replica: &mut ReplicaRecord,
    sheets: &[Merged],
    mut lost: Vec<OutboxRecord>,
    waiting: &[OutboxRecord],
) -> Vec<OutboxRecord> {
    let Some(first) = lost.iter().map(|entry| entry.seq).min() else { return lost };
    replica.acked_seq = replica.acked_seq.min(first.saturating_sub(1));
    for ((writer, seq), entry) in sheets.iter().flat_map(|sheet| &sheet.log) {
        if *writer == replica.chain.replica && *seq > first && !entry.void {
            lost.push(OutboxRecord { sheet: entry.sheet, seq: *seq, op: entry.op.clone() });
        }
    }
    lost.retain(|entry| waiting.iter().all(|other| other.seq != entry.seq));
    lost
}

/// Puts a page's operations into a sheet's log. After a reset everything in it is open; with the last page everything that
/// the server has was told.
fn merge(
    changes: &mut Changes,
    lost: &mut Vec<LogRecord>,
    file: SheetFile,
    said: Option<Said<'_>>,
    reset: bool,
    all_is_told: bool,
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
    if reset {
        log.values_mut().filter(|entry| !entry.void).for_each(|entry| entry.unproven = true);
    }
    let (mut record, mut visit) = (file.record, file.visit);
    match about {
        Some(Subject::Sheet(key)) => record = record.or_else(|| Some(SheetRecord::new(file.id, key))),
        Some(Subject::Visit(key)) => visit = visit.or_else(|| Some(VisitRecord::new(file.id, key))),
        None => {}
    }
    for Arrival { envelope, pulled } in arrived {
        let op = WireOp { envelope: pulled.envelope.clone(), hash: pulled.hash };
        let place = (envelope.replica, envelope.seq);
        let mut entry = LogRecord::told(file.id, op, pulled.status.clone());
        let same = before.get(&place).filter(|entry| entry.op.hash == pulled.hash);
        if visit.is_some() {
            entry = entry.with_what_was_known(same);
        }
        let displaced = log.insert(place, entry);
        lost.extend(displaced.filter(|entry| entry.op.hash != pulled.hash));
    }
    // A record that isn't told though all is, the server has lost.
    let state = state.map(|state| state.visit.clone()).or_else(|| all_is_told.then(Visit::default));
    let is_told = visit.as_mut().zip(state).map(|(visit, state)| visit.known = state).is_some();
    if is_told {
        log.values_mut().for_each(|entry| entry.ahead = false);
    }
    let new = log.iter().filter(|(place, entry)| before.get(place) != Some(entry));
    let new: Vec<_> = new.map(|((replica, seq), entry)| (*replica, *seq, entry.clone())).collect();
    let changed = !new.is_empty() || is_told;
    changes.log.extend(new);
    Merged { id: file.id, record, visit, log, changed }
}

#[cfg(test)]
mod tests;
