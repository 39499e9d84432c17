//! `/desk/results`: what every product comes to over all rounds, and which rounds that rests on.

mod table;

use super::groups::GroupChoice;
use super::loaded::Loaded;
use crate::components::page_frame::set_page_title;
use crate::components::search_field::SearchField;
use crate::text::{desk, results, tally};
use domain::api::ResultsPage;
use domain::ids::GroupCode;
use leptos::prelude::*;
use table::ResultsTable;

/// What is chosen to be seen; a handle to copy around.
#[derive(Clone, Copy)]
struct Chosen {
    group: RwSignal<Option<GroupCode>>,
    search: RwSignal<String>,
}

/// The page.
#[component]
pub fn ResultsPageView() -> impl IntoView {
    let loaded = Loaded::<ResultsPage>::open("/api/v1/results".to_owned());
    set_page_title(|| results::nav().to_owned());
    loaded.or_why_not(move || view! { <Results loaded=loaded/> }.into_any())
}

#[component]
fn Results(loaded: Loaded<ResultsPage>) -> impl IntoView {
    let chosen = Chosen { group: RwSignal::new(None), search: RwSignal::new(String::new()) };
    let groups =
        Memo::new(move |_| loaded.value.with(|page| page.as_ref().map(|page| page.groups.clone())).unwrap_or_default());
    let count = move |code: Option<GroupCode>| {
        let fits = |group: &GroupCode| code.as_ref().is_none_or(|code| group == code);
        loaded.value.with(|page| page.iter().flat_map(|page| &page.rows).filter(|row| fits(&row.group)).count())
    };
    let say = move |words: fn(&ResultsPage) -> String| move || loaded.value.with(|page| page.as_ref().map(words));
    let provisional = move || loaded.value.with(|page| page.as_ref().is_none_or(|page| page.provisional));
    view! {
        <main class="totals" id="main" tabindex="-1">
            <div class="totals-head">
                <h1>{results::nav}</h1>
                <p class="lead">{say(|page| results::way(&page.rule, &page.rounds))}</p>
                <p class="lead">{say(|page| tally::lead(&page.tally, page.threshold))}</p>
            </div>
            <section
                class="totals-banner"
                data-testid="results-banner"
                data-provisional=move || provisional().to_string()
                aria-label=desk::banner_label
            >
                <strong class="stamp">
                    {move || if provisional() { desk::provisional() } else { desk::complete() }}
                </strong>
                <p class="totals-missing">
                    {move || if provisional() { results::why_provisional() } else { results::all_in() }}
                </p>
            </section>
            {loaded.freshness()}
            <div class="totals-tools">
                <GroupChoice groups=groups chosen=chosen.group count=count/>
                <SearchField search=chosen.search/>
            </div>
            <ResultsTable loaded=loaded chosen=chosen/>
            <p class="log-end soft" data-testid="log-end">
                {say(|page| page.head.map(|head| results::log_end(page.position, &head.to_string())).unwrap_or_default())}
            </p>
        </main>
    }
}
