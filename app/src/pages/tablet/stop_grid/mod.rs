//! The grid at a stop (bảng chấm tại điểm đến): the criteria by the products of one establishment, each column a sheet of
//! its own, marked as on its own page. Nothing goes from one column to another unless the juror copies it.

mod copy;
mod head;
mod pad;
mod state;
mod table;

use crate::components::blank_states::StatusPage;
use crate::components::criterion_row::keep_in_sight;
use crate::components::erased::live;
use crate::components::notices::Notices;
use crate::components::page_frame::set_page_title;
use crate::ordered::ordered;
use crate::pages::tablet::score_sheet::NothingYet;
use crate::pages::tablet::score_sheet::banners::{RoundBanners, Undone};
use crate::pages::tablet::score_sheet::marking::{Marking, Task};
use crate::pages::tablet::stop_grid::head::Head;
use crate::pages::tablet::stop_grid::pad::GridPad;
use crate::pages::tablet::stop_grid::state::Grid;
use crate::pages::tablet::stop_grid::table::GridTable;
use crate::router::use_parameter;
use crate::tablet::{Catalogue, SheetKey, use_tablet};
use crate::text::{common, grid};
use domain::ids::{CriterionCode, RoundCode};
use domain::jury::Stop;
use leptos::prelude::*;

/// What the address leads to.
#[derive(Clone, PartialEq)]
enum Found {
    Stop(Stop, Vec<Task>),
    NoStop,
    NothingYet,
}

/// Where the grid of a stop is.
pub fn grid_address(round: &RoundCode, date: &str, ordinal: u32) -> String {
    format!("/rounds/{round}/stops/{date}/{ordinal}/grid")
}

/// The page.
#[component]
pub fn StopGridPage() -> impl IntoView {
    let (tablet, round) = (use_tablet(), use_parameter("round"));
    let (date, ordinal) = (use_parameter("date"), use_parameter("ordinal"));
    let found =
        Memo::new(move |_| tablet.catalogue().with(|known| find(known, &round.get(), &date.get(), &ordinal.get())));
    let hand = RwSignal::new(None);
    live(move || match found.get() {
        Found::Stop(stop, tasks) => view! { <StopGrid stop=stop tasks=tasks hand=hand/> }.into_any(),
        Found::NoStop => view! { <UnknownStop/> }.into_any(),
        Found::NothingYet => view! { <NothingYet/> }.into_any(),
    })
}

/// The juror's own tasks at a stop, by code.
fn find(known: &Catalogue, round: &str, date: &str, ordinal: &str) -> Found {
    if known.edition.is_none() {
        return Found::NothingYet;
    }
    let Some((round, ordinal)) = round.parse::<RoundCode>().ok().zip(ordinal.parse::<u32>().ok()) else {
        return Found::NoStop;
    };
    let is_there = |stop: &&Stop| stop.date == date && stop.ordinal == ordinal;
    let there = known.assignments.iter().filter(|task| task.round == round && task.stop.iter().any(|at| is_there(&at)));
    let mut found: Option<Stop> = None;
    let tasks: Vec<_> = there
        .filter_map(|task| {
            let key = SheetKey { round: task.round.clone(), product: task.product };
            found = found.take().or_else(|| task.stop.clone());
            Task::find(known, key)
        })
        .collect();
    let tasks = ordered(tasks, |a, b| a.product.code.cmp(&b.product.code));
    match found {
        Some(stop) if !tasks.is_empty() => Found::Stop(stop, tasks),
        _ => Found::NoStop,
    }
}

#[component]
fn StopGrid(stop: Stop, tasks: Vec<Task>, hand: RwSignal<Option<(SheetKey, CriterionCode)>>) -> impl IntoView {
    let title = format!("{} · {}", grid::kicker(), stop.place);
    set_page_title(move || title.clone());
    let grid = Grid::start(use_tablet(), tasks, hand);
    keep_in_sight();
    let columns = grid.columns();
    let locked = Memo::new(move |_| grid.columns().into_iter().all(|column| column.locked.get()));
    let first = columns.first().map(|first| view! { <RoundBanners marking=*first locked=locked/> });
    let undone = columns.into_iter().map(|column| view! { <Undone marking=column named=true/> }).collect_view();
    let takes_marks = Memo::new(move |_| grid.columns().into_iter().any(|column| column.takes_marks()));
    // Where every sheet is locked there is nothing to type.
    let takes_any = move |column: Marking| column.takes_marks() && !column.locked.get();
    let is_open = Memo::new(move |_| grid.columns().into_iter().any(takes_any));
    view! {
        <main class="stop-grid" id="main" tabindex="-1">
            <Head stop=stop/>
            <div class="grid-scroll" data-testid="grid-scroll">
                <div class="grid-told">
                    <Notices roomy=false/>
                    {first}
                    {undone}
                </div>
                {move || takes_marks.get().then(|| view! { <GridTable grid=grid/> })}
            </div>
            {live(move || is_open.get().then(|| view! { <GridPad grid=grid/> }))}
        </main>
    }
}

#[component]
fn UnknownStop() -> impl IntoView {
    view! {
        <StatusPage
            icon="search"
            title=Signal::derive(|| grid::unknown_title().to_owned())
            words=Signal::derive(|| grid::unknown_words().to_owned())
            failure=true
        >
            <a class="button primary tall" href="/work">
                {common::to_work}
            </a>
        </StatusPage>
    }
}
