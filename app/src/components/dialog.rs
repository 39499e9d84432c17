//! A modal dialog: the browser's own, so that focus stays inside while it is open and returns to where it was.

use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::text::common;
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

/// Shows its children while `open`. They are made anew at each opening.
#[component]
pub fn Dialog(
    /// Set to open; cleared by closing in any way.
    open: RwSignal<bool>,
    /// An id in the page, unique, for its title.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// Class of the `<dialog>`.
    #[prop(optional)]
    class: &'static str,
    /// What it asks.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else {
            return;
        };
        match (open.get(), dialog.open()) {
            // Fails only where it is open already.
            (true, false) => dialog.show_modal().unwrap_or_default(),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let close_on_backdrop = move |event: MouseEvent| {
        let backdrop = node.get_untracked().is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref()));
        if backdrop {
            open.set(false);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <dialog
            class=class
            node_ref=node
            aria-labelledby=id
            on:close=move |_| open.set(false)
            on:click=touch(close_on_backdrop)
        >
            <header class="dialog-head">
                <h2 id=id>{move || title.get()}</h2>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=common::close
                    on:click=touch(move |_| open.set(false))
                >
                    <Icon name="close"/>
                </button>
            </header>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </dialog>
    }
}
