//! The records of stops: what secretaries write on their tablets, and what it comes to on the server.

use crate::committed::{Committed, Stored, StoredOp};
use crate::device::Device;
use crate::edition::{EDITION, JURORS, ORGANISER, SECRETARY, product, round, stop};
use crate::invariants::Broken;
use crate::photos::TakenPhoto;
use crate::server::Server;
use domain::ids::{SheetId, UserId};
use domain::jury::{Presence, StopKey};
use domain::log::OrganiserAct;
use domain::sync::chain::{Envelope, OpHash};
use domain::sync::replica::{self, Changes, VisitOrder};
use domain::sync::wire::Status;
use domain::visit::{Expected, TimeOfDay, Visit, VisitAct, VisitCell, VisitKey, VisitPlan, VisitState, VisitWork};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

pub type Records = BTreeMap<VisitKey, Visit>;

/// About whose presence at which stop something was written.
pub type Touched = BTreeSet<(VisitKey, UserId)>;

/// The presence that an operation is about.
pub fn presence_of(op: &StoredOp) -> Option<(VisitKey, UserId)> {
    match op.visit()? {
        (key, VisitWork { act: VisitAct::Presence { juror, .. }, .. }) => Some((key, *juror)),
        _ => None,
    }
}

pub fn key(n: usize) -> VisitKey {
    VisitKey { round: round(0), stop: stop(n).key() }
}

fn expected(juror: UserId) -> Expected {
    Expected { juror, name: String::new() }
}

pub fn plans() -> Vec<VisitPlan> {
    let plan = |n: usize| VisitPlan {
        round: round(0),
        stop: stop(n),
        products: vec![product(2 * n)],
        jurors: JURORS.map(expected).to_vec(),
    };
    vec![plan(0), plan(1)]
}

/// How somebody may have been there.
fn some_presence(rng: &mut Rng) -> Presence {
    let reason = format!("Lý do {}", rng.u8(..2));
    match rng.u8(..3) {
        0 => Presence::Present,
        1 => Presence::Late { reason },
        _ => Presence::Absent { reason },
    }
}

/// What a secretary writes: few values, so that two tablets agree now and then.
pub fn some_act(rng: &mut Rng) -> (VisitKey, VisitAct) {
    let time = (rng.u8(..4) > 0).then(|| TimeOfDay::new(8, 10 * rng.u16(..3))).flatten();
    let act = match rng.u8(..8) {
        0 => VisitAct::Arrive(time),
        1 => VisitAct::Depart(time),
        2 => VisitAct::SetFact { product: rng.bool().then(|| product(0)), text: format!("Ghi nhận {}", rng.u8(..3)) },
        _ => VisitAct::Presence { juror: JURORS[rng.usize(..JURORS.len())], presence: some_presence(rng) },
    };
    (key(rng.usize(..2)), act)
}

impl Device {
    /// A secretary writes into a record. `Ok` means that the screen says "Đã lưu trên máy".
    pub fn write_visit(&mut self, key: &VisitKey, act: &VisitAct, taken: Option<&TakenPhoto>, now: i64) {
        let id = SheetId::of_visit(EDITION, &key.round, &key.stop);
        let Some(round) = self.disk.catalogue.round(&key.round) else { return };
        let order = VisitOrder { id, key, act, epoch: round.epoch, seen: None, now: now + self.clock_offset };
        let found = self.disk.visits.get(&id).cloned();
        let Ok(written) = replica::write_visit(self.disk.replica.clone(), found, &order) else { return };
        let hash = written.entry.as_ref().map(|entry| entry.op.hash);
        let taken = taken.filter(|_| hash.is_some());
        let changes = Changes {
            replica: written.entry.is_some().then_some(written.replica),
            visits: vec![written.record],
            outbox: written.entry.into_iter().collect(),
            ..Changes::default()
        };
        if self.commit_with(changes, taken).is_ok() {
            self.saved.extend(hash);
            self.kept.extend(taken.map(|taken| taken.photo.sha256));
            if let VisitAct::SetFact { product, .. } = act {
                self.typed_facts.remove(&(id, *product));
            }
        }
    }

