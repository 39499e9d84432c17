//! A tablet: a disk on which only whole transactions arrive, the production's decisions above it, and one conversation at a
//! time. What is not on the disk is gone after a crash.

use crate::edition::EDITION;
use crate::photos::TakenPhoto;
use crate::screens;
use crate::watched::Watched;
use domain::ids::{ProductId, ReplicaId, SheetId, UserId};
use domain::sheet::Act;
use domain::sync::chain::OpHash;
use domain::sync::replica::{
    self, Arrivals, Batch, Catalogue, Changes, DraftCell, LogRecord, Order, OutboxRecord, ReplicaRecord, Settling,
    SheetFile, SheetKey, SheetRecord, TakeError, VisitRecord, WorkError,
};
use domain::sync::turn::{Event, Link, Step, Turn};
use domain::sync::wire::Pulled;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The database of one juror (S1).
#[derive(Clone, Debug)]
pub struct Disk {
    pub replica: ReplicaRecord,
    pub cursor: Option<String>,
    pub catalogue: Catalogue,
    pub sheets: BTreeMap<SheetId, SheetRecord>,
    /// Records of stops, on a secretary's.
    pub visits: BTreeMap<SheetId, VisitRecord>,
    pub outbox: BTreeMap<u64, OutboxRecord>,
    pub log: BTreeMap<(SheetId, ReplicaId, u64), LogRecord>,
    /// The bytes of photos.
    pub photos: BTreeMap<OpHash, Vec<u8>>,
}

/// What the disk does with the next transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Fine,
    /// Broken: nothing is written, and it says so.
    Fails,
    /// Full: what needs more room than it gives back is refused; what is acknowledged may still move from the outbox to the log.
    Full,
}

/// The disk refused: nothing was written.
#[derive(Clone, Copy, Debug)]
pub struct DiskFailed;

/// One tablet.
#[derive(Clone, Debug)]
pub struct Device {
    pub disk: Watched<Disk>,
    /// Whose tablet it is.
    pub user: UserId,
    /// Who is signed in in its browser.
    pub session: Option<UserId>,
    /// Its clock minus the true time, milliseconds.
    pub clock_offset: i64,
    /// Whether its app is a version that the server doesn't know yet.
    pub ahead: bool,
    pub weather: Weather,
    /// The conversation under way and its step to carry out next.
    pub talk: Option<Talk>,
    /// How the last conversation ended.
    pub link: Link,
    /// Everything that the screen called saved: operations (I1).
    pub saved: BTreeSet<OpHash>,
    /// … and drafts, as they were typed last.
    pub typed: BTreeMap<(SheetId, DraftCell), String>,
    /// … also about stops.
    pub typed_facts: BTreeMap<(SheetId, Option<ProductId>), String>,
    /// … and photos.
    pub kept: BTreeSet<OpHash>,
    /// The step at which the screen changed though nobody had touched it and no news had come, and how.
    pub repainted: Option<String>,
}

/// A conversation under way.
#[derive(Debug)]
pub struct Talk {
    pub turn: Turn,
    pub step: Option<Step>,
    /// The request whose answer is waited for.
    pub waits_for: Option<u64>,
}

impl Clone for Talk {
    /// A copied disk brings no conversation along.
    fn clone(&self) -> Self {
        let (turn, step) = Turn::begin("clone", true);
        Self { turn, step: Some(step), waits_for: None }
    }
}

impl Disk {
    pub fn new(user: UserId, replica: ReplicaId) -> Self {
        Self {
            replica: ReplicaRecord::new(user, replica),
            cursor: None,
            catalogue: Catalogue::default(),
            sheets: BTreeMap::new(),
            visits: BTreeMap::new(),
            outbox: BTreeMap::new(),
            log: BTreeMap::new(),
            photos: BTreeMap::new(),
        }
    }

    fn file(&self, id: SheetId) -> SheetFile {
        let from = (id, ReplicaId(Uuid::nil()), 0);
        let log = self.log.range(from..).take_while(|((sheet, ..), _)| *sheet == id).map(|(_, entry)| entry.clone());
        SheetFile {
            id,
            record: self.sheets.get(&id).cloned(),
            visit: self.visits.get(&id).cloned(),
            log: log.collect(),
        }
    }

    fn files(&self, ids: impl IntoIterator<Item = SheetId>) -> Vec<SheetFile> {
        ids.into_iter().map(|id| self.file(id)).collect()
    }

    fn all_files(&self, more: BTreeSet<SheetId>) -> Vec<SheetFile> {
        let known =
            self.sheets.keys().chain(self.visits.keys()).copied().chain(self.log.keys().map(|(sheet, ..)| *sheet));
        self.files(more.into_iter().chain(known).collect::<BTreeSet<_>>())
    }

