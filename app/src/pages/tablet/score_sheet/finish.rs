//! Xác nhận và khóa phiếu, and the way to recuse.

use super::marking::{Marking, Takes};
use super::reasoned::ReasonedAct;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::reason_dialog::ReasonWords;
use crate::components::review_dialog::{Review, ReviewDialog};
use crate::pages::tablet::photos::unsaved_photos;
use crate::tablet::{ActProblem, Album};
use crate::text::{problems, sheet};
use domain::ids::CriterionCode;
use domain::sheet::Act;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const RECUSE: ReasonWords = ReasonWords {
    explain: sheet::recuse_words,
    label: sheet::recuse_reason,
    missing: Some(sheet::recuse_reason_missing),
    act: sheet::recuse,
    icon: "recused",
};

fn recuse(reason: String) -> Act {
    Act::Recuse { reason }
}

/// The last section of a sheet that is not locked.
#[component]
pub fn Finish(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let recusing = RwSignal::new(false);
    let confirming = Confirming::new(marking);
    let album = marking.task.with_value(|task| Album::Sheet(task.key.clone()));
    let on_the_way = marking.tablet.photos_on_the_way(&album);
    let photos = Memo::new(move |_| on_the_way.with(unsaved_photos));
    let blocked = Memo::new(move |_| blocked(marking).or_else(|| photos.get().map(ToOwned::to_owned)));
    let why = Memo::new(move |_| blocked.get().unwrap_or_else(|| ready(marking).to_owned()));
    let confirm = move |_| match first_blocked(marking) {
        Some(code) => {
            marking.open(&code);
            // What could not be saved is tried once more.
            marking.finish(&code);
        }
        None if photos.with_untracked(Option::is_some) => {
            // Where the first of them is saved or let go.
            let button = document().query_selector(".photo-unsaved button").ok().flatten();
            match button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                Some(button) => button.focus().unwrap_or_default(),
                None => document().get_element_by_id("photos-title").iter().for_each(|title| title.scroll_into_view()),
            }
        }
        None => confirming.review(),
    };
    view! {
        <section class="criteria-section finish" aria-labelledby="finish-title">
            <h2 id="finish-title">{sheet::confirm}</h2>
            <p class="soft" id="finish-why" role="status">
                {move || why.get()}
            </p>
            <button
                class="button primary tall wide"
                type="button"
                data-testid="sheet-confirm"
                aria-disabled=move || blocked.with(Option::is_some).to_string()
                aria-describedby="finish-why"
                on:click=touch(confirm)
            >
                <Icon name="lock"/>
                {sheet::confirm}
            </button>
            <button class="button quiet" type="button" on:click=touch(move |_| recusing.set(true))>
                {sheet::recuse_this}
            </button>
            <ConfirmDialog confirming=confirming/>
            <ReasonedAct marking=marking open=recusing id="recuse-title" title=sheet::recuse_title words=RECUSE act=recuse/>
        </section>
    }
}

/// What confirming means in this round.
fn ready(marking: Marking) -> &'static str {
    match marking.adjusted() {
        _ if !marking.takes_marks() && marking.view.with(|view| view.sheet.remark().is_empty()) => {
            sheet::confirm_no_remark()
        }
        _ if !marking.takes_marks() => sheet::confirm_ready_remarks(),
        Some((0, _)) => sheet::confirm_ready_unchanged(),
        Some(_) => sheet::confirm_ready_adjusted(),
        None => sheet::confirm_ready(),
    }
}

/// Why the sheet can't be confirmed, in words: what the juror can't help, then what to choose, to correct and to score.
fn blocked(marking: Marking) -> Option<String> {
    let said = |codes: Vec<CriterionCode>, words: fn(&[String]) -> String| {
        (!codes.is_empty()).then(|| words(&codes.iter().map(ToString::to_string).collect::<Vec<_>>()))
    };
    said(marking.unsaved(), sheet::unsaved)
        .or_else(|| said(marking.disputed(), sheet::disputed))
        .or_else(|| said(marking.invalid(), sheet::invalid))
        .or_else(|| said(marking.unscored(), sheet::missing))
}

/// Of which criterion the words speak first.
fn first_blocked(marking: Marking) -> Option<CriterionCode> {
    untrack(|| {
        let chosen = marking.unsaved().into_iter().chain(marking.disputed());
        chosen.chain(marking.invalid()).chain(marking.unscored()).next()
    })
}

/// Review and confirmation; a handle to copy around.
#[derive(Clone, Copy)]
pub struct Confirming {
    marking: Marking,
    open: RwSignal<bool>,
    review: RwSignal<Option<Review>>,
    problem: RwSignal<Option<ActProblem>>,
}

impl Confirming {
    /// Nothing asked yet.
    pub fn new(marking: Marking) -> Self {
        Self { marking, open: RwSignal::new(false), review: RwSignal::new(None), problem: RwSignal::new(None) }
    }

    /// Makes acts of what is typed, then shows the sheet as it will be confirmed.
    pub fn review(self) {
        let doing = self.marking.finish_all();
        let written = self.marking.tablet.written();
        self.marking.current.set(None);
        self.problem.set(None);
        spawn_local(async move {
            let mut problem = None;
            // All of them are waited for: one that is let go of would never end.
            for one in doing {
                problem = problem.or(one.await.err());
            }
            if problem.is_some() {
                let _ = self.marking.problem.try_set(problem);
                return;
            }
            // A mark that was finished a moment before may still be on its way: what is shown must be the whole sheet.
            written.await;
            let judged = self.marking.judged.try_get_untracked();
            let review = self.marking.task.try_get_value().zip(judged).map(|(task, judged)| Review {
                code: task.product.code,
                name: task.product.name,
                rubric: (judged.takes != Takes::None).then_some(task.rubric),
                sheet: judged.whole,
                earlier: judged.earlier,
            });
            if review.is_some() {
                self.review.set(review);
                self.open.set(true);
            }
        });
    }

    /// The confirmation covers exactly what was shown (S24).
    fn confirm(self) {
        let Some(state_hash) = self.review.with_untracked(|review| Some(review.as_ref()?.sheet.state_hash())) else {
            return;
        };
        let doing = self.marking.act(Act::Confirm { state_hash });
        spawn_local(async move {
            match doing.await {
                Ok(()) => {
                    let _ = self.open.try_set(false);
                }
                Err(problem) => {
                    let _ = self.problem.try_set(Some(problem));
                }
            }
        });
    }
}

/// Its dialog.
#[component]
pub fn ConfirmDialog(
    /// Review and confirmation.
    confirming: Confirming,
) -> impl IntoView {
    view! {
        <ReviewDialog
            open=confirming.open
            review=confirming.review
            problem=Signal::derive(move || confirming.problem.get().as_ref().map(problems::act))
            on_confirm=move |()| confirming.confirm()
        />
    }
}
