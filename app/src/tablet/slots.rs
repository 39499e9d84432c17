//! What is written on, in memory, each behind a signal of its own: what the store has, what is being written, and what could
//! not be. A change of one wakes nobody who looks at another. Sheets and records of stops are kept alike.

use super::view::{SaveState, ServerState};
use crate::store::{Received, SaveProblem};
use domain::sync::wire::{HeldCode, RejectedCode};
use leptos::prelude::{ArcRwSignal, GetUntracked, Set, Signal, Track, Update};
use litemap::LiteMap;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// A record of the store that is kept so.
pub trait Kept {
    /// What it is about.
    type Key: Clone + Ord;
    /// Which of its cells is typed into.
    type Cell: Clone + Ord;
    /// What pages see of it.
    type View: Clone + Default + PartialEq + Send + Sync + 'static;

    /// What it is about.
    fn key(&self) -> &Self::Key;
    /// What is typed and not an operation yet.
    fn drafts(&self) -> &[(Self::Cell, String)];
    /// The tablet's clock at the last write.
    fn saved_at(&self) -> Option<i64>;
    /// Whether it has work that the server doesn't (S10).
    fn is_unsent(&self, acked_seq: u64) -> bool;
    /// The same, apart from the bytes of photos.
    fn has_unsent_words(&self, acked_seq: u64) -> bool;
    /// What the server says of it.
    fn said(&self) -> (Option<RejectedCode>, Option<HeldCode>, Option<&Received>);
    /// What pages see.
    fn view(record: Option<&Self>, typed: Typed<Self::Cell>, save: SaveState, server: ServerState) -> Self::View;
}

/// What is typed and not an operation yet. A few cells in a sorted list: a tree would be kilobytes of code for each type.
pub struct Typed<C> {
    /// All of it.
    pub drafts: LiteMap<C, String>,
    /// The cells whose text could not be saved: it is nowhere but on the screen.
    pub unsaved: Vec<C>,
}

/// Photos that are not in the store yet.
#[derive(Clone, Debug, Default)]
pub struct PhotosOnTheWay {
    /// Those that are made small and written.
    pub preparing: usize,
    /// Those that could not be saved.
    pub unsaved: usize,
    /// Why the store did not take one.
    pub problem: Option<SaveProblem>,
}

impl PhotosOnTheWay {
    fn count(&self) -> usize {
        self.preparing + self.unsaved
    }
}

/// One of them.
struct Slot<R: Kept> {
    /// As the store has it.
    record: Option<R>,
    /// Typed, and not in the store yet (or not at all: then `failed` says why). None of a text discards it.
    unsaved: LiteMap<R::Cell, Option<String>>,
    /// Writes that are queued or under way.
    writing: u32,
    failed: Option<SaveProblem>,
    on_the_way: PhotosOnTheWay,
    view: ArcRwSignal<R::View>,
}

impl<R: Kept> Default for Slot<R> {
    fn default() -> Self {
        Self {
            record: None,
            unsaved: LiteMap::new(),
            writing: 0,
            failed: None,
            on_the_way: PhotosOnTheWay::default(),
            view: ArcRwSignal::new(R::View::default()),
        }
    }
}

/// All of them.
pub struct Slots<R: Kept> {
    slots: RefCell<BTreeMap<R::Key, Slot<R>>>,
    acked_seq: Cell<u64>,
    /// Raised whenever one comes or goes.
    grown: ArcRwSignal<u32>,
}

impl<R: Kept> Default for Slots<R> {
    fn default() -> Self {
        Self { slots: RefCell::default(), acked_seq: Cell::default(), grown: ArcRwSignal::default() }
    }
}

impl<R: Kept> Slots<R> {
    /// Those on which anything is written; whoever reads them hears when there are others.
    pub fn keys(&self) -> Vec<R::Key> {
        self.grown.track();
        let slots = self.slots.borrow();
        slots.iter().filter(|(_, slot)| slot.is_written()).map(|(key, _)| key.clone()).collect()
    }

    /// The signal of one.
    pub fn signal(&self, key: &R::Key) -> Signal<R::View> {
        self.slots.borrow_mut().entry(key.clone()).or_default().view.clone().into()
    }

    /// Everything anew: another person's, or another tab has changed a lot.
    pub fn replace(&self, records: Vec<R>, acked_seq: u64) {
        for slot in self.slots.borrow_mut().values_mut() {
            slot.record = None;
        }
        for record in records {
            let key = record.key().clone();
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
            slot.on_the_way = PhotosOnTheWay::default();
        }
    }

    /// The server has everything up to this number.
    pub fn set_acked(&self, acked_seq: u64) {
        self.acked_seq.set(acked_seq);
        let slots = self.slots.borrow();
        let views: Vec<_> = slots.values().map(|slot| (slot.view.clone(), slot.view_now(acked_seq))).collect();
        // Whoever looks may ask for another one at once.
        drop(slots);
        views.into_iter().for_each(|(view, next)| show(&view, next));
    }

    /// One as the store has it now.
    pub fn put(&self, record: R) {
        self.change(&record.key().clone(), |slot| slot.record = Some(record));
    }

    /// A write begins. A draft is on screen at once.
    pub fn begin(&self, key: &R::Key, draft: Option<(R::Cell, Option<String>)>) {
        self.change(key, |slot| {
            slot.writing += 1;
            if let Some((cell, text)) = draft {
                slot.unsaved.insert(cell, text);
            }
        });
    }

