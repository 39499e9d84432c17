//! Pages that need a juror: they open from the device alone, without asking the network who is there.

use crate::components::app_bar::AppBar;
use crate::components::blank_states::StatusPage;
use crate::components::notices::Notices;
use crate::tablet::{Phase, use_tablet};
use crate::text::{common, problems};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// Shows `page` to a juror who is signed in on this device; sends everybody else to the sign-in and back.
#[component]
pub fn SignedIn<F, V>(
    /// The page.
    page: F,
    /// Whether it has the app bar.
    #[prop(default = true)]
    bar: bool,
) -> impl IntoView
where
    F: Fn() -> V + Copy + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let tablet = use_tablet();
    let phase = Memo::new(move |_| tablet.phase().get());
    move || match phase.get() {
        Phase::Starting => view! { <main class="status" id="main" tabindex="-1" aria-busy="true"></main> }.into_any(),
        Phase::SignedOut => view! { <ToSignIn/> }.into_any(),
        Phase::Broken(problem) => view! {
            <StatusPage
                icon="warn"
                title=Signal::derive(|| common::broken_title().to_owned())
                words=Signal::derive(move || problems::start(&problem))
                failure=true
            >
                <a class="button primary tall" href="/" rel="external">
                    {common::retry}
                </a>
            </StatusPage>
        }
        .into_any(),
        Phase::Ready if bar => view! {
            <AppBar/>
            <Notices/>
            {page()}
        }
        .into_any(),
        Phase::Ready => page().into_any(),
    }
}

#[component]
fn ToSignIn() -> impl IntoView {
    let location = use_location();
    let here = location.pathname.get_untracked();
    let next = js_sys::encode_uri_component(&here);
    let to = if here == "/work" { "/sign-in".to_owned() } else { format!("/sign-in?next={next}") };
    let navigate = use_navigate();
    Effect::new(move || navigate(&to, NavigateOptions { replace: true, ..NavigateOptions::default() }));
}
