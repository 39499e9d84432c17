//! `/`: sends everybody to where their work is, and tells an administrator that there is none here.

use crate::components::blank_states::StatusPage;
use crate::components::page_frame::set_page_title;
use crate::net;
use crate::session::{Problem, SignedIn};
use crate::tablet::{Phase, use_tablet};
use crate::text::{common, sign_in};
use domain::access::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The way in.
#[component]
pub fn HomePage() -> impl IntoView {
    let tablet = use_tablet();
    let phase = Memo::new(move |_| tablet.phase().get());
    let administrator = RwSignal::new(false);
    let navigate = use_navigate();
    let replace = || NavigateOptions { replace: true, ..NavigateOptions::default() };
    Effect::new(move || match phase.get() {
        Phase::Starting => {}
        Phase::Ready | Phase::Broken(_) => navigate("/work", replace()),
        Phase::SignedOut => {
            let navigate = navigate.clone();
            spawn_local(async move {
                match net::get::<SignedIn>("/api/v1/session").await {
                    Ok(who) if who.role == Role::Administrator => administrator.set(true),
                    Ok(who) if !who.role.scores() => to_desk("/desk"),
                    _ => navigate("/sign-in", replace()),
                }
            });
        }
    });
    move || match administrator.get() {
        true => view! { <AdministratorPage/> }.into_any(),
        false => view! { <main class="status" id="main" tabindex="-1" aria-busy="true"></main> }.into_any(),
    }
}

/// Leaves the tablet's bundle for the organisers'.
pub fn to_desk(path: &str) {
    // An address of our own origin: assigning it has no way to fail.
    window().location().assign(path).ok();
}

#[component]
fn AdministratorPage() -> impl IntoView {
    set_page_title(|| sign_in::administrator_title().to_owned());
    let navigate = use_navigate();
    let refused = RwSignal::new(None::<Problem>);
    let leave = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match net::delete("/api/v1/session").await {
                Ok(()) => navigate("/sign-in", NavigateOptions::default()),
                Err(problem) => refused.set(Some(problem)),
            }
        });
    };
    let words = Signal::derive(move || match refused.get() {
        Some(problem) => crate::text::problems::problem(&problem),
        None => sign_in::administrator_words().to_owned(),
    });
    view! {
        <StatusPage
            icon="person"
            title=Signal::derive(|| sign_in::administrator_title().to_owned())
            words=words
            failure=true
        >
            <button class="button tall" type="button" data-testid="sign-out" on:click=leave>
                {common::sign_out}
            </button>
        </StatusPage>
    }
}
