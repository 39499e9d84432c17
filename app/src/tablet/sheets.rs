//! The juror's sheets in memory.

use super::slots::{Kept, Slots, Typed};
use super::view::{SaveState, ServerState, SheetView};
use crate::store::{DraftCell, Received, SheetKey, SheetRecord};
use domain::sheet::{Bases, CellKey};
use domain::sync::wire::{HeldCode, RejectedCode};
use domain::visit::DESK;
use leptos::prelude::WithUntracked;

/// All of them.
pub type Sheets = Slots<SheetRecord>;

impl Kept for SheetRecord {
    type Key = SheetKey;
    type Cell = DraftCell;
    type View = SheetView;

    fn key(&self) -> &SheetKey {
        &self.key
    }

    fn drafts(&self) -> &[(DraftCell, String)] {
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

    fn view(record: Option<&Self>, typed: Typed<DraftCell>, save: SaveState, server: ServerState) -> SheetView {
        let Typed { drafts, unsaved } = typed;
        let sheet = record.map(|record| record.sheet.clone()).unwrap_or_default();
        SheetView { sheet, drafts, unsaved, save, server }
    }
}

impl Sheets {
    /// Whether a cell is free for what was typed elsewhere, nobody knows how long ago: nothing is typed into it, nothing was ever
    /// written there, and its sheet isn't locked. The same text may come twice.
    pub fn takes_draft(&self, key: &SheetKey, cell: &DraftCell, text: &str) -> bool {
        self.signal(key).with_untracked(|view| {
            let blank = view.sheet.bases_for(&cell.cell(), DESK, None).is_empty();
            let free = view.drafts.get(cell).is_none_or(|there| there == text);
            blank && view.sheet.is_editable() && free
        })
    }

    /// What a cell has on the screen. Into which something is typed already, has what it began on: the store knows that, or,
    /// if it could not be saved, nobody does.
    pub fn seen(&self, key: &SheetKey, cell: &CellKey) -> Bases {
        let typed = DraftCell::of(cell);
        self.signal(key).with_untracked(|view| match typed.is_some_and(|cell| view.drafts.contains_key(&cell)) {
            true => Bases::new(),
            false => view.sheet.bases_for(cell, DESK, None),
        })
    }
}
