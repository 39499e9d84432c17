//! Closures of one type each kind. What a view makes of a closure is several functions for the type of every closure; in a box
//! they are all of one type, and the functions in the app's code once.

use leptos::children::{ChildrenFn, ViewFn};
use leptos::prelude::*;
use web_sys::MouseEvent;

/// What is done at a touch: `on:click=touch(move |_| …)`.
pub fn touch(act: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(act)
}

/// A place in the page that follows what it reads.
pub fn live<V: IntoView + 'static>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    let view: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || view().into_any());
    view.into_any()
}

/// Its children, as long as something is so. They stay while what that depends on changes.
#[component]
pub fn Show<W>(
    /// Whether it is so.
    when: W,
    /// What is seen then.
    children: ChildrenFn,
    /// What is seen otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    show(Box::new(when), children, fallback)
}

fn show(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = Memo::new(move |_| when());
    live(move || if when.get() { children() } else { fallback.run() })
}
