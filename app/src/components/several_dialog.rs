//! Several sheets once more before they are locked: each with its sums, each to be taken out.

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::review_dialog::Review;
use crate::text::{common, sheet};
use domain::points::Points;
use leptos::prelude::*;

/// What became of one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Not asked yet.
    #[default]
    Open,
    /// Locked.
    Locked,
    /// Not confirmed, and why.
    Failed(String),
}

/// One of them. Its signals live as long as the list that it stands in, whatever page made it.
#[derive(Clone)]
pub struct Candidate {
    /// What is to be confirmed.
    pub review: Review,
    /// Whether the juror wants it confirmed.
    pub chosen: ArcRwSignal<bool>,
    /// What became of it.
    pub outcome: ArcRwSignal<Outcome>,
}

impl Candidate {
    /// Wanted, unless the juror takes it out.
    pub fn new(review: Review) -> Self {
        Self { review, chosen: ArcRwSignal::new(true), outcome: ArcRwSignal::default() }
    }

    /// Whether it is still to be confirmed.
    pub fn is_wanted(&self) -> bool {
        self.chosen.get() && self.outcome.with(|outcome| *outcome != Outcome::Locked)
    }
}

/// The dialog; it closes when its owner clears `open`.
#[component]
pub fn SeveralDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it shows.
    #[prop(into)]
    candidates: Signal<Vec<Candidate>>,
    /// Whether they are being confirmed at this moment.
    #[prop(into)]
    busy: Signal<bool>,
    /// Told that the juror confirms.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let count = Memo::new(move |_| candidates.with(|all| all.iter().filter(|one| one.is_wanted()).count()));
    let failed = move || {
        let is_failed = |one: &Candidate| one.outcome.with(|outcome| matches!(outcome, Outcome::Failed(_)));
        candidates.with(|all| all.iter().filter(|one| is_failed(one)).count())
    };
    let title = Signal::derive(|| sheet::confirm_several_title().to_owned());
    view! {
        <Dialog open=open id="several-title" title=title class="review">
            <div class="dialog-body" tabindex="0" role="group" aria-labelledby="several-title">
                {move || {
                    let failed = failed();
                    (failed > 0)
                        .then(|| {
                            view! {
                                <div class="notice" data-tone="official" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <div>{move || sheet::several_failed(failed)}</div>
                                </div>
                            }
                        })
                }}
                <p class="soft">{sheet::several_words}</p>
                <ul class="several">
                    {move || candidates.get().into_iter().map(|one| view! { <Line one=one/> }).collect_view()}
                </ul>
                <p class="soft">{sheet::after_lock}</p>
            </div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=touch(move |_| open.set(false))>
                    {sheet::review_again}
                </button>
                <button
                    class="button primary"
                    type="button"
                    data-testid="confirm-several-yes"
                    aria-busy=move || busy.get().to_string()
                    disabled=move || count.get() == 0
                    on:click=touch(move |_| on_confirm.run(()))
                >
                    <Icon name="lock"/>
                    {move || sheet::confirm_several(count.get())}
                </button>
            </footer>
        </Dialog>
    }
}

#[component]
fn Line(one: Candidate) -> impl IntoView {
    let Candidate { review, chosen, outcome } = one;
    let code = review.code.to_string();
    let (sums, total) = (sums(&review), review.total());
    let remark = review.rubric.is_none().then(|| review.sheet.remark());
    let checked = chosen.clone();
    let locked = outcome.clone();
    view! {
        <li class="several-item">
            <label class="several-choice">
                <input
                    type="checkbox"
                    data-testid=format!("confirm-several-{code}")
                    prop:checked=move || checked.get()
                    disabled=move || locked.with(|outcome| *outcome == Outcome::Locked)
                    on:change:target=move |event| chosen.set(event.target().checked())
                />
                <span>
                    <span class="code">{code}</span>
                    " "
                    <b>{review.name}</b>
                </span>
                {total}
            </label>
            {sums}
            {remark.map(|remark| view! { <p class="several-more">{remark}</p> })}
            {move || match outcome.get() {
                Outcome::Open => None,
                Outcome::Locked => {
                    Some(view! { <p class="several-more told"><Icon name="lock"/>{common::locked}</p> }.into_any())
                }
                Outcome::Failed(why) => {
                    Some(
                        view! {
                            <p class="several-more told" data-tone="failed">
                                <Icon name="warn"/>
                                {why}
                            </p>
                        }
                            .into_any(),
                    )
                }
            }}
        </li>
    }
}

fn sums(review: &Review) -> Option<impl IntoView + use<>> {
    let sum = |name: String, sum: Points, max: Points| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    <b>{sum.to_vi()}</b>
                    <span class="of">{format!("/{}", max.to_vi())}</span>
                </dd>
            </div>
        }
    };
    let sums = review.sums().into_iter().map(|(section, points)| sum(section.short_name.clone(), points, section.max));
    review.rubric.is_some().then(|| view! { <dl class="several-more several-sums">{sums.collect_view()}</dl> })
}
