//! The writes of one tab, in the order in which they were asked for, one after the other. A write is queued the moment it
//! is asked for, so it happens also when the page that asked is gone.

use super::busy::Busy;
use super::core::{Core, Juror};
use crate::clock;
use crate::store::{ActProblem, Catalogue, DraftCell, Order, SaveProblem, SheetKey, TakenPhoto, VisitOrder, WorkError};
use crate::sync::Want;
use crate::sync::tabs::Message;
use domain::ids::ProductId;
use domain::sheet::{Act, Bases};
use domain::visit::{VisitAct, VisitCell, VisitKey};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::oneshot;

type Result = std::result::Result<(), ActProblem>;

/// What is to be written.
#[derive(Clone, Debug)]
pub enum Job {
    /// The newest text of a cell of a sheet that is being typed into; none discards it.
    Draft(SheetKey, DraftCell, Option<String>),
    /// An act on a sheet, with the photo that it puts there.
    Act(SheetKey, Act, Option<TakenPhoto>),
    /// The same of what was seen at a stop.
    Fact(VisitKey, Option<ProductId>, Option<String>),
    /// An act on the record of a stop, with the photo that it puts there.
    Visit(VisitKey, VisitAct, Option<TakenPhoto>),
}

impl Job {
    fn is_about_that_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Draft(key, ..) | Self::Act(key, ..), Self::Draft(other, ..) | Self::Act(other, ..)) => key == other,
            (Self::Fact(key, ..) | Self::Visit(key, ..), Self::Fact(other, ..) | Self::Visit(other, ..)) => {
                key == other
            }
            _ => false,
        }
    }

    /// Takes the text of a newer draft of the same cell.
    fn takes(&mut self, newer: &Self) -> bool {
        match (self, newer) {
            (Self::Draft(key, cell, text), Self::Draft(same, other, newest)) if key == same && cell == other => {
                text.clone_from(newest);
                true
            }
            (Self::Fact(key, cell, text), Self::Fact(same, other, newest)) if key == same && cell == other => {
                text.clone_from(newest);
                true
            }
            _ => false,
        }
    }
}

/// Whose a write is, from the moment in which it was asked for: somebody else may be signed in by the time it is written.
#[derive(Clone)]
pub struct Of {
    /// The juror.
    pub juror: Rc<Juror>,
    /// What the juror had to judge.
    pub catalogue: Arc<Catalogue>,
}

struct Entry {
    of: Option<Of>,
    job: Job,
    /// What its writer had seen of its cell: what comes before it is written supersedes nothing else (S23). All that stands there
    /// by then if that is nothing to ask.
    seen: Option<Bases>,
    waiting: Vec<oneshot::Sender<Result>>,
}

impl Entry {
    fn is_of(&self, other: &Self) -> bool {
        let database = |entry: &Self| entry.of.as_ref().map(|of| of.juror.store.name().to_owned());
        database(self) == database(other)
    }
}

/// The queue.
#[derive(Default)]
pub struct Writer {
    queue: RefCell<VecDeque<Entry>>,
    busy: Busy,
}

impl Core {
    /// Queues a write of whoever is signed in, and shows it as being saved. The result comes once it is on the disk.
    pub fn write(self: &Rc<Self>, job: Job) -> impl Future<Output = Result> + use<> {
        let seen = self.seen(&job);
        self.write_for(self.of_shown(), Some(seen), job)
    }

    /// The same for whoever asked for it some time ago, having `seen` that of its cell.
    pub fn write_for(
        self: &Rc<Self>,
        of: Option<Of>,
        seen: Option<Bases>,
        job: Job,
    ) -> impl Future<Output = Result> + use<> {
        let (done, result) = oneshot::channel();
        // A confirmation covers all of its sheet (S24).
        let refused = matches!(&job, Job::Act(key, Act::Confirm { .. }, _) if self.awaits_photos(key));
        if !refused {
            if of.as_ref().is_none_or(|of| self.still_shows(&of.juror)) {
                self.begin(&job);
            }
            self.writer.push(Entry { of, job, seen, waiting: vec![done] });
            if self.writer.busy.begin() {
                let core = self.clone();
                wasm_bindgen_futures::spawn_local(async move { core.write_all().await });
            }
        }
        async move {
            match refused {
                true => Err(ActProblem::PhotosNotSaved),
                // The sender answers always; if it can't, nothing was written.
                false => result.await.unwrap_or(Err(ActProblem::Save(SaveProblem::Lost))),
            }
        }
    }

