//! What a juror does on a sheet, as the page's parts share it: which criterion is at hand, what is typed, and what follows
//! from it. When a draft becomes an act is `drafts`' to say.

use super::typing::face;
use crate::components::criterion_row::Face;
use crate::pages::tablet::under_way::UnderWay;
use crate::tablet::{ActProblem, Catalogue, DraftCell, SheetKey, SheetView, Tablet};
use crate::text::problems;
use domain::ids::CriterionCode;
use domain::jury::{Assignment, Standing};
use domain::points::Points;
use domain::registration::Product;
use domain::round::{Round, RoundMode};
use domain::rubric::{Criterion, Rubric};
use domain::sheet::{Sheet, SheetState};
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

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

impl Task {
    /// What surrounds a sheet; none where round or product isn't known.
    pub fn find(known: &Catalogue, key: SheetKey) -> Option<Self> {
        Some(Self {
            round: known.round(&key.round)?.clone(),
            rubric: known.rubric(&key.round)?.clone(),
            product: known.product_by_id(key.product)?.clone(),
            assignment: known.assignment(&key).cloned(),
            withdrawn: known.is_withdrawn(&key),
            key,
        })
    }
}

/// Whether the sheet is waited for, or may be written without an assignment.
fn is_expected(known: &Catalogue, key: &SheetKey) -> bool {
    let standing = known.assignment(key).map(|assignment| &assignment.standing);
    !known.is_withdrawn(key) && matches!(standing, None | Some(Standing::Active))
}

/// A sheet as its round judges it.
#[derive(Clone, PartialEq)]
pub struct Judged {
    /// With the marks that it starts from.
    pub whole: Sheet,
    /// Where it stands.
    pub state: SheetState,
    /// Which marks may be given.
    pub takes: Takes,
    /// The sheet that it starts from.
    pub earlier: Option<Sheet>,
}

/// Which marks a sheet takes.
#[derive(Clone, PartialEq, Eq)]
pub enum Takes {
    /// All.
    All,
    /// Of these criteria alone; the others keep their marks of an earlier round.
    Only(Vec<CriterionCode>),
    /// None: the round is for remarks, or there is no earlier sheet to adjust.
    None,
}

