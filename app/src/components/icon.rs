//! The product's symbols: one hidden sheet of them in the page, and references to it.

use leptos::prelude::*;

/// The sheet; once, at the root.
#[component]
pub fn Symbols() -> impl IntoView {
    view! { <div hidden=true inner_html=include_str!("../../../public/icons/symbols.svg")></div> }
}

/// One symbol, beside words that say the same.
#[component]
pub fn Icon(
    /// Its name in the sheet, without `i-`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// Classes after `icon`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "icon".to_owned() } else { format!("icon {class}") };
    view! {
        <svg class=class aria-hidden="true">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}

/// The product's mark.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" aria-hidden="true">
            <use href="#i-mark"></use>
        </svg>
    }
}
