//! What waits on this tablet, what the support team has, and what needs the juror.

mod line;
mod now;
mod take_in;

use crate::components::blank_states::EmptyPlace;
use crate::components::erased::{Show, live};
use crate::components::keyed::each;
use crate::components::page_frame::set_page_title;
use crate::ordered::ordered;
use crate::pages::tablet::sheet_facts::{SheetFacts, Stand, facts};
use crate::pages::tablet::sync::line::SheetLine;
use crate::pages::tablet::sync::now::{NewestReceipt, SyncNow};
use crate::pages::tablet::sync::take_in::TakeIn;
use crate::pages::tablet::visits::WrittenRecords;
use crate::tablet::{Catalogue, SaveState, ServerState, SheetKey, Tablet, VisitView, use_tablet};
use crate::text::{Sentence, sync};
use domain::round::Round;
use leptos::html;
use leptos::prelude::*;

/// A sheet on which anything is written.
#[derive(Clone, Copy)]
struct Written {
    sheet: StoredValue<(SheetKey, String, String)>,
    facts: Memo<SheetFacts>,
}

impl Written {
    fn name(&self) -> String {
        self.sheet.with_value(|(key, ..)| format!("{}/{}", key.round, key.product))
    }
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
    let shelves = move || {
        let known = catalogue.get();
        // A secretary has records of stops, and no sheets.
        match known.stops.is_empty() {
            false => view! { <Records/> }.into_any(),
            true => {
                view! { <Shelves sheets=written(tablet, &known) rounds=known.rounds.iter().rev().cloned().collect()/> }
                    .into_any()
            }
        }
    };
    view! {
        <main class="page sync" id="main" tabindex="-1">
            <h1>{sync::title}</h1>
            {live(shelves)}
            // What a file has brought is said while the lists above are made anew by it.
            <TakeIn tablet=tablet/>
        </main>
    }
}

#[component]
fn Records() -> impl IntoView {
    let tablet = use_tablet();
    let waits = move |view: &VisitView| view.server == ServerState::Unsent && view.drafts.is_empty();
    let only_drafts = Signal::derive(move || !tablet.written_visits().iter().any(|key| tablet.visit(key).with(waits)));
    view! {
        <SyncNow tablet=tablet only_drafts=only_drafts/>
        <NewestReceipt tablet=tablet/>
        <WrittenRecords/>
    }
}

#[component]
fn Shelves(sheets: Vec<Written>, rounds: Vec<Round>) -> impl IntoView {
    let (tablet, empty, sheets) = (use_tablet(), sheets.is_empty(), StoredValue::new(sheets));
    view! {
        <SyncNow tablet=tablet only_drafts=Signal::derive(move || only_drafts(sheets))/>
        <NewestReceipt tablet=tablet/>
        <ShelfList sheets=sheets shelf=Shelf::NeedsYou id="needs-you" title=sync::needs_you/>
        <ShelfList sheets=sheets shelf=Shelf::Waiting id="waits" title=sync::waiting/>
        <ReceivedList sheets=sheets rounds=rounds/>
        {empty
            .then(|| {
                view! {
                    <EmptyPlace
                        icon="note"
                        title=Signal::derive(|| sync::nothing_title().to_owned())
                        words=Signal::derive(|| sync::nothing_words().to_owned())
                    />
                }
            })}
    }
}

/// Each sheet on which anything is written, here or on another tablet; by its code.
fn written(tablet: Tablet, known: &Catalogue) -> Vec<Written> {
    let named = |key: SheetKey| {
        let product = known.product_by_id(key.product)?;
        Some((key, product.code.to_string(), product.name.clone()))
    };
    let sheets: Vec<_> = tablet.written_sheets().into_iter().filter_map(named).collect();
    let sheets = ordered(sheets, |a, b| a.1.cmp(&b.1));
    sheets.into_iter().map(|sheet| Written { facts: facts(tablet, &sheet.0), sheet: StoredValue::new(sheet) }).collect()
}

