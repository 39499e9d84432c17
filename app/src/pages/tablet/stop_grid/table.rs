//! The table: one row a criterion, one column a sheet. It scrolls within itself; its heads stay.

use super::state::{Grid, product};
use crate::components::criterion_row::{Face, go_along};
use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::components::state_line::SaveWords;
use crate::pages::tablet::score_sheet::marking::{Marking, Mode};
use crate::pages::tablet::sheet_facts::{StandChip, facts};
use crate::text::{grid as words, sheet};
use domain::rubric::{Criterion, Section};
use domain::sheet::SheetState;
use leptos::html;
use leptos::prelude::*;

/// The whole grid.
#[component]
pub fn GridTable(
    /// The sheets.
    grid: Grid,
) -> impl IntoView {
    let rubric = grid.columns().first().map(|first| first.task.with_value(|task| task.rubric.clone()));
    let sections = rubric.into_iter().flat_map(|rubric| {
        let leaves = |section: &Section| rubric.leaves(&section.code).cloned().collect();
        rubric.sections.iter().map(|section| (section.clone(), leaves(section))).collect::<Vec<_>>()
    });
    let heads = grid.columns().into_iter().map(|column| view! { <ColumnHead column=column/> }).collect_view();
    let bodies = sections.map(|(section, leaves)| section_rows(grid, section, leaves)).collect_view();
    view! {
        <table class="grid-table" data-testid="grid">
            <thead>
                <tr>
                    <th scope="col" class="grid-corner">
                        {words::criteria}
                    </th>
                    {heads}
                </tr>
            </thead>
            {bodies}
        </table>
    }
    .into_any()
}

#[component]
fn ColumnHead(column: Marking) -> impl IntoView {
    let (key, max, href, name) = column.task.with_value(|task| {
        let href = format!("/rounds/{}/products/{}/sheet", task.key.round, task.product.code);
        (task.key.clone(), task.rubric.max().to_vi(), href, task.product.name.clone())
    });
    let code = product(column);
    let facts = facts(column.tablet, &key);
    let total = Memo::new(move |_| column.total(|_| true));
    let locked = Memo::new(move |_| column.mode() == Mode::Locked);
    view! {
        <th scope="col" class="grid-column" data-locked=move || locked.get().then_some("")>
            <a class="grid-product" href=href>
                <span class="code">{code.clone()}</span>
                <span class="grid-name">{name}</span>
            </a>
            <p
                class="grid-total"
                data-testid=format!("grid-total-{code}")
                data-points=move || total.get().0.to_string()
            >
                <b>{move || total.get().to_vi()}</b>
                <span class="of">{format!("/{max}")}</span>
            </p>
            <Show when=move || locked.get()>
                <StandChip facts=facts/>
            </Show>
            <SaveWords
                save=Signal::derive(move || column.view.with(|view| view.save.clone()))
                server=Signal::derive(move || column.view.with(|view| view.server.clone()))
                blank=Signal::derive(move || column.judged.with(|judged| judged.state == SheetState::NotScored))
                testid=format!("grid-save-{code}")
            />
        </th>
    }
    .into_any()
}

/// A section's rows, under its name and sums unless it is a single criterion.
fn section_rows(grid: Grid, section: Section, leaves: Vec<Criterion>) -> AnyView {
    let whole = leaves.iter().all(|leaf| leaf.code == section.code);
    let codes: Vec<_> = leaves.iter().map(|leaf| leaf.code.clone()).collect();
    let sum = |column: Marking| {
        let codes = codes.clone();
        let sum = Memo::new(move |_| column.total(|code| codes.contains(code)));
        view! {
            <td class="grid-sum">
                <b>{move || sum.get().to_vi()}</b>
                <span class="of">{format!("/{}", section.max.to_vi())}</span>
            </td>
        }
    };
    let head = (!whole).then(|| {
        let sums = grid.columns().into_iter().map(sum).collect_view();
        view! {
            <tr class="grid-section">
                <th scope="row">
                    <span class="num">{format!("{}.", section.code)}</span>
                    " "
                    {section.short_name.clone()}
                </th>
                {sums}
            </tr>
        }
    });
    let rows = leaves.into_iter().map(|criterion| row(grid, criterion, whole)).collect_view();
    view! {
        <tbody>
            {head}
            {rows}
        </tbody>
    }
    .into_any()
}

fn row(grid: Grid, criterion: Criterion, whole: bool) -> AnyView {
    let cells = grid
        .columns()
        .into_iter()
        .enumerate()
        .map(|(place, column)| view! { <Cell grid=grid place=place column=column criterion=criterion.clone()/> })
        .collect_view();
    let Criterion { code, name, max, .. } = criterion;
    view! {
        <tr class:grid-whole=whole>
            <th scope="row">
                <span class="grid-criterion">
                    <span class="num">{code.to_string()}</span>
                    " "
                    {name}
                </span>
                <span class="of">{format!("/{}", max.to_vi())}</span>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

#[component]
fn Cell(grid: Grid, place: usize, column: Marking, criterion: Criterion) -> impl IntoView {
    let Criterion { code, max, step, .. } = criterion;
    let face = column.face(&code);
    let of = move |read: fn(&Face) -> Option<String>| face.and_then(|face| face.with(read));
    let names = (product(column), code.to_string());
    let testid = format!("grid-cell-{}-{}", names.0, names.1);
    let node = NodeRef::<html::Td>::new();
    let current = {
        let code = code.clone();
        Memo::new(move |_| column.mode() == Mode::Marking && column.current.with(|now| now.as_ref() == Some(&code)))
    };
    let locked = {
        let code = code.clone();
        move || column.locked.get() || !column.takes(&code)
    };
    Effect::new(move |before: Option<bool>| {
        let now = current.get();
        if let (true, Some(cell)) = (now && before == Some(false), node.get_untracked()) {
            go_along(&cell, "grid-cell");
        }
        now
    });
    let shown = move || match of(|face| face.shown.clone()) {
        Some(shown) => view! { <b>{shown}</b> }.into_any(),
        None => view! {
            <span class="blank" aria-hidden="true"></span>
            <span class="hidden-words">{sheet::not_scored}</span>
        }
        .into_any(),
    };
    let problem = move || {
        let problem = of(|face| face.problem.clone())?;
        Some(view! {
            <span class="grid-problem">
                <Icon name="warn"/>
                {problem}
            </span>
        })
    };
    view! {
        <td node_ref=node>
            <button
                class="grid-cell"
                type="button"
                data-testid=testid
                data-points=move || {
                    of(|face| face.points.map(|points| points.0.to_string())).unwrap_or_default()
                }
                data-max=max.0.to_string()
                data-step=step.0.to_string()
                aria-current=move || current.get().then_some("true")
                disabled=locked
                on:click=touch(move |_| grid.open(place, &code))
            >
                <span class="hidden-words">{move || words::cell(&names.0, &names.1)}</span>
                {shown}
                {problem}
            </button>
        </td>
    }
    .into_any()
}