    /// Whether there are more records after a transaction than before. A record that is replaced finds its old room.
    fn grows_by(&self, changes: &Changes) -> bool {
        let gone = changes.outbox_gone.map_or(0, |seq| self.outbox.keys().filter(|number| **number <= seq).count());
        let sheets = changes.sheets.iter().filter(|record| !self.sheets.contains_key(&record.id)).count();
        let visits = changes.visits.iter().filter(|record| !self.visits.contains_key(&record.id)).count();
        let is_new =
            |(writer, seq, entry): &&(ReplicaId, u64, LogRecord)| !self.log.contains_key(&(entry.sheet, *writer, *seq));
        changes.outbox.len() + sheets + visits + changes.log.iter().filter(is_new).count() > gone
    }

    fn waiting(&self) -> Vec<OutboxRecord> {
        self.outbox.values().cloned().collect()
    }
}

impl Device {
    pub fn new(user: UserId, replica: ReplicaId) -> Self {
        Self {
            disk: Watched::new(Disk::new(user, replica)),
            user,
            session: Some(user),
            clock_offset: 0,
            ahead: false,
            weather: Weather::Fine,
            talk: None,
            link: Link::Unknown,
            saved: BTreeSet::new(),
            typed: BTreeMap::new(),
            typed_facts: BTreeMap::new(),
            kept: BTreeSet::new(),
            repainted: None,
        }
    }

    /// One transaction: all of it or nothing (S8).
    pub fn commit(&mut self, changes: Changes) -> Result<(), DiskFailed> {
        self.commit_with(changes, None)
    }

    /// The same with the bytes of a photo that one of the operations names.
    pub fn commit_with(&mut self, changes: Changes, taken: Option<&TakenPhoto>) -> Result<(), DiskFailed> {
        let refused = match self.weather {
            Weather::Fine => false,
            Weather::Fails => true,
            Weather::Full => taken.is_some() || self.disk.grows_by(&changes),
        };
        if refused {
            return Err(DiskFailed);
        }
        let disk = &mut *self.disk;
        disk.photos.extend(taken.map(|taken| (taken.photo.sha256, taken.bytes.clone())));
        if let Some(seq) = changes.outbox_gone {
            disk.outbox.retain(|number, _| *number > seq);
        }
        disk.outbox.extend(changes.outbox.into_iter().map(|entry| (entry.seq, entry)));
        disk.log.extend(changes.log.into_iter().map(|(writer, seq, entry)| ((entry.sheet, writer, seq), entry)));
        disk.sheets.extend(changes.sheets.into_iter().map(|record| (record.id, record)));
        disk.visits.extend(changes.visits.into_iter().map(|record| (record.id, record)));
        if let Some(replica) = changes.replica {
            disk.replica = replica;
        }
        if changes.cursor.is_some() {
            disk.cursor = changes.cursor;
        }
        if let Some(catalogue) = changes.catalogue {
            disk.catalogue = catalogue;
        }
        Ok(())
    }

    pub fn sheet_id(&self, key: &SheetKey) -> SheetId {
        SheetId::of(EDITION, &key.round, self.user, key.product)
    }

    /// The juror does something. `Ok` means that the screen says "Đã lưu trên máy".
    pub fn act(&mut self, key: &SheetKey, act: &Act, taken: Option<&TakenPhoto>, now: i64) -> Result<(), WorkError> {
        let id = self.sheet_id(key);
        let (round, rubric) = self.disk.catalogue.scorable(key)?;
        let order = Order {
            id,
            key,
            act,
            state: round.state,
            epoch: round.epoch,
            mode: &round.mode,
            rubric,
            earlier: None,
            seen: None,
            now: now + self.clock_offset,
        };
        let written = replica::act(self.disk.replica.clone(), self.disk.sheets.get(&id).cloned(), None, &order)?;
        let hash = written.entry.as_ref().map(|entry| entry.op.hash);
        let taken = taken.filter(|_| hash.is_some());
        let changes = Changes {
            replica: written.entry.is_some().then_some(written.replica),
            sheets: vec![written.record],
            outbox: written.entry.into_iter().collect(),
            ..Changes::default()
        };
        if self.commit_with(changes, taken).is_ok() {
            self.saved.extend(hash);
            self.kept.extend(taken.map(|taken| taken.photo.sha256));
            if let Some(cell) = DraftCell::of(&act.cell()) {
                self.typed.remove(&(id, cell));
            }
        }
        Ok(())
    }

    /// A key is typed.
    pub fn draft(&mut self, key: &SheetKey, cell: &DraftCell, text: &str, now: i64) {
        let id = self.sheet_id(key);
        let record = replica::draft(self.disk.sheets.get(&id).cloned(), id, key, cell, Some(text), None, now);
        if self.commit(Changes { sheets: vec![record], ..Changes::default() }).is_ok() {
            self.typed.insert((id, cell.clone()), text.to_owned());
        }
    }

    /// Power is cut: what was under way is gone, the disk is as the last transaction left it.
    pub fn crash(&mut self) {
        self.talk = None;
        self.weather = Weather::Fine;
    }

    pub fn begin_talk(&mut self, everything: bool) {
        if self.talk.is_none() {
            let (turn, step) = Turn::begin(env!("CARGO_PKG_VERSION"), everything);
            self.talk = Some(Talk { turn, step: Some(step), waits_for: None });
        }
    }

