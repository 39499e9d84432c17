//! One product: the juror's own sheets of it first, then what is known of it.

use crate::components::blank_states::StatusPage;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::sheet_facts::{Asks, ServerTold, SheetFacts, StandChip, facts};
use crate::pages::tablet::work::choose_round;
use crate::router::use_parameter;
use crate::tablet::{Catalogue, SheetKey, use_tablet};
use crate::text::{Sentence, common, format, product, sheet};
use domain::ids::SelectionCode;
use domain::jury::Standing;
use domain::registration::Product;
use domain::round::{Round, RoundState};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ProductPage() -> impl IntoView {
    let (tablet, code) = (use_tablet(), use_parameter("code"));
    let code = Memo::new(move |_| code.with(|code| code.parse().ok()));
    let catalogue = Memo::new(move |_| tablet.catalogue().get());
    live(move || {
        let (known, code): (_, Option<SelectionCode>) = (catalogue.get(), code.get());
        match code.and_then(|code| known.product(&code).cloned()) {
            Some(product) => view! { <KnownProduct product=product/> }.into_any(),
            None => view! { <UnknownProduct/> }.into_any(),
        }
    })
}

/// Said of a code that this tablet doesn't know.
#[component]
pub fn UnknownProduct() -> impl IntoView {
    view! {
        <StatusPage
            icon="search"
            title=Signal::derive(|| product::unknown_title().to_owned())
            words=Signal::derive(|| product::unknown_words().to_owned())
            failure=true
        >
            <a class="button primary tall" href="/work">
                {common::to_work}
            </a>
        </StatusPage>
    }
}

#[component]
fn KnownProduct(product: Product) -> impl IntoView {
    let title = format!("{} {}", product.code, product.name);
    set_page_title(move || title.clone());
    let known = use_tablet().catalogue().get_untracked();
    let rounds = own_rounds(&known, &product);
    let group = group_words(&known, &product);
    view! {
        <main class="page product" id="main" tabindex="-1">
            <a class="back-link" href="/work">
                <Icon name="back"/>
                {common::my_work}
            </a>
            <header class="product-head">
                <p>
                    <span class="code">{product.code.to_string()}</span>
                    " "
                    <span class="soft">{group}</span>
                </p>
                <h1>{product.name.clone()}</h1>
            </header>
            {rounds
                .into_iter()
                .enumerate()
                .map(|(place, round)| {
                    let key = SheetKey { round: round.code.clone(), product: product.id };
                    view! { <OwnSheet round=round key=key code=product.code.clone() first={place == 0}/> }
                })
                .collect_view()}
            <ProductFacts product=product/>
        </main>
    }
}

/// The round at hand first, then the others in which the juror has the product, the latest before the earliest.
fn own_rounds(known: &Catalogue, product: &Product) -> Vec<Round> {
    let assigned =
        |round: &&Round| known.assignment(&SheetKey { round: round.code.clone(), product: product.id }).is_some();
    let mine: Vec<_> = known.rounds.iter().filter(assigned).cloned().collect();
    let open_elsewhere = !mine.iter().any(|round| round.state == RoundState::Open);
    let first = match choose_round(&known.rounds, None) {
        // Ngoài phân công: the open round comes first though the product isn't assigned in it.
        Some(round) if open_elsewhere && round.state == RoundState::Open => Some(round),
        _ => choose_round(&mine, None).or_else(|| choose_round(&known.rounds, None)),
    };
    let others = mine.into_iter().rev().filter(|round| Some(&round.code) != first.as_ref().map(|first| &first.code));
    first.iter().cloned().chain(others).collect()
}

/// "Nhóm 2 – …" of a product.
pub fn group_words(known: &Catalogue, product: &Product) -> impl Fn() -> String + Clone + Send + Sync + use<> {
    let group = known.edition.iter().flat_map(|edition| &edition.groups).find(|group| group.code == product.group);
    let (code, name) = (product.group.to_string(), group.map(|group| group.name.clone()));
    move || match &name {
        Some(name) => common::group_named(&code, name),
        None => common::group(&code),
    }
}

