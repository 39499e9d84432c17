//! One photo, small and large: from this tablet's store, or, where another of the juror's tablets took it, from the server.

use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::picture::ObjectUrl;
use crate::tablet::use_tablet;
use crate::text::photos;
use domain::sync::chain::OpHash;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Where an `<img>` finds it.
#[derive(Clone)]
enum Source {
    Here(Arc<ObjectUrl>),
    Server(String),
}

/// A small one that opens the large one.
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
    let words = Signal::derive(move || photos::numbered(number.get()));
    view! {
        <li>
            <button
                class="photo-tile"
                type="button"
                data-testid="photo"
                aria-label=move || words.get()
                on:click=touch(move |_| on_open.run(()))
            >
                <Picture sha256=sha256 words=words/>
            </button>
        </li>
    }
}

/// The picture itself.
#[component]
pub(super) fn Picture(
    /// Which.
    sha256: OpHash,
    /// What is read out for it.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let tablet = use_tablet();
    let (source, missing) = (RwSignal::new(None::<Source>), RwSignal::new(false));
    spawn_local(async move {
        let bytes = tablet.photo(sha256).await;
        let here = bytes.and_then(|bytes| ObjectUrl::of_jpeg(&bytes)).map(|url| Source::Here(Arc::new(url)));
        // The page may be gone by now.
        let _ = source.try_set(here.or_else(|| Some(Source::Server(format!("/api/v1/photos/{sha256}")))));
    });
    live(move || match (source.get(), missing.get()) {
        (None, _) => ().into_any(),
        (_, true) => view! {
            <span class="photo-missing" data-testid="photo-elsewhere">
                <Icon name="offline"/>
                <span>{photos::elsewhere}</span>
            </span>
        }
        .into_any(),
        (Some(source), false) => {
            let address = match &source {
                Source::Here(url) => url.as_str().to_owned(),
                Source::Server(address) => address.clone(),
            };
            view! { <img src=address alt=move || words.get() decoding="async" on:error=move |_| missing.set(true)/> }
                .into_any()
        }
    })
}
