//! Everybody at once: tablets that write and talk, a network that loses and repeats, a server that dies, organisers who move
//! rounds and rule on held work. One seed, one history.

use crate::device::{Device, Weather};
use crate::edition::{CRITERIA, JURORS, SECRETARY, criterion, product, round};
use crate::invariants::{self, Broken};
use crate::server::{Committed, Crash, Request, Server};
use crate::visits;
use domain::ids::ReplicaId;
use domain::log::{OpName, Verdict};
use domain::points::Points;
use domain::round::RoundMove;
use domain::sheet::Act;
use domain::sync::replica::{DraftCell, SheetKey};
use domain::sync::turn::{Event, Link, Reply, Step};
use domain::visit::VisitAct;
use fastrand::Rng;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Conversations after which everything must be delivered once nothing goes wrong any more (I8).
const CONVERSATIONS_TO_DRAIN: usize = 60;
const DAY_MS: i64 = 86_400_000;
const START_MS: i64 = 1_724_630_400_000;
/// A clone of a tablet is rare in life and costs two more; two of them meet everything.
const MOST_DEVICES: usize = 5;

/// What differs between two runs of one seed.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether tablets' clocks are wrong, by up to two days (I6).
    pub clocks: bool,
    /// Says every step on the error output.
    pub trace: bool,
    pub steps: usize,
    /// Whether full disks and secretaries play a part. They came when seeds had already failed without them; those histories
    /// are lived as they were, too.
    pub whole: bool,
}

pub struct World {
    pub devices: Vec<Device>,
    pub server: Server,
    pub totals: invariants::Totals,
    rng: Rng,
    /// What came later draws from a stream of its own.
    later: Rng,
    now: i64,
    backups: Vec<Committed>,
    /// Requests on their way: number, device, and the session that they carry.
    flights: Vec<Flight>,
    answers: Vec<(usize, u64, Option<Reply>)>,
    next_flight: u64,
    next_replica: u128,
    options: Options,
    /// Whether a backup was put back, and tablets have not all been heard since.
    pub restored: bool,
    pub steps_done: usize,
}

#[derive(Clone)]
struct Flight {
    number: u64,
    device: usize,
    session: Option<domain::ids::UserId>,
    request: Request,
}

impl World {
    pub fn new(seed: u64, options: Options) -> Self {
        let mut world = Self {
            devices: Vec::new(),
            server: Server::new(),
            totals: invariants::Totals::default(),
            rng: Rng::with_seed(seed),
            later: Rng::with_seed(!seed),
            now: START_MS,
            backups: Vec::new(),
            flights: Vec::new(),
            answers: Vec::new(),
            next_flight: 0,
            next_replica: 1,
            options,
            restored: false,
            steps_done: 0,
        };
        let secretaries = if options.whole { &[SECRETARY, SECRETARY][..] } else { &[] };
        for user in [JURORS[0], JURORS[0], JURORS[1]].iter().chain(secretaries).copied() {
            let replica = world.fresh_replica();
            let mut device = Device::new(user, replica);
            let offset = world.rng.i64(-2 * DAY_MS..=2 * DAY_MS);
            device.clock_offset = if options.clocks { offset } else { 0 };
            world.devices.push(device);
        }
        world.backups.push(world.server.disk.clone());
        world
    }

    /// The whole history: enrolment, the storm, and the calm after it.
    pub fn live(&mut self) -> Result<(), Broken> {
        for device in 0..self.devices.len() {
            self.converse(device)?;
        }
        for step in 0..self.options.steps {
            self.steps_done = step;
            self.step()?;
            if self.options.whole && self.later.u8(..) < 8 {
                self.something_rare();
            }
            invariants::after_every_step(self)?;
        }
        self.calm()?;
        invariants::at_the_end(self, &mut self.rng.clone())
    }

