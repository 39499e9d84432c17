//! The search box: what is typed reaches its owner at every key.

use crate::components::icon::Icon;
use crate::text::common;
use leptos::prelude::*;

/// A search box over codes, names, establishments and provinces.
#[component]
pub fn SearchField(
    /// What is searched for.
    search: RwSignal<String>,
    /// Its `data-testid`.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Told after each key.
    #[prop(optional, into)]
    on_input: Option<Callback<()>>,
) -> impl IntoView {
    let typed = move |text: String| {
        search.set(text);
        if let Some(on_input) = on_input {
            on_input.run(());
        }
    };
    view! {
        <label class="search">
            <span class="hidden-words">{common::search_label}</span>
            <Icon name="search"/>
            <input
                class="input"
                type="search"
                placeholder=common::search_hint
                autocomplete="off"
                enterkeyhint="search"
                data-testid=testid
                prop:value=move || search.get()
                on:input:target=move |event| typed(event.target().value())
            />
        </label>
    }
}
