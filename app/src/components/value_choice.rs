//! Two tablets of the juror wrote two values: they stand side by side, and only the juror chooses (S23).

use crate::components::erased::{live, touch};
use crate::text::sheet;
use domain::points::Points;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

/// One of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rival {
    /// The mark; none is "not yet scored", taken back on one tablet and given on the other.
    pub points: Option<Points>,
    /// Whether this tablet wrote it.
    pub here: bool,
}

/// A button for each value; nothing where nobody disagrees.
#[component]
pub fn ValueChoice(
    /// The values.
    #[prop(into)]
    rivals: Signal<Vec<Rival>>,
    /// Whose mark it is.
    criterion: String,
    /// Told which one is right.
    #[prop(into)]
    on_choose: Callback<Option<Points>>,
) -> impl IntoView {
    live(move || {
        let rivals = rivals.get();
        let label = sheet::choose_value(&criterion);
        let option = |Rival { points, here }: Rival| {
            let testid =
                format!("choose-{criterion}-{}", points.map(|points| points.0.to_string()).unwrap_or_default());
            let choose = move |event: MouseEvent| {
                to_row(&event);
                on_choose.run(points);
            };
            view! {
                <button class="value-option" type="button" data-testid=testid on:click=touch(choose)>
                    <b>{points.map_or_else(|| sheet::not_scored().to_owned(), Points::to_vi)}</b>
                    <span>{if here { sheet::of_this_tablet() } else { sheet::of_other_tablet() }}</span>
                </button>
            }
        };
        (!rivals.is_empty()).then(|| {
            view! {
                <div class="value-choice" role="group" aria-label=label>
                    {rivals.into_iter().map(option).collect_view()}
                </div>
            }
        })
    })
}

/// The buttons go away with the choice: whoever walks by the keyboard stands on the criterion then.
fn to_row(event: &MouseEvent) {
    let button = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let row = button.and_then(|button| button.closest(".criterion").ok().flatten());
    let first = row.and_then(|row| row.get_elements_by_class_name("criterion-row").item(0));
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        // A row that is not shown can't take it; then it stays where it is.
        first.focus().ok();
    }
}