    /// A key is typed into what was seen at a stop.
    pub fn draft_fact(&mut self, key: &VisitKey, text: &str, now: i64) {
        let id = SheetId::of_visit(EDITION, &key.round, &key.stop);
        let record = replica::draft_fact(self.disk.visits.get(&id).cloned(), id, key, None, Some(text), None, now);
        if self.commit(Changes { visits: vec![record], ..Changes::default() }).is_ok() {
            self.typed_facts.insert((id, None), text.to_owned());
        }
    }
}

impl Committed {
    /// Takes an operation about a stop into its record, with a status.
    fn fold(&self, op: &StoredOp, status: &Status, records: &mut Records) {
        let Some((key, work)) = op.visit() else { return };
        let (origin, record) = (op.envelope.origin(op.wire.hash), records.entry(key).or_default());
        match status {
            Status::Accepted => record.apply(&origin, &work.act),
            Status::Held(_) | Status::Rejected(_) => record.skip(&origin, &work.act),
        }
    }

    /// The operations that an act rules on.
    fn ruled_on(&self, act: &OrganiserAct) -> impl Iterator<Item = &StoredOp> {
        let names = match act {
            OrganiserAct::Rule { ops, .. } => ops.as_slice(),
            _ => &[],
        };
        names.iter().filter_map(|name| self.ops().find(|op| op.wire.hash == name.hash))
    }
}

impl Server {
    /// The records as the log folds to them: what was held counts from the ruling on.
    pub fn records(&self) -> Records {
        let mut records = Records::new();
        for (position, stored) in (1..).zip(&self.disk.log) {
            match stored {
                Stored::Op(op) => self.disk.fold(op, &op.status, &mut records),
                Stored::Act(noted) => {
                    for op in self.disk.ruled_on(&noted.act) {
                        self.disk.fold(op, &self.disk.status_of(op), &mut records);
                    }
                    if let OrganiserAct::RecordPresence { presence, .. } = &noted.act
                        && let Some((key, juror)) = desk_word(&noted.act)
                    {
                        records.entry(key).or_default().record(juror, presence.clone(), position, noted.hash);
                    }
                }
            }
        }
        records
    }

    /// The records of all stops, blank ones too; or those alone into which something was written, or ruled on, behind a position.
    pub fn visit_states(&self, after: Option<u64>) -> Vec<VisitState> {
        let mut records = self.records();
        for plan in plans() {
            records.entry(plan.key()).or_default();
        }
        let told: BTreeSet<VisitKey> = match after {
            None => records.keys().cloned().collect(),
            Some(after) => self.touched_since(after),
        };
        let told = records.into_iter().filter(|(key, _)| told.contains(key));
        told.map(|(key, visit)| VisitState { key, visit }).collect()
    }

    fn touched_since(&self, after: u64) -> BTreeSet<VisitKey> {
        let mut touched = BTreeSet::new();
        for (position, stored) in (1..).zip(&self.disk.log) {
            match stored {
                Stored::Op(op) if self.disk.last_word_on(position, op) > after => {
                    touched.extend(op.visit().map(|(key, _)| key));
                }
                Stored::Act(noted) if position > after => {
                    if let OrganiserAct::RecordPresence { round, delegation, date, ordinal, .. } = &noted.act {
                        let stop = StopKey { delegation: delegation.clone(), date: date.clone(), ordinal: *ordinal };
                        touched.insert(VisitKey { round: round.clone(), stop });
                    }
                }
                Stored::Op(_) | Stored::Act(_) => {}
            }
        }
        touched
    }

    /// Where one of these presences comes to something else than what is recorded, that is recorded.
    pub fn take_effect(&mut self, touched: &Touched, now: i64) {
        if touched.is_empty() {
            return;
        }
        let records = self.records();
        for (key, juror) in touched {
            let Some(visit) = records.get(key) else { continue };
            let recorded = self.disk.recorded.get(&(key.clone(), *juror));
            let Some(presence) = visit.presence(*juror).filter(|presence| Some(*presence) != recorded) else {
                continue;
            };
            self.note_presence(key, *juror, presence.clone(), visit.grounds(*juror), (SECRETARY, now));
        }
    }

    /// The desk records how somebody was there: the secretary, or in a round that takes no work an organiser (S25).
    pub fn record_at_the_desk(&mut self, rng: &mut Rng, now: i64) {
        let (key, juror) = (key(rng.usize(..2)), JURORS[rng.usize(..JURORS.len())]);
        let takes_work = self.disk.catalog.find_round(&key.round).is_some_and(|round| round.state.takes_work());
        let by = if takes_work { SECRETARY } else { ORGANISER };
        self.note_presence(&key, juror, some_presence(rng), Vec::new(), (by, now));
    }

