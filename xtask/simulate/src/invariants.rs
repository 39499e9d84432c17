//! I1–I8 of docs/SYNC.md, asked after every step, and once more of the whole at the end.

use crate::device::Device;
use crate::edition::{EDITION, ROUNDS, SECRETARY, round};
use crate::photos;
use crate::server::{Server, Stored};
use crate::visits;
use crate::world::World;
use domain::ids::{ReplicaId, SheetId};
use domain::log::LogEnd;
use domain::sheet::{CellKey, Sheet};
use domain::sync::chain::{Envelope, OpHash};
use domain::sync::wire::Status;
use domain::tally::{self, Projection};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
        server.entries().iter().for_each(|entry| projection.apply(entry));
        all_rounds(projection)
    }
}

fn replayed(server: &Server) -> Vec<tally::Totals> {
    let mut projection = Projection::new(Arc::new(server.disk.catalog.clone()));
    server.entries().iter().for_each(|entry| projection.apply(entry));
    all_rounds(&mut projection)
}

fn all_rounds(projection: &mut Projection) -> Vec<tally::Totals> {
    let rounds = (0..ROUNDS.len()).map(round);
    rounds.filter_map(|round| projection.refresh(&round).and_then(|_| projection.totals(&round, 0))).collect()
}

pub fn after_every_step(world: &mut World) -> Result<(), Broken> {
    for (index, device) in world.devices.iter().enumerate() {
        saved_is_there(index, device)?;
        photos::bytes_are_there(index, device)?;
        photos::sent_are_stored(index, device, &world.server)?;
    }
    chains_are_whole(&world.server)?;
    counted_once(&world.server)?;
    if !world.restored {
        acked_is_stored(world)?;
    }
    if world.steps_done.is_multiple_of(8) {
        let advanced = world.totals.advanced(&world.server);
        if advanced != replayed(&world.server) {
            return Err(Broken::new("I4", "the totals in memory are not those of a full replay".to_owned()));
        }
        every_mark_is_accounted_for(&world.server)?;
        visits::seats_follow_the_records(&world.server)?;
        photos::stored_under_whoever_named_them(&world.server)?;
    }
    Ok(())
}