fn shelf(facts: &SheetFacts) -> Option<Shelf> {
    match (&facts.save, &facts.server) {
        (SaveState::Failed { .. }, _) | (_, ServerState::Held(_) | ServerState::Rejected(_)) => Some(Shelf::NeedsYou),
        _ if matches!(facts.stand, Stand::TwoValues | Stand::Outdated) => Some(Shelf::NeedsYou),
        (_, ServerState::Unsent) => Some(Shelf::Waiting),
        (_, ServerState::Received { .. }) => Some(Shelf::Received),
        _ if facts.draft.is_some() => Some(Shelf::Waiting),
        _ => facts.pulled.then_some(Shelf::Received),
    }
}

/// Whether all that waits is half typed, which is sent once it is finished.
fn only_drafts(sheets: StoredValue<Vec<Written>>) -> bool {
    let waits = |one: &Written| one.facts.with(|facts| shelf(facts) == Some(Shelf::Waiting) && facts.draft.is_none());
    sheets.with_value(|all| !all.iter().any(waits))
}

fn on_shelf(sheets: StoredValue<Vec<Written>>, shelf: Shelf, fits: impl Fn(&SheetKey) -> bool) -> Vec<Written> {
    let here =
        |one: &Written| one.sheet.with_value(|sheet| fits(&sheet.0)) && one.facts.with(self::shelf) == Some(shelf);
    sheets.with_value(|all| all.iter().copied().filter(here).collect())
}

#[component]
fn Lines(#[prop(into)] sheets: Signal<Vec<Written>>) -> impl IntoView {
    view! {
        <ul class="rows">
            {each(move || sheets.get(), Written::name, |one| view! { <SheetLine one=one/> }.into_any())}
        </ul>
    }
}

#[component]
fn ShelfList(sheets: StoredValue<Vec<Written>>, shelf: Shelf, id: &'static str, title: Sentence) -> impl IntoView {
    let here = Signal::derive(move || on_shelf(sheets, shelf, |_| true));
    view! {
        <Show when=move || here.with(|here| !here.is_empty())>
            <section aria-labelledby=id data-testid=id>
                <h2 id=id>{title} " " <span class="count">{move || here.with(Vec::len)}</span></h2>
                <Lines sheets=here/>
            </section>
        </Show>
    }
}

/// What the server has: hundreds of sheets, so each round is a count until it is opened.
#[component]
fn ReceivedList(sheets: StoredValue<Vec<Written>>, rounds: Vec<Round>) -> impl IntoView {
    let count = Memo::new(move |_| on_shelf(sheets, Shelf::Received, |_| true).len());
    let rounds = StoredValue::new(rounds);
    let of_round = move |round: Round| view! { <ReceivedRound sheets=sheets round=round/> };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section aria-labelledby="received" data-testid="received">
                <h2 id="received">{sync::received} " " <span class="count">{count}</span></h2>
                {rounds.get_value().into_iter().map(of_round).collect_view()}
            </section>
        </Show>
    }
}

#[component]
fn ReceivedRound(sheets: StoredValue<Vec<Written>>, round: Round) -> impl IntoView {
    let Round { code, name, .. } = round;
    let testid = format!("received-{code}");
    let here = Signal::derive(move || on_shelf(sheets, Shelf::Received, |key| key.round == code));
    let (node, open) = (NodeRef::<html::Details>::new(), RwSignal::new(false));
    let toggled = move |_| open.set(node.get_untracked().is_some_and(|details| details.open()));
    view! {
        <Show when=move || here.with(|here| !here.is_empty())>
            <details class="card sync-round" node_ref=node on:toggle=toggled data-testid=testid.clone()>
                <summary>
                    <b>{name.clone()}</b>
                    <span>{move || sync::sheets(here.with(Vec::len))}</span>
                </summary>
                <Show when=move || open.get()>
                    <Lines sheets=here/>
                </Show>
            </details>
        </Show>
    }
}
