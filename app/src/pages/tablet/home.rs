//! `/`: sends everybody to where their work is, and tells an administrator that there is none here.

use crate::components::blank_states::StatusPage;
use crate::components::erased::{live, touch};
use crate::components::page_frame::set_page_title;
use crate::net;
use crate::router::{Leave, use_router};
use crate::session::{Problem, SignedIn};
use crate::tablet::{Phase, use_tablet};
use crate::text::{common, sign_in};
use domain::access::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The way in.
#[component]
pub fn HomePage() -> impl IntoView {
    let tablet = use_tablet();
    let phase = Memo::new(move |_| tablet.phase().get());
    let administrator = RwSignal::new(false);
    let router = use_router();
    Effect::new(move || match phase.get() {
        Phase::Starting => {}
        Phase::Ready | Phase::Broken(_) => router.go("/work", Leave::Replace),
        Phase::SignedOut => {
            spawn_local(async move {
                match net::get::<SignedIn>("/api/v1/session").await {
                    Ok(who) if who.role == Role::Administrator => administrator.set(true),
                    Ok(who) if !who.role.travels() => to_desk("/desk"),
                    _ => router.go("/sign-in", Leave::Replace),
                }
            });
        }
    });
    live(move || match administrator.get() {
        true => view! { <AdministratorPage/> }.into_any(),
        false => view! { <main class="status" id="main" tabindex="-1" aria-busy="true"></main> }.into_any(),
    })
}

/// Leaves the tablet's bundle for the organisers'.
pub fn to_desk(path: &str) {
    // An address of our own origin: assigning it has no way to fail.
    window().location().assign(path).ok();
}

#[component]
fn AdministratorPage() -> impl IntoView {
    set_page_title(|| sign_in::administrator_title().to_owned());
    let router = use_router();
    let refused = RwSignal::new(None::<Problem>);
    let leave = move |_| {
        spawn_local(async move {
            match net::delete("/api/v1/session").await {
                Ok(()) => router.go("/sign-in", Leave::Keep),
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
            <button class="button tall" type="button" data-testid="sign-out" on:click=touch(leave)>
                {common::sign_out}
            </button>
        </StatusPage>
    }
}
