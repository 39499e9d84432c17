//! What a juror does on a sheet, as the page's parts share it: which criterion is at hand, what is typed, when a draft
//! becomes an act (S6).

use crate::components::criterion_row::Face;
use crate::components::keypad::Key;
use crate::tablet::{ActProblem, DraftCell, SheetKey, SheetView, Tablet};
use crate::text::sheet as words;
use domain::ids::CriterionCode;
use domain::jury::{Assignment, Standing};
use domain::points::{Points, PointsError};
use domain::registration::Product;
use domain::round::Round;
use domain::rubric::{Criterion, MarkError, Rubric};
use domain::sheet::Act;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

/// The sheet in hand and what surrounds it.
#[derive(Clone, PartialEq)]
pub struct Task {
    /// Which sheet.
    pub key: SheetKey,
    /// Its round.
    pub round: Round,
    /// Its frame.
    pub rubric: Rubric,
    /// Its product.
    pub product: Product,
    /// The assignment; none where an unplanned stop is scored.
    pub assignment: Option<Assignment>,
    /// The assignment was withdrawn.
    pub withdrawn: bool,
}

/// How the page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A criterion is at hand.
    Marking,
    /// None is.
    Resting,
    /// Nothing can be changed.
    Locked,
}

impl Mode {
    /// As the style sheet knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marking => "marking",
            Self::Resting => "resting",
            Self::Locked => "locked",
        }
    }
}

/// Why typed text is no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoMark {
    NotPoints,
    OverMaximum,
    OffStep,
}

/// A handle to copy around.
#[derive(Clone, Copy)]
pub struct Marking {
    /// The tablet.
    pub tablet: Tablet,
    /// The sheet in hand.
    pub task: StoredValue<Task>,
    /// Sheet, drafts and states.
    pub view: Signal<SheetView>,
    /// The criterion at hand.
    pub current: RwSignal<Option<CriterionCode>>,
    /// Why the last act was not done.
    pub problem: RwSignal<Option<ActProblem>>,
    faces: StoredValue<Vec<(CriterionCode, Memo<Face>)>>,
    /// Drafts of which an act is being made at this moment.
    finishing: StoredValue<BTreeMap<DraftCell, String>>,
    /// Earlier values of marks, the latest last.
    past: RwSignal<Vec<(CriterionCode, Option<Points>)>>,
}

type Doing = Pin<Box<dyn Future<Output = Result<(), ActProblem>>>>;

