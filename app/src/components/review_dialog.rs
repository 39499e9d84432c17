//! All marks once more before the sheet is locked.

use crate::components::dialog::Dialog;
use crate::components::icon::Icon;
use crate::text::sheet;
use domain::ids::SelectionCode;
use domain::points::Points;
use domain::rubric::Rubric;
use domain::sheet::Sheet;
use leptos::prelude::*;

/// What is to be confirmed.
#[derive(Clone, PartialEq)]
pub struct Review {
    /// The product's code.
    pub code: SelectionCode,
    /// Its name.
    pub name: String,
    /// The frame.
    pub rubric: Rubric,
    /// The sheet as the juror sees it: the confirmation covers exactly this.
    pub sheet: Sheet,
}

/// The dialog; it closes when its owner clears `open`.
#[component]
pub fn ReviewDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it shows; none only while it is closed.
    #[prop(into)]
    review: Signal<Option<Review>>,
    /// Why it could not be confirmed.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Told that the juror confirms.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let marks = move || review.get().map(|review| view! { <Marks review=review/> });
    view! {
        <Dialog
            open=open
            id="review-title"
            title=Signal::derive(|| sheet::confirm().to_owned())
            class="review"
        >
            // Twenty-two rows scroll: by keyboard, too.
            <div class="dialog-body" tabindex="0" role="group" aria-labelledby="review-title">
                {marks}
                {move || {
                    problem
                        .get()
                        .map(|problem| {
                            view! {
                                <div class="notice" data-tone="official" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <div>{problem}</div>
                                </div>
                            }
                        })
                }}
                <p class="soft">{sheet::after_lock}</p>
            </div>
            <footer class="dialog-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>
                    {sheet::review_again}
                </button>
                <button
                    class="button primary"
                    type="button"
                    data-testid="sheet-confirm-yes"
                    on:click=move |_| on_confirm.run(())
                >
                    <Icon name="lock"/>
                    {sheet::confirm_yes}
                </button>
            </footer>
        </Dialog>
    }
}

#[component]
fn Marks(review: Review) -> impl IntoView {
    let Review { code, name, rubric, sheet, .. } = review;
    let remark = sheet.remark();
    let rows = rubric.sections.iter().flat_map(|section| {
        let leaves: Vec<_> = rubric.leaves(&section.code).collect();
        let sum = leaves.iter().filter_map(|leaf| sheet.mark(&leaf.code)).sum::<Points>();
        let head = row(true, format!("{}. {}", section.code, section.name), Some(sum), section.max);
        let single = leaves.iter().all(|leaf| leaf.code == section.code);
        let below = leaves
            .into_iter()
            .filter(move |_| !single)
            .map(|leaf| row(false, format!("{} {}", leaf.code, leaf.name), sheet.mark(&leaf.code), leaf.max));
        std::iter::once(head).chain(below).collect::<Vec<_>>()
    });
    view! {
        <div class="review-top">
            <p>
                <span class="code">{code.to_string()}</span>
                " "
                <b>{name}</b>
            </p>
            <p class="review-total">
                <b>{sheet.total().to_vi()}</b>
                <span class="of">{format!("/{}", rubric.max().to_vi())}</span>
            </p>
        </div>
        <dl class="review-marks">{rows.collect_view()}</dl>
        {(!remark.is_empty())
            .then(|| {
                view! {
                    <div>
                        <h3>{sheet::remark}</h3>
                        <p>{remark}</p>
                    </div>
                }
            })}
    }
}

fn row(section: bool, name: String, mark: Option<Points>, max: Points) -> impl IntoView {
    view! {
        <div class:review-section=section>
            <dt>{name}</dt>
            <dd>
                <b>{mark.map(Points::to_vi)}</b>
                <span class="of">{format!("/{}", max.to_vi())}</span>
            </dd>
        </div>
    }
}
