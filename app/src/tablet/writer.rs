//! The writes of one tab, in the order in which they were asked for, one after the other. A write is queued the moment it
//! is asked for, so it happens also when the page that asked is gone.

use super::core::{Core, Juror};
use crate::clock;
use crate::store::{ActProblem, DraftCell, Order, SaveProblem, SheetKey, WorkError};
use crate::sync::Want;
use domain::sheet::Act;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use tokio::sync::oneshot;

type Result = std::result::Result<(), ActProblem>;

/// What is to be written.
#[derive(Clone, Debug)]
pub enum Job {
    /// The newest text of a cell that is being typed into; none discards it.
    Draft(DraftCell, Option<String>),
    /// An act.
    Act(Act),
}

struct Entry {
    /// Whose sheet it is: somebody else may be signed in by the time it is written.
    juror: Option<Rc<Juror>>,
    key: SheetKey,
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
    pub fn write(self: &Rc<Self>, key: SheetKey, job: Job) -> impl Future<Output = Result> + use<> {
        let (done, result) = oneshot::channel();
        let draft = match &job {
            Job::Draft(cell, text) => Some((cell.clone(), text.clone())),
            Job::Act(_) => None,
        };
        self.sheets.begin(&key, draft);
        self.note_unsent();
        self.writer.push(Entry { juror: self.juror(), key, job, waiting: vec![done] });
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
            self.sheets.not_saved(&entry.key, failed, entry.waiting.len() as u32);
        }
        result
    }

    async fn write_for(&self, juror: &Juror, entry: &Entry) -> Result {
        let Entry { key, job, waiting, .. } = entry;
        let catalogue = self.catalogue();
        let id = catalogue.sheet_id(juror.who.user, key).ok_or(WorkError::Unknown)?;
        let now = clock::now_ms();
        let (record, waits, ended) = match job {
            Job::Draft(cell, text) => {
                (juror.store.draft(id, key, cell, text.as_deref(), now).await?, false, Some(cell.clone()))
            }
            Job::Act(act) => {
                let (round, rubric) = catalogue.scorable(key)?;
                let earlier = catalogue.earlier(key).and_then(|key| catalogue.sheet_id(juror.who.user, &key));
                let (state, epoch, mode) = (round.state, round.epoch, &round.mode);
                let order = Order { id, key, act, state, epoch, mode, rubric, earlier, now };
                let (record, replica) = juror.store.act(&order).await?;
                let waits = record.is_unsent(replica.acked_seq);
                (record, waits, DraftCell::of(&act.cell()))
            }
        };
        if self.juror().is_some_and(|open| open.store.name() == juror.store.name()) {
            let ended = ended.filter(|cell| !self.writer.awaits(key, cell));
            self.sheets.saved(record, ended.as_ref(), waiting.len() as u32);
        }
        self.tell_sheet(juror, id);
        if waits {
            juror.worker.poke(Want::Send);
        }
        Ok(())
    }
}

impl Writer {
    /// A newer text of a cell takes the place of an older one that is still queued, unless the sheet's turn is in between.
    fn push(&self, entry: Entry) {
        let mut queue = self.queue.borrow_mut();
        let last = queue.iter_mut().rev().find(|queued| queued.key == entry.key && queued.is_of(&entry));
        if let (Some(Entry { job: Job::Draft(cell, text), waiting, .. }), Job::Draft(newer, newest)) =
            (last, &entry.job)
            && cell == newer
        {
            text.clone_from(newest);
            waiting.extend(entry.waiting);
            return;
        }
        queue.push_back(entry);
    }

    fn pop(&self) -> Option<Entry> {
        self.queue.borrow_mut().pop_front()
    }

    /// Whether a newer text of this cell is still queued.
    fn awaits(&self, key: &SheetKey, cell: &DraftCell) -> bool {
        let queue = self.queue.borrow();
        queue.iter().any(|entry| entry.key == *key && matches!(&entry.job, Job::Draft(other, _) if other == cell))
    }
}
