//! I1–I8 of docs/SYNC.md, asked after every step, and once more of the whole at the end.

use crate::committed::{Stored, StoredOp};
use crate::device::Device;
use crate::edition::{EDITION, ROUNDS, SECRETARY, round};
use crate::photos;
use crate::server::Server;
use crate::totals::{self, Standings};
use crate::visits;
use crate::world::World;
use domain::ids::{ReplicaId, SheetId};
use domain::log::LogEnd;
use domain::sheet::{Act, CellKey, Sheet};
use domain::sync::chain::{Envelope, OpHash, Task, sha256};
use domain::sync::replica::LogRecord;
use domain::sync::wire::{HeldCode, RejectedCode, Status};
use domain::tally::{self, Projection};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

/// A rule that doesn't hold.
#[derive(Debug)]
pub struct Broken {
    pub rule: &'static str,
    pub why: String,
}

impl Broken {
    pub fn new(rule: &'static str, why: String) -> Self {
        Self { rule, why }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.why)
    }
}

/// The totals as a server keeps them in memory: advanced, never stored (S29).
#[derive(Default)]
pub struct Totals {
    projection: Option<Projection>,
    version: u64,
}

impl Totals {
    /// The server was started anew.
    pub fn forget(&mut self) {
        self.projection = None;
    }

    fn advanced(&mut self, server: &Server) -> Vec<tally::Totals> {
        let catalog = || Arc::new(server.disk.catalog.clone());
        let projection = self.projection.get_or_insert_with(|| Projection::new(catalog()));
        if self.version != server.disk.catalog.version {
            projection.set_catalog(catalog());
            self.version = server.disk.catalog.version;
        }
        server.disk.entries().for_each(|entry| projection.apply(&entry));
        all_rounds(projection)
    }
}

fn replayed(server: &Server) -> Vec<tally::Totals> {
    let mut projection = Projection::new(Arc::new(server.disk.catalog.clone()));
    server.disk.entries().for_each(|entry| projection.apply(&entry));
    all_rounds(&mut projection)
}

fn all_rounds(projection: &mut Projection) -> Vec<tally::Totals> {
    let rounds = (0..ROUNDS.len()).map(round);
    rounds.filter_map(|round| projection.refresh(&round).and_then(|_| projection.totals(&round, 0))).collect()
}

/// What was found right, and how often each disk had changed by then: a step changes one or two of them.
#[derive(Default)]
pub struct Checked {
    server: Option<u64>,
    devices: Vec<u64>,
    /// The operations that the server has.
    stored: HashSet<OpHash>,
}

pub fn after_every_step(world: &mut World) -> Result<(), Broken> {
    let World { server, devices, checked, .. } = world;
    let changes = Some(server.disk.changes());
    let is_new = checked.server != changes;
    if is_new {
        chains_are_whole(server)?;
        counted_once(server)?;
        let counted = replayed(server);
        if world.totals.advanced(server) != counted {
            return Err(Broken::new("I4", "the totals in memory are not those of a full replay".to_owned()));
        }
        let ops = sheet_ops(server);
        totals::are_by_definition(&server.disk, &every_mark_is_accounted_for(&ops)?, &counted)?;
        visits::every_word_is_accounted_for(server)?;
        visits::seats_follow_the_records(server)?;
        photos::stored_under_whoever_named_them(server)?;
        checked.stored = server.disk.ops().map(|op| op.wire.hash).collect();
        checked.server = changes;
    }
    for (index, device) in devices.iter().enumerate() {
        if let Some(how) = &device.repainted {
            return Err(Broken::new("S28", format!("device {index}: another screen {how}")));
        }
        let has_changed = checked.devices.get(index) != Some(&device.disk.changes());
        if has_changed {
            saved_is_there(index, device)?;
            photos::bytes_are_there(index, device)?;
        }
        if has_changed || is_new {
            photos::sent_are_stored(index, device, server)?;
            if !world.restored {
                acked_is_stored(index, device, &checked.stored)?;
            }
        }
    }
    checked.devices = devices.iter().map(|device| device.disk.changes()).collect();
    Ok(())
}

pub fn at_the_end(world: &mut World, rng: &mut Rng) -> Result<(), Broken> {
    world.restored = false;
    world.checked = Checked::default();
    after_every_step(world)?;
    for (index, device) in world.devices.iter().enumerate() {
        saved_is_on_the_server(index, device, &world.server)?;
        tablet_knows_what_became_of_it(index, device, &world.server)?;
        tablet_sees_what_the_server_has(index, device, &world.server)?;
        if device.user == SECRETARY {
            visits::tablet_sees_the_records(index, device, &world.server)?;
        }
    }
    photos::all_have_arrived(&world.devices, &world.server)?;
    order_does_not_matter(&world.server, rng)?;
    visits::order_does_not_matter(&world.server, rng)?;
    the_log_is_one_chain(&world.server)
}

