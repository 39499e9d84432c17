//! The table: keyed rows, each following its own sheet alone; where there is no room for columns, each row is a card.

use super::order::{Column, MarksGroup, MarksOrder, MarksRow};
use super::sums::{Sums, sums};
use crate::components::icon::Icon;
use crate::pages::tablet::sheet_facts::{Stand, StandChip, facts};
use crate::tablet::use_tablet;
use crate::text::{Sentence, common, marks, sheet};
use domain::points::Points;
use domain::rubric::Section;
use leptos::prelude::*;

/// All groups.
#[component]
pub fn MarksTable(
    /// The rows in their order.
    shown: Memo<Vec<MarksGroup>>,
    /// The law's criteria.
    sections: Memo<Vec<Section>>,
    /// What the rows are sorted by.
    order: MarksOrder,
    /// Name of the round.
    round: Memo<String>,
) -> impl IntoView {
    let heads = move || shown.get().into_iter().map(|one| one.group).collect::<Vec<_>>();
    view! {
        <div
            class="marks-table"
            role="table"
            data-testid="marks-table"
            aria-label=move || marks::table_label(&round.get())
        >
            <div class="marks-heads" role="rowgroup">
                <div role="row" class="marks-line">
                    <span class="marks-sort-words" aria-hidden="true">
                        {marks::sort}
                    </span>
                    {sort_head(order, "code", Column::Code, || marks::code().into_any())}
                    <div role="columnheader" class="marks-plain">
                        {marks::product}
                    </div>
                    {move || sections.get().into_iter().map(|section| section_head(order, section)).collect_view()}
                    {sort_head(order, "total", Column::Total, || marks::total().into_any())}
                    <div role="columnheader" class="marks-plain">
                        {marks::state}
                    </div>
                </div>
            </div>
            <For each=heads key=|group| group.code.clone() let:group>
                {
                    let code = group.code.clone();
                    let rows = move || {
                        shown.with(|all| {
                            all.iter().find(|one| one.group.code == code).map(|one| one.rows.clone()).unwrap_or_default()
                        })
                    };
                    view! {
                        <div role="rowgroup" class="marks-group">
                            <div role="row">
                                <h2 role="cell">
                                    {move || common::group_named(group.code.as_str(), &group.name)}
                                </h2>
                            </div>
                            <For each=rows key=|row| row.key.clone() let:row>
                                <Row row=row sections=sections/>
                            </For>
                        </div>
                    }
                }
            </For>
        </div>
    }
}

fn section_head(order: MarksOrder, section: Section) -> AnyView {
    let (code, name) = (section.code.to_string(), section.short_name);
    let testid = code.clone();
    sort_head(order, &testid, Column::Section(section.code), move || {
        let (code, name) = (code.clone(), name.clone());
        view! {
            <span>
                {move || marks::section(&code)} <span class="marks-section-name">{name}</span>
            </span>
        }
        .into_any()
    })
}

fn sort_head(order: MarksOrder, testid: &str, column: Column, words: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let direction = {
        let column = column.clone();
        move || order.direction(&column)
    };
    view! {
        <div role="columnheader" aria-sort=direction>
            <button
                class="marks-sort"
                type="button"
                data-testid=format!("marks-sort-{testid}")
                on:click=move |_| order.choose(column.clone())
            >
                {words}
                <Icon name="sort"/>
            </button>
        </div>
    }
    .into_any()
}

#[component]
fn Row(row: MarksRow, sections: Memo<Vec<Section>>) -> impl IntoView {
    let MarksRow { key, product } = row;
    let tablet = use_tablet();
    let facts = facts(tablet, &key);
    let href = format!("/rounds/{}/products/{}/sheet", key.round, product.code);
    let numbers = Memo::new(move |_| tablet.judge(&key, |_, view, frame| sums(view, frame)));
    let code = product.code.to_string();
    let total = move || numbers.with(|numbers| numbers.total);
    let total_words = move || match total() {
        Some(total) => view! { <b>{total.to_vi()}</b> }.into_any(),
        None if numbers.with(|numbers| !numbers.asked) => soft(marks::no_marks),
        None if facts.with(|facts| facts.stand == Stand::NotScored) => soft(sheet::not_scored),
        None => "–".into_any(),
    };
    view! {
        <div
            role="row"
            class="marks-line marks-row"
            data-testid=format!("marks-row-{code}")
            data-points=move || total().map(|total| total.0.to_string()).unwrap_or_default()
        >
            <div role="cell" class="m-code code">
                {code.clone()}
            </div>
            <div role="cell" class="m-name">
                <a href=href>{product.name}</a>
            </div>
            {move || sections.get().into_iter().map(|section| section_cell(numbers, section)).collect_view()}
            <div role="cell" class="m-total">
                {total_words}
            </div>
            <div role="cell" class="m-state">
                <StandChip facts=facts/>
            </div>
        </div>
    }
}

fn soft(words: Sentence) -> AnyView {
    view! { <span class="soft">{words}</span> }.into_any()
}

fn section_cell(numbers: Memo<Sums>, section: Section) -> AnyView {
    let (code, max) = (section.code.to_string(), section.max);
    let sum = Memo::new(move |_| numbers.with(|numbers| numbers.section(&section.code)));
    let number = move || match sum.get().and_then(|sum| sum.points()) {
        Some(points) => view! {
            <b>{Points::to_vi(points)}</b>
            <span class="of">{format!("/{}", max.to_vi())}</span>
        }
        .into_any(),
        None => view! {
            <span class="soft" aria-hidden="true">
                "–"
            </span>
            <span class="hidden-words">{sheet::not_scored}</span>
        }
        .into_any(),
    };
    let partly = move || {
        let sum = sum.get().filter(|sum| sum.scored > 0 && sum.scored < sum.all)?;
        Some(view! { <span class="m-part">{move || marks::so_far(sum.scored, sum.all)}</span> })
    };
    view! {
        <div role="cell" class="m-sum">
            <span class="m-label">{move || marks::section(&code)}</span>
            <span class="m-number">{number}</span>
            {partly}
        </div>
    }
    .into_any()
}
