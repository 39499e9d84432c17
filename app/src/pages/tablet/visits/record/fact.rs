//! What was seen, typed and kept at every key.

use super::Recording;
use crate::components::text_area::TextArea;
use crate::tablet::use_tablet;
use crate::text::visits;
use domain::ids::ProductId;
use leptos::prelude::*;

/// What was seen of a product, or of the stop.
#[component]
pub(super) fn Fact(recording: Recording, product: Option<ProductId>) -> impl IntoView {
    let tablet = use_tablet();
    let of = move |id: ProductId| {
        tablet
            .catalogue()
            .with(|known| known.product_by_id(id).map(|product| (product.code.to_string(), product.name.clone())))
    };
    let label = move || match product.and_then(of) {
        Some((code, name)) => view! { <span class="code">{code}</span> " " {name} }.into_any(),
        None => visits::whole_stop.into_any(),
    };
    let code = product.and_then(|id| untrack(|| of(id))).map_or_else(|| "stop".to_owned(), |(code, _)| code);
    let text = Signal::derive(move || {
        recording.view.with(|view| view.drafts.get(&product).cloned().unwrap_or_else(|| view.visit.fact(product)))
    });
    view! {
        <label class="field">
            <span>{label}</span>
            <TextArea
                text=text
                on_draft=move |text: String| recording.draft(product, Some(text))
                on_leave=move |()| recording.finish(product)
                testid=format!("fact-{code}")
                hint=Signal::derive(|| visits::fact_hint().to_owned())
            />
        </label>
    }
}