fn read(text: &str) -> Option<Envelope> {
    serde_json::from_str(text).ok()
}

/// I1, S11: what the screen called saved is on the tablet, whatever happens to it.
fn saved_is_there(index: usize, device: &Device) -> Result<(), Broken> {
    let disk = &device.disk;
    let ops = disk.outbox.values().map(|entry| &entry.op).chain(disk.log.values().map(|entry| &entry.op));
    let mut there = BTreeSet::new();
    for op in ops {
        there.insert(op.hash);
        // Parsing is most of a simulation's time: only a re-issue names another one.
        if op.envelope.contains("reissue_of") {
            there.extend(read(&op.envelope).and_then(|envelope| envelope.reissue_of));
        }
    }
    if let Some(lost) = device.saved.iter().find(|hash| !there.contains(hash)) {
        return Err(Broken::new("I1", format!("device {index} has lost operation {lost}")));
    }
    for ((visit, product), text) in &device.typed_facts {
        let record = disk.visits.get(visit);
        if !record.is_some_and(|record| record.drafts.contains(&(*product, text.clone()))) {
            return Err(Broken::new("I1", format!("device {index} has lost what was typed about a stop: {text:?}")));
        }
    }
    for ((sheet, cell), text) in &device.typed {
        let record = disk.sheets.get(sheet);
        if !record.is_some_and(|record| record.drafts.contains(&(cell.clone(), text.clone()))) {
            return Err(Broken::new("I1", format!("device {index} has lost the draft {text:?} of {cell:?}")));
        }
    }
    Ok(())
}

/// I3: a replica's operations on the server are 1, 2, 3 … of one chain. I7: and of one user.
fn chains_are_whole(server: &Server) -> Result<(), Broken> {
    let mut ends: BTreeMap<ReplicaId, (u64, Option<OpHash>)> = BTreeMap::new();
    for StoredOp { wire, envelope, .. } in server.disk.ops() {
        let end = ends.entry(envelope.replica).or_default();
        if (envelope.seq, envelope.prev) != (end.0 + 1, end.1) {
            return Err(Broken::new("I3", format!("{} of {} doesn't follow", envelope.seq, envelope.replica)));
        }
        *end = (envelope.seq, Some(wire.hash));
        if server.disk.replicas.get(&envelope.replica).map(|state| state.user) != Some(envelope.user) {
            return Err(Broken::new("I7", format!("{} holds another user's work", envelope.replica)));
        }
    }
    for (replica, state) in &server.disk.replicas {
        if ends.get(replica).copied().unwrap_or_default() != (state.seq, state.head) {
            return Err(Broken::new("I3", format!("the end of {replica} is not that of its log")));
        }
    }
    Ok(())
}

/// I2: of an operation and its re-issues at most one counts or may still count.
fn counted_once(server: &Server) -> Result<(), Broken> {
    let mut counted = HashSet::new();
    for op in server.disk.ops() {
        let counts = !matches!(server.disk.status_of(op), Status::Rejected(_));
        if counts && !counted.insert((op.envelope.user, op.root())) {
            return Err(Broken::new("I2", format!("{} counts twice", op.root())));
        }
    }
    Ok(())
}

/// I2: what the tablet was told is stored is stored.
fn acked_is_stored(index: usize, device: &Device, stored: &HashSet<OpHash>) -> Result<(), Broken> {
    let acked = device.disk.log.values().filter(|entry| !entry.void && !entry.unproven);
    match acked.map(|entry| entry.op.hash).find(|hash| !stored.contains(hash)) {
        Some(lost) => Err(Broken::new("I2", format!("device {index}: {lost} was acknowledged and is not stored"))),
        None => Ok(()),
    }
}

/// I2, I8: in the end everything that was ever called saved is in the server's log.
fn saved_is_on_the_server(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    let roots: BTreeSet<OpHash> = server.disk.ops().flat_map(|op| [op.wire.hash, op.root()]).collect();
    match device.saved.iter().find(|hash| !roots.contains(hash)) {
        Some(lost) => Err(Broken::new("I2", format!("device {index}: {lost} was saved and never reached the server"))),
        None => Ok(()),
    }
}