    fn step(&mut self) -> Result<(), Broken> {
        self.now += self.rng.i64(1..20_000);
        let device = self.rng.usize(..self.devices.len());
        match self.rng.u32(..1000) {
            0..330 if self.devices[device].user == SECRETARY => self.secretary_writes(device),
            0..330 => self.juror_writes(device),
            330..420 => {
                let everything = self.rng.bool();
                self.say(|| format!("device {device} begins to talk"));
                self.devices[device].begin_talk(everything);
            }
            420..700 => self.go_on_talking(device),
            700..820 => self.request_arrives(true),
            820..900 => self.answer_arrives(),
            900..915 => self.give_up_waiting(device),
            915..925 => {
                self.say(|| format!("device {device} crashes"));
                self.devices[device].crash();
            }
            925..935 => {
                self.say(|| format!("device {device}: its disk fails from now on, or works again"));
                let device = &mut self.devices[device];
                device.weather = if device.weather == Weather::Fine { Weather::Fails } else { Weather::Fine };
            }
            935..945 => self.session_changes(device),
            945..965 => self.organisers_act(),
            965..975 => self.rule_on_held_work(),
            975..980 => self.server.ahead = !self.server.ahead,
            980..984 => self.devices[device].ahead = !self.devices[device].ahead,
            984..988 => self.clone_device(device),
            988..992 => self.backups.push(self.server.disk.clone()),
            992..994 => self.restore(),
            994..996 => self.revoke(device),
            _ => self.totals.forget(),
        }
        Ok(())
    }

    fn something_rare(&mut self) {
        let device = self.later.usize(..self.devices.len());
        match self.later.u8(..4) {
            0 => {
                self.server.full = !self.server.full;
                self.say(|| format!("the server's disk is full: {}", self.server.full));
            }
            1 => {
                let weather = if self.devices[device].weather == Weather::Full { Weather::Fine } else { Weather::Full };
                self.say(|| format!("device {device}: {weather:?} disk from now on"));
                self.devices[device].weather = weather;
            }
            _ => {
                self.say(|| "somebody records at the desk who was at a stop".to_owned());
                if !self.server.full {
                    self.server.record_at_the_desk(&mut self.later, self.now);
                }
            }
        }
    }

    fn say(&self, what: impl FnOnce() -> String) {
        if self.options.trace {
            eprintln!("{:4} {}", self.steps_done, what());
        }
    }

    fn fresh_replica(&mut self) -> ReplicaId {
        self.next_replica += 1;
        ReplicaId(Uuid::from_u128(0x5EED_0000 + self.next_replica))
    }

    fn juror_writes(&mut self, index: usize) {
        let rng = &mut self.rng;
        let key = SheetKey { round: round(usize::from(rng.u8(..8) == 0)), product: product(rng.usize(..3)) };
        let n = rng.usize(..CRITERIA.len());
        let (code, most) = (criterion(n), CRITERIA[n].1);
        // Few values, so that two tablets agree now and then.
        let points = Points(rng.i32(0..3) * most / 2);
        let text = format!("Ghi chú {}", rng.u8(..3));
        let device = &mut self.devices[index];
        let sheet =
            device.disk.sheets.get(&device.sheet_id(&key)).map(|record| record.sheet.clone()).unwrap_or_default();
        let act = match rng.u8(..20) {
            0..9 => Act::SetMark { criterion: code, points: (rng.u8(..8) > 0).then_some(points) },
            9 => Act::SetNote { criterion: code, text },
            10 => Act::SetRemark { text },
            11..14 => {
                let catalogue = &device.disk.catalogue;
                let Some(frame) = catalogue.frame(&key, None) else { return };
                Act::Confirm { state_hash: frame.state_hash(&sheet) }
            }
            14..17 => Act::Reopen { reason: text },
            17 => Act::Recuse { reason: text },
            _ => {
                let cell = if rng.bool() { DraftCell::Mark(code) } else { DraftCell::Remark };
                let text = if rng.bool() { "4,25" } else { "đang gõ" };
                device.draft(&key, &cell, text, self.now);
                return;
            }
        };
        let done = device.act(&key, &act, self.now);
        self.say(|| format!("device {index} writes {act:?} on {key:?}: {done:?}"));
    }

    fn secretary_writes(&mut self, index: usize) {
        let (key, act) = visits::some_act(&mut self.rng);
        self.say(|| format!("device {index} writes {act:?} on {key:?}"));
        match act {
            VisitAct::SetFact { product: None, text } if self.rng.bool() => {
                self.devices[index].draft_fact(&key, &text, self.now);
            }
            act => self.devices[index].write_visit(&key, &act, self.now),
        }
    }

