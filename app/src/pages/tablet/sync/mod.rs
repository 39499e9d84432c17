//! What waits on this tablet, what the support team has, and what needs the juror.

use crate::components::blank_states::EmptyPlace;
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::sheet_facts::{SheetFacts, facts};
use crate::tablet::{Catalogue, DraftCell, Link, SaveState, ServerState, SheetKey, Tablet, use_tablet};
use crate::text::{Sentence, common, format, problems, sync};
use leptos::prelude::*;

/// A sheet that was touched on this tablet.
#[derive(Clone, Copy)]
struct Touched {
    sheet: StoredValue<(SheetKey, String, String)>,
    facts: Memo<SheetFacts>,
}

/// Where a sheet is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shelf {
    NeedsYou,
    Waiting,
    Received,
}

/// The page.
#[component]
pub fn SyncPage() -> impl IntoView {
    set_page_title(|| sync::title().to_owned());
    let tablet = use_tablet();
    let catalogue = Memo::new(move |_| tablet.catalogue().get());
    move || view! { <Shelves sheets=all_sheets(tablet, &catalogue.get())/> }
}

#[component]
fn Shelves(sheets: Vec<Touched>) -> impl IntoView {
    let (tablet, sheets) = (use_tablet(), StoredValue::new(sheets));
    view! {
        <main class="page sync" id="main" tabindex="-1">
            <h1>{sync::title}</h1>
            <SyncNow tablet=tablet sheets=sheets/>
            <ShelfList sheets=sheets shelf=Shelf::NeedsYou id="needs-you" title=sync::needs_you/>
            <ShelfList sheets=sheets shelf=Shelf::Waiting id="waits" title=sync::waiting/>
            <ShelfList sheets=sheets shelf=Shelf::Received id="received" title=sync::received/>
            {move || {
                let touched = sheets.with_value(|all| all.iter().any(|one| one.facts.with(SheetFacts::is_touched)));
                (!touched)
                    .then(|| {
                        view! {
                            <EmptyPlace
                                icon="note"
                                title=Signal::derive(|| sync::nothing_title().to_owned())
                                words=Signal::derive(|| sync::nothing_words().to_owned())
                            />
                        }
                    })
            }}
        </main>
    }
}

/// Every sheet there could be: the catalogue's products in each round.
fn all_sheets(tablet: Tablet, known: &Catalogue) -> Vec<Touched> {
    let sheets = known.rounds.iter().rev().flat_map(|round| {
        known.products.iter().map(move |product| {
            let key = SheetKey { round: round.code.clone(), product: product.id };
            (key, product.code.to_string(), product.name.clone())
        })
    });
    sheets.map(|sheet| Touched { facts: facts(tablet, &sheet.0), sheet: StoredValue::new(sheet) }).collect()
}

fn shelf(facts: &SheetFacts) -> Option<Shelf> {
    match (&facts.save, &facts.server) {
        (SaveState::Failed { .. }, _) | (_, ServerState::Held(_) | ServerState::Rejected(_)) => Some(Shelf::NeedsYou),
        (_, ServerState::Unsent) => Some(Shelf::Waiting),
        (_, ServerState::Received { .. }) => Some(Shelf::Received),
        _ if facts.draft.is_some() => Some(Shelf::Waiting),
        _ => None,
    }
}

/// Whether all that waits is half typed, which is sent once it is finished.
fn only_drafts(sheets: StoredValue<Vec<Touched>>) -> bool {
    let waits = |one: &Touched| one.facts.with(|facts| shelf(facts) == Some(Shelf::Waiting) && facts.draft.is_none());
    sheets.with_value(|all| !all.iter().any(waits))
}

