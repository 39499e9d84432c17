//! When a draft becomes an act: on Xong, Tiếp, another criterion, or leaving in any way (S6).

use super::marking::{Doing, Judged, Marking};
use super::typing::{read_mark, type_into};
use crate::components::keypad::Key;
use crate::tablet::{DraftCell, WorkError};
use domain::ids::CriterionCode;
use domain::points::Points;
use domain::round::RoundState;
use domain::sheet::{Act, Sheet};
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Marking {
    /// A key of the pad: saved as a draft before anything else happens.
    pub fn press(self, key: Key) {
        let Some(criterion) = self.current.get_untracked().and_then(|code| self.criterion(&code)) else {
            return;
        };
        let cell = DraftCell::Mark(criterion.code.clone());
        let draft = self.unfinished(&cell);
        let mark = || self.judged.with_untracked(|judged| judged.whole.mark(&criterion.code).map(Points::to_vi));
        let text = match key {
            Key::Backspace => {
                let mut text = draft.or_else(|| self.under_way(&cell)).or_else(mark).unwrap_or_default();
                text.pop();
                text
            }
            Key::Digit(digit) => type_into(draft.unwrap_or_default(), char::from(b'0' + digit)),
            Key::Comma => type_into(draft.unwrap_or_default(), ','),
        };
        self.draft(cell, text);
    }

    /// Gives a mark as it is, such as one that the juror copies or chooses of two: from there on like one that was typed.
    pub fn give(self, code: &CriterionCode, points: Option<Points>) {
        self.draft(DraftCell::Mark(code.clone()), points.map(Points::to_vi).unwrap_or_default());
        self.finish(code);
    }

    /// Takes the mark away; said as a draft until it is finished.
    pub fn clear(self) {
        if let Some(code) = self.current.get_untracked() {
            self.draft(DraftCell::Mark(code), String::new());
        }
    }

    /// Typed into a note or the remark.
    pub fn draft(self, cell: DraftCell, text: String) {
        // While a round is closing no sheet is begun (S25).
        let is_new = || self.view.with_untracked(|view| view.sheet == Sheet::default() && view.drafts.is_empty());
        if self.task.with_value(|task| task.round.state == RoundState::Closing) && is_new() {
            return self.problem.set(Some(WorkError::RoundClosing.into()));
        }
        let saved = self.task.with_value(|task| self.tablet.draft(&task.key, cell, Some(text)));
        // What could not be saved is told by the state of the sheet.
        spawn_local(async move { saved.await.unwrap_or_default() });
    }

    /// Whether there is something to take back at this criterion.
    pub fn can_undo(self, code: &CriterionCode) -> bool {
        let drafted = self.view.with(|view| view.drafts.contains_key(&DraftCell::Mark(code.clone())));
        drafted || self.past.with(|past| past.iter().any(|(other, _)| other == code))
    }

    /// Takes back what is typed; with nothing typed, gives the mark from before, as a new act.
    pub fn undo(self) {
        let Some(code) = self.current.get_untracked() else {
            return;
        };
        let cell = DraftCell::Mark(code.clone());
        if self.unfinished(&cell).is_some() {
            return self.discard(cell);
        }
        let before = self.past.try_update(|past| {
            let place = past.iter().rposition(|(other, _)| *other == code)?;
            Some(past.remove(place).1)
        });
        if let Some(Some(points)) = before {
            let text = points.map(Points::to_vi).unwrap_or_default();
            self.run(Some(self.make(&cell, text, Act::SetMark { criterion: code, points })));
        }
    }

    /// Makes a mark of what is typed for a criterion, if it is one.
    pub fn finish(self, code: &CriterionCode) {
        self.run(self.finish_cell(&DraftCell::Mark(code.clone())));
    }

    /// Makes an act of a note or the remark.
    pub fn finish_text(self, cell: &DraftCell) {
        self.run(self.finish_cell(cell));
    }

    /// Makes acts of all drafts that can be; what can't stays a draft with its reason, and on a locked sheet all does.
    pub fn finish_all(self) -> Vec<Doing> {
        self.drafted().iter().filter_map(|cell| self.finish_cell(cell)).collect()
    }

    /// Lets go of all that is half typed.
    pub fn discard_all(self) {
        self.drafted().into_iter().for_each(|cell| self.discard(cell));
    }

    fn drafted(self) -> Vec<DraftCell> {
        self.view.with_untracked(|view| view.drafts.keys().cloned().collect())
    }

    /// Does an act; whoever asks is told how it went.
    pub fn act(self, act: Act) -> Doing {
        self.task.with_value(|task| Box::pin(self.tablet.act(&task.key, act)) as Doing)
    }

    /// Leaves the sheet, whoever waits for the results.
    pub fn leave(self) {
        for doing in self.finish_all() {
            spawn_local(async move { doing.await.unwrap_or_default() });
        }
    }

    fn finish_cell(self, cell: &DraftCell) -> Option<Doing> {
        if self.locked.get_untracked() {
            return None;
        }
        let text = self.unfinished(cell)?;
        let under_way = self.under_way(cell);
        // As long as something is being written, what the store has is not what will stand there.
        let settled = under_way.is_none();
        let (act, same) = match cell {
            DraftCell::Mark(code) => {
                let criterion = self.criterion(code)?;
                let points = read_mark(&text, &criterion).ok()?;
                let (before, disputed) = self.judged.with_untracked(|Judged { whole, .. }| {
                    let disputed = whole.mark_heads(code).windows(2).any(|pair| pair[0].value != pair[1].value);
                    (whole.mark(code), disputed && settled)
                });
                let before = under_way.map_or(before, |text| read_mark(&text, &criterion).ok().flatten());
                let same = points == before && !disputed;
                // A choice between two values has no single value before it.
                if !disputed && !same {
                    self.past.update(|past| past.push((code.clone(), before)));
                }
                (Act::SetMark { criterion: code.clone(), points }, same)
            }
            DraftCell::Note(code) => {
                let same = self.view.with_untracked(|view| view.sheet.note(code) == text);
                (Act::SetNote { criterion: code.clone(), text: text.clone() }, same)
            }
            DraftCell::Remark => {
                let same = self.view.with_untracked(|view| view.sheet.remark() == text);
                (Act::SetRemark { text: text.clone() }, same)
            }
        };
        if same && settled {
            self.discard(cell.clone());
            return None;
        }
        Some(self.make(cell, text, act))
    }

    /// Does an act about a cell, which then says this text; until it is written, the same draft makes no second one.
    fn make(self, cell: &DraftCell, text: String, act: Act) -> Doing {
        self.under_way.update_value(|under_way| under_way.begin(cell.clone(), text));
        let (doing, cell) = (self.act(act), cell.clone());
        Box::pin(async move {
            let result = doing.await;
            // The page may be gone by now.
            let _ = self.under_way.try_update_value(|under_way| under_way.end(&cell));
            result
        })
    }

    /// What is being written into a cell.
    fn under_way(self, cell: &DraftCell) -> Option<String> {
        self.under_way.with_value(|under_way| under_way.newest(cell))
    }

    /// What is typed into a cell. What is finished already is there in all but writing: a digit after it begins anew.
    fn unfinished(self, cell: &DraftCell) -> Option<String> {
        let typed = self.view.with_untracked(|view| view.drafts.get(cell).cloned());
        typed.filter(|text| self.under_way(cell).as_ref() != Some(text))
    }

    fn discard(self, cell: DraftCell) {
        let saved = self.task.with_value(|task| self.tablet.draft(&task.key, cell, None));
        spawn_local(async move { saved.await.unwrap_or_default() });
    }

    fn run(self, doing: Option<Doing>) {
        let Some(doing) = doing else {
            return;
        };
        spawn_local(async move {
            let problem = doing.await.err();
            // The page may be gone by now.
            let _ = self.problem.try_set(problem);
        });
    }
}