    /// Whoever is signed in, and what there is to judge.
    pub fn of_shown(&self) -> Option<Of> {
        self.juror().map(|juror| Of { juror, catalogue: self.catalogue() })
    }

    // Where it is asked for, it would be there several times over: half a kilobyte that every tablet downloads.
    #[inline(never)]
    fn seen(&self, job: &Job) -> Bases {
        match job {
            Job::Draft(key, cell, _) => self.sheets.seen(key, &cell.cell()),
            Job::Act(key, act, _) => self.sheets.seen(key, &act.cell()),
            Job::Fact(key, product, _) => self.visits.seen(key, &VisitCell::Fact(*product)),
            Job::Visit(key, act, _) => self.visits.seen(key, &act.cell()),
        }
    }

    fn begin(&self, job: &Job) {
        match job {
            Job::Draft(key, cell, text) => self.sheets.begin(key, Some((cell.clone(), text.clone()))),
            Job::Act(key, ..) => self.sheets.begin(key, None),
            Job::Fact(key, product, text) => self.visits.begin(key, Some((*product, text.clone()))),
            Job::Visit(key, ..) => self.visits.begin(key, None),
        }
        self.note_unsent();
    }

    /// Whether anything is queued or under way.
    pub fn is_writing(&self) -> bool {
        self.photos.busy.now() || self.writer.busy.now()
    }

    /// Waits until nothing is queued or under way, photos that are made small included.
    pub async fn written(&self) {
        while let Some(end) = self.photos.busy.until_end().or_else(|| self.writer.busy.until_end()) {
            end.await.ok();
        }
    }

    async fn write_all(self: Rc<Self>) {
        while let Some(entry) = self.writer.pop() {
            let result = self.write_one(&entry).await;
            self.note_unsent();
            for done in entry.waiting {
                done.send(result.clone()).ok();
            }
        }
        self.writer.busy.end();
    }

    async fn write_one(&self, entry: &Entry) -> Result {
        let result = match &entry.of {
            Some(of) => self.carry_out(of, entry).await,
            None => Err(ActProblem::Save(SaveProblem::Lost)),
        };
        if let Err(problem) = &result
            && entry.of.as_ref().is_none_or(|of| self.still_shows(&of.juror))
        {
            let failed = match (problem, &entry.job) {
                // A photo is kept apart, and says so itself.
                (_, Job::Act(_, _, Some(_)) | Job::Visit(_, _, Some(_))) => None,
                (ActProblem::Save(problem), _) => Some(problem.clone()),
                _ => None,
            };
            let writes = entry.waiting.len() as u32;
            match &entry.job {
                Job::Draft(key, ..) | Job::Act(key, ..) => self.sheets.not_saved(key, failed, writes),
                Job::Fact(key, ..) | Job::Visit(key, ..) => self.visits.not_saved(key, failed, writes),
            }
        }
        result
    }

    async fn carry_out(&self, of: &Of, entry: &Entry) -> Result {
        let waits = match &entry.job {
            Job::Draft(key, ..) | Job::Act(key, ..) => self.write_sheet(of, entry, key).await?,
            Job::Fact(key, ..) | Job::Visit(key, ..) => self.write_visit(of, entry, key).await?,
        };
        if waits {
            of.juror.worker.poke(Want::Send);
        }
        Ok(())
    }

    /// The newest catalogue of whoever writes.
    fn catalogue_of(&self, of: &Of) -> Arc<Catalogue> {
        if self.still_shows(&of.juror) { self.catalogue() } else { of.catalogue.clone() }
    }

