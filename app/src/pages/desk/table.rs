//! The table: keyed rows that stay where the reader looks while their numbers change.

use super::feed::{Feed, Line};
use super::order::{Column, Cut, Entry, View, entries, expected, left};
use crate::components::blank_states::EmptyPlace;
use crate::components::chip::Chip;
use crate::components::erased::{Show, live, touch};
use crate::components::gradual::{FIRST, gradually};
use crate::components::icon::Icon;
use crate::text::{Sentence, common, desk, format, tally};
use domain::edition::TallyRule;
use domain::ids::GroupCode;
use domain::points::Points;
use domain::tally::Row;
use leptos::prelude::*;
use std::sync::Arc;

/// The columns' heads, in order, with their class.
const COLUMNS: [(Column, &str, Sentence); 7] = [
    (Column::Rank, "t-rank", desk::rank),
    (Column::Code, "t-code", desk::code),
    (Column::Name, "t-name", desk::product),
    (Column::Province, "t-province", desk::province),
    (Column::Mean, "t-mean", desk::mean),
    (Column::Spread, "t-spread", desk::spread),
    (Column::Count, "t-count", desk::confirmed),
];

/// All rows that are to be seen.
#[component]
pub fn TotalsTable(
    /// The numbers.
    feed: Feed,
    /// What is chosen.
    view: View,
) -> impl IntoView {
    let shown = Signal::derive(move || match feed.frame.get() {
        Some(frame) => feed.lines.with(|lines| entries(lines, &frame, view)),
        None => Vec::new(),
    });
    let shown = Memo::new_with_compare(move |_| shown.get(), |old, new| keys(old) != keys(new));
    let made = gradually(Signal::derive(move || shown.with(Vec::len)), FIRST);
    let rows = move || shown.with(|all| all.iter().take(made.get()).cloned().collect::<Vec<_>>());
    let threshold =
        Memo::new(move |_| feed.frame.with(|frame| frame.as_ref().map(|frame| frame.threshold)).unwrap_or_default());
    let tally = Memo::new(move |_| {
        feed.frame.with(|frame| frame.as_ref().map(|frame| frame.tally.clone())).unwrap_or_default()
    });
    let round = Memo::new(move |_| {
        feed.frame.with(|frame| {
            let frame = frame.as_ref()?;
            frame.rounds.iter().find(|round| round.code == frame.round).map(|round| round.name.clone())
        })
    });
    view! {
        <table
            class="totals-table"
            role="table"
            data-testid="totals-table"
            aria-label=move || desk::table_label(&round.get().unwrap_or_default())
        >
            <thead role="rowgroup">
                <tr role="row">
                    {COLUMNS
                        .into_iter()
                        .map(|(column, class, words)| {
                            view! { <SortHead view=view column=column class=class words=words/> }
                        })
                        .collect_view()} <th role="columnheader" scope="col" class="t-status">
                        {desk::status}
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=rows key=Entry::key let:entry>
                    {row_or_divider(entry, feed, view, (threshold, tally))}
                </For>
            </tbody>
        </table>
        <Show when=move || shown.with(Vec::is_empty)>
            <NothingSeen feed=feed view=view/>
        </Show>
    }
}

fn keys(entries: Option<&Vec<Entry>>) -> Vec<String> {
    entries.map(|entries| entries.iter().map(Entry::key).collect()).unwrap_or_default()
}

#[component]
fn NothingSeen(feed: Feed, view: View) -> impl IntoView {
    live(move || match feed.lines.with(Vec::is_empty) {
        true => view! {
            <EmptyPlace
                icon="totals"
                title=Signal::derive(|| desk::empty_title().to_owned())
                words=Signal::derive(|| desk::empty_words().to_owned())
            />
        }
        .into_any(),
        false => view! {
            <EmptyPlace
                icon="search"
                title=Signal::derive(|| desk::nothing_title().to_owned())
                words=Signal::derive(|| desk::nothing_words().to_owned())
            >
                <button class="button" type="button" on:click=touch(move |_| view.clear())>
                    {desk::show_all}
                </button>
            </EmptyPlace>
        }
        .into_any(),
    })
}

