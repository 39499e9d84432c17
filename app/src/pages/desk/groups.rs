//! One group of products, or all of them.

use crate::components::erased::touch;
use crate::text::{common, desk};
use domain::edition::Group;
use domain::ids::GroupCode;
use leptos::prelude::*;

/// Buttons of which one is pressed, each with how many products it shows.
#[component]
pub fn GroupChoice(
    /// The groups.
    groups: Memo<Vec<Group>>,
    /// The chosen one; none = all.
    chosen: RwSignal<Option<GroupCode>>,
    /// How many products of a group there are, or of all.
    #[prop(into)]
    count: Callback<Option<GroupCode>, usize>,
) -> impl IntoView {
    let button = move |code: Option<GroupCode>, name: String| {
        let (pressed, counted, words) = (code.clone(), code.clone(), code.clone());
        let words =
            move || words.as_ref().map_or_else(|| desk::whole().to_owned(), |code| common::group(code.as_str()));
        view! {
            <button
                class="choice"
                type="button"
                title=name
                aria-pressed=move || (chosen.get() == pressed).to_string()
                on:click=touch(move |_| chosen.set(code.clone()))
            >
                {words}
                " "
                <span class="count">{move || count.run(counted.clone())}</span>
            </button>
        }
    };
    view! {
        <div class="choices" role="group" aria-label=desk::groups>
            {move || button(None, String::new())}
            {move || groups.get().into_iter().map(|group| button(Some(group.code), group.name)).collect_view()}
        </div>
    }
}
