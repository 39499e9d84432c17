//! Chép điểm: the juror, and nobody else, takes a mark of the same criterion over from another sheet of the stop.

use super::state::{Grid, Source};
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::text::grid as words;
use leptos::prelude::*;

/// The button, and the choice of where from: the sheet on the left, unless another is chosen.
#[component]
pub fn CopyMark(
    /// The sheets.
    grid: Grid,
) -> impl IntoView {
    // For the column in which it was chosen alone.
    let chosen = RwSignal::new(None::<(usize, usize)>);
    let sources = move || grid.at_hand().map(|(place, _, code)| grid.sources(place, &code)).unwrap_or_default();
    let source = move || {
        let (place, ..) = grid.at_hand()?;
        let wanted = chosen.get().filter(|(of, _)| *of == place).map(|(_, from)| from);
        let all = sources();
        all.iter().find(|one| Some(one.place) == wanted).or_else(|| all.first()).cloned()
    };
    let copy = move |_| {
        if let Some(((_, column, code), source)) = untrack(|| grid.at_hand().zip(source())) {
            column.give(&code, Some(source.points));
        }
    };
    let choose = move |value: String| {
        let at = untrack(|| grid.at_hand()).map(|(place, ..)| place);
        chosen.set(at.zip(value.parse().ok()));
    };
    let option = move |one: Source| {
        let place = one.place;
        view! {
            <option
                value=place.to_string()
                prop:selected=move || source().is_some_and(|now| now.place == place)
            >
                {move || words::source(&one.product, &one.points.to_vi())}
            </option>
        }
    };
    let none = Memo::new(move |_| source().is_none());
    view! {
        <div class="grid-copy">
            <button class="button" type="button" data-testid="grid-copy" disabled=move || none.get() on:click=touch(copy)>
                <Icon name="next"/>
                {words::copy}
            </button>
            {move || match none.get() {
                true => view! { <span class="soft">{words::nothing_to_copy}</span> }.into_any(),
                false => {
                    view! {
                        <select
                            class="input"
                            aria-label=words::copy_from
                            data-testid="grid-copy-from"
                            on:change:target=move |event| choose(event.target().value())
                        >
                            {move || sources().into_iter().map(option).collect_view()}
                        </select>
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}
