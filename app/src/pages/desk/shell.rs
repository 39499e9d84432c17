//! The desk's frame: the rounds at the side, the reader's own settings, and the page.

use super::feed::Feed;
use super::live_totals::LiveTotals;
use super::order::View;
use crate::components::icon::{BrandMark, Icon};
use crate::components::menu::Menu;
use crate::net;
use crate::pages::public::not_found::NotFoundPage;
use crate::session::SignedIn;
use crate::text::{common, desk};
use domain::ids::RoundCode;
use domain::round::Round;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

/// `/desk/rounds/<round>/totals`.
#[component]
pub fn DeskPage() -> impl IntoView {
    let params = use_params_map();
    let round = Memo::new(move |_| params.with(|params| params.get("round")).and_then(|code| code.parse().ok()));
    let rounds = RwSignal::new(Vec::<Round>::new());
    let page = move || match round.get() {
        Some(code) => view! { <RoundPage code=code rounds=rounds/> }.into_any(),
        None => view! { <NotFoundPage/> }.into_any(),
    };
    view! {
        <div class="desk">
            <Side rounds=rounds round=round/>
            {page}
        </div>
    }
}

/// One round; another round is another page with a feed of its own.
#[component]
fn RoundPage(code: RoundCode, rounds: RwSignal<Vec<Round>>) -> impl IntoView {
    let (feed, view) = (Feed::open(code), View::new());
    Effect::new(move || {
        if let Some(known) = feed.frame.with(|frame| frame.as_ref().map(|frame| frame.rounds.clone()))
            && rounds.with_untracked(|old| *old != known)
        {
            rounds.set(known);
        }
    });
    view! { <LiveTotals feed=feed view=view/> }
}

#[component]
fn Side(rounds: RwSignal<Vec<Round>>, round: Memo<Option<RoundCode>>) -> impl IntoView {
    let menu = RwSignal::new(false);
    let who = RwSignal::new(None::<SignedIn>);
    spawn_local(async move {
        // Without an answer the page says what is wrong; the name is only missing.
        let _ = who.try_set(net::get::<SignedIn>("/api/v1/session").await.ok());
    });
    let name = Signal::derive(move || who.get().map(|who| who.display_name).unwrap_or_default());
    let home = move || round.get().map_or_else(|| "/desk".to_owned(), |code| format!("/desk/rounds/{code}/totals"));
    view! {
        <header class="desk-side">
            <a class="bar-brand" href=home>
                <BrandMark/>
                <span class="bar-title">
                    <b>{common::app_name}</b>
                    <span>{desk::nav}</span>
                </span>
                <span class="hidden-words">{common::desk_home_label}</span>
            </a>
            <nav class="desk-nav" aria-label=desk::nav>
                <h2>
                    <Icon name="totals"/>
                    {desk::totals}
                </h2>
                {move || round_links(rounds.get(), round)}
            </nav>
            <button
                class="icon-button desk-menu"
                type="button"
                aria-haspopup="dialog"
                on:click=move |_| menu.set(true)
            >
                <Icon name="menu"/>
                <span class="hidden-words">{common::open_menu}</span>
                <span class="desk-person">{name}</span>
            </button>
        </header>
        <Menu
            open=menu
            title=Signal::derive(move || Some(name.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| common::menu().to_owned()))
            links=move || round_links(rounds.get(), round)
            foot=|| {
                view! {
                    <button
                        class="button wide"
                        type="button"
                        data-testid="sign-out"
                        on:click=|_| sign_out()
                    >
                        <Icon name="leave"/>
                        {common::sign_out}
                    </button>
                }
            }
        />
    }
}

fn round_links(rounds: Vec<Round>, shown: Memo<Option<RoundCode>>) -> impl IntoView {
    let link = move |round: Round| {
        let code = round.code;
        view! {
            <a
                href=format!("/desk/rounds/{code}/totals")
                aria-current=move || (shown.get().as_ref() == Some(&code)).then_some("page")
            >
                {round.name}
            </a>
        }
    };
    rounds.into_iter().map(link).collect_view()
}

fn sign_out() {
    spawn_local(async move {
        // Offline the session on the server lives on until it expires; the door is shown in any case.
        net::delete("/api/v1/session").await.ok();
        window().location().assign("/sign-in").unwrap_or_default();
    });
}
