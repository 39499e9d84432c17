//! A secretary's records of stops in memory.

use super::slots::{Kept, Slots, Typed};
use super::view::{SaveState, ServerState, VisitView};
use crate::store::{Received, VisitRecord};
use domain::ids::ProductId;
use domain::sheet::Bases;
use domain::sync::wire::{HeldCode, RejectedCode};
use domain::visit::{DESK, VisitCell, VisitKey};
use leptos::prelude::WithUntracked;

/// All of them.
pub type Visits = Slots<VisitRecord>;

impl Kept for VisitRecord {
    type Key = VisitKey;
    type Cell = Option<ProductId>;
    type View = VisitView;

    fn key(&self) -> &VisitKey {
        &self.key
    }

    fn drafts(&self) -> &[(Option<ProductId>, String)] {
        &self.drafts
    }

    fn saved_at(&self) -> Option<i64> {
        self.saved_at
    }

    fn is_unsent(&self, acked_seq: u64) -> bool {
        Self::is_unsent(self, acked_seq)
    }

    fn has_unsent_words(&self, acked_seq: u64) -> bool {
        Self::has_unsent_words(self, acked_seq)
    }

    fn said(&self) -> (Option<RejectedCode>, Option<HeldCode>, Option<&Received>) {
        (self.rejected, self.held, self.received.as_ref())
    }

    fn view(record: Option<&Self>, typed: Typed<Option<ProductId>>, save: SaveState, server: ServerState) -> VisitView {
        let visit = record.map(|record| record.visit.clone()).unwrap_or_default();
        VisitView { visit, drafts: typed.drafts, save, server }
    }
}

impl Visits {
    /// Whether nothing else is typed there, and nothing was ever written.
    pub fn takes_draft(&self, key: &VisitKey, product: Option<ProductId>, text: &str) -> bool {
        let cell = VisitCell::Fact(product);
        self.signal(key).with_untracked(|view| {
            let free = view.drafts.get(&product).is_none_or(|there| there == text);
            view.visit.bases_for(&cell, DESK, None).is_empty() && free
        })
    }

    /// What a cell has on the screen, as on a sheet.
    pub fn seen(&self, key: &VisitKey, cell: &VisitCell) -> Bases {
        let is_typed = |view: &VisitView| matches!(cell, VisitCell::Fact(product) if view.drafts.contains_key(product));
        self.signal(key).with_untracked(|view| match is_typed(view) {
            true => Bases::new(),
            false => view.visit.bases_for(cell, DESK, None),
        })
    }
}