impl Marking {
    /// Takes a sheet in hand; on leaving the page in any way, what is typed becomes marks.
    pub fn start(tablet: Tablet, task: Task) -> Self {
        let view = tablet.sheet(&task.key);
        let faces = task.rubric.criteria.iter().cloned().map(|criterion| {
            let code = criterion.code.clone();
            (code, Memo::new(move |_| view.with(|view| face(view, &criterion))))
        });
        let marking = Self {
            tablet,
            view,
            faces: StoredValue::new(faces.collect()),
            task: StoredValue::new(task),
            current: RwSignal::new(None),
            problem: RwSignal::new(None),
            finishing: StoredValue::new(BTreeMap::new()),
            past: RwSignal::new(Vec::new()),
        };
        on_cleanup(move || marking.leave());
        let hidden = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() {
                marking.leave();
            }
        });
        let gone = window_event_listener_untyped("pagehide", move |_| marking.leave());
        on_cleanup(move || {
            hidden.remove();
            gone.remove();
        });
        marking
    }

    /// How the page stands.
    pub fn mode(self) -> Mode {
        let expected = self.task.with_value(|task| {
            let standing = task.assignment.as_ref().map(|assignment| &assignment.standing);
            !task.withdrawn && matches!(standing, None | Some(Standing::Active))
        });
        if !expected || !self.view.with(|view| view.sheet.is_editable()) {
            Mode::Locked
        } else if self.current.with(Option::is_some) {
            Mode::Marking
        } else {
            Mode::Resting
        }
    }

    /// How one criterion stands.
    pub fn face(self, code: &CriterionCode) -> Option<Memo<Face>> {
        self.faces.with_value(|faces| faces.iter().find(|(other, _)| other == code).map(|(_, face)| *face))
    }

    /// One criterion of the frame.
    pub fn criterion(self, code: &CriterionCode) -> Option<Criterion> {
        self.task.with_value(|task| task.rubric.criterion(code).cloned())
    }

    /// Sum of marks and valid drafts, over the criteria that `counts`.
    pub fn total(self, counts: impl Fn(&CriterionCode) -> bool) -> Points {
        let points = |(code, face): &(CriterionCode, Memo<Face>)| counts(code).then(|| face.get().points).flatten();
        self.faces.with_value(|faces| faces.iter().filter_map(points).sum())
    }

    /// Criteria with neither mark nor draft.
    pub fn unscored(self) -> Vec<CriterionCode> {
        self.codes(|face| face.points.is_none() && face.problem.is_none())
    }

    /// Criteria whose draft is no mark, or which have two values.
    pub fn invalid(self) -> Vec<CriterionCode> {
        self.codes(|face| face.problem.is_some())
    }

    fn codes(self, fits: impl Fn(&Face) -> bool) -> Vec<CriterionCode> {
        let fitting = |(code, face): &(CriterionCode, Memo<Face>)| face.with(&fits).then(|| code.clone());
        self.faces.with_value(|faces| faces.iter().filter_map(fitting).collect())
    }

    /// The next criterion without a mark after this one, or from the first again.
    pub fn next_unscored(self, after: Option<&CriterionCode>) -> Option<CriterionCode> {
        let open = self.unscored();
        let order = |code: &CriterionCode| self.faces.with_value(|faces| faces.iter().position(|(one, _)| one == code));
        let place = after.and_then(order);
        let later = open.iter().find(|code| order(code) > place);
        later.or_else(|| open.iter().find(|code| Some(*code) != after)).cloned()
    }

    /// Takes a criterion in hand; the one before it becomes a mark.
    pub fn open(self, code: &CriterionCode) {
        let before = self.current.get_untracked();
        if before.as_ref() == Some(code) {
            return;
        }
        if let Some(before) = before {
            self.finish(&before);
        }
        self.current.set(Some(code.clone()));
    }

    /// Puts the keypad away.
    pub fn rest(self) {
        if let Some(code) = self.current.get_untracked() {
            self.finish(&code);
        }
        self.current.set(None);
    }

    /// Finishes the criterion at hand, and stays.
    pub fn done(self) {
        if let Some(code) = self.current.get_untracked() {
            self.finish(&code);
        }
    }

    /// Finishes the criterion at hand and goes to the next unscored one.
    pub fn next(self) {
        let Some(code) = self.current.get_untracked() else {
            return;
        };
        self.finish(&code);
        if self.invalid().contains(&code) {
            return;
        }
        match self.next_unscored(Some(&code)) {
            Some(next) => self.current.set(Some(next)),
            None => self.current.set(None),
        }
    }

    /// The criterion before or after the one at hand.
    pub fn step(self, by: isize) {
        let codes: Vec<_> = self.faces.with_value(|faces| faces.iter().map(|(code, _)| code.clone()).collect());
        let at = self.current.get_untracked().and_then(|now| codes.iter().position(|code| *code == now));
        let to = at.and_then(|at| at.checked_add_signed(by));
        if let Some(code) = to.and_then(|to| codes.get(to)) {
            self.open(code);
        }
    }

    /// A key of the pad: saved as a draft before anything else happens.
    pub fn press(self, key: Key) {
        let Some(criterion) = self.current.get_untracked().and_then(|code| self.criterion(&code)) else {
            return;
        };
        let cell = DraftCell::Mark(criterion.code.clone());
        let (draft, mark) = self.view.with_untracked(|view| {
            (view.drafts.get(&cell).cloned(), view.sheet.mark(&criterion.code).map(Points::to_vi))
        });
        // What is finished already is a mark in all but writing: a digit after it begins anew.
        let (draft, mark) = match draft {
            Some(text) if self.is_finishing(&cell, &text) => (None, Some(text)),
            other => (other, mark),
        };
        let text = match key {
            Key::Backspace => {
                let mut text = draft.or(mark).unwrap_or_default();
                text.pop();
                text
            }
            Key::Digit(digit) => type_into(draft.unwrap_or_default(), char::from(b'0' + digit)),
            Key::Comma => type_into(draft.unwrap_or_default(), ','),
        };
        self.draft(cell, text);
    }

    /// Takes the mark away; said as a draft until it is finished.
    pub fn clear(self) {
        if let Some(code) = self.current.get_untracked() {
            self.draft(DraftCell::Mark(code), String::new());
        }
    }

    /// Typed into a note or the remark.
    pub fn draft(self, cell: DraftCell, text: String) {
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
        if self.view.with_untracked(|view| view.drafts.contains_key(&cell)) {
            return self.discard(cell);
        }
        let before = self.past.try_update(|past| {
            let place = past.iter().rposition(|(other, _)| *other == code)?;
            Some(past.remove(place).1)
        });
        if let Some(Some(points)) = before {
            self.spawn(Act::SetMark { criterion: code, points });
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

    /// Makes acts of all drafts that can be; what can't stays a draft with its reason.
    pub fn finish_all(self) -> Vec<Doing> {
        let cells: Vec<_> = self.view.with_untracked(|view| view.drafts.keys().cloned().collect());
        cells.iter().filter_map(|cell| self.finish_cell(cell)).collect()
    }

    /// Does an act; whoever asks is told how it went.
    pub fn act(self, act: Act) -> Doing {
        self.task.with_value(|task| Box::pin(self.tablet.act(&task.key, act)) as Doing)
    }

    fn leave(self) {
        for doing in self.finish_all() {
            spawn_local(async move { doing.await.unwrap_or_default() });
        }
    }

    fn finish_cell(self, cell: &DraftCell) -> Option<Doing> {
        let (text, before) = self.view.with_untracked(|view| {
            let text = view.drafts.get(cell).cloned();
            let before = match cell {
                DraftCell::Mark(_) => String::new(),
                DraftCell::Note(code) => view.sheet.note(code),
                DraftCell::Remark => view.sheet.remark(),
            };
            (text, before)
        });
        let text = text?;
        if self.is_finishing(cell, &text) {
            return None;
        }
        match cell {
            DraftCell::Mark(code) => self.finish_mark(code, &text),
            _ if text == before => {
                self.discard(cell.clone());
                None
            }
            DraftCell::Note(code) => {
                let act = Act::SetNote { criterion: code.clone(), text: text.clone() };
                Some(self.make(cell, text, act))
            }
            DraftCell::Remark => Some(self.make(cell, text.clone(), Act::SetRemark { text })),
        }
    }

    fn finish_mark(self, code: &CriterionCode, text: &str) -> Option<Doing> {
        let points = read_mark(text, &self.criterion(code)?).ok()?;
        let (before, disputed) = self.view.with_untracked(|view| {
            (view.sheet.mark(code), view.sheet.mark_heads(code).windows(2).any(|pair| pair[0].value != pair[1].value))
        });
        if points == before && !disputed {
            self.discard(DraftCell::Mark(code.clone()));
            return None;
        }
        self.past.update(|past| past.push((code.clone(), before)));
        let act = Act::SetMark { criterion: code.clone(), points };
        Some(self.make(&DraftCell::Mark(code.clone()), text.to_owned(), act))
    }

    /// Does the act that a draft became; until it is written, the same draft makes no second one.
    fn make(self, cell: &DraftCell, text: String, act: Act) -> Doing {
        self.finishing.update_value(|finishing| {
            finishing.insert(cell.clone(), text.clone());
        });
        let (doing, cell) = (self.act(act), cell.clone());
        Box::pin(async move {
            let result = doing.await;
            // The page may be gone by now.
            let _ = self.finishing.try_update_value(|finishing| {
                if finishing.get(&cell) == Some(&text) {
                    finishing.remove(&cell);
                }
            });
            result
        })
    }

    fn is_finishing(self, cell: &DraftCell, text: &str) -> bool {
        self.finishing.with_value(|finishing| finishing.get(cell).is_some_and(|finishing| finishing == text))
    }

    fn discard(self, cell: DraftCell) {
        let saved = self.task.with_value(|task| self.tablet.draft(&task.key, cell, None));
        spawn_local(async move { saved.await.unwrap_or_default() });
    }

    fn spawn(self, act: Act) {
        self.run(Some(self.act(act)));
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

/// One more character, where the result can still become points.
fn type_into(mut text: String, typed: char) -> String {
    if typed == ',' && text.is_empty() {
        text.push('0');
    }
    if text == "0" && typed != ',' {
        text.clear();
    }
    let (before, mut after) = (text.clone(), text);
    after.push(typed);
    match Points::parse_vi(&after) {
        Ok(_) => after,
        Err(_) => before,
    }
}

/// What typed text says for a criterion: empty is "not scored".
fn read_mark(text: &str, criterion: &Criterion) -> Result<Option<Points>, NoMark> {
    let points = match Points::parse_vi(text) {
        Ok(points) => points,
        Err(PointsError::Empty) if text.is_empty() => return Ok(None),
        Err(_) => return Err(NoMark::NotPoints),
    };
    match criterion.check(points) {
        Ok(()) => Ok(Some(points)),
        Err(MarkError::OffStep) => Err(NoMark::OffStep),
        Err(MarkError::OverMaximum) => Err(NoMark::OverMaximum),
        Err(MarkError::Negative) => Err(NoMark::NotPoints),
    }
}

fn face(view: &SheetView, criterion: &Criterion) -> Face {
    let Criterion { code, max, step, .. } = criterion;
    let note = view.drafts.get(&DraftCell::Note(code.clone())).cloned().unwrap_or_else(|| view.sheet.note(code));
    let Some(text) = view.drafts.get(&DraftCell::Mark(code.clone())) else {
        return match disputed(view, code) {
            Some(values) => Face {
                points: None,
                shown: Some(values.join(" / ")),
                problem: Some(words::two_values(&values.join(words::and()))),
                note,
            },
            None => {
                let points = view.sheet.mark(code);
                Face { points, shown: points.map(Points::to_vi), problem: None, note }
            }
        };
    };
    let shown = (!text.is_empty()).then(|| text.clone());
    match read_mark(text, criterion) {
        Ok(points) => Face { points, shown, problem: None, note },
        Err(why) => {
            let problem = match why {
                NoMark::NotPoints => words::not_points(text),
                NoMark::OverMaximum => words::over_maximum(text, *max),
                NoMark::OffStep => words::off_step(text, *step),
            };
            Face { points: None, shown, problem: Some(problem), note }
        }
    }
}

/// The values between which only the juror can choose (S23).
fn disputed(view: &SheetView, code: &CriterionCode) -> Option<Vec<String>> {
    let heads = view.sheet.mark_heads(code);
    let differ = heads.windows(2).any(|pair| pair[0].value != pair[1].value);
    let said = |points: Option<Points>| points.map_or_else(|| words::not_scored().to_owned(), Points::to_vi);
    differ.then(|| heads.iter().map(|head| said(head.value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn typed(keys: &str) -> String {
        keys.chars().fold(String::new(), type_into)
    }

    fn criterion() -> Option<Criterion> {
        let json = r#"{"code":"1.2","section":"1","name":"","max":400,"step":50,"guide":""}"#;
        serde_json::from_str(json).ok()
    }

    #[wasm_bindgen_test]
    fn s6_keys_make_only_what_can_become_points() {
        assert_eq!(typed("8,5"), "8,5");
        assert_eq!(typed(",5"), "0,5");
        assert_eq!(typed("08"), "8");
        assert_eq!(typed("8,,5"), "8,5");
        assert_eq!(typed("8,255"), "8,25");
        assert_eq!(typed("12345"), "1234");
    }

    #[wasm_bindgen_test]
    fn s6_only_a_valid_draft_becomes_a_mark() {
        let criterion = criterion().unwrap();
        assert_eq!(read_mark("3,5", &criterion), Ok(Some(Points(350))));
        assert_eq!(read_mark("0", &criterion), Ok(Some(Points(0))));
        assert_eq!(read_mark("", &criterion), Ok(None), "nothing typed is not scored, which is not 0");
        assert_eq!(read_mark("7", &criterion), Err(NoMark::OverMaximum));
        assert_eq!(read_mark("3,2", &criterion), Err(NoMark::OffStep));
        assert_eq!(read_mark(",", &criterion), Err(NoMark::NotPoints));
    }
}
