//! The sheets of the stop side by side, of which one at most is being marked.

use crate::pages::tablet::score_sheet::keyboard;
use crate::pages::tablet::score_sheet::marking::{Marking, Mode, Task};
use crate::tablet::{SheetKey, Tablet};
use domain::ids::CriterionCode;
use domain::points::Points;
use leptos::ev;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// A handle to copy around.
#[derive(Clone, Copy)]
pub struct Grid {
    columns: StoredValue<Vec<Marking>>,
    at: RwSignal<Option<usize>>,
    at_hand: Memo<Option<(usize, CriterionCode)>>,
}

/// A mark that can be copied into the cell at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its column.
    pub place: usize,
    /// Code of its product.
    pub product: String,
    /// The mark.
    pub points: Points,
}

impl Grid {
    /// Takes the sheets in hand, in this order. `hand` is the cell at hand, also when the page is made anew for the same sheets.
    pub fn start(tablet: Tablet, tasks: Vec<Task>, hand: RwSignal<Option<(SheetKey, CriterionCode)>>) -> Self {
        let page: Arc<[Task]> = tasks.into();
        let held = hand.get_untracked();
        let code = |task: &Task| held.as_ref().filter(|(key, _)| *key == task.key).map(|(_, code)| code.clone());
        let at = RwSignal::new(page.iter().position(|task| code(task).is_some()));
        let start = |task: &Task| Marking::start(tablet, task.clone(), page.clone(), RwSignal::new(code(task)));
        let columns: Vec<_> = page.iter().map(start).collect();
        columns.iter().for_each(|column| keyboard::listen(*column));
        let columns = StoredValue::new(columns);
        let at_hand = Memo::new(move |_| {
            let place = at.get()?;
            let column: Marking = columns.with_value(|columns| columns.get(place).copied())?;
            let code = column.current.get()?;
            (column.mode() == Mode::Marking).then_some((place, code))
        });
        let grid = Self { columns, at, at_hand };
        Effect::new(move |_| {
            let at_hand = grid.at_hand();
            hand.set(at_hand.map(|(_, column, code)| (column.task.with_value(|task| task.key.clone()), code)));
        });
        grid.listen_sideways();
        grid
    }

    /// All sheets.
    pub fn columns(self) -> Vec<Marking> {
        self.columns.get_value()
    }

    /// The cell at hand.
    pub fn at_hand(self) -> Option<(usize, Marking, CriterionCode)> {
        let (place, code) = self.at_hand.get()?;
        let column = self.columns.with_value(|columns| columns.get(place).copied())?;
        Some((place, column, code))
    }

    /// Takes a cell in hand; the one before it becomes a mark.
    pub fn open(self, place: usize, code: &CriterionCode) {
        let columns = self.columns();
        if let Some(before) = self.at.get_untracked().filter(|before| *before != place) {
            columns.get(before).copied().into_iter().for_each(Marking::rest);
        }
        if let Some(column) = columns.get(place) {
            self.at.set(Some(place));
            column.open(code);
        }
    }

    /// The first cell without a mark, from the column at hand on.
    pub fn next_unscored(self) -> Option<(usize, String, CriterionCode)> {
        let (columns, at) = (self.columns(), self.at.get().unwrap_or_default());
        let open = |place: usize| {
            let column = columns.get(place).filter(|column| column.mode() != Mode::Locked)?;
            Some((place, product(*column), column.next_unscored(None)?))
        };
        (at..columns.len()).chain(0..at).find_map(open)
    }

    /// The marks of a row outside this column: on its left the nearest first, then those on its right.
    pub fn sources(self, place: usize, code: &CriterionCode) -> Vec<Source> {
        let columns = self.columns();
        let source = |place: usize| {
            let column = columns.get(place)?;
            let points = column.face(code)?.with(|face| face.points)?;
            Some(Source { place, product: product(*column), points })
        };
        (0..place).rev().chain(place + 1..columns.len()).filter_map(source).collect()
    }

    /// Arrows to the side go to the same criterion of the next sheet that takes it.
    fn listen_sideways(self) {
        let listener = window_event_listener(ev::keydown, move |event| {
            let by = match event.key().as_str() {
                "ArrowLeft" => -1,
                "ArrowRight" => 1,
                _ => return,
            };
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let choosing = target.is_some_and(|target| target.matches("select, summary").unwrap_or_default());
            let Some((place, _, code)) = untrack(|| self.at_hand()).filter(|_| !choosing) else {
                return;
            };
            let columns = self.columns();
            let mut to = place;
            while let Some(next) = to.checked_add_signed(by).filter(|next| *next < columns.len()) {
                to = next;
                let takes = |column: &Marking| untrack(|| column.mode() != Mode::Locked && column.takes(&code));
                if columns.get(to).is_some_and(takes) {
                    event.prevent_default();
                    return self.open(to, &code);
                }
            }
        });
        on_cleanup(move || listener.remove());
    }
}

/// Code of a column's product.
pub fn product(column: Marking) -> String {
    column.task.with_value(|task| task.product.code.to_string())
}
