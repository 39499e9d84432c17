//! The table of results: by group and rank, divided at the law's line, each round's own figure beside the result.

use super::Chosen;
use crate::components::blank_states::EmptyPlace;
use crate::components::erased::{Show, touch};
use crate::pages::desk::loaded::Loaded;
use crate::pages::desk::order::{Cut, cuts};
use crate::text::fold::{finds, fold};
use crate::text::{common, desk, format, results};
use domain::api::{ProductLine, ResultsPage};
use domain::edition::Group;
use domain::points::Points;
use domain::round::Round;
use domain::tally::{Outcome, RoundFigure};
use leptos::prelude::*;
use std::sync::Arc;

/// A product with its result and all that is searched, folded.
struct Line {
    product: ProductLine,
    outcome: Outcome,
    folded: String,
}

/// A row of the table, or what divides it.
#[derive(Clone)]
enum Entry {
    Product(Arc<Line>),
    Group(Group),
    Cut(Cut, Group),
}

impl Entry {
    /// Another answer's line of the same code is another row.
    fn key(&self) -> String {
        match self {
            Self::Product(line) => format!("{} {:p}", line.product.code, Arc::as_ptr(line)),
            Self::Group(group) => format!("group {}", group.code),
            Self::Cut(cut, group) => format!("{cut:?} {}", group.code),
        }
    }
}

/// The table.
#[component]
pub fn ResultsTable(
    /// The results.
    loaded: Loaded<ResultsPage>,
    /// What is chosen.
    chosen: Chosen,
) -> impl IntoView {
    let lines = Memo::new_with_compare(
        move |_| loaded.value.with(|page| page.as_ref().map(lines).unwrap_or_default()),
        |_, _| true,
    );
    let frame = Memo::new(move |_| {
        loaded.value.with(|page| page.as_ref().map(|page| (page.groups.clone(), page.rounds.clone(), page.threshold)))
    });
    let shown = move || {
        let (groups, _, threshold) = frame.get().unwrap_or_default();
        let (group, search) = (chosen.group.get(), fold(&chosen.search.get()));
        let groups = groups.into_iter().filter(|one| group.as_ref().is_none_or(|group| one.code == *group));
        lines.with(|lines| groups.flat_map(|group| of_group(&group, lines, &search, threshold)).collect::<Vec<_>>())
    };
    let shown = Signal::derive(shown);
    let rounds = move || frame.get().map(|(_, rounds, _)| rounds).unwrap_or_default();
    let threshold = move || frame.get().map(|(_, _, threshold)| threshold).unwrap_or_default();
    let row = move |entry: Entry| match entry {
        Entry::Product(line) => product_row(&line, &untrack(rounds), untrack(threshold)),
        Entry::Group(group) => {
            divider("cut plain of-group", move || common::group_named(group.code.as_str(), &group.name))
        }
        Entry::Cut(Cut::Reached, _) => divider("cut plain", move || desk::reached(threshold())),
        Entry::Cut(Cut::Below, _) => divider("cut", move || desk::below(threshold())),
        Entry::Cut(..) => divider("cut plain", || results::no_result().to_owned()),
    };
    view! {
        <table class="totals-table results-table" role="table" data-testid="results-table" aria-label=results::nav>
            <thead role="rowgroup">
                <tr role="row">
                    {head("t-rank", move || desk::rank().to_owned())}
                    {head("t-code", move || desk::code().to_owned())}
                    {head("t-name", move || desk::product().to_owned())}
                    {head("t-province", move || desk::province().to_owned())}
                    {head("t-mean", move || results::result().to_owned())}
                    {move || {
                        rounds().into_iter().map(|round| head("t-round", move || round.short_name.clone())).collect_view()
                    }}
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || shown.get() key=Entry::key let:entry>
                    {row(entry)}
                </For>
            </tbody>
        </table>
        <Show when=move || shown.with(Vec::is_empty)>
            <EmptyPlace
                icon="search"
                title=Signal::derive(|| desk::nothing_title().to_owned())
                words=Signal::derive(|| desk::nothing_words().to_owned())
            >
                <button
                    class="button"
                    type="button"
                    on:click=touch(move |_| {
                        chosen.group.set(None);
                        chosen.search.set(String::new());
                    })
                >
                    {desk::show_all}
                </button>
            </EmptyPlace>
        </Show>
    }
}