#[component]
fn OwnSheet(round: Round, key: SheetKey, code: SelectionCode, first: bool) -> impl IntoView {
    let tablet = use_tablet();
    let facts = facts(tablet, &key);
    let standing = tablet.catalogue().with_untracked(|known| known.assignment(&key).map(|task| task.standing.clone()));
    let unassigned = standing.is_none();
    let id = format!("own-sheet-{}", round.code);
    let href = format!("/rounds/{}/products/{code}/sheet", round.code);
    let open = !round.state.is_closed();
    let words = move || {
        if !open || !facts.with(SheetFacts::is_open) {
            return product::read_sheet();
        }
        match facts.with(|facts| facts.asks) {
            Asks::Marks => product::open_sheet(),
            Asks::Adjusting => product::adjust_sheet(),
            Asks::Remarks => product::remark_sheet(),
        }
    };
    let blocked = move || match &standing {
        Some(Standing::Recused { reason }) => Some(product::recused_because(reason)),
        Some(Standing::Absent { reason }) => Some(product::absent_because(reason)),
        _ => None,
    };
    view! {
        <section class="card own-sheet" aria-labelledby=id>
            <div class="own-sheet-head">
                <h2 id=id.clone()>{product::own_sheet}</h2>
                <p class="soft">{round.name}</p>
            </div>
            {move || {
                facts
                    .with(|facts| facts.total)
                    .map(|total| {
                        view! {
                            <p class="own-sheet-total">
                                <b>{total.to_vi()}</b>
                                <span class="of">"/100"</span>
                            </p>
                        }
                    })
            }}
            <div class="own-sheet-state">
                <StandChip facts=facts/>
                <ServerTold facts=facts/>
                {unassigned.then(|| view! { <span class="soft">{sheet::not_assigned_strong}</span> })}
                {(round.state == RoundState::Planned).then(|| view! { <span class="soft">{product::not_open_yet}</span> })}
                {move || blocked().map(|words| view! { <p>{words}</p> })}
            </div>
            <a
                class="button tall"
                class:primary=first
                href=href
                data-testid=first.then_some("open-sheet")
            >
                {words}
                <Icon name="next"/>
            </a>
        </section>
    }
}

#[component]
fn ProductFacts(product: Product) -> impl IntoView {
    let stop = use_tablet().catalogue().with_untracked(|known| {
        known.assignments.iter().filter(|task| task.product == product.id).find_map(|task| task.stop.clone())
    });
    let stop = stop
        .map(|stop| fact(product::stop, move || product::stop_at(&format::date(&stop.date), &stop.time, &stop.place)));
    let Product { is_set, province, establishment, summary, materials, .. } = product;
    let kind = move || if is_set { product::is_set() } else { product::is_single() }.to_owned();
    let founded = establishment.founded.map(|year| fact(product::founded, move || year.to_string()));
    let workers = establishment.workers.map(|workers| fact(product::workers, move || workers.to_string()));
    view! {
        <div class="product-facts">
            <section aria-labelledby="facts">
                <h2 id="facts">{product::product}</h2>
                <dl class="facts card">
                    {fact(product::summary, move || summary.clone())}
                    {fact(product::materials, move || materials.clone())} {fact(product::kind, kind)}
                </dl>
            </section>
            <section aria-labelledby="establishment">
                <h2 id="establishment">{product::establishment}</h2>
                <dl class="facts card">
                    {fact(product::establishment_name, move || establishment.name.clone())}
                    {fact(product::establishment_kind, move || establishment.kind.clone())}
                    {fact(product::province, move || province.clone())}
                    {fact(product::address, move || establishment.address.clone())} {founded} {workers} {stop}
                </dl>
            </section>
        </div>
    }
}

fn fact(name: Sentence, value: impl Fn() -> String + Send + 'static) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}