fn judged(tablet: Tablet, task: &Task) -> Memo<Judged> {
    let (key, mode) = (task.key.clone(), task.round.mode.clone());
    Memo::new(move |_| {
        tablet.judge(&key, |_, view, frame| match frame {
            Some(frame) => Judged {
                whole: frame.whole(&view.sheet).into_owned(),
                state: frame.state(&view.sheet),
                takes: match &mode {
                    _ if !frame.has_marks() => Takes::None,
                    RoundMode::Adjust { criteria, .. } => Takes::Only(criteria.clone()),
                    _ => Takes::All,
                },
                earlier: frame.earlier().cloned(),
            },
            None => {
                Judged { whole: view.sheet.clone(), state: SheetState::NotScored, takes: Takes::None, earlier: None }
            }
        })
    })
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

/// A handle to copy around.
#[derive(Clone, Copy)]
pub struct Marking {
    /// The tablet.
    pub tablet: Tablet,
    /// The sheet in hand.
    pub task: StoredValue<Task>,
    /// The sheet's own operations, drafts and states.
    pub view: Signal<SheetView>,
    /// The sheet with all the marks that count, where it stands, and which marks it takes.
    pub judged: Memo<Judged>,
    /// Whether nothing can be changed.
    pub locked: Memo<bool>,
    /// Which marks it takes. Like `locked` a memo of its own: every row follows both, and a key changes neither.
    takes: Memo<Takes>,
    /// The criterion at hand.
    pub current: RwSignal<Option<CriterionCode>>,
    /// Why the last act was not done.
    pub problem: RwSignal<Option<ActProblem>>,
    faces: StoredValue<Vec<(CriterionCode, Memo<Face>)>>,
    /// Drafts of which an act is being made at this moment.
    pub under_way: StoredValue<UnderWay<DraftCell>>,
    /// Earlier values of marks, the latest last.
    pub past: RwSignal<Vec<(CriterionCode, Option<Points>)>>,
}

/// An act under way.
pub type Doing = Pin<Box<dyn Future<Output = Result<(), ActProblem>>>>;

impl Marking {
    /// Takes a sheet in hand; on leaving the page in any way, what is typed becomes marks. `current` is the criterion at hand, also
    /// when the page is made anew for the same sheets, which are `page`.
    pub fn start(tablet: Tablet, task: Task, page: Arc<[Task]>, current: RwSignal<Option<CriterionCode>>) -> Self {
        let (view, judged) = (tablet.sheet(&task.key), judged(tablet, &task));
        let key = task.key.clone();
        // As it is now: the page is made anew for another standing, and on leaving it nothing more is written.
        let expected = Memo::new(move |_| tablet.catalogue().with(|known| is_expected(known, &key)));
        let is_open = move |view: &SheetView| expected.get() && view.sheet.is_editable();
        let faces = task.rubric.criteria.iter().cloned().map(|criterion| {
            let code = criterion.code.clone();
            let read = move |judged: &Judged, view: &SheetView| Face {
                earlier: judged.earlier.as_ref().and_then(|earlier| earlier.mark(&criterion.code)),
                ..face(view, is_open(view), &judged.whole, &criterion, tablet.replica().get())
            };
            (code, Memo::new(move |_| judged.with(|judged| view.with(|view| read(judged, view)))))
        });
        let marking = Self {
            tablet,
            view,
            judged,
            locked: Memo::new(move |_| !view.with(is_open)),
            takes: Memo::new(move |_| judged.with(|judged| judged.takes.clone())),
            faces: StoredValue::new(faces.collect()),
            task: StoredValue::new(task),
            current,
            problem: RwSignal::new(None),
            under_way: StoredValue::default(),
            past: RwSignal::new(Vec::new()),
        };
        // What was typed when the page was closed in mid-word was left as well: a valid mark is one, and goes out.
        if current.with_untracked(Option::is_none) {
            marking.leave();
        }
        on_cleanup(move || {
            let is_here = |task: &Task| {
                let now = tablet.catalogue().with_untracked(|known| Task::find(known, task.key.clone()));
                now.is_none_or(|now| now == *task)
            };
            // Where a round or assignment has become another one, the page comes again under the hand: typing goes on.
            if page.iter().all(is_here) {
                marking.leave();
                let _ = current.try_set(None);
            }
        });
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
        if self.locked.get() {
            Mode::Locked
        } else if self.current.with(Option::is_some) {
            Mode::Marking
        } else {
            Mode::Resting
        }
    }

    /// Why the last act was not done.
    pub fn undone(self) -> Option<String> {
        self.problem.with(|problem| problem.as_ref().map(problems::act))
    }

    /// Short name of the round whose marks this sheet starts from; empty if it starts from none.
    pub fn origin(self) -> String {
        let from = self.task.with_value(|task| task.round.mode.starts_from().cloned());
        let name = |code| self.tablet.catalogue().with_untracked(|known| Some(known.round(&code)?.short_name.clone()));
        from.and_then(name).unwrap_or_default()
    }

    /// How one criterion stands.
    pub fn face(self, code: &CriterionCode) -> Option<Memo<Face>> {
        self.faces.with_value(|faces| faces.iter().find(|(other, _)| other == code).map(|(_, face)| *face))
    }

    /// One criterion of the frame.
    pub fn criterion(self, code: &CriterionCode) -> Option<Criterion> {
        self.task.with_value(|task| task.rubric.criterion(code).cloned())
    }

    /// Sum of marks and valid drafts that are saved, over the criteria that `counts`: those that are said to be scored.
    pub fn total(self, counts: impl Fn(&CriterionCode) -> bool) -> Points {
        let points = |(code, face): &(CriterionCode, Memo<Face>)| {
            counts(code).then(|| face.with(|face| face.points.filter(|_| face.problem.is_none()))).flatten()
        };
        self.faces.with_value(|faces| faces.iter().filter_map(points).sum())
    }

    /// Whether a mark may be given for a criterion.
    pub fn takes(self, code: &CriterionCode) -> bool {
        self.takes.with(|takes| match takes {
            Takes::All => true,
            Takes::Only(codes) => codes.contains(code),
            Takes::None => false,
        })
    }

    /// Whether any mark may be given.
    pub fn takes_marks(self) -> bool {
        self.takes.with(|takes| *takes != Takes::None)
    }

    /// How many of the criteria that may change have another mark than in the earlier round, and how many may; none unless
    /// the round only adjusts.
    pub fn adjusted(self) -> Option<(usize, usize)> {
        let codes = self.takes.with(|takes| match takes {
            Takes::Only(codes) => Some(codes.clone()),
            Takes::All | Takes::None => None,
        })?;
        let faces = codes.iter().filter_map(|code| self.face(code)).collect::<Vec<_>>();
        Some((faces.iter().filter(|face| face.with(Face::is_changed)).count(), faces.len()))
    }

    /// Criteria with neither mark nor draft; none where the round asks for none.
    pub fn unscored(self) -> Vec<CriterionCode> {
        if !self.takes_marks() {
            return Vec::new();
        }
        self.codes(|face| face.points.is_none() && face.problem.is_none())
    }

    /// Criteria whose draft is no mark or could not be saved, or which have two values.
    pub fn invalid(self) -> Vec<CriterionCode> {
        self.codes(|face| face.problem.is_some())
    }

    /// Of these, those whose draft could not be saved.
    pub fn unsaved(self) -> Vec<CriterionCode> {
        self.codes(|face| face.unsaved)
    }

    /// Of these, those which have two values.
    pub fn disputed(self) -> Vec<CriterionCode> {
        self.codes(|face| !face.rivals.is_empty())
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

    /// The next criterion that may change, where the round only adjusts: there nothing is unscored.
    pub fn next_adjustable(self, after: &CriterionCode) -> Option<CriterionCode> {
        self.takes.with(|takes| match takes {
            Takes::Only(codes) => codes.iter().skip_while(|code| *code != after).find(|code| *code != after).cloned(),
            Takes::All | Takes::None => None,
        })
    }

    /// Takes a criterion in hand; the one before it becomes a mark.
    pub fn open(self, code: &CriterionCode) {
        let before = self.current.get_untracked();
        if before.as_ref() == Some(code) || !untrack(|| self.takes(code)) {
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
        self.current.set(self.next_unscored(Some(&code)).or_else(|| self.next_adjustable(&code)));
    }

    /// The criterion before or after the one at hand.
    pub fn step(self, by: isize) {
        let codes = self.faces.with_value(|faces| faces.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>());
        let codes: Vec<_> = codes.into_iter().filter(|code| untrack(|| self.takes(code))).collect();
        let at = self.current.get_untracked().and_then(|now| codes.iter().position(|code| *code == now));
        let to = at.and_then(|at| at.checked_add_signed(by));
        if let Some(code) = to.and_then(|to| codes.get(to)) {
            self.open(code);
        }
    }
}