    fn note_presence(
        &mut self,
        key: &VisitKey,
        juror: UserId,
        presence: Presence,
        from: Vec<OpHash>,
        by: (UserId, i64),
    ) {
        self.disk.recorded.insert((key.clone(), juror), presence.clone());
        for panel in self.disk.catalog.panels.get_mut(&key.round).into_iter().flat_map(|panels| panels.values_mut()) {
            if let Some(seat) = panel.get_mut(&juror)
                && seat.stop.as_ref().is_some_and(|stop| stop.is(&key.stop))
            {
                seat.standing = presence.standing();
            }
        }
        self.disk.catalog.version += 1;
        let StopKey { delegation, date, ordinal } = key.stop.clone();
        let round = key.round.clone();
        let act = OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, from };
        self.note(by.0, by.1, act);
    }
}

type Heads = BTreeMap<String, BTreeSet<OpHash>>;

fn heads(visit: &Visit) -> Heads {
    let cells = visit.cells().map(|(cell, hashes)| (format!("{cell:?}"), hashes.collect::<BTreeSet<_>>()));
    cells.filter(|(_, hashes)| !hashes.is_empty()).collect()
}

/// Something that was written into a record.
struct Word<'a> {
    hash: OpHash,
    /// The operation; the desk's word is none.
    op: Option<&'a StoredOp>,
    /// From which position of the log on it counts.
    counts_from: Option<u64>,
}

impl Word<'_> {
    /// Whether it was written knowing the other one, among all of the same cell.
    fn knows(&self, other: &Word<'_>, all: &[Word<'_>]) -> bool {
        match (self.op.map(|op| &op.envelope), other.op.map(|op| &op.envelope)) {
            // The desk sees all that counts by then.
            (None, _) => other.counts_from < self.counts_from,
            (Some(after), before) => {
                let is_own = before.is_some_and(|before| {
                    let first = after.reissue_of.is_none() && before.reissue_of.is_none();
                    first && after.replica == before.replica && after.seq > before.seq
                });
                is_own || (self.hash != other.hash && has_seen(after, other.hash, all))
            }
        }
    }
}

/// Whether an operation names this one as its base, or one that doesn't count names it that stands behind.
fn has_seen(op: &Envelope, hash: OpHash, all: &[Word<'_>]) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), op.bases().into_vec());
    while let Some(base) = next.pop() {
        if seen.insert(base) {
            let behind = all.iter().filter(|word| word.hash == base && word.counts_from.is_none());
            next.extend(behind.filter_map(|word| word.op).flat_map(|op| op.envelope.bases()));
        }
    }
    seen.contains(&hash)
}

/// I5: every word on a stop is a head, superseded by one that knew of it, held or rejected; found from the definition alone.
pub fn every_word_is_accounted_for(server: &Server) -> Result<(), Broken> {
    let mut cells: BTreeMap<(VisitKey, String), Vec<Word<'_>>> = BTreeMap::new();
    for (position, stored) in (1..).zip(&server.disk.log) {
        let (key, cell, word) = match stored {
            Stored::Op(op) => {
                let Some((key, work)) = op.visit() else { continue };
                let counts = server.disk.status_of(op) == Status::Accepted;
                let counts_from = counts.then(|| server.disk.last_word_on(position, op));
                (key, work.act.cell(), Word { hash: op.root(), op: Some(op), counts_from })
            }
            Stored::Act(noted) => {
                let Some((key, juror)) = desk_word(&noted.act) else { continue };
                let word = Word { hash: noted.hash, op: None, counts_from: Some(position) };
                (key, VisitCell::Presence(juror), word)
            }
        };
        cells.entry((key, format!("{cell:?}"))).or_default().push(word);
    }
    let records = server.records();
    for ((key, cell), all) in cells {
        let counting = || all.iter().filter(|word| word.counts_from.is_some());
        let is_head = |word: &&Word<'_>| !counting().any(|later| later.knows(word, &all));
        let expected: BTreeSet<OpHash> = counting().filter(is_head).map(|word| word.hash).collect();
        let found = records.get(&key).map(heads).unwrap_or_default().remove(&cell).unwrap_or_default();
        if expected != found {
            return Err(Broken::new("I5", format!("{cell} at {key:?}: {found:?}, by definition {expected:?}")));
        }
    }
    Ok(())
}

/// About whom at which stop the desk recorded something by itself.
fn desk_word(act: &OrganiserAct) -> Option<(VisitKey, UserId)> {
    match act {
        OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, from, .. } if from.is_empty() => {
            let stop = StopKey { delegation: delegation.clone(), date: date.clone(), ordinal: *ordinal };
            Some((VisitKey { round: round.clone(), stop }, *juror))
        }
        _ => None,
    }
}

