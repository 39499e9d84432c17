//! All marks once more before the sheet is locked.

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::picture::Picture;
use crate::text::{photos, sheet};
use domain::ids::SelectionCode;
use domain::photo::Photo;
use domain::points::Points;
use domain::rubric::{Criterion, Rubric, Section};
use domain::sheet::Sheet;
use leptos::prelude::*;

/// What is to be confirmed.
#[derive(Clone, PartialEq)]
pub struct Review {
    /// The product's code.
    pub code: SelectionCode,
    /// Its name.
    pub name: String,
    /// The frame; none where the round asks for no marks.
    pub rubric: Option<Rubric>,
    /// The sheet as the juror sees it: the confirmation covers exactly this.
    pub sheet: Sheet,
    /// The sheet that it starts from, where the round only adjusts.
    pub earlier: Option<Sheet>,
}

impl Review {
    /// "74 /100", where there are marks.
    pub fn total(&self) -> Option<impl IntoView + use<>> {
        let (total, max) = (self.sheet.total().to_vi(), self.rubric.as_ref()?.max().to_vi());
        Some(view! {
            <p class="review-total">
                <b>{total}</b>
                <span class="of">{format!("/{max}")}</span>
            </p>
        })
    }

    /// Each section with the sum of its marks.
    pub fn sums(&self) -> Vec<(&Section, Points)> {
        let rubric = self.rubric.iter();
        let sections = rubric.flat_map(|rubric| rubric.sections.iter().map(move |section| (rubric, section)));
        let mark = |leaf: &Criterion| self.sheet.mark(&leaf.code);
        sections.map(|(rubric, section)| (section, rubric.leaves(&section.code).filter_map(mark).sum())).collect()
    }
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
                <button class="button" type="button" on:click=touch(move |_| open.set(false))>
                    {sheet::review_again}
                </button>
                <button
                    class="button primary"
                    type="button"
                    data-testid="sheet-confirm-yes"
                    on:click=touch(move |_| on_confirm.run(()))
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
    let remark = review.sheet.remark();
    let before = |leaf: &Criterion| {
        let before = review.earlier.as_ref()?.mark(&leaf.code);
        before.filter(|_| before != review.sheet.mark(&leaf.code))
    };
    let rows = review.sums().into_iter().flat_map(|(section, sum)| {
        let leaves: Vec<_> = review.rubric.iter().flat_map(|rubric| rubric.leaves(&section.code)).collect();
        let single = leaves.iter().all(|leaf| leaf.code == section.code);
        let of_section = leaves.first().filter(|_| single).and_then(|leaf| before(leaf));
        let head = row(true, format!("{}. {}", section.code, section.name), Some(sum), section.max, of_section);
        let below = leaves.into_iter().filter(|_| !single).map(|leaf| {
            let (name, mark) = (format!("{} {}", leaf.code, leaf.name), review.sheet.mark(&leaf.code));
            row(false, name, mark, leaf.max, before(leaf))
        });
        std::iter::once(head).chain(below).collect::<Vec<_>>()
    });
    let rows = rows.collect_view();
    let photos = review.sheet.photos();
    view! {
        <div class="review-top">
            <p>
                <span class="code">{review.code.to_string()}</span>
                " "
                <b>{review.name.clone()}</b>
            </p>
            {review.total()}
        </div>
        {review.rubric.is_none().then(|| view! { <p>{sheet::no_marks_asked}</p> })}
        <dl class="review-marks">{rows}</dl>
        {(!remark.is_empty())
            .then(|| {
                view! {
                    <div>
                        <h3>{sheet::remark}</h3>
                        <p>{remark}</p>
                    </div>
                }
            })}
        {(!photos.is_empty())
            .then(|| {
                view! {
                    <div data-testid="review-photos">
                        <h3>{photos::title}</h3>
                        <ul class="photo-tiles">{photos.iter().enumerate().map(small).collect_view()}</ul>
                    </div>
                }
            })}
    }
}

fn small((place, photo): (usize, &Photo)) -> impl IntoView + use<> {
    let words = Signal::derive(move || photos::numbered(place + 1));
    view! {
        <li class="photo-tile">
            <Picture sha256=photo.sha256 words=words missing=RwSignal::new(false)/>
        </li>
    }
}

fn row(section: bool, name: String, mark: Option<Points>, max: Points, before: Option<Points>) -> impl IntoView {
    view! {
        <div class:review-section=section>
            <dt>
                {name}
                {before
                    .map(|before| {
                        view! { <span class="criterion-origin">{move || sheet::changed_from(before)}</span> }
                    })}
            </dt>
            <dd>
                <b>{mark.map(Points::to_vi)}</b>
                <span class="of">{format!("/{}", max.to_vi())}</span>
            </dd>
        </div>
    }
}
