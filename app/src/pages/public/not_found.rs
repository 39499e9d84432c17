//! An address that leads nowhere.

use crate::components::blank_states::StatusPage;
use crate::components::page_frame::set_page_title;
use crate::text::common;
use leptos::prelude::*;

/// 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_page_title(|| common::not_found_title().to_owned());
    view! {
        <StatusPage
            icon="search"
            title=Signal::derive(|| common::not_found_title().to_owned())
            words=Signal::derive(|| common::not_found_words().to_owned())
            failure=true
        >
            <a class="button primary tall" href="/" rel="external">
                {common::to_start}
            </a>
        </StatusPage>
    }
}