    fn go_on_talking(&mut self, index: usize) {
        let Some(step) = self.devices[index].talk.as_mut().and_then(|talk| talk.step.take()) else {
            return;
        };
        self.say(|| format!("device {index}: {}", name_of(&step)));
        let replica = self.fresh_replica();
        let Some(request) = self.devices[index].carry_out(step, || replica) else {
            return;
        };
        let device = &mut self.devices[index];
        let request = match request {
            Step::Register(register) => Request::Register(register),
            Step::Push(mut push) => {
                push.protocol += u32::from(device.ahead);
                Request::Push(push)
            }
            Step::Pull(cursor) => Request::Pull(cursor),
            // Every other step is carried out without the network.
            _ => return,
        };
        self.next_flight += 1;
        let flight = Flight { number: self.next_flight, device: index, session: device.session, request };
        if let Some(talk) = &mut device.talk {
            talk.waits_for = Some(flight.number);
        }
        self.flights.push(flight);
    }

    /// Any request that is on its way arrives, in any order; or doesn't.
    fn request_arrives(&mut self, storm: bool) {
        if self.flights.is_empty() {
            return;
        }
        let place = self.rng.usize(..self.flights.len());
        let flight = self.flights[place].clone();
        let fate = if storm { self.rng.u32(..100) } else { 99 };
        if !(60..66).contains(&fate) {
            // Else it arrives once more, later.
            self.flights.remove(place);
        }
        let (user, now) = (flight.session, self.now);
        let answer = |world: &mut Self, crash| world.server.answer(user, &flight.request, now, crash);
        let reply = match fate {
            0..8 => None,
            8..13 => answer(self, Crash::BeforeCommit),
            13..19 => answer(self, Crash::AfterCommit),
            19..25 => {
                // The answer is lost on its way.
                answer(self, Crash::None);
                None
            }
            25..30 => Some(Reply { status: 502, marked: false, body: b"<h1>Bad gateway</h1>".to_vec() }),
            30..35 => Some(Reply { status: 200, marked: false, body: b"<form>Wi-Fi</form>".to_vec() }),
            35..40 => answer(self, Crash::None).map(|reply| {
                let half = reply.body.len() / 2;
                Reply { body: reply.body[..half].to_vec(), ..reply }
            }),
            40..43 => Some(Reply { status: 503, marked: true, body: Vec::new() }),
            _ => answer(self, Crash::None),
        };
        self.say(|| {
            let status = reply.as_ref().map(|reply| (reply.status, reply.marked));
            format!(
                "request {} of device {} ({}): fate {fate}, {status:?}",
                flight.number,
                flight.device,
                kind_of(&flight.request)
            )
        });
        self.answers.push((flight.device, flight.number, reply));
    }

    fn answer_arrives(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        let place = self.rng.usize(..self.answers.len());
        let (index, number, reply) = self.answers.swap_remove(place);
        let device = &mut self.devices[index];
        if device.talk.as_ref().is_some_and(|talk| talk.waits_for == Some(number)) {
            device.hear(Event::Reply(reply));
        }
    }

    /// Time is over; what was sent may still arrive.
    fn give_up_waiting(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if device.talk.as_ref().is_some_and(|talk| talk.waits_for.is_some()) {
            device.hear(Event::Reply(None));
        }
    }

    /// The session ends, or somebody else signs in in the same browser (S13), or its owner does again.
    fn session_changes(&mut self, index: usize) {
        let device = &mut self.devices[index];
        let other = JURORS[usize::from(device.user == JURORS[0])];
        device.session = match self.rng.u8(..4) {
            0 => None,
            1 => Some(other),
            _ => Some(device.user),
        };
    }

    fn organisers_act(&mut self) {
        let which = usize::from(self.rng.u8(..3) == 0);
        let step = RoundMove::ALL[self.rng.usize(..RoundMove::ALL.len())];
        self.say(|| format!("organisers: {step:?} of round {which}"));
        self.server.move_round(which, step, self.now);
    }

