//! Several sheets confirmed at once, at the end of a stop. Each gets a confirmation of its own, which covers exactly what was
//! shown of it (S24), one after the other; what fails is named and stays open.

use super::plan::{Head, Work};
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::review_dialog::Review;
use crate::components::several_dialog::{Candidate, Outcome, SeveralDialog};
use crate::tablet::{SheetKey, Tablet, use_tablet};
use crate::text::{problems, sheet};
use domain::sheet::{Act, Frame};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Review and confirmation; a handle to copy around.
#[derive(Clone, Copy)]
pub struct Several {
    tablet: Tablet,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    sheets: RwSignal<Vec<(SheetKey, Candidate)>>,
}

/// Once for the page: a section may leave the list while its sheets are being locked, the dialog must not.
pub fn provide_several() -> Several {
    let several = Several {
        tablet: use_tablet(),
        open: RwSignal::new(false),
        busy: RwSignal::new(false),
        sheets: RwSignal::new(Vec::new()),
    };
    provide_context(several);
    several
}

impl Several {
    fn review(self, keys: Vec<SheetKey>) {
        let sheets = keys.into_iter().filter_map(|key| Some((key.clone(), review(self.tablet, &key)?)));
        self.sheets.set(sheets.map(|(key, review)| (key, Candidate::new(review))).collect());
        self.open.set(true);
    }

    fn confirm(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let sheets = self.sheets.get_untracked();
        spawn_local(async move {
            let mut all_locked = true;
            for (key, one) in sheets.into_iter().filter(|(_, one)| untrack(|| one.is_wanted())) {
                let state_hash = one.review.sheet.state_hash();
                let outcome = match self.tablet.act(&key, Act::Confirm { state_hash }).await {
                    Ok(()) => Outcome::Locked,
                    Err(problem) => Outcome::Failed(problems::act(&problem)),
                };
                all_locked &= outcome == Outcome::Locked;
                one.outcome.set(outcome);
            }
            // The page may be gone by now.
            let _ = self.busy.try_set(false);
            if all_locked {
                let _ = self.open.try_set(false);
            }
        });
    }
}

/// The sheet as its juror sees it now.
fn review(tablet: Tablet, key: &SheetKey) -> Option<Review> {
    untrack(|| {
        tablet.judge(key, |known, view, frame| {
            let (product, frame) = (known.product_by_id(key.product)?, frame?);
            Some(Review {
                code: product.code.clone(),
                name: product.name.clone(),
                rubric: frame.has_marks().then(|| Frame::rubric(&frame).clone()),
                sheet: frame.whole(&view.sheet).into_owned(),
                earlier: frame.earlier().cloned(),
            })
        })
    })
}

/// Offered in the head of a section in which sheets are complete and not locked.
#[component]
pub fn ConfirmSection(
    /// The work.
    work: Work,
    /// Which section.
    head: Head,
) -> impl IntoView {
    let several = expect_context::<Several>();
    let ready = Memo::new(move |_| {
        let keys = work.rows(&head).into_iter().map(|row| row.key);
        keys.filter(|key| work.facts(key).with(|facts| facts.ready)).collect::<Vec<_>>()
    });
    let count = move || ready.with(Vec::len);
    live(move || {
        (count() > 0).then(|| {
            view! {
                <button
                    class="button stop-confirm"
                    type="button"
                    data-testid="confirm-stop"
                    on:click=touch(move |_| several.review(ready.get_untracked()))
                >
                    <Icon name="lock"/>
                    {move || sheet::confirm_several(count())}
                </button>
            }
        })
    })
}

/// Its dialog.
#[component]
pub fn ConfirmSeveral(
    /// Review and confirmation.
    several: Several,
) -> impl IntoView {
    let candidates = Signal::derive(move || {
        several.sheets.with(|sheets| sheets.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>())
    });
    view! {
        <SeveralDialog
            open=several.open
            candidates=candidates
            busy=several.busy
            on_confirm=move |()| several.confirm()
        />
    }
}
