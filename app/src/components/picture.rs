//! One photo: from this tablet's store, or, where another of the juror's tablets took it, from the server.

use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::picture::ObjectUrl;
use crate::tablet::{Link, use_tablet};
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

/// The picture; where it can't be shown, why.
#[component]
pub fn Picture(
    /// Which.
    sha256: OpHash,
    /// What is read out for it.
    #[prop(into)]
    words: Signal<String>,
    /// Set while it can't be shown.
    missing: RwSignal<bool>,
) -> impl IntoView {
    let tablet = use_tablet();
    let source = RwSignal::new(None::<Source>);
    spawn_local(async move {
        let bytes = tablet.photo(sha256).await;
        let here = bytes.and_then(|bytes| ObjectUrl::of_jpeg(&bytes)).map(|url| Source::Here(Arc::new(url)));
        // The page may be gone by now.
        let _ = source.try_set(here.or_else(|| Some(Source::Server(format!("/api/v1/photos/{sha256}")))));
    });
    // After each conversation with the server it may be there.
    Effect::new(move |_| {
        tablet.link().track();
        missing.set(false);
    });
    live(move || {
        match (source.get(), missing.get()) {
        (None, _) => ().into_any(),
        (_, true) => view! {
            <span class="photo-missing" data-testid="photo-elsewhere">
                <Icon name=Signal::derive(move || if is_reached(&tablet.link().get()) { "waiting" } else { "offline" })/>
                <span>{move || why_missing(&tablet.link().get())}</span>
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
    }
    })
}

/// Why a photo that another tablet took isn't shown.
pub fn why_missing(link: &Link) -> &'static str {
    // The server was there a moment ago: it is the other tablet that hasn't brought it yet.
    if is_reached(link) { photos::not_here_yet() } else { photos::elsewhere() }
}

fn is_reached(link: &Link) -> bool {
    matches!(link, Link::Online | Link::Refused(_))
}