#[component]
fn SortHead(view: View, column: Column, class: &'static str, words: Sentence) -> impl IntoView {
    let direction = move || match view.sort.get() {
        (now, _) if now != column => None,
        // The best mean comes first, unless turned around.
        (_, turned) if turned == (column == Column::Mean) => Some("ascending"),
        _ => Some("descending"),
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=direction>
            <button class="sort" type="button" on:click=touch(move |_| view.sort_by(column))>
                {words}
                " "
                <Icon name="sort"/>
            </button>
        </th>
    }
}

/// Sorting where the table's head is not seen.
#[component]
pub fn SortSelect(
    /// What is chosen.
    view: View,
) -> impl IntoView {
    let choose = move |name: &str| {
        if let Some((column, ..)) = COLUMNS.iter().find(|(_, class, _)| *class == name) {
            view.sort.set((*column, false));
        }
    };
    let option = move |(column, class, words): (Column, &'static str, Sentence)| {
        view! {
            <option value=class prop:selected=move || view.sort.get().0 == column>
                {words}
            </option>
        }
    };
    view! {
        <label class="totals-sort">
            <span>{desk::sort}</span>
            " "
            <select class="input" on:change:target=move |event| choose(&event.target().value())>
                {COLUMNS.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn row_or_divider(
    entry: Entry,
    feed: Feed,
    view: View,
    (threshold, tally): (Memo<Points>, Memo<TallyRule>),
) -> AnyView {
    match entry {
        Entry::Product(line) => view! { <ProductRow line=line view=view threshold=threshold tally=tally/> }.into_any(),
        Entry::Group(code) => divider("cut plain of-group", move || group_name(feed, &code)),
        Entry::Cut(Cut::Reached, _) => divider("cut plain", move || desk::reached(threshold.get())),
        Entry::Cut(Cut::Below, _) => divider("cut", move || desk::below(threshold.get())),
        Entry::Cut(Cut::Unranked, _) => {
            divider("cut plain", move || tally::below_minimum(tally.with(|tally| tally.minimum_sheets)))
        }
        Entry::Cut(Cut::NoMean, _) => divider("cut plain", || desk::no_mean().to_owned()),
    }
}

fn group_name(feed: Feed, code: &GroupCode) -> String {
    let name = feed.frame.with(|frame| {
        let group = frame.iter().flat_map(|frame| &frame.groups).find(|group| group.code == *code);
        group.map(|group| group.name.clone())
    });
    common::group_named(code.as_str(), &name.unwrap_or_default())
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

#[component]
fn ProductRow(line: Arc<Line>, view: View, threshold: Memo<Points>, tally: Memo<TallyRule>) -> impl IntoView {
    let product = line.product.clone();
    let (row, arrived) = (RwSignal::from(line.row.clone()), RwSignal::from(line.arrived.clone()));
    let mean = Memo::new(move |_| row.with(|row| row.mean.map(|mean| (mean.num, mean.den))));
    let group =
        move || (!view.is_grouped()).then(|| row.with(|row| format!("{} · ", common::group(row.group.as_str()))));
    let reached = move || row.with(|row| row.mean.is_some_and(|mean| mean.reaches(threshold.get())));
    let counted = Memo::new(move |_| row.with(|row| (row.confirmed + row.remarked, expected(row))));
    let spread = move || row.with(|row| row.spread.map_or_else(|| "–".to_owned(), Points::to_vi));
    let wide =
        Memo::new(move |_| row.with(|row| row.spread.is_some_and(|spread| tally.with(|t| spread >= t.spread_alert))));
    let unranked = Memo::new(move |_| {
        row.with(|row| row.mean.is_some() && tally.with(|tally| row.confirmed < tally.minimum_sheets))
    });
    view! {
        <tr
            role="row"
            data-testid=format!("totals-row-{}", product.code)
            data-above=move || reached().then_some("")
            data-arrived=move || (arrived.get() > 0).then_some("")
        >
            <td role="cell" class="t-rank">
                {move || row.with(|row| row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()))}
            </td>
            <td role="cell" class="t-code">
                <span class="code">{product.code.to_string()}</span>
            </td>
            <td role="cell" class="t-name">
                <b>{product.name}</b>
                <span class="soft">
                    {group} {product.establishment}
                </span>
            </td>
            <td role="cell" class="t-province">
                {product.province}
            </td>
            <td
                role="cell"
                class="t-mean"
                data-testid="totals-mean"
                data-num=move || mean.get().map(|(num, _)| num.to_string()).unwrap_or_default()
                data-den=move || mean.get().map_or(0, |(_, den)| den).to_string()
            >
                {move || row.with(|row| format::mean(row.mean))}
            </td>
            <td
                role="cell"
                class="t-spread"
                data-testid="totals-spread"
                data-none=move || row.with(|row| row.spread.is_none()).then_some("")
                data-wide=move || wide.get().then_some("")
            >
                <span class="narrow-words">{desk::spread}" "</span>
                {spread}
                {move || {
                    wide.get()
                        .then(|| {
                            view! {
                                <span class="spread-flag">
                                    <Icon name="warn"/>
                                    {desk::wide_spread}
                                </span>
                            }
                        })
                }}
            </td>
            <td role="cell" class="t-count">
                <span>
                    {move || format!("{}/{}", counted.get().0, counted.get().1)}
                    <span class="narrow-words">{desk::sheets_after}</span>
                </span>
                <progress
                    max=move || counted.get().1.max(1).to_string()
                    value=move || counted.get().0.to_string()
                    aria-label=move || desk::confirmed_of(counted.get().0, counted.get().1)
                ></progress>
            </td>
            <td role="cell" class="t-status">
                <RowStatus row=row/>
                {move || {
                    let minimum = tally.with(|tally| tally.minimum_sheets);
                    unranked.get().then(|| view! { <span class="soft">{tally::below_minimum(minimum)}</span> })
                }}
            </td>
        </tr>
    }
}

#[component]
fn RowStatus(row: RwSignal<Row>) -> impl IntoView {
    let look = move || {
        row.with(|row| match (row.complete, left(row)) {
            (true, _) => ("received", "check"),
            (false, 0) => ("refused", "recused"),
            (false, _) if row.confirmed + row.remarked + row.scoring > 0 => ("none", "draft"),
            (false, _) => ("none", "none"),
        })
    };
    let words = move || {
        row.with(|row| match (row.complete, left(row)) {
            (true, _) => desk::enough().to_owned(),
            (false, 0) => desk::no_sheets().to_owned(),
            (false, left) => desk::left(left),
        })
    };
    let more = move || {
        row.with(|row| {
            let parts = [
                (row.remarked > 0).then(|| desk::remarked(row.remarked)),
                (row.scoring > 0).then(|| desk::being_scored(row.scoring)),
                (row.needs_juror > 0).then(|| desk::needs_juror(row.needs_juror)),
                (row.recused > 0).then(|| desk::recused(row.recused)),
                (row.absent > 0).then(|| desk::absent(row.absent)),
                (row.set_aside > 0).then(|| desk::scored_though_absent(row.set_aside)),
            ];
            let said: Vec<_> = parts.into_iter().flatten().collect();
            (!said.is_empty()).then(|| view! { <span class="soft">{said.join(" · ")}</span> })
        })
    };
    view! {
        <Chip
            tone=Signal::derive(move || look().0)
            icon=Signal::derive(move || look().1)
            words=Signal::derive(words)
        />
        " "
        {more}
    }
}
