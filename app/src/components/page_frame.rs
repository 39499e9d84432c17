//! What every page has around its content: the symbols, the way past the bar, its title, and the focus on what is new.

use crate::components::erased::touch;
use crate::components::icon::Symbols;
use crate::router::use_router;
use crate::text::common;
use leptos::html;
use leptos::prelude::*;

/// Symbols and skip link; once, at the root, inside the router.
#[component]
pub fn PageFrame() -> impl IntoView {
    let path = use_router().path();
    Effect::watch(move || path.get(), |_, _, _| request_animation_frame(focus_main), false);
    view! {
        <Symbols/>
        <a
            class="skip"
            href="#main"
            on:click=touch(|event| {
                event.prevent_default();
                focus_main();
            })
        >
            {common::to_content}
        </a>
    }
}

/// Names the page in the browser's tab, followed by the product's name.
pub fn set_page_title(words: impl Fn() -> String + 'static) {
    Effect::new(move || document().set_title(&format!("{} · {}", words(), common::app_name())));
}

/// Screen readers and the keyboard go on from the new page, not from where the link was.
fn focus_main() {
    let Some(main) = document().get_element_by_id("main") else {
        return;
    };
    if let Ok(main) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(main) {
        let stay = web_sys::FocusOptions::new();
        stay.set_prevent_scroll(true);
        // A page without focus is read from its top all the same.
        main.focus_with_options(&stay).ok();
    }
}

/// Puts the focus into a field once it is on the page.
pub fn focus_field(field: NodeRef<html::Textarea>) {
    request_animation_frame(move || {
        if let Some(field) = field.get_untracked() {
            // Without focus the juror touches the field.
            field.focus().ok();
        }
    });
}
