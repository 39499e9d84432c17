//! The drawer behind the menu button: where to go, and how the screen should look.

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::preferences::{Preferences, TextSize, Theme, use_preferences};
use crate::text::{Language, Sentence, common, language};
use leptos::prelude::*;

/// The drawer. `children` are its links and its way out.
#[component]
pub fn Menu(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Who is signed in.
    #[prop(into)]
    title: Signal<String>,
    /// The links.
    #[prop(optional, into)]
    links: ViewFn,
    /// What stands under the settings.
    #[prop(optional, into)]
    foot: ViewFn,
) -> impl IntoView {
    let preferences = use_preferences();
    view! {
        <Dialog open=open id="menu-title" title=title class="drawer">
            <nav class="drawer-nav" aria-label=common::menu on:click=touch(move |_| open.set(false))>
                {links.run()}
            </nav>
            <Settings preferences=preferences/>
            {foot.run()}
            <p class="soft">{common::version}</p>
        </Dialog>
    }
}

#[component]
fn Settings(preferences: Preferences) -> impl IntoView {
    let theme = move |theme, words: Sentence| {
        choice("theme", words, move || preferences.theme() == theme, move || preferences.set_theme(theme))
    };
    let size = move |size, words: Sentence| {
        choice("text", words, move || preferences.text_size() == size, move || preferences.set_text_size(size))
    };
    let tongue = move |tongue: Language, words: Sentence| {
        choice("lang", words, move || language() == tongue, move || preferences.set_language(tongue))
    };
    view! {
        <fieldset class="choices">
            <legend>{common::screen}</legend>
            {theme(Theme::Auto, common::theme_auto)}
            {theme(Theme::Light, common::theme_light)}
            {theme(Theme::Dark, common::theme_dark)}
            {theme(Theme::Sunlight, common::theme_sunlight)}
        </fieldset>
        <fieldset class="choices">
            <legend>{common::text_size}</legend>
            {size(TextSize::Normal, common::text_normal)}
            {size(TextSize::Large, common::text_large)}
            {size(TextSize::Larger, common::text_larger)}
        </fieldset>
        <fieldset class="choices">
            <legend>{common::language}</legend>
            <span lang="vi">{tongue(Language::Vietnamese, || "Tiếng Việt")}</span>
            <span lang="en">{tongue(Language::English, || "English")}</span>
        </fieldset>
    }
}

fn choice(
    name: &'static str,
    words: Sentence,
    chosen: impl Fn() -> bool + Copy + Send + 'static,
    choose: impl Fn() + Send + 'static,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="radio" name=name prop:checked=chosen on:change=move |_| choose()/>
            {words}
        </label>
    }
}
