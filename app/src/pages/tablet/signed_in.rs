//! Pages that need a juror: they open from the device alone, without asking the network who is there.

use crate::components::app_bar::AppBar;
use crate::components::blank_states::StatusPage;
use crate::components::erased::live;
use crate::components::notices::Notices;
use crate::router::{Leave, use_router};
use crate::tablet::{Phase, use_tablet};
use crate::text::{common, problems};
use leptos::prelude::*;

/// Shows `page` to a juror who is signed in on this device; sends everybody else to the sign-in and back.
#[component]
pub fn SignedIn(
    /// The page.
    page: fn() -> AnyView,
    /// Whether it has the app bar.
    #[prop(default = true)]
    bar: bool,
) -> impl IntoView {
    let tablet = use_tablet();
    // Another juror's pages are made anew, also where one signs out and another in at once, in another tab.
    let phase = Memo::new(move |_| (tablet.phase().get(), tablet.who().with(|who| who.as_ref().map(|who| who.user))));
    live(move || match phase.get().0 {
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
        Phase::Ready => page(),
    })
}

#[component]
fn ToSignIn() -> impl IntoView {
    let router = use_router();
    let here = router.path().get_untracked();
    let next = js_sys::encode_uri_component(&here);
    let to = if here == "/work" { "/sign-in".to_owned() } else { format!("/sign-in?next={next}") };
    Effect::new(move || router.go(&to, Leave::Replace));
}