    /// Tells the conversation what came of its step.
    pub fn hear(&mut self, event: Event) {
        if let Some(talk) = &mut self.talk {
            talk.waits_for = None;
            talk.step = Some(talk.turn.hear(event));
            // Looking for photos is no step of its own: histories without any are as they were before there were photos.
            if matches!(talk.step, Some(Step::Photos)) {
                self.hear(Event::Photos(self.waiting()));
            }
        }
    }

    /// Carries out a step that needs no network; the others come back.
    pub fn carry_out(&mut self, step: Step, fresh: impl FnOnce() -> ReplicaId) -> Option<Step> {
        let before = screens::before(self, &step);
        match self.try_carry_out(step, fresh) {
            Ok(Ok(event)) => self.hear(event),
            Ok(Err(step)) => return Some(step),
            Err(DiskFailed) => self.hear(Event::StorageFailed),
        }
        self.repainted = before.and_then(|before| before.differs_from(self)).or(self.repainted.take());
        None
    }

    fn try_carry_out(
        &mut self,
        step: Step,
        fresh: impl FnOnce() -> ReplicaId,
    ) -> Result<Result<Event, Step>, DiskFailed> {
        let event = match step {
            Step::Batch => {
                let batch: Batch = replica::batch(self.disk.replica.clone(), self.disk.waiting());
                let last = batch.first_seq + batch.ops.len() as u64 - 1;
                let sheets = self.disk.sheets.values().filter(|record| record.is_unsent(last)).count();
                let visits = self.disk.visits.values().filter(|record| record.is_unsent(last)).count();
                Event::Batch(Box::new(batch), (sheets + visits) as u32)
            }
            Step::Pin(replica, key) => {
                let mut record = self.disk.replica.clone();
                if record.chain.replica == replica && record.receipt_key.is_none() {
                    record.receipt_key = Some(key);
                }
                self.commit(Changes { replica: Some(record), ..Changes::default() })?;
                Event::Pinned
            }
            Step::Settle(sent, pushed) => {
                let (covered, rest): (Vec<_>, Vec<_>) =
                    self.disk.waiting().into_iter().partition(|entry| entry.seq <= pushed.acked_seq);
                let files = self.disk.files(replica::touched_by(&covered));
                let rest = if replica::refolds(&files, &pushed) { rest } else { Vec::new() };
                match replica::settle(self.disk.replica.clone(), &covered, &rest, files, (&sent, &pushed)) {
                    Settling::Settled(changes) => {
                        self.commit(*changes)?;
                        Event::Settled
                    }
                    Settling::Stale => Event::Settled,
                    Settling::Forked => Event::Forked,
                }
            }
            Step::Rewind(seq) => {
                let log = self.disk.log.values().cloned().collect();
                let changes = replica::rewind(self.disk.replica.clone(), log, seq).map_err(|_| DiskFailed)?;
                self.commit(changes)?;
                Event::Repaired
            }
            Step::Reissue => {
                let files = self.disk.all_files(BTreeSet::new());
                let (record, waiting) = (self.disk.replica.clone(), self.disk.waiting());
                let changes = replica::reissue(record, &waiting, files, fresh()).map_err(|_| DiskFailed)?;
                self.commit(changes)?;
                Event::Repaired
            }
            Step::Position => Event::Position(self.disk.cursor.clone()),
            Step::Take(_, asked) if asked != self.disk.cursor => Event::NotTaken(TakeError::Elsewhere),
            Step::Take(page, _) => match self.take(&page)? {
                Ok((forked, waits)) => Event::Taken { forked, waits },
                Err(error) => Event::NotTaken(error),
            },
            Step::PutPhoto(waiting) if !self.disk.photos.contains_key(&waiting.photo.sha256) => Event::NoBytes,
            Step::SettlePhotos(sent) => {
                self.commit(self.disk.photos_settled(&sent))?;
                Event::PhotosSettled
            }
            Step::End(link) => {
                self.talk = None;
                self.link = link;
                return Ok(Ok(Event::Settled));
            }
            request => return Ok(Err(request)),
        };
        Ok(Ok(event))
    }

    fn take(&mut self, page: &Pulled) -> Result<Result<(bool, bool), TakeError>, DiskFailed> {
        let known = self.disk.replica.clone();
        let is_news = page.edition.is_some() || !page.removed.is_empty();
        let next = is_news.then(|| self.disk.catalogue.clone().updated(page));
        let taken = (|| {
            let arrivals = Arrivals::read(page, EDITION, known.user)?;
            let files = if page.reset || known.recovering {
                self.disk.all_files(arrivals.sheets())
            } else {
                self.disk.files(arrivals.sheets())
            };
            Ok(replica::take(&known, arrivals, page, &self.disk.waiting(), files))
        })();
        match taken {
            Ok(replica::Taken { forked: true, .. }) => Ok(Ok((true, false))),
            Ok(replica::Taken { mut changes, forked }) => {
                changes.catalogue = next;
                let waits = !changes.outbox.is_empty();
                self.commit(changes)?;
                Ok(Ok((forked, waits)))
            }
            Err(error) => Ok(Err(error)),
        }
    }
}