/// S10, S28: when all is delivered and pulled, the tablet says of each operation what the server says, and only what is still
/// typed is unsent.
fn tablet_knows_what_became_of_it(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    let disk = &device.disk;
    let said: HashMap<OpHash, Status> = server.disk.ops().map(|op| (op.wire.hash, server.disk.status_of(op))).collect();
    let shown = disk.log.values().filter(|entry| !entry.void);
    // A code of a server that is ahead the tablet can't read: it knows the kind, and asks nobody again.
    let same = |ours: &Status, theirs: &Status| match (ours, theirs) {
        (Status::Held(HeldCode::Other), Status::Held(_)) => true,
        (Status::Rejected(RejectedCode::Other), Status::Rejected(_)) => true,
        _ => ours == theirs,
    };
    let is_wrong = |entry: &&LogRecord| said.get(&entry.op.hash).is_none_or(|theirs| !same(&entry.status, theirs));
    if let Some(wrong) = shown.into_iter().find(is_wrong) {
        let (hash, theirs) = (wrong.op.hash, said.get(&wrong.op.hash));
        let why = format!("device {index} says that {hash} is {:?}, the server {theirs:?}", wrong.status);
        return Err(Broken::new("S28", why));
    }
    let acked = disk.replica.acked_seq;
    let sheets = disk.sheets.values().map(|record| (record.id, record.is_unsent(acked), record.drafts.is_empty()));
    let visits = disk.visits.values().map(|record| (record.id, record.is_unsent(acked), record.drafts.is_empty()));
    match sheets.chain(visits).find(|(_, is_unsent, is_settled)| is_unsent == is_settled) {
        Some((id, ..)) => {
            Err(Broken::new("S10", format!("device {index}: what it says to be unsent of {id} is wrong")))
        }
        None => Ok(()),
    }
}

type Sheets = BTreeMap<SheetId, Sheet>;

/// An operation on a sheet, and what has become of it.
#[derive(Clone)]
struct SheetOp<'a> {
    op: &'a StoredOp,
    sheet: SheetId,
    act: &'a Act,
    status: Status,
}

impl SheetOp<'_> {
    /// Under which hash others know it: a re-issue stands for its first writing.
    fn hash(&self) -> OpHash {
        self.op.root()
    }

    fn counts(&self) -> bool {
        self.status == Status::Accepted
    }
}

fn sheet_ops(server: &Server) -> Vec<SheetOp<'_>> {
    let mut ops = Vec::new();
    for op in server.disk.ops() {
        if let Some(work) = op.task.as_ref().and_then(Task::sheet) {
            let sheet = SheetId::of(EDITION, &op.envelope.round, op.envelope.user, work.product);
            ops.push(SheetOp { op, sheet, act: &work.act, status: server.disk.status_of(op) });
        }
    }
    ops
}

/// The fold of a log in the order given; what is held counts or not.
fn folded<'a>(ops: impl IntoIterator<Item = &'a SheetOp<'a>>, held_counts: bool) -> Sheets {
    let mut sheets = Sheets::new();
    for one in ops {
        let (sheet, origin) = (sheets.entry(one.sheet).or_default(), one.op.envelope.origin(one.op.wire.hash));
        match one.status {
            Status::Accepted => sheet.apply(&origin, one.act),
            Status::Held(_) if held_counts => sheet.apply(&origin, one.act),
            Status::Held(_) | Status::Rejected(_) => sheet.skip(&origin, one.act),
        }
    }
    sheets
}

/// S28: when all is delivered and pulled, tablet and server show the same sheets.
fn tablet_sees_what_the_server_has(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    let ops = sheet_ops(server);
    let own = ops.iter().filter(|one| one.op.envelope.user == device.user);
    for (id, theirs) in folded(own, true) {
        let ours = device.disk.sheets.get(&id).map(|record| record.sheet.clone()).unwrap_or_default();
        if heads(&ours) != heads(&theirs) {
            let why = format!("device {index} shows {:?}, the server has {:?}", heads(&ours), heads(&theirs));
            return Err(Broken::new("S28", why));
        }
    }
    Ok(())
}

type Heads = BTreeMap<CellKey, BTreeSet<OpHash>>;

fn heads(sheet: &Sheet) -> Heads {
    let cells = sheet.cells().map(|(cell, hashes)| (cell, hashes.collect::<BTreeSet<_>>()));
    cells.filter(|(_, hashes)| !hashes.is_empty()).collect()
}

