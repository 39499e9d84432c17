//! A state in a shape and in words.

use crate::components::icon::Icon;
use leptos::prelude::*;

/// A chip on a row.
#[component]
pub fn Chip(
    /// As the style sheet knows it: none, draft, official, received, waiting, refused.
    #[prop(into)]
    tone: Signal<&'static str>,
    /// Its symbol.
    #[prop(into)]
    icon: Signal<&'static str>,
    /// Its words.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    marked("chip", tone, icon, words)
}

/// What the server has of it.
#[component]
pub fn Told(
    /// As the style sheet knows it: received, waiting, failed.
    #[prop(into)]
    tone: Signal<&'static str>,
    /// Its symbol.
    #[prop(into)]
    icon: Signal<&'static str>,
    /// Its words.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    marked("told", tone, icon, words)
}

fn marked(
    class: &'static str,
    tone: Signal<&'static str>,
    icon: Signal<&'static str>,
    words: Signal<String>,
) -> impl IntoView {
    view! {
        <span class=class data-tone=move || tone.get()>
            <Icon name=icon/>
            {move || words.get()}
        </span>
    }
}
