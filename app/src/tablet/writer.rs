//! The writes of one tab, in the order in which they were asked for, one after the other. A write is queued the moment it
//! is asked for, so it happens also when the page that asked is gone.

use super::core::{Core, Juror};
use crate::clock;
use crate::store::{ActProblem, DraftCell, Order, SaveProblem, SheetKey, TakenPhoto, VisitOrder, WorkError};
use crate::sync::Want;
use crate::sync::tabs::Message;
use domain::ids::ProductId;
use domain::sheet::Act;
use domain::visit::{VisitAct, VisitCell, VisitKey};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
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

struct Entry {
    /// Whose it is: somebody else may be signed in by the time it is written.
    juror: Option<Rc<Juror>>,
    job: Job,
    waiting: Vec<oneshot::Sender<Result>>,
}

impl Entry {
    fn is_of(&self, other: &Self) -> bool {
        let database = |entry: &Self| entry.juror.as_ref().map(|juror| juror.store.name().to_owned());
        database(self) == database(other)
    }
}

/// The queue.
#[derive(Default)]
pub struct Writer {
    queue: RefCell<VecDeque<Entry>>,
    running: Cell<bool>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Core {
    /// Queues a write, and shows it as being saved. The result comes once it is on the disk.
    pub fn write(self: &Rc<Self>, job: Job) -> impl Future<Output = Result> + use<> {
        let (done, result) = oneshot::channel();
        match &job {
            Job::Draft(key, cell, text) => self.sheets.begin(key, Some((cell.clone(), text.clone()))),
            Job::Act(key, ..) => self.sheets.begin(key, None),
            Job::Fact(key, product, text) => self.visits.begin(key, Some((*product, text.clone()))),
            Job::Visit(key, ..) => self.visits.begin(key, None),
        }
        self.note_unsent();
        self.writer.push(Entry { juror: self.juror(), job, waiting: vec![done] });
        if !self.writer.running.replace(true) {
            let core = self.clone();
            wasm_bindgen_futures::spawn_local(async move { core.write_all().await });
        }
        // The sender answers always; if it can't, nothing was written.
        async move { result.await.unwrap_or(Err(ActProblem::Save(SaveProblem::Lost))) }
    }

    /// Waits until nothing is queued or under way.
    pub async fn written(&self) {
        if self.writer.running.get() {
            let (done, idle) = oneshot::channel();
            self.writer.idle.borrow_mut().push(done);
            idle.await.ok();
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
        self.writer.running.set(false);
        for idle in self.writer.idle.take() {
            idle.send(()).ok();
        }
    }

    async fn write_one(&self, entry: &Entry) -> Result {
        let result = match &entry.juror {
            Some(juror) => self.write_for(juror, entry).await,
            None => Err(ActProblem::Save(SaveProblem::Lost)),
        };
        if let Err(problem) = &result {
            let failed = match problem {
                ActProblem::Save(problem) => Some(problem.clone()),
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

    async fn write_for(&self, juror: &Juror, entry: &Entry) -> Result {
        let waits = match &entry.job {
            Job::Draft(key, ..) | Job::Act(key, ..) => self.write_sheet(juror, entry, key).await?,
            Job::Fact(key, ..) | Job::Visit(key, ..) => self.write_visit(juror, entry, key).await?,
        };
        if waits {
            juror.worker.poke(Want::Send);
        }
        Ok(())
    }

    /// Writes on a sheet; whether it has something to send from then on.
    async fn write_sheet(&self, juror: &Juror, entry: &Entry, key: &SheetKey) -> std::result::Result<bool, ActProblem> {
        let catalogue = self.catalogue();
        let id = catalogue.sheet_id(juror.who.user, key).ok_or(WorkError::Unknown)?;
        let now = clock::now_ms();
        let (record, waits, ended) = match &entry.job {
            Job::Draft(_, cell, text) => {
                (juror.store.draft(id, key, cell, text.as_deref(), now).await?, false, Some(cell.clone()))
            }
            Job::Act(_, act, taken) => {
                let (round, rubric) = catalogue.scorable(key)?;
                let earlier = catalogue.earlier(key).and_then(|key| catalogue.sheet_id(juror.who.user, &key));
                let (state, epoch, mode) = (round.state, round.epoch, &round.mode);
                let order = Order { id, key, act, state, epoch, mode, rubric, earlier, now };
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
    async fn write_visit(&self, juror: &Juror, entry: &Entry, key: &VisitKey) -> std::result::Result<bool, ActProblem> {
        let catalogue = self.catalogue();
        let id = catalogue.visit_id(key).ok_or(WorkError::Unknown)?;
        let now = clock::now_ms();
        let (record, waits, ended) = match &entry.job {
            Job::Fact(_, product, text) => {
                let record = juror.store.draft_fact(id, key, *product, text.as_deref(), now).await?;
                (record, false, Some(*product))
            }
            Job::Visit(_, act, taken) => {
                let epoch = catalogue.round(&key.round).ok_or(WorkError::Unknown)?.epoch;
                let order = VisitOrder { id, key, act, epoch, now };
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

    fn still_shows(&self, juror: &Juror) -> bool {
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
