//! `/desk/plan`: the plan's rows, how far each is, and what became of their dates.

mod change;
mod row;

use super::loaded::Loaded;
use crate::components::page_frame::set_page_title;
use crate::text::plan;
use change::ChangeDialog;
use domain::api::PlanPage;
use domain::plan::{PlanRow, PlanState};
use leptos::prelude::*;
use row::Row;

/// The page.
#[component]
pub fn PlanPageView() -> impl IntoView {
    let loaded = Loaded::<PlanPage>::open("/api/v1/plan".to_owned());
    set_page_title(|| plan::title().to_owned());
    loaded.or_why_not(move || view! { <Rows loaded=loaded/> }.into_any())
}

/// The row of this number as it stands.
fn find(loaded: Loaded<PlanPage>, ordinal: u32) -> Option<PlanRow> {
    loaded.value.with(|page| page.as_ref()?.rows.iter().find(|row| row.ordinal == ordinal).cloned())
}

#[component]
fn Rows(loaded: Loaded<PlanPage>) -> impl IntoView {
    let changing = RwSignal::new(None::<u32>);
    let open = RwSignal::new(false);
    let numbers = Memo::new(move |_| {
        loaded.value.with(|page| page.iter().flat_map(|page| &page.rows).map(|row| row.ordinal).collect::<Vec<_>>())
    });
    let count = move |state: PlanState| {
        loaded.value.with(|page| page.iter().flat_map(|page| &page.rows).filter(|row| row.when.state == state).count())
    };
    let change = move |ordinal: u32| {
        changing.set(Some(ordinal));
        open.set(true);
    };
    view! {
        <main class="totals plan-page" id="main" tabindex="-1">
            <div class="totals-head">
                <h1>{plan::title}</h1>
                <p class="lead">{plan::lead}</p>
            </div>
            <div class="plan-progress">
                <p data-testid="plan-counts">
                    {move || plan::counts(count(PlanState::Done), count(PlanState::Running), count(PlanState::Waiting))}
                </p>
                <progress
                    max=move || numbers.with(Vec::len).max(1).to_string()
                    value=move || count(PlanState::Done).to_string()
                    aria-label=move || plan::done_of(count(PlanState::Done), numbers.with(Vec::len))
                ></progress>
            </div>
            {loaded.freshness()}
            <ol class="plan-rows">
                <For each=move || numbers.get() key=|ordinal| *ordinal let:ordinal>
                    <Row loaded=loaded ordinal=ordinal on_change=change/>
                </For>
            </ol>
            <ChangeDialog loaded=loaded open=open changing=changing/>
        </main>
    }
}