    /// Some of what is held is admitted, some denied: all of a juror's at once, or one operation.
    fn rule_on_held_work(&mut self) {
        let held = self.server.held();
        if held.is_empty() {
            return;
        }
        let (user, one) = held[self.rng.usize(..held.len())];
        let all: Vec<OpName> = held.iter().filter(|(other, _)| *other == user).map(|(_, name)| *name).collect();
        let ops = if self.rng.bool() { all } else { vec![one] };
        let verdict = if self.rng.u8(..3) > 0 { Verdict::Admit } else { Verdict::Deny };
        self.say(|| format!("organisers: {verdict:?} {} operations", ops.len()));
        self.server.rule(verdict, ops, self.now);
    }

    /// A tablet's storage is copied to another one: two devices with one identity (S17).
    fn clone_device(&mut self, index: usize) {
        let secretaries = self.devices.iter().filter(|device| device.user == SECRETARY).count();
        if self.devices.len() < MOST_DEVICES + secretaries.min(2) {
            self.say(|| format!("device {index} is cloned as {}", self.devices.len()));
            let mut copy = self.devices[index].clone();
            copy.talk = None;
            self.devices.push(copy);
        }
    }

    fn restore(&mut self) {
        let backup = self.backups[self.rng.usize(..self.backups.len())].clone();
        self.say(|| {
            format!("an old backup is put back: {} of {} entries", backup.log.len(), self.server.disk.log.len())
        });
        self.server.restore(backup);
        self.totals.forget();
        self.restored = true;
    }

    fn revoke(&mut self, index: usize) {
        let replica = self.devices[index].disk.replica.chain.replica;
        self.say(|| format!("organisers revoke device {index}"));
        self.server.revoke(replica, self.now);
    }

    /// Nothing goes wrong any more; what is still on its way arrives late.
    fn calm(&mut self) -> Result<(), Broken> {
        self.say(|| "calm".to_owned());
        (self.server.ahead, self.server.full) = (false, false);
        for device in &mut self.devices {
            (device.ahead, device.weather, device.session) = (false, Weather::Fine, Some(device.user));
            device.talk = None;
        }
        while !self.flights.is_empty() {
            self.request_arrives(false);
        }
        self.answers.clear();
        for _ in 0..CONVERSATIONS_TO_DRAIN {
            let devices = 0..self.devices.len();
            let links: Vec<Link> = devices.map(|device| self.converse(device)).collect::<Result<_, _>>()?;
            let drained = self.devices.iter().all(|device| device.disk.outbox.is_empty());
            if drained && links.iter().all(|link| *link == Link::Online) && self.everybody_has_pulled() {
                return Ok(());
            }
        }
        let left: BTreeMap<usize, (usize, &Link)> = self
            .devices
            .iter()
            .enumerate()
            .map(|(index, device)| (index, (device.disk.outbox.len(), &device.link)))
            .collect();
        Err(Broken::new("I8", format!("outboxes don't drain: {left:?}")))
    }

    fn everybody_has_pulled(&self) -> bool {
        let position = self.server.disk.end.position;
        let end = format!("{}.{}.{position}", self.server.incarnation, self.server.disk.catalog.version);
        let with_records = format!("{end}.{position}");
        self.devices.iter().all(|device| {
            let end = if device.user == SECRETARY { &with_records } else { &end };
            device.disk.cursor.as_deref() == Some(end)
        })
    }

    /// One conversation without trouble, to its end.
    fn converse(&mut self, index: usize) -> Result<Link, Broken> {
        self.devices[index].begin_talk(true);
        for _ in 0..2_000 {
            self.go_on_talking(index);
            if self.devices[index].talk.is_none() {
                return Ok(self.devices[index].link.clone());
            }
            while !self.flights.is_empty() {
                self.request_arrives(false);
            }
            while !self.answers.is_empty() {
                self.answer_arrives();
            }
        }
        Err(Broken::new("I8", format!("device {index} talks for ever")))
    }
}

fn kind_of(request: &Request) -> String {
    match request {
        Request::Register(register) => format!("register {}", register.replica),
        Request::Push(push) => format!("push {} from {} ({})", push.ops.len(), push.first_seq, push.replica),
        Request::Pull(cursor) => format!("pull {cursor:?}"),
    }
}

fn name_of(step: &Step) -> String {
    let text = format!("{step:?}");
    text.chars().take(160).collect()
}
