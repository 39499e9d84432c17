//! One row of the plan. Its words never change; its dates and state do, with every change still to be read.

use super::find;
use crate::components::chip::Chip;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::pages::desk::loaded::Loaded;
use crate::text::{format, plan};
use domain::api::PlanPage;
use domain::plan::{PlanChange, PlanState, When};
use leptos::prelude::*;

/// The row.
#[component]
pub fn Row(
    /// The plan.
    loaded: Loaded<PlanPage>,
    /// Its number.
    ordinal: u32,
    /// Told its number when it is to be changed.
    #[prop(into)]
    on_change: Callback<u32>,
) -> impl IntoView {
    let row = Memo::new(move |_| find(loaded, ordinal));
    let words = row.get_untracked();
    let contents = words.iter().flat_map(|row| row.contents.clone()).map(|one| view! { <li>{one}</li> }).collect_view();
    let units = |names: Vec<String>, label: fn() -> &'static str| {
        (!names.is_empty()).then(|| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{names.join(", ")}</dd>
                </div>
            }
        })
    };
    let (lead, coordinating, window) = words.map(|row| (row.lead, row.coordinating, row.window)).unwrap_or_default();
    let when = move || row.get().map(|row| row.when).unwrap_or_default();
    let may_change = Memo::new(move |_| {
        loaded.value.with(|page| page.as_ref().is_some_and(|page| page.changeable.contains(&ordinal)))
    });
    view! {
        <li
            class="plan-row"
            data-testid=format!("plan-row-{ordinal}")
            data-state=move || when().state.as_str()
        >
            <b class="plan-number">{ordinal}</b>
            <div class="plan-what">
                <ul>{contents}</ul>
                <dl>{units(lead, plan::leads)} {units(coordinating, plan::coordinates)}</dl>
            </div>
            <div class="plan-when">
                <p data-moved=move || row.with(|row| row.as_ref().is_some_and(|row| row.is_moved())).then_some("")>
                    <b>{window}</b>
                    <span class="soft">{move || dates(&when())}</span>
                </p>
                <div class="plan-act">
                <Chip
                    tone=Signal::derive(move || tone(when().state))
                    icon=Signal::derive(move || icon(when().state))
                    words=Signal::derive(move || plan::state(when().state).to_owned())
                />
                {move || {
                    may_change
                        .get()
                        .then(|| {
                            view! {
                                <button
                                    class="button"
                                    type="button"
                                    data-testid=format!("plan-change-{ordinal}")
                                    aria-label=move || plan::change_row(ordinal)
                                    on:click=touch(move |_| on_change.run(ordinal))
                                >
                                    <Icon name="note"/>
                                    {plan::change}
                                </button>
                            }
                        })
                }}
                </div>
                {move || history(row.get()?.changes, row.get()?.is_moved(), row.get()?.decided)}
            </div>
        </li>
    }
}

/// "26–28/08/2024", "đến 27/09/2024", or that there are none.
pub fn dates(when: &When) -> String {
    match (&when.starts_on, &when.ends_on) {
        (Some(starts), Some(ends)) => format::days(starts, ends),
        (Some(starts), None) => plan::from_day(&format::date(starts)),
        (None, Some(ends)) => plan::until_day(&format::date(ends)),
        (None, None) => plan::no_dates().to_owned(),
    }
}

fn tone(state: PlanState) -> &'static str {
    match state {
        PlanState::Waiting => "none",
        PlanState::Running => "waiting",
        PlanState::Done => "received",
    }
}

fn icon(state: PlanState) -> &'static str {
    match state {
        PlanState::Waiting => "none",
        PlanState::Running => "draft",
        PlanState::Done => "check",
    }
}

fn history(changes: Vec<PlanChange>, moved: bool, decided: When) -> Option<AnyView> {
    let last = changes.last()?;
    let summary = plan::last_change(moved, &last.by, &format::moment(last.at));
    let reason = plan::because(&last.reason);
    // The last one stands in the summary, its dates and state in the row.
    let lines = changes.iter().rev().skip(1).map(|one| view! { <li>{change_line(one)}</li> }).collect_view();
    Some(
        view! {
            <details class="plan-history" data-moved=moved.then_some("")>
                <summary>
                    <Icon name="down"/>
                    <span>
                        {summary} " " <span class="soft">{reason}</span>
                    </span>
                </summary>
                <ol>
                    {lines} <li class="soft">{move || plan::as_decided(&dates(&decided))}</li>
                </ol>
            </details>
        }
        .into_any(),
    )
}

/// "27–29/08/2024 · Đang làm · Cán bộ Cục, 08:00 ngày 26/08/2024: Mưa bão".
pub fn change_line(change: &PlanChange) -> String {
    let PlanChange { when, by, at, reason } = change;
    format!("{} · {} · {by}, {}: {reason}", dates(when), plan::state(when.state), format::moment(*at))
}
