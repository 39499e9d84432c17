//! All sheets in memory, each behind a signal of its own: what the store has, what is being written, and what could not
//! be. A change of one sheet wakes nobody who looks at another.

use super::view::{SaveState, ServerState, SheetView};
use crate::store::{DraftCell, SaveProblem, SheetKey, SheetRecord};
use leptos::prelude::{ArcRwSignal, GetUntracked, Set, Signal, Track, Update, WithUntracked};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// One sheet.
#[derive(Default)]
struct Slot {
    /// As the store has it.
    record: Option<SheetRecord>,
    /// Typed, and not in the store yet (or not at all: then `failed` says why). None of a text discards it.
    unsaved: BTreeMap<DraftCell, Option<String>>,
    /// Writes that are queued or under way.
    writing: u32,
    failed: Option<SaveProblem>,
    view: ArcRwSignal<SheetView>,
}

/// All of them.
#[derive(Default)]
pub struct Sheets {
    slots: RefCell<BTreeMap<SheetKey, Slot>>,
    acked_seq: Cell<u64>,
    /// Raised whenever a sheet comes or goes.
    grown: ArcRwSignal<u32>,
}

impl Sheets {
    /// The sheets on which anything is written; whoever reads them hears when there are others.
    pub fn keys(&self) -> Vec<SheetKey> {
        self.grown.track();
        let slots = self.slots.borrow();
        slots.iter().filter(|(_, slot)| slot.is_written()).map(|(key, _)| key.clone()).collect()
    }

    /// The signal of one sheet.
    pub fn signal(&self, key: &SheetKey) -> Signal<SheetView> {
        self.slots.borrow_mut().entry(key.clone()).or_default().view.clone().into()
    }

    /// Everything anew: another juror's, or another tab has changed a lot.
    pub fn replace(&self, records: Vec<SheetRecord>, acked_seq: u64) {
        for slot in self.slots.borrow_mut().values_mut() {
            slot.record = None;
        }
        for record in records {
            let key = record.key.clone();
            self.slots.borrow_mut().entry(key).or_default().record = Some(record);
        }
        self.set_acked(acked_seq);
        self.grown.update(|grown| *grown += 1);
    }

    /// Forgets what was typed and not saved, as the store is another one now.
    pub fn drop_unsaved(&self) {
        for slot in self.slots.borrow_mut().values_mut() {
            slot.unsaved.clear();
            slot.failed = None;
            slot.writing = 0;
        }
    }

    /// The server has everything up to this number.
    pub fn set_acked(&self, acked_seq: u64) {
        self.acked_seq.set(acked_seq);
        let slots = self.slots.borrow();
        let views: Vec<_> = slots.values().map(|slot| (slot.view.clone(), slot.view_now(acked_seq))).collect();
        // Whoever looks may ask for another sheet at once.
        drop(slots);
        views.into_iter().for_each(|(view, next)| show(&view, next));
    }

    /// One sheet as the store has it now.
    pub fn put(&self, record: SheetRecord) {
        self.change(&record.key.clone(), |slot| slot.record = Some(record));
    }

    /// Whether a cell is free for a draft: nothing is typed into it, and its sheet isn't locked.
    pub fn takes_draft(&self, key: &SheetKey, cell: &DraftCell) -> bool {
        let is_free = |view: &SheetView| view.sheet.is_editable() && !view.drafts.contains_key(cell);
        self.slots.borrow().get(key).is_none_or(|slot| slot.view.with_untracked(is_free))
    }

    /// A write begins. A draft is on screen at once.
    pub fn begin(&self, key: &SheetKey, draft: Option<(DraftCell, Option<String>)>) {
        self.change(key, |slot| {
            slot.writing += 1;
            slot.unsaved.extend(draft);
        });
    }

    /// A write ended well. `settled` is the cell whose typed text is in the store now, or an operation.
    pub fn saved(&self, record: SheetRecord, settled: Option<&DraftCell>, writes: u32) {
        self.change(&record.key.clone(), |slot| {
            slot.writing = slot.writing.saturating_sub(writes);
            if let Some(cell) = settled {
                slot.unsaved.remove(cell);
            }
            slot.failed = slot.failed.take().filter(|_| !slot.unsaved.is_empty());
            slot.record = Some(record);
        });
    }

