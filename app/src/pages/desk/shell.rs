//! The desk's frame: where one can go at the side, the reader's own settings, and the page.

use super::loaded::Loaded;
use crate::components::erased::touch;
use crate::components::icon::{BrandMark, Icon};
use crate::components::menu::Menu;
use crate::net;
use crate::pages::public::not_found::NotFoundPage;
use crate::router::{use_parameter, use_router};
use crate::session::SignedIn;
use crate::store::device::{DEVICE, Device};
use crate::sync::tabs::{Message, Tabs};
use crate::text::{common, desk, plan, presence, results, rounds as words_of_rounds, tablets};
use domain::api::RoundsPage;
use domain::ids::RoundCode;
use domain::round::Round;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The round that has stops; the rounds' codes are fixed.
pub const VISIT: &str = "visit";

/// The edition's rounds; in the context of every page of the desk.
#[derive(Clone, Copy)]
pub struct DeskRounds(pub Loaded<RoundsPage>);

/// Around every page of the desk; stays while the pages change.
#[component]
pub fn DeskFrame() -> impl IntoView {
    let rounds = Loaded::<RoundsPage>::open("/api/v1/rounds".to_owned());
    provide_context(DeskRounds(rounds));
    view! {
        <div class="desk">
            <Side rounds=rounds/>
            {use_router().page(not_found)}
        </div>
    }
}

fn not_found() -> AnyView {
    view! { <NotFoundPage/> }.into_any()
}

/// The round that the address names; none where it is no code at all.
pub fn use_round() -> Memo<Option<RoundCode>> {
    let round = use_parameter("round");
    Memo::new(move |_| round.with(|code| code.parse().ok()))
}

#[component]
fn Side(rounds: Loaded<RoundsPage>) -> impl IntoView {
    let menu = RwSignal::new(false);
    let who = RwSignal::new(None::<SignedIn>);
    spawn_local(async move {
        // Without an answer the page says what is wrong; the name is only missing.
        let _ = who.try_set(net::get::<SignedIn>("/api/v1/session").await.ok());
    });
    let name = Signal::derive(move || who.get().map(|who| who.display_name).unwrap_or_default());
    let path = use_router().path();
    view! {
        <header class="desk-side">
            <a class="bar-brand" href="/desk">
                <BrandMark/>
                <span class="bar-title">
                    <b>{common::app_name}</b>
                    <span>{desk::nav}</span>
                </span>
                <span class="hidden-words">{common::desk_home_label}</span>
            </a>
            <nav class="desk-nav" aria-label=desk::nav>
                {links(rounds, path)}
            </nav>
            <button
                class="icon-button desk-menu"
                type="button"
                aria-haspopup="dialog"
                on:click=touch(move |_| menu.set(true))
            >
                <Icon name="menu"/>
                <span class="hidden-words">{common::open_menu}</span>
                <span class="desk-person">{name}</span>
            </button>
        </header>
        <Menu
            open=menu
            title=Signal::derive(move || Some(name.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| common::menu().to_owned()))
            links=move || links(rounds, path)
            foot=|| {
                view! {
                    <button
                        class="button wide"
                        type="button"
                        data-testid="sign-out"
                        on:click=touch(|_| sign_out())
                    >
                        <Icon name="leave"/>
                        {common::sign_out}
                    </button>
                }
            }
        />
    }
}

fn links(rounds: Loaded<RoundsPage>, path: Signal<String>) -> AnyView {
    let link = move |href: String, words: AnyView| {
        let here = href.clone();
        let current = move || path.with(|path| *path == here).then_some("page");
        view! {
            <a href=href aria-current=current>
                {words}
            </a>
        }
    };
    let totals = move || {
        let rounds = rounds.value.with(|page| page.as_ref().map(|page| page.rounds.clone()));
        let rounds = rounds.unwrap_or_default().into_iter();
        rounds.map(|round| link(format!("/desk/rounds/{}/totals", round.code), round.name.into_any())).collect_view()
    };
    let visit = move || {
        let visits = rounds
            .value
            .with(|page| page.iter().flat_map(|page| &page.rounds).any(|round| round.code.as_str() == VISIT));
        visits.then(|| link(format!("/desk/rounds/{VISIT}/presence"), presence::nav.into_any()))
    };
    let lives = move || {
        let known = rounds.value.with(|page| page.as_ref().map(|page| page.rounds.clone())).unwrap_or_default();
        let line = |round: Round| {
            let words = move || words_of_rounds::life_of(&round.short_name, round.state);
            link(format!("/desk/rounds/{}/life", round.code), words.into_any())
        };
        known.into_iter().map(line).collect_view()
    };
    view! {
        <h2>
            <Icon name="totals"/>
            {desk::totals}
        </h2>
        {totals}
        {link("/desk/results".to_owned(), results::nav.into_any())}
        <h2>
            <Icon name="guide"/>
            {plan::section}
        </h2>
        {link("/desk/plan".to_owned(), plan::nav.into_any())}
        {visit}
        <h2>
            <Icon name="tablet"/>
            {words_of_rounds::section}
        </h2>
        {lives}
        {link("/desk/tablets".to_owned(), tablets::nav.into_any())}
    }
    .into_any()
}

fn sign_out() {
    spawn_local(async move {
        // Offline the session on the server lives on until it expires; the door is shown in any case.
        net::delete("/api/v1/session").await.ok();
        // Whoever also has a tablet's work here isn't signed in to that any more either; it stays (S11).
        if let Ok(device) = Device::open(DEVICE).await
            && device.mark_signed_in(None).await.is_ok()
        {
            Tabs::open(|_| ()).tell(&Message::People);
        }
        window().location().assign("/sign-in").unwrap_or_default();
    });
}