fn head(class: &'static str, words: impl Fn() -> String + Send + 'static) -> AnyView {
    view! {
        <th role="columnheader" scope="col" class=class>
            {words}
        </th>
    }
    .into_any()
}

fn lines(page: &ResultsPage) -> Vec<Arc<Line>> {
    let pairs = page.products.iter().zip(&page.rows);
    pairs
        .map(|(product, outcome)| {
            let ProductLine { code, name, establishment, province } = product;
            let folded = fold(&format!("{code} {name} {establishment} {province}"));
            Arc::new(Line { product: product.clone(), outcome: outcome.clone(), folded })
        })
        .collect()
}

fn of_group(group: &Group, lines: &[Arc<Line>], search: &str, threshold: Points) -> Vec<Entry> {
    let fits = |line: &&Arc<Line>| line.outcome.group == group.code && finds(search, &line.folded);
    let mut members: Vec<_> = lines.iter().filter(fits).cloned().collect();
    // Without a result there is no rank: last, and the codes keep their order.
    members.sort_by_key(|line| (line.outcome.rank.is_none(), line.outcome.rank));
    if members.is_empty() {
        return Vec::new();
    }
    let sides = cuts(members.iter().map(|line| (line.outcome.mean, true)), threshold);
    let rows = sides.zip(&members).flat_map(|(cut, line)| {
        let cut = cut.map(|cut| Entry::Cut(cut, group.clone()));
        cut.into_iter().chain([Entry::Product(line.clone())])
    });
    std::iter::once(Entry::Group(group.clone())).chain(rows).collect()
}

fn divider(class: &'static str, words: impl Fn() -> String + Send + 'static) -> AnyView {
    view! {
        <tr class=class role="row">
            <td role="cell" colspan="8">
                {words}
            </td>
        </tr>
    }
    .into_any()
}

fn product_row(line: &Arc<Line>, rounds: &[Round], threshold: Points) -> AnyView {
    let Line { product, outcome, .. } = &**line;
    let (num, den) = outcome.mean.map_or((String::new(), 0), |mean| (mean.num.to_string(), mean.den));
    let above = outcome.mean.is_some_and(|mean| mean.reaches(threshold));
    let names = outcome.rests_on.iter().filter_map(|code| rounds.iter().find(|round| round.code == *code));
    let rests_on = names.map(|round| round.short_name.clone()).collect::<Vec<_>>().join(", ");
    let complete = outcome.complete;
    let basis = move || (!rests_on.is_empty()).then(|| results::rests_on(&rests_on, complete));
    let figures = outcome.rounds.iter().zip(rounds).map(|(figure, round)| {
        let counts = outcome.rests_on.contains(&figure.round);
        round_cell(figure.clone(), round, counts)
    });
    view! {
        <tr role="row" data-testid=format!("results-row-{}", product.code) data-above=above.then_some("")>
            <td role="cell" class="t-rank">
                {outcome.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}
            </td>
            <td role="cell" class="t-code">
                <span class="code">{product.code.to_string()}</span>
            </td>
            <td role="cell" class="t-name">
                <b>{product.name.clone()}</b>
                <span class="soft">{product.establishment.clone()}</span>
            </td>
            <td role="cell" class="t-province">
                {product.province.clone()}
            </td>
            <td role="cell" class="t-mean" data-testid="results-mean" data-num=num data-den=den.to_string()>
                {format::mean(outcome.mean)}
                <span class="soft" data-testid="results-basis">
                    {basis}
                </span>
            </td>
            {figures.collect_view()}
        </tr>
    }
    .into_any()
}

fn round_cell(figure: RoundFigure, round: &Round, counts: bool) -> AnyView {
    let (code, name) = (figure.round.to_string(), round.short_name.clone());
    let RoundFigure { mean, confirmed, assigned, expected, valid, .. } = figure;
    let visit = code == super::super::shell::VISIT;
    let words = move || match (assigned, mean) {
        (0, _) if visit => results::not_visited().to_owned(),
        (0, _) => results::not_assigned().to_owned(),
        (_, None) => results::not_scored().to_owned(),
        (_, Some(_)) => results::sheets(confirmed, expected, valid),
    };
    view! {
        <td
            role="cell"
            class="t-round"
            data-testid=format!("results-round-{code}")
            data-counts=counts.then_some("")
        >
            <span class="narrow-words">{name}": "</span>
            {mean.map(|mean| view! { <b>{mean.to_vi()}</b> " " })}
            <span class="soft">{words}</span>
        </td>
    }
    .into_any()
}