/// I5: every mark is a head, superseded by a causal successor, held or rejected; found here from the definition alone, and
/// compared with the fold.
fn every_mark_is_accounted_for<'a>(all: &'a [SheetOp<'a>]) -> Result<Standings<'a>, Broken> {
    let mut cells: BTreeMap<(SheetId, CellKey), Vec<&SheetOp<'_>>> = BTreeMap::new();
    for one in all {
        cells.entry((one.sheet, one.act.cell())).or_default().push(one);
    }
    let fold = folded(all, false);
    let mut standings = Standings::new();
    for ((id, cell), ops) in cells {
        let counting: Vec<_> = ops.iter().filter(|one| one.counts()).collect();
        // What each of them had seen is asked of each pair.
        let seen: Vec<_> = counting.iter().map(|one| seen_by(&one.op.envelope, &ops)).collect();
        let superseded = |earlier: &SheetOp<'_>| {
            counting.iter().zip(&seen).any(|(later, seen)| {
                let (before, after) = (&earlier.op.envelope, &later.op.envelope);
                // What is written anew knows of no more than its first writing did.
                let first = after.reissue_of.is_none() && before.reissue_of.is_none();
                let same_hand = first && after.replica == before.replica && after.seq > before.seq;
                same_hand || (later.hash() != earlier.hash() && seen.contains(&earlier.hash()))
            })
        };
        let heads_of_it: Vec<_> = counting.iter().filter(|one| !superseded(one)).collect();
        let expected: BTreeSet<OpHash> = heads_of_it.iter().map(|one| one.hash()).collect();
        let found = fold.get(&id).map(heads).unwrap_or_default().remove(&cell).unwrap_or_default();
        if expected != found {
            return Err(Broken::new("I5", format!("{cell:?} of {id}: heads {found:?}, by definition {expected:?}")));
        }
        standings.entry(id).or_default().extend(heads_of_it.iter().map(|one| one.act));
    }
    Ok(standings)
}

/// What the writer of an operation had seen as heads of the cell, and behind those that don't count what they had.
fn seen_by(op: &Envelope, ops: &[&SheetOp<'_>]) -> BTreeSet<OpHash> {
    let mut seen = BTreeSet::new();
    let mut next: VecDeque<OpHash> = op.bases().into_iter().collect();
    while let Some(hash) = next.pop_front() {
        if !seen.insert(hash) {
            continue;
        }
        if let Some(before) = ops.iter().find(|other| other.hash() == hash && !other.counts()) {
            next.extend(before.op.envelope.bases());
        }
    }
    seen
}

/// I4: any order in which each replica's own order holds ends in the same sheets.
fn order_does_not_matter(server: &Server, rng: &mut Rng) -> Result<(), Broken> {
    let ops = sheet_ops(server);
    let mut queues: BTreeMap<ReplicaId, VecDeque<&SheetOp<'_>>> = BTreeMap::new();
    for one in &ops {
        queues.entry(one.op.envelope.replica).or_default().push_back(one);
    }
    let mut shuffled = Vec::new();
    let mut queues: Vec<_> = queues.into_values().collect();
    while !queues.is_empty() {
        let pick = rng.usize(..queues.len());
        match queues[pick].pop_front() {
            Some(op) => shuffled.push(op),
            None => drop(queues.swap_remove(pick)),
        }
    }
    let (one, other) = (folded(&ops, false), folded(shuffled, false));
    let of = |sheets: &Sheets| sheets.iter().map(|(id, sheet)| (*id, heads(sheet))).collect::<BTreeMap<_, _>>();
    if of(&one) == of(&other) { Ok(()) } else { Err(Broken::new("I4", "another order, other sheets".to_owned())) }
}

/// S31, S32: the chain over positions, hashes, statuses and acts leads to the end that the server names, and its last act
/// names the settings as they are.
fn the_log_is_one_chain(server: &Server) -> Result<(), Broken> {
    let mut end = LogEnd::start(EDITION);
    for stored in &server.disk.log {
        end = match stored {
            Stored::Op(op) => end.with_op(op.wire.hash, &op.status),
            Stored::Act(act) if sha256(act.text.as_bytes()) == act.hash => end.with_act(act.hash),
            Stored::Act(_) => return Err(Broken::new("S31", "an act's text is not that of its hash".to_owned())),
        };
    }
    if end == server.disk.end { Ok(()) } else { Err(Broken::new("S31", "the log's end is another one".to_owned())) }
}

/// What a history came to, apart from the times that it names (I6).
pub fn outcome(world: &mut World) -> Vec<String> {
    let disk = &world.server.disk;
    let statuses = disk.ops().map(|op| {
        let StoredOp { envelope, .. } = op;
        format!("{} {} {} {:?}", envelope.replica, envelope.seq, envelope.kind, disk.status_of(op))
    });
    let mut lines: Vec<String> = statuses.collect();
    lines.extend(world.server.disk.photos.iter().map(|photo| format!("{photo:?}")));
    lines.extend(world.totals.advanced(&world.server).iter().map(|totals| format!("{totals:?}")));
    lines
}