    /// Writes on a sheet; whether it has something to send from then on.
    async fn write_sheet(&self, of: &Of, entry: &Entry, key: &SheetKey) -> std::result::Result<bool, ActProblem> {
        let (juror, catalogue) = (&of.juror, self.catalogue_of(of));
        let id = catalogue.sheet_id(juror.who.user, key).ok_or(WorkError::Unknown)?;
        let (now, seen) = (clock::now_ms(), entry.seen.as_ref());
        let (record, waits, ended) = match &entry.job {
            Job::Draft(_, cell, text) => {
                (juror.store.draft(id, key, cell, text.as_deref(), seen, now).await?, false, Some(cell.clone()))
            }
            Job::Act(_, act, taken) => {
                let (round, rubric) = catalogue.scorable(key)?;
                let earlier = catalogue.earlier(key).and_then(|key| catalogue.sheet_id(juror.who.user, &key));
                let (state, epoch, mode) = (round.state, round.epoch, &round.mode);
                let order = Order { id, key, act, state, epoch, mode, rubric, earlier, seen, now };
                let (record, replica) = juror.store.act(&order, taken.as_ref()).await?;
                let waits = record.is_unsent(replica.acked_seq);
                (record, waits, DraftCell::of(&act.cell()))
            }
            Job::Fact(..) | Job::Visit(..) => return Ok(false),
        };
        if self.still_shows(juror) {
            let ended = ended.filter(|cell| {
                !self.writer.awaits(|job| matches!(job, Job::Draft(of, other, _) if of == key && other == cell))
            });
            self.sheets.saved(record, ended.as_ref(), entry.waiting.len() as u32);
        }
        self.tell_sheet(juror, id);
        Ok(waits)
    }

    /// The same on the record of a stop.
    async fn write_visit(&self, of: &Of, entry: &Entry, key: &VisitKey) -> std::result::Result<bool, ActProblem> {
        let (juror, catalogue) = (&of.juror, self.catalogue_of(of));
        let id = catalogue.visit_id(key).ok_or(WorkError::Unknown)?;
        let (now, seen) = (clock::now_ms(), entry.seen.as_ref());
        let (record, waits, ended) = match &entry.job {
            Job::Fact(_, product, text) => {
                let record = juror.store.draft_fact(id, key, *product, text.as_deref(), seen, now).await?;
                (record, false, Some(*product))
            }
            Job::Visit(_, act, taken) => {
                let epoch = catalogue.round(&key.round).ok_or(WorkError::Unknown)?.epoch;
                let order = VisitOrder { id, key, act, epoch, seen, now };
                let (record, replica) = juror.store.write_visit(&order, taken.as_ref()).await?;
                let ended = match act.cell() {
                    VisitCell::Fact(product) => Some(product),
                    _ => None,
                };
                let waits = record.is_unsent(replica.acked_seq);
                (record, waits, ended)
            }
            Job::Draft(..) | Job::Act(..) => return Ok(false),
        };
        if self.still_shows(juror) {
            let ended = ended.filter(|cell| {
                !self.writer.awaits(|job| matches!(job, Job::Fact(of, other, _) if of == key && other == cell))
            });
            self.visits.saved(record, ended.as_ref(), entry.waiting.len() as u32);
        }
        self.tell(&Message::Visits { database: juror.store.name().to_owned(), ids: vec![id] });
        Ok(waits)
    }

    /// Whether this juror's store is still the open one.
    pub fn still_shows(&self, juror: &Juror) -> bool {
        self.juror().is_some_and(|open| open.store.name() == juror.store.name())
    }
}

impl Writer {
    /// A newer text of a cell takes the place of an older one that is still queued, unless another write of the same sheet
    /// or record stands in between.
    fn push(&self, entry: Entry) {
        let mut queue = self.queue.borrow_mut();
        let last =
            queue.iter_mut().rev().find(|queued| queued.job.is_about_that_of(&entry.job) && queued.is_of(&entry));
        if let Some(queued) = last
            && queued.job.takes(&entry.job)
        {
            return queued.waiting.extend(entry.waiting);
        }
        queue.push_back(entry);
    }

    fn pop(&self) -> Option<Entry> {
        self.queue.borrow_mut().pop_front()
    }

    /// Whether a newer text of a cell is still queued.
    fn awaits(&self, is_it: impl Fn(&Job) -> bool) -> bool {
        self.queue.borrow().iter().any(|entry| is_it(&entry.job))
    }
}
