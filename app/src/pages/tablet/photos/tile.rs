//! A small photo that opens the large one.

use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::components::picture::{Picture, why_missing};
use crate::tablet::use_tablet;
use crate::text::photos;
use domain::sync::chain::OpHash;
use leptos::prelude::*;

/// The tile.
#[component]
pub(super) fn Tile(
    /// Which.
    sha256: OpHash,
    /// Its place among the others, from 1.
    number: Memo<usize>,
    /// Told of a touch.
    #[prop(into)]
    on_open: Callback<()>,
) -> impl IntoView {
    let tablet = use_tablet();
    let missing = RwSignal::new(false);
    let refused = Memo::new(move |_| tablet.refused_photos().with(|refused| refused.contains_key(&sha256)));
    let words = Signal::derive(move || {
        let state = match (refused.get(), missing.get()) {
            (true, _) => Some(photos::refused()),
            (false, true) => Some(why_missing(&tablet.link().get())),
            (false, false) => None,
        };
        photos::numbered_as(number.get(), state)
    });
    view! {
        <li>
            <button
                class="photo-tile"
                type="button"
                data-testid="photo"
                aria-label=move || words.get()
                on:click=touch(move |_| on_open.run(()))
            >
                <Picture sha256=sha256 words=words missing=missing/>
                <Show when=move || refused.get()>
                    <span class="photo-refused" data-testid="photo-refused">
                        <Icon name="warn"/>
                        {photos::refused}
                    </span>
                </Show>
            </button>
        </li>
    }
}
