//! Everybody at once: tablets that write and talk, a network that loses and repeats, a server that dies, organisers who move
//! rounds and rule on held work. One seed, one history.

mod network;
mod people;

use crate::committed::Committed;
use crate::device::{Device, Weather};
use crate::edition::{JURORS, SECRETARY};
use crate::invariants::{self, Broken};
use crate::server::Server;
use domain::ids::ReplicaId;
use domain::sync::turn::{Link, Reply};
use fastrand::Rng;
use network::Flight;
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
    pub cast: Cast,
}

/// Who plays a part. The later ones came when seeds had already failed without them; those histories are lived as they were,
/// too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cast {
    /// Jurors and organisers.
    Jurors,
    /// Secretaries too, and disks are full now and then.
    Secretaries,
    /// … and all of them take photos.
    Photographers,
}

pub struct World {
    pub devices: Vec<Device>,
    pub server: Server,
    pub totals: invariants::Totals,
    pub checked: invariants::Checked,
    rng: Rng,
    /// What came later draws from a stream of its own.
    later: Rng,
    /// Photos came later still.
    pub photos: Rng,
    pub now: i64,
    backups: Vec<Committed>,
    flights: Vec<Flight>,
    answers: Vec<(usize, u64, Option<Reply>)>,
    next_flight: u64,
    next_replica: u128,
    options: Options,
    /// Whether a backup was put back, and tablets have not all been heard since.
    pub restored: bool,
    pub steps_done: usize,
}

impl World {
    pub fn new(seed: u64, options: Options) -> Self {
        let mut world = Self {
            devices: Vec::new(),
            server: Server::new(),
            totals: invariants::Totals::default(),
            checked: invariants::Checked::default(),
            rng: Rng::with_seed(seed),
            later: Rng::with_seed(!seed),
            photos: Rng::with_seed(seed.wrapping_add(1 << 32)),
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
        let secretaries = if options.cast >= Cast::Secretaries { &[SECRETARY, SECRETARY][..] } else { &[] };
        for user in [JURORS[0], JURORS[0], JURORS[1]].iter().chain(secretaries).copied() {
            let replica = world.fresh_replica();
            let mut device = Device::new(user, replica);
            let offset = world.rng.i64(-2 * DAY_MS..=2 * DAY_MS);
            device.clock_offset = if options.clocks { offset } else { 0 };
            world.devices.push(device);
        }
        world.backups.push(Committed::clone(&world.server.disk));
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
            if self.options.cast >= Cast::Secretaries && self.later.u8(..) < 8 {
                self.something_rare();
            }
            if self.options.cast >= Cast::Photographers {
                match self.photos.u8(..) {
                    0..32 => self.somebody_photographs(),
                    32..48 => self.good_network(),
                    _ => {}
                }
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
            988..992 => self.backups.push(Committed::clone(&self.server.disk)),
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

    pub fn say(&self, what: impl FnOnce() -> String) {
        if self.options.trace {
            eprintln!("{:4} {}", self.steps_done, what());
        }
    }

    fn fresh_replica(&mut self) -> ReplicaId {
        self.next_replica += 1;
        ReplicaId(Uuid::from_u128(0x5EED_0000 + self.next_replica))
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
            let drained =
                self.devices.iter().all(|device| device.disk.outbox.is_empty() && device.waiting().is_empty());
            if drained && links.iter().all(|link| *link == Link::Online) && self.everybody_has_pulled() {
                return Ok(());
            }
        }
        let left = |device: &Device| (device.disk.outbox.len(), device.waiting().len(), device.link.clone());
        let left: Vec<_> = self.devices.iter().map(left).collect();
        Err(Broken::new("I8", format!("operations, photos: they don't drain: {left:?}")))
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
}