    /// A write ended well. `settled` is the cell whose typed text is in the store now, or an operation.
    pub fn saved(&self, record: R, settled: Option<&R::Cell>, writes: u32) {
        self.change(&record.key().clone(), |slot| {
            slot.writing = slot.writing.saturating_sub(writes);
            if let Some(cell) = settled {
                slot.unsaved.remove(cell);
            }
            slot.failed = slot.failed.take().filter(|_| !slot.unsaved.is_empty());
            slot.record = Some(record);
        });
    }

    /// A write did not happen; what was typed stays on screen.
    pub fn not_saved(&self, key: &R::Key, problem: Option<SaveProblem>, writes: u32) {
        self.change(key, |slot| {
            slot.writing = slot.writing.saturating_sub(writes);
            slot.failed = problem.or(slot.failed.take());
        });
    }

    /// These photos are not in the store yet.
    pub fn set_on_the_way(&self, key: &R::Key, photos: PhotosOnTheWay) {
        self.change(key, |slot| slot.on_the_way = photos);
    }

    /// What is typed and could not be saved, to be tried again.
    pub fn failed_drafts(&self) -> Vec<(R::Key, R::Cell, Option<String>)> {
        let slots = self.slots.borrow();
        let failed = slots.iter().filter(|(_, slot)| slot.failed.is_some() && slot.writing == 0);
        let drafts = failed
            .flat_map(|(key, slot)| slot.unsaved.iter().map(|(cell, text)| (key.clone(), cell.clone(), text.clone())));
        drafts.collect()
    }

    /// An act that failed leaves nothing to be saved: what it was about is as it was, and its reason was said.
    pub fn forget_failed_acts(&self) {
        for slot in self.slots.borrow_mut().values_mut() {
            if slot.writing == 0 && slot.unsaved.is_empty() {
                slot.failed = None;
            }
        }
        self.set_acked(self.acked_seq.get());
    }

    /// Something of each as the store has it.
    pub fn collect<T>(&self, of: impl Fn(&R) -> Vec<T>) -> Vec<T> {
        self.slots.borrow().values().filter_map(|slot| slot.record.as_ref()).flat_map(of).collect()
    }

    /// How many have work that the server doesn't, once everything up to this number is acknowledged (S10).
    pub fn unsent_after(&self, acked_seq: u64) -> u32 {
        self.slots.borrow().values().filter(|slot| slot.is_unsent(acked_seq)).count() as u32
    }

    /// How many have work that the server doesn't.
    pub fn unsent(&self) -> u32 {
        self.unsent_after(self.acked_seq.get())
    }

    /// How many have something that could not be saved, and is nowhere but on the screen.
    pub fn unsaved(&self) -> u32 {
        let could_not = |slot: &&Slot<R>| {
            let words = slot.writing == 0 && (slot.failed.is_some() || !slot.unsaved.is_empty());
            words || slot.on_the_way.unsaved > 0
        };
        self.slots.borrow().values().filter(could_not).count() as u32
    }

    fn change(&self, key: &R::Key, change: impl FnOnce(&mut Slot<R>)) {
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

impl<R: Kept> Slot<R> {
    fn is_written(&self) -> bool {
        self.record.is_some() || self.has_unsaved()
    }

    fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty() || self.on_the_way.count() > 0
    }

    fn is_unsent(&self, acked_seq: u64) -> bool {
        self.is_unsent_here(|record| record.is_unsent(acked_seq))
    }

    fn is_unsent_here(&self, record: impl FnOnce(&R) -> bool) -> bool {
        let unsaved = self.on_the_way.count() > 0 || self.unsaved.values().any(Option::is_some);
        unsaved || self.record.as_ref().is_some_and(record)
    }

    fn view_now(&self, acked_seq: u64) -> R::View {
        let record = self.record.as_ref();
        let mut drafts = LiteMap::new();
        for (cell, text) in record.into_iter().flat_map(R::drafts) {
            drafts.insert(cell.clone(), text.clone());
        }
        for (cell, text) in &self.unsaved {
            match text {
                Some(text) => drafts.insert(cell.clone(), text.clone()),
                None => drafts.remove(cell),
            };
        }
        let could_not = self.failed.is_some() && self.writing == 0;
        let unsaved = self.unsaved.keys().filter(|_| could_not).cloned().collect();
        R::view(record, Typed { drafts, unsaved }, self.save_state(), self.server_state(acked_seq))
    }

    fn save_state(&self) -> SaveState {
        let saved_at = self.record.as_ref().and_then(R::saved_at);
        match (self.failed.as_ref().or(self.on_the_way.problem.as_ref()), saved_at) {
            _ if self.writing > 0 || self.on_the_way.preparing > 0 => SaveState::Saving,
            (Some(reason), _) => SaveState::Failed { reason: reason.clone() },
            (None, Some(at_ms)) => SaveState::Saved { at_ms },
            (None, None) => SaveState::Untouched,
        }
    }

    fn server_state(&self, acked_seq: u64) -> ServerState {
        if self.is_unsent_here(|record| record.has_unsent_words(acked_seq)) {
            return ServerState::Unsent;
        }
        let Some(record) = &self.record else {
            return ServerState::NothingToSend;
        };
        match record.said() {
            (Some(code), _, _) => ServerState::Rejected(code),
            (None, Some(code), _) => ServerState::Held(code),
            // What became of the words isn't hidden by a photo that waits.
            _ if record.is_unsent(acked_seq) => ServerState::Unsent,
            (None, None, Some(received)) => {
                ServerState::Received { at_ms: received.at_ms, code: received.code.clone() }
            }
            (None, None, None) => ServerState::NothingToSend,
        }
    }
}

fn show<V: Clone + PartialEq + Send + Sync + 'static>(view: &ArcRwSignal<V>, next: V) {
    if view.get_untracked() != next {
        view.set(next);
    }
}
