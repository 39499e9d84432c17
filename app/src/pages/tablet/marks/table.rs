//! The table: keyed rows, each following its own sheet alone; where there is no room for columns, each row is a card.

use super::order::{Column, MarksGroup, MarksOrder};
use super::sums::{Sums, sums};
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::pages::tablet::sheet_facts::{Stand, StandChip, facts};
use crate::tablet::{SheetKey, use_tablet};
use crate::text::{Sentence, common, marks, sheet};
use domain::ids::RoundCode;
use domain::points::Points;
use domain::round::Round;
use domain::rubric::Section;
use leptos::prelude::*;

/// All groups.
#[component]
pub fn MarksTable(
    /// The round.
    round: Round,
    /// The rows in their order.
    shown: Memo<Vec<MarksGroup>>,
    /// What they are sorted by.
    order: MarksOrder,
) -> impl IntoView {
    let Round { code: round, name, .. } = round;
    let known = use_tablet().catalogue().get_untracked();
    let sections = known.rubric(&round).map(|rubric| rubric.sections.clone()).unwrap_or_default();
    let heads = sections.iter().cloned().map(|section| section_head(order, section)).collect_view();
    let sections = StoredValue::new(sections);
    let groups = move || shown.with(|all| all.iter().map(|(group, _)| group.clone()).collect());
    let group = move |code: String| {
        let name = known.edition.iter().flat_map(|edition| &edition.groups).find(|group| group.code.as_str() == code);
        let (name, of, round) = (name.map(|group| group.name.clone()).unwrap_or_default(), code.clone(), round.clone());
        let rows = move || {
            let rows = |all: &Vec<MarksGroup>| all.iter().find(|one| one.0 == of).map(|one| one.1.clone());
            shown.with(rows).unwrap_or_default()
        };
        view! {
            <div role="rowgroup" class="marks-group">
                <div role="row">
                    <div role="cell">
                        <h2>{move || common::group_named(&code, &name)}</h2>
                    </div>
                </div>
                {keyed(rows, move |product| row(&round, &product, sections))}
            </div>
        }
        .into_any()
    };
    view! {
        <div
            class="marks-table"
            role="table"
            data-testid="marks-table"
            aria-label=move || marks::table_label(&name)
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
                    {heads}
                    {sort_head(order, "total", Column::Total, || marks::total().into_any())}
                    <div role="columnheader" class="marks-plain">
                        {marks::state}
                    </div>
                </div>
            </div>
            {keyed(groups, group)}
        </div>
    }
    .into_any()
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
                on:click=touch(move |_| order.choose(column.clone()))
            >
                {words}
                <Icon name="sort"/>
            </button>
        </div>
    }
    .into_any()
}

fn row(round: &RoundCode, code: &str, sections: StoredValue<Vec<Section>>) -> AnyView {
    let tablet = use_tablet();
    let product = tablet.catalogue().with_untracked(|known| {
        let product = code.parse().ok().and_then(|code| known.product(&code).cloned());
        product.map(|product| (product.id, product.name))
    });
    let Some((product, name)) = product else {
        return ().into_any();
    };
    let key = SheetKey { round: round.clone(), product };
    let facts = facts(tablet, &key);
    let href = format!("/rounds/{round}/products/{code}/sheet");
    let numbers = Memo::new(move |_| tablet.judge(&key, |_, view, frame| sums(view, frame)));
    let cells = sections.with_value(|all| all.iter().map(|section| section_cell(numbers, section)).collect_view());
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
                {code.to_owned()}
            </div>
            <div role="cell" class="m-name">
                <a href=href>{name}</a>
            </div>
            {cells}
            <div role="cell" class="m-total">
                {total_words}
            </div>
            <div role="cell" class="m-state">
                <StandChip facts=facts/>
            </div>
        </div>
    }
    .into_any()
}

fn soft(words: Sentence) -> AnyView {
    view! { <span class="soft">{words}</span> }.into_any()
}

fn section_cell(numbers: Memo<Sums>, section: &Section) -> AnyView {
    let (code, max, of) = (section.code.to_string(), section.max, section.code.clone());
    let sum = move || numbers.with(|numbers| numbers.section(&of));
    let of_part = sum.clone();
    let number = move || match sum().and_then(|sum| sum.points()) {
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
        let sum = of_part().filter(|sum| sum.scored > 0 && sum.scored < sum.all)?;
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