/// S5, S23: whose sheets are waited for follows from the records, whatever order they came in.
pub fn seats_follow_the_records(server: &Server) -> Result<(), Broken> {
    for (key, visit) in server.records() {
        let panels = server.disk.catalog.panels.get(&key.round);
        for juror in visit.jurors() {
            let Some(standing) = visit.presence(juror).map(Presence::standing) else { continue };
            let seats = panels.into_iter().flat_map(|panels| panels.values()).filter_map(|panel| panel.get(&juror));
            let here = |stop: &&domain::catalog::Seat| stop.stop.as_ref().is_some_and(|stop| stop.is(&key.stop));
            let wrong = seats.filter(here).find(|seat: &&domain::catalog::Seat| seat.standing != standing);
            if let Some(seat) = wrong {
                let why = format!("{juror} at {key:?}: {:?}, by the record {standing:?}", seat.standing);
                return Err(Broken::new("S23", why));
            }
        }
    }
    Ok(())
}

/// S28: when all is delivered and pulled, a secretary's tablet shows the records that the server has.
pub fn tablet_sees_the_records(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    // What of its own is held shows on the tablet alone.
    let own = server.disk.ops().filter(|op| op.envelope.user == device.user);
    let held = own.filter(|op| matches!(server.disk.status_of(op), Status::Held(_)));
    let touched: BTreeSet<String> =
        held.filter_map(StoredOp::visit).map(|(key, work)| format!("{:?} {:?}", key.stop, work.act.cell())).collect();
    for state in server.visit_states(None) {
        let id = SheetId::of_visit(EDITION, &state.key.round, &state.key.stop);
        let record = device.disk.visits.get(&id);
        let (ours, theirs) = (record.map(|record| heads(&record.visit)).unwrap_or_default(), heads(&state.visit));
        let cells: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for cell in cells {
            let is_held = touched.contains(&format!("{:?} {cell}", state.key.stop));
            if !is_held && ours.get(cell) != theirs.get(cell) {
                let why = format!(
                    "device {index}, {cell}: shows {:?}, the server has {:?}",
                    ours.get(cell),
                    theirs.get(cell)
                );
                return Err(Broken::new("S28", why));
            }
        }
    }
    Ok(())
}

/// I4: any order in which each tablet's own order holds ends in the same records. The desk's acts stand where they stand.
pub fn order_does_not_matter(server: &Server, rng: &mut Rng) -> Result<(), Broken> {
    let ops: Vec<&StoredOp> = server.disk.ops().filter(|op| op.visit().is_some()).collect();
    let mut shuffled = ops.clone();
    // Each replica's places stay its own, in their order; which replica comes when is drawn.
    let mut replicas: Vec<_> = ops.iter().map(|op| op.envelope.replica).collect();
    rng.shuffle(&mut replicas);
    let mut queues: BTreeMap<_, std::collections::VecDeque<_>> = BTreeMap::new();
    for op in ops.iter().copied() {
        queues.entry(op.envelope.replica).or_default().push_back(op);
    }
    for (place, replica) in shuffled.iter_mut().zip(replicas) {
        if let Some(next) = queues.get_mut(&replica).and_then(std::collections::VecDeque::pop_front) {
            *place = next;
        }
    }
    let fold = |ops: &[&StoredOp]| {
        let mut records = Records::new();
        for op in ops {
            server.disk.fold(op, &server.disk.status_of(op), &mut records);
        }
        records.into_iter().map(|(key, visit)| (key, heads(&visit))).collect::<BTreeMap<_, _>>()
    };
    if fold(&ops) == fold(&shuffled) {
        Ok(())
    } else {
        Err(Broken::new("I4", "another order, other records".to_owned()))
    }
}