#[component]
fn SyncNow(tablet: Tablet, sheets: StoredValue<Vec<Touched>>) -> impl IntoView {
    let (unsent, link, syncing) = (tablet.unsent(), tablet.link(), tablet.syncing());
    let state = move || match (unsent.get(), link.get()) {
        (_, Link::CaptivePortal | Link::SignedOut | Link::WrongVersion | Link::Refused(_)) => "attention",
        (0, _) => "clear",
        _ if syncing.get() => "sending",
        _ => "waiting",
    };
    let words = move || match (link.get(), unsent.get()) {
        (Link::CaptivePortal, _) => sync::waits_captive().to_owned(),
        (Link::SignedOut, _) => sync::waits_signed_out().to_owned(),
        (Link::WrongVersion, _) => sync::waits_version().to_owned(),
        (Link::Refused(code), _) => sync::waits_refused(&problems::refusal(&code)),
        (_, 0) => sync::all_sent().to_owned(),
        (Link::Offline, _) => sync::waits_offline().to_owned(),
        (Link::Online, _) if only_drafts(sheets) => sync::waits_drafts().to_owned(),
        (Link::Online, _) => sync::waits_online().to_owned(),
        (Link::Unknown, _) => sync::waits_unknown().to_owned(),
    };
    let receipt = move || match tablet.last_receipt().get() {
        Some(receipt) => {
            let moment = format::moment(receipt.statement.received_at);
            (sync::last_receipt(&moment), receipt.statement.acked_hash.map(|_| receipt.short_code()))
        }
        None => (sync::never().to_owned(), None),
    };
    let code =
        move || receipt().1.map(|code| view! { " · " {sync::receipt_code} " " <span class="sheet-code">{code}</span> });
    view! {
        <section class="card sync-now" data-state=state aria-labelledby="sync-count">
            <p class="sync-count" id="sync-count">
                <b>{move || unsent.get()}</b>
                " "
                <span>{sync::count_after}</span>
            </p>
            <p class="soft" role="status">
                {words}
            </p>
            <button
                class="button primary tall"
                type="button"
                data-testid="sync-now"
                aria-busy=move || syncing.get().to_string()
                on:click=move |_| tablet.sync_now()
            >
                <Icon name="send"/>
                {move || if syncing.get() { common::sending() } else { common::send_now() }}
            </button>
            {move || {
                (link.get() == Link::SignedOut)
                    .then(|| {
                        view! {
                            <a class="button tall" href="/sign-in">
                                {common::sign_in_again}
                            </a>
                        }
                    })
            }}
            <p class="soft">{move || receipt().0} {code}</p>
        </section>
    }
}

#[component]
fn ShelfList(sheets: StoredValue<Vec<Touched>>, shelf: Shelf, id: &'static str, title: Sentence) -> impl IntoView {
    let here = move || {
        let on_shelf = |one: &Touched| one.facts.with(self::shelf) == Some(shelf);
        sheets.with_value(|all| all.iter().copied().filter(on_shelf).collect::<Vec<_>>())
    };
    let here = Signal::derive(here);
    view! {
        <Show when=move || here.with(|here| !here.is_empty())>
            <section aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <ul class="rows">
                    <For each=move || here.get() key=|one| one.sheet.with_value(|sheet| sheet.0.clone()) let:one>
                        <SheetLine one=one/>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn SheetLine(one: Touched) -> impl IntoView {
    let (key, code, name) = one.sheet.get_value();
    let href = format!("/rounds/{}/products/{code}/sheet", key.round);
    view! {
        <li>
            <a class="sync-item" href=href>
                <span class="sync-name">
                    <span class="code">{code}</span>
                    " "
                    <b>{name}</b>
                </span>
                <span class="sync-why">{move || one.facts.with(why)}</span>
                <Icon name="next" class="work-go"/>
            </a>
        </li>
    }
}

/// Why a sheet stands where it does, and what the juror can do.
fn why(facts: &SheetFacts) -> AnyView {
    let told = |tone: &'static str, icon: &'static str, words: String, more: Option<AnyView>| {
        view! {
            <span class="told" data-tone=tone>
                <Icon name=icon/>
                {words}
            </span>
            {more}
        }
        .into_any()
    };
    let soft = |words: &'static str| Some(view! { <span>{words}</span> }.into_any());
    match (&facts.save, &facts.server) {
        (SaveState::Failed { reason }, _) => {
            told("failed", "warn", format!("{}: {}", common::not_saved(), problems::not_saved(reason)), None)
        }
        (_, ServerState::Held(code)) => {
            told("waiting", "received", problems::held(*code).to_owned(), soft(sync::held_nothing_lost()))
        }
        (_, ServerState::Rejected(code)) => {
            told("failed", "warn", problems::rejected(*code).to_owned(), soft(sync::rejected_what_to_do()))
        }
        (_, ServerState::Received { at_ms, code }) => {
            let code = view! {
                <span class="soft">
                    {sync::receipt_code} " " <span class="sheet-code">{code.clone()}</span>
                </span>
            };
            told("received", "received", sync::received_at(&format::moment(*at_ms)), Some(code.into_any()))
        }
        _ => told("waiting", "waiting", waits(facts), None),
    }
}

fn waits(facts: &SheetFacts) -> String {
    match (&facts.draft, &facts.save) {
        (Some(DraftCell::Mark(code)), _) => sync::draft_of(code.as_str()),
        (Some(_), _) => sync::draft_of_text().to_owned(),
        (None, SaveState::Saved { at_ms }) => format!("{} {}", crate::text::sheet::saved(), format::clock(*at_ms)),
        _ => crate::text::sheet::saving().to_owned(),
    }
}