    /// A write did not happen; what was typed stays on screen.
    pub fn not_saved(&self, key: &SheetKey, problem: Option<SaveProblem>, writes: u32) {
        self.change(key, |slot| {
            slot.writing = slot.writing.saturating_sub(writes);
            slot.failed = problem.or(slot.failed.take());
        });
    }

    /// What is typed and could not be saved, to be tried again.
    pub fn failed_drafts(&self) -> Vec<(SheetKey, DraftCell, Option<String>)> {
        let slots = self.slots.borrow();
        let failed = slots.iter().filter(|(_, slot)| slot.failed.is_some() && slot.writing == 0);
        let drafts = failed
            .flat_map(|(key, slot)| slot.unsaved.iter().map(|(cell, text)| (key.clone(), cell.clone(), text.clone())));
        drafts.collect()
    }

    /// How many sheets have work that the server doesn't, once everything up to this number is acknowledged (S10).
    pub fn unsent_after(&self, acked_seq: u64) -> u32 {
        self.slots.borrow().values().filter(|slot| slot.is_unsent(acked_seq)).count() as u32
    }

    /// How many sheets have work that the server doesn't.
    pub fn unsent(&self) -> u32 {
        self.unsent_after(self.acked_seq.get())
    }

    fn change(&self, key: &SheetKey, change: impl FnOnce(&mut Slot)) {
        let mut slots = self.slots.borrow_mut();
        let slot = slots.entry(key.clone()).or_default();
        let before = slot.is_written();
        change(slot);
        let other = slot.is_written() != before;
        let (view, next) = (slot.view.clone(), slot.view_now(self.acked_seq.get()));
        drop(slots);
        show(&view, next);
        if other {
            self.grown.update(|grown| *grown += 1);
        }
    }
}

impl Slot {
    fn is_written(&self) -> bool {
        self.record.is_some() || !self.unsaved.is_empty()
    }

    fn is_unsent(&self, acked_seq: u64) -> bool {
        let typed = self.unsaved.values().any(Option::is_some);
        typed || self.record.as_ref().is_some_and(|record| record.is_unsent(acked_seq))
    }

    fn view_now(&self, acked_seq: u64) -> SheetView {
        let record = self.record.as_ref();
        let mut drafts = BTreeMap::new();
        drafts.extend(record.into_iter().flat_map(|record| record.drafts.iter().cloned()));
        for (cell, text) in &self.unsaved {
            match text {
                Some(text) => drafts.insert(cell.clone(), text.clone()),
                None => drafts.remove(cell),
            };
        }
        SheetView {
            sheet: record.map(|record| record.sheet.clone()).unwrap_or_default(),
            drafts,
            save: self.save_state(),
            server: self.server_state(acked_seq),
        }
    }

    fn save_state(&self) -> SaveState {
        let saved_at = self.record.as_ref().and_then(|record| record.saved_at);
        match (&self.failed, saved_at) {
            _ if self.writing > 0 => SaveState::Saving,
            (Some(reason), _) => SaveState::Failed { reason: reason.clone() },
            (None, Some(at_ms)) => SaveState::Saved { at_ms },
            (None, None) => SaveState::Untouched,
        }
    }

    fn server_state(&self, acked_seq: u64) -> ServerState {
        if self.is_unsent(acked_seq) {
            return ServerState::Unsent;
        }
        let Some(record) = &self.record else {
            return ServerState::NothingToSend;
        };
        match (record.rejected, record.held, &record.received) {
            (Some(code), _, _) => ServerState::Rejected(code),
            (None, Some(code), _) => ServerState::Held(code),
            (None, None, Some(received)) => {
                ServerState::Received { at_ms: received.at_ms, code: received.code.clone() }
            }
            (None, None, None) => ServerState::NothingToSend,
        }
    }
}

fn show(view: &ArcRwSignal<SheetView>, next: SheetView) {
    if view.get_untracked() != next {
        view.set(next);
    }
}