pub fn at_the_end(world: &mut World, rng: &mut Rng) -> Result<(), Broken> {
    world.steps_done = 0;
    world.restored = false;
    after_every_step(world)?;
    for (index, device) in world.devices.iter().enumerate() {
        saved_is_on_the_server(index, device, &world.server)?;
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

/// The operation, or the one that a re-issued one repeats.
fn root(envelope: &Envelope, hash: OpHash) -> OpHash {
    envelope.reissue_of.unwrap_or(hash)
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
    for (wire, envelope, _) in server.ops() {
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
    let mut counted = BTreeSet::new();
    for (wire, envelope, stored) in server.ops() {
        let counts = !matches!(server.status_of(stored), Status::Rejected(_));
        if counts && !counted.insert((envelope.user, root(envelope, wire.hash))) {
            return Err(Broken::new("I2", format!("{} counts twice", root(envelope, wire.hash))));
        }
    }
    Ok(())
}

/// I2: what the tablet was told is stored is stored.
fn acked_is_stored(world: &World) -> Result<(), Broken> {
    let stored: BTreeSet<OpHash> = world.server.ops().map(|(wire, ..)| wire.hash).collect();
    for (index, device) in world.devices.iter().enumerate() {
        let lost =
            device.disk.log.values().find(|entry| !entry.void && !entry.unproven && !stored.contains(&entry.op.hash));
        if let Some(lost) = lost {
            return Err(Broken::new(
                "I2",
                format!("device {index}: {} was acknowledged and is not stored", lost.op.hash),
            ));
        }
    }
    Ok(())
}

/// I2, I8: in the end everything that was ever called saved is in the server's log.
fn saved_is_on_the_server(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    let roots: BTreeSet<OpHash> =
        server.ops().flat_map(|(wire, envelope, _)| [wire.hash, root(envelope, wire.hash)]).collect();
    match device.saved.iter().find(|hash| !roots.contains(hash)) {
        Some(lost) => Err(Broken::new("I2", format!("device {index}: {lost} was saved and never reached the server"))),
        None => Ok(()),
    }
}

type Sheets = BTreeMap<SheetId, Sheet>;

/// The fold of a log in the order given; what is held counts or not.
fn folded<'a>(ops: impl Iterator<Item = (&'a Envelope, OpHash, Status)>, held_counts: bool) -> Sheets {
    let mut sheets = Sheets::new();
    for (envelope, hash, status) in ops {
        let Ok(work) = envelope.work() else { continue };
        let sheet = sheets.entry(SheetId::of(EDITION, &envelope.round, envelope.user, work.product)).or_default();
        match status {
            Status::Accepted => sheet.apply(&envelope.origin(hash), &work.act),
            Status::Held(_) if held_counts => sheet.apply(&envelope.origin(hash), &work.act),
            Status::Held(_) | Status::Rejected(_) => sheet.skip(&envelope.origin(hash), &work.act),
        }
    }
    sheets
}

fn ops_now(server: &Server) -> impl Iterator<Item = (&Envelope, OpHash, Status)> {
    server.ops().map(|(wire, envelope, stored)| (envelope, wire.hash, server.status_of(stored)))
}

/// S28: when all is delivered and pulled, tablet and server show the same sheets.
fn tablet_sees_what_the_server_has(index: usize, device: &Device, server: &Server) -> Result<(), Broken> {
    let own = ops_now(server).filter(|(envelope, ..)| envelope.user == device.user);
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

/// An operation of a cell, its hash, and whether it counts.
type InCell<'a> = (&'a Envelope, OpHash, bool);

/// I5: every mark is a head, superseded by a causal successor, held or rejected; found here from the definition alone, and
/// compared with the fold.
fn every_mark_is_accounted_for(server: &Server) -> Result<(), Broken> {
    let mut cells: BTreeMap<(SheetId, CellKey), Vec<InCell<'_>>> = BTreeMap::new();
    for (envelope, hash, status) in ops_now(server) {
        let Ok(work) = envelope.work() else { continue };
        let id = SheetId::of(EDITION, &envelope.round, envelope.user, work.product);
        cells.entry((id, work.act.cell())).or_default().push((envelope, hash, status == Status::Accepted));
    }
    let fold = folded(ops_now(server), false);
    for ((id, cell), ops) in cells {
        let counting: Vec<_> = ops.iter().filter(|(.., counts)| *counts).collect();
        let superseded = |hash: OpHash, envelope: &Envelope| {
            counting.iter().any(|(later, later_hash, _)| {
                let same_hand = later.replica == envelope.replica && later.seq > envelope.seq;
                same_hand || (*later_hash != hash && seen_by(later, &ops).contains(&hash))
            })
        };
        let expected: BTreeSet<OpHash> = counting
            .iter()
            .filter(|(envelope, hash, _)| !superseded(*hash, envelope))
            .map(|(_, hash, _)| *hash)
            .collect();
        let found = fold.get(&id).map(heads).unwrap_or_default().remove(&cell).unwrap_or_default();
        if expected != found {
            return Err(Broken::new("I5", format!("{cell:?} of {id}: heads {found:?}, by definition {expected:?}")));
        }
    }
    Ok(())
}

/// What the writer of an operation had seen as heads of the cell, and behind those that don't count what they had.
fn seen_by(op: &Envelope, ops: &[InCell<'_>]) -> BTreeSet<OpHash> {
    let mut seen = BTreeSet::new();
    let mut next: VecDeque<OpHash> = op.bases().into_iter().collect();
    while let Some(hash) = next.pop_front() {
        if !seen.insert(hash) {
            continue;
        }
        if let Some((before, ..)) = ops.iter().find(|(_, other, counts)| *other == hash && !counts) {
            next.extend(before.bases());
        }
    }
    seen
}

/// I4: any order in which each replica's own order holds ends in the same sheets.
fn order_does_not_matter(server: &Server, rng: &mut Rng) -> Result<(), Broken> {
    let mut queues: BTreeMap<ReplicaId, VecDeque<_>> = BTreeMap::new();
    for op in ops_now(server) {
        queues.entry(op.0.replica).or_default().push_back(op);
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
    let (one, other) = (folded(ops_now(server), false), folded(shuffled.into_iter(), false));
    let of = |sheets: &Sheets| sheets.iter().map(|(id, sheet)| (*id, heads(sheet))).collect::<BTreeMap<_, _>>();
    if of(&one) == of(&other) { Ok(()) } else { Err(Broken::new("I4", "another order, other sheets".to_owned())) }
}

/// S31, S32: the chain over positions, hashes, statuses and acts leads to the end that the server names, and its last act
/// names the settings as they are.
fn the_log_is_one_chain(server: &Server) -> Result<(), Broken> {
    let mut end = LogEnd::start(EDITION);
    for stored in &server.disk.log {
        end = match stored {
            Stored::Op { wire, status, .. } => end.with_op(wire.hash, status),
            Stored::Act { text, hash, .. } if domain::sync::chain::sha256(text.as_bytes()) == *hash => {
                end.with_act(*hash)
            }
            Stored::Act { .. } => return Err(Broken::new("S31", "an act's text is not that of its hash".to_owned())),
        };
    }
    if end == server.disk.end { Ok(()) } else { Err(Broken::new("S31", "the log's end is another one".to_owned())) }
}

/// What a history came to, apart from the times that it names (I6).
pub fn outcome(world: &mut World) -> Vec<String> {
    let statuses = world.server.ops().map(|(_, envelope, stored)| {
        format!("{} {} {} {:?}", envelope.replica, envelope.seq, envelope.kind, world.server.status_of(stored))
    });
    let mut lines: Vec<String> = statuses.collect();
    lines.extend(world.server.disk.photos.iter().map(|photo| format!("{photo:?}")));
    lines.extend(world.totals.advanced(&world.server).iter().map(|totals| format!("{totals:?}")));
    lines
}
