//! The server says no: who may see this page, and where to go instead.

use crate::components::blank_states::StatusPage;
use crate::components::erased::touch;
use crate::session::Problem;
use crate::text::{common, desk, plan, problems};
use leptos::prelude::*;

/// In the place of the page's content.
#[component]
pub fn Refusal(
    /// Why.
    problem: Problem,
    /// Asks again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let code = match &problem {
        Problem::Refused(code) => code.clone(),
        Problem::NoNetwork => "offline".to_owned(),
        Problem::CaptivePortal => "captive_portal".to_owned(),
        Problem::WrongVersion => "wrong_version".to_owned(),
        Problem::Save(_) => "storage_failed".to_owned(),
    };
    match code.as_str() {
        "not_signed_in" => {
            to_sign_in();
            view! { <main class="status" id="main" tabindex="-1" aria-busy="true"></main> }.into_any()
        }
        "forbidden" => view! {
            <StatusPage
                icon="lock"
                title=Signal::derive(|| desk::forbidden_title().to_owned())
                words=Signal::derive(move || problems::problem(&problem))
                failure=true
                code="forbidden".to_owned()
            >
                <a class="button primary tall" href="/" rel="external">
                    {common::to_start}
                </a>
                <a class="button tall" href="/sign-in" rel="external">
                    {desk::other_account}
                </a>
            </StatusPage>
        }
        .into_any(),
        "open_assignment" => view! {
            <StatusPage
                icon="lock"
                title=Signal::derive(|| desk::open_assignment_title().to_owned())
                words=Signal::derive(move || problems::problem(&problem))
                failure=true
                code="open_assignment".to_owned()
            >
                <a class="button primary tall" href="/work" rel="external">
                    {desk::to_my_sheets}
                </a>
                <a class="button tall" href="/desk/plan">
                    {plan::nav}
                </a>
            </StatusPage>
        }
        .into_any(),
        _ => view! {
            <StatusPage
                icon="warn"
                title=Signal::derive(|| desk::failed_title().to_owned())
                words=Signal::derive(move || problems::problem(&problem))
                failure=true
                code=code
            >
                <button class="button primary tall" type="button" on:click=touch(move |_| on_retry.run(()))>
                    {common::retry}
                </button>
                <a class="button tall" href="/desk">
                    {common::to_start}
                </a>
            </StatusPage>
        }
        .into_any(),
    }
}

/// To the door, which is in the tablet's bundle, and back here afterwards.
fn to_sign_in() {
    let here = window().location().pathname().unwrap_or_default();
    let next = js_sys::encode_uri_component(&here);
    // An address of our own origin: assigning it has no way to fail.
    window().location().assign(&format!("/sign-in?next={next}")).unwrap_or_default();
}
