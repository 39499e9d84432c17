//! The list itself: keyed rows, each following its own sheet alone.

use super::EmptyList;
use super::plan::{Head, Section, Work, WorkRow, rows_under};
use super::several::ConfirmSection;
use crate::components::erased::{Show, touch};
use crate::components::gradual::{FIRST, gradually};
use crate::components::icon::Icon;
use crate::components::keyed::each;
use crate::pages::tablet::sheet_facts::{ServerTold, StandChip};
use crate::pages::tablet::stop_grid::grid_address;
use crate::text::{common, format, grid, work};
use domain::points::Points;
use domain::round::RoundMode;
use leptos::prelude::*;

/// The list.
#[component]
pub fn WorkList(
    /// The work.
    work: Work,
    /// Whether the juror comes back to a place far down: then all rows are there at once.
    whole: bool,
) -> impl IntoView {
    let sections = Memo::new(move |_| work.sections());
    let count = Signal::derive(move || sections.with(|all| all.iter().map(|section| section.rows.len()).sum()));
    let made = gradually(count, if whole { usize::MAX } else { FIRST });
    let made = Memo::new(move |_| sections.with(|all| first_rows(all, made.get())));
    let heads = move || made.get().into_iter().map(|section| section.head).collect::<Vec<_>>();
    view! {
        <div class="work-list" data-testid="work-list" on:click=touch(move |_| work.choice.keep_scroll())>
            {each(heads, key_of, move |head| view! { <Stop work=work head=head made=made/> }.into_any())}
            <Show when=move || sections.with(Vec::is_empty)>
                <EmptyList work=work/>
            </Show>
        </div>
    }
}

/// The sections with their first `left` rows.
fn first_rows(sections: &[Section], mut left: usize) -> Vec<Section> {
    let mut result = Vec::new();
    for section in sections {
        let rows: Vec<_> = section.rows.iter().take(left).cloned().collect();
        if rows.is_empty() {
            break;
        }
        left -= rows.len();
        result.push(Section { head: section.head.clone(), rows });
    }
    result
}

/// Unique in the list, and fit for an `id`.
fn key_of(head: &Head) -> String {
    match head {
        Head::Stop { stop, .. } => format!("stop-{}-{}", stop.date, stop.ordinal),
        Head::Group(group) => format!("group-{}", group.code),
        Head::Unassigned => "unassigned".to_owned(),
    }
}

#[component]
fn Stop(work: Work, head: Head, made: Memo<Vec<Section>>) -> impl IntoView {
    let id = key_of(&head);
    let rows = {
        let head = head.clone();
        move || made.with(|all| rows_under(all, &head))
    };
    view! {
        <section class="stop" aria-labelledby=id>
            <header class="stop-head">
                <div>{heading(work, head.clone(), id.clone())}</div>
                <ConfirmSection work=work head=head/>
            </header>
            <ul class="rows">
                {each(rows, WorkRow::name, move |row| view! { <Row work=work row=row/> }.into_any())}
            </ul>
        </section>
    }
}

fn heading(work: Work, head: Head, id: String) -> AnyView {
    match head {
        Head::Stop { stop, today } => {
            let (date, ordinal) = (stop.date.clone(), stop.ordinal);
            // Where nothing is marked there is no table of marks.
            let grid = Memo::new(move |_| {
                let round = work.round.get().filter(|round| round.mode != RoundMode::Remarks)?;
                Some(grid_address(&round.code, &date, ordinal))
            });
            view! {
                <p class="eyebrow">{move || work::stop_day(today, &format::date(&stop.date))}</p>
                <h2 id=id>{stop.place}</h2>
                <p class="soft">
                    <Icon name="place"/>
                    " "
                    {move || work::stop_order(&stop.time, stop.ordinal)}
                    " · "
                    {stop.address}
                </p>
                {move || {
                    grid.get()
                        .map(|grid| {
                            view! {
                                <a class="button stop-grid-link" href=grid data-testid=format!("stop-grid-{ordinal}")>
                                    <Icon name="totals"/>
                                    {grid::open}
                                </a>
                            }
                        })
                }}
            }
            .into_any()
        }
        Head::Group(group) => view! {
            <h2 id=id>{move || common::group_named(group.code.as_str(), &group.name)}</h2>
        }
        .into_any(),
        Head::Unassigned => view! {
            <h2 id=id>{work::unassigned}</h2>
            <p class="soft">{work::unassigned_words}</p>
        }
        .into_any(),
    }
}

#[component]
fn Row(work: Work, row: WorkRow) -> impl IntoView {
    let (facts, product) = (work.facts(&row.key), row.product);
    let code = product.code.to_string();
    let total = move || facts.with(|facts| facts.total);
    let group = product.group.to_string();
    view! {
        <li>
            <a
                class="work-item"
                href=format!("/products/{code}")
                data-testid=format!("work-item-{code}")
                data-state=move || facts.with(|facts| facts.data_state())
            >
                <span class="work-name">
                    <span class="code">{code.clone()}</span>
                    " "
                    <b>{product.name.clone()}</b>
                </span>
                <span class="work-facts">
                    {move || common::group(&group)}
                    " · "
                    {product.establishment.name.clone()}
                </span>
                {move || {
                    total().map(|total| view! { <span class="work-mark"><b>{Points::to_vi(total)}</b></span> })
                }}
                <span class="work-state">
                    <StandChip facts=facts/>
                    <ServerTold facts=facts/>
                </span>
                <Icon name="next" class="work-go"/>
            </a>
        </li>
    }
}
