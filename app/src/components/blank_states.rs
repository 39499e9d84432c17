//! Pages and places that have nothing to show: why, and the next step.

use crate::components::icon::Icon;
use crate::text::common;
use leptos::prelude::*;

/// A whole page that says why there is nothing, and what to do next.
#[component]
pub fn StatusPage(
    /// Its symbol; a measure of progress without one.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    /// What is the matter.
    #[prop(into)]
    title: Signal<String>,
    /// Why, in a sentence.
    #[prop(into)]
    words: Signal<String>,
    /// Whether it is a refusal or failure, so that tests and screen readers find it.
    #[prop(optional)]
    failure: bool,
    /// A stable code to read out to the support team.
    #[prop(optional, into)]
    code: Option<String>,
    /// The next steps.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <main class="status" id="main" tabindex="-1">
            <div class="status-card">
                {match icon {
                    Some(name) => view! { <Icon name=name class="status-shape"/> }.into_any(),
                    None => view! { <progress aria-label=common::loading_title></progress> }.into_any(),
                }}
                <h1>{move || title.get()}</h1>
                <p data-testid=failure.then_some("error-message")>{move || words.get()}</p>
                {children.map(|children| view! { <p class="status-acts">{children()}</p> })}
                {code.map(|code| view! { <p class="soft">{move || common::error_code(&code)}</p> })}
            </div>
        </main>
    }
}

/// A place within a page that is empty.
#[component]
pub fn EmptyPlace(
    /// Its symbol.
    icon: &'static str,
    /// What is the matter.
    #[prop(into)]
    title: Signal<String>,
    /// Why, in a sentence.
    #[prop(into)]
    words: Signal<String>,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon class="status-shape"/>
            <h2>{move || title.get()}</h2>
            <p class="soft">{move || words.get()}</p>
            {children.map(|children| children())}
        </div>
    }
}
