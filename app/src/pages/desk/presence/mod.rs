//! `/desk/rounds/<round>/presence`: who was at the stops of a visit. The secretary writes it down on the way, on a phone.

mod juror;
mod stop;

use super::loaded::Loaded;
use super::shell::use_round;
use crate::clock::now_ms;
use crate::components::blank_states::EmptyPlace;
use crate::components::erased::{Show, live};
use crate::components::page_frame::set_page_title;
use crate::pages::public::not_found::NotFoundPage;
use crate::text::{Sentence, format, presence};
use domain::api::{PresencePage, StopPresence};
use domain::ids::RoundCode;
use domain::jury::Stop;
use leptos::prelude::*;
use stop::StopView;

/// The page.
#[component]
pub fn PresencePageView() -> impl IntoView {
    let round = use_round();
    set_page_title(|| presence::nav().to_owned());
    live(move || match round.get() {
        Some(code) => view! { <OfRound code=code/> }.into_any(),
        None => view! { <NotFoundPage/> }.into_any(),
    })
}

#[component]
fn OfRound(code: RoundCode) -> impl IntoView {
    let loaded = Loaded::<PresencePage>::open(format!("/api/v1/rounds/{code}/presence"));
    loaded.or_why_not(move || view! { <Stops loaded=loaded/> }.into_any())
}

fn with_stops<T>(loaded: Loaded<PresencePage>, read: impl FnOnce(&[StopPresence]) -> T) -> T {
    loaded.value.with(|page| read(page.as_ref().map_or(&[], |page| &page.stops)))
}

#[component]
fn Stops(loaded: Loaded<PresencePage>) -> impl IntoView {
    let today = format::local_day(now_ms());
    let is_visit_day = untrack(|| with_stops(loaded, |stops| stops.iter().any(|one| one.stop.date == today)));
    let day = RwSignal::new(if is_visit_day { today } else { String::new() });
    let delegation = RwSignal::new(String::new());
    let days = Memo::new(move |_| {
        distinct(with_stops(loaded, |stops| stops.iter().map(|one| one.stop.date.clone()).collect()))
    });
    let delegations = Memo::new(move |_| {
        distinct(with_stops(loaded, |stops| stops.iter().map(|one| one.stop.delegation.clone()).collect()))
    });
    let shown = Memo::new(move |_| {
        let (day, delegation) = (day.get(), delegation.get());
        let fits = |chosen: &str, own: &str| chosen.is_empty() || chosen == own;
        with_stops(loaded, |stops| {
            let stops = stops.iter().map(|one| &one.stop);
            let stops = stops.filter(|stop| fits(&day, &stop.date) && fits(&delegation, &stop.delegation));
            stops.map(Stop::key).collect::<Vec<_>>()
        })
    });
    let title = move || loaded.value.with(|page| page.as_ref().map(|page| page.round.name.clone()));
    view! {
        <main class="totals presence-page" id="main" tabindex="-1">
            <div class="totals-head">
                <p class="eyebrow">{title}</p>
                <h1>{presence::nav}</h1>
                <p class="lead">{presence::lead}</p>
            </div>
            <div class="presence-tools">
                {choice(presence::day, presence::all_days, days, day, format::date)}
                {choice(presence::delegation, presence::all_delegations, delegations, delegation, str::to_owned)}
            </div>
            {loaded.freshness()}
            <For each=move || shown.get() key=Clone::clone let:key>
                <StopView loaded=loaded key=key/>
            </For>
            <Show when=move || with_stops(loaded, <[_]>::is_empty)>
                <EmptyPlace
                    icon="place"
                    title=Signal::derive(|| presence::no_stops_title().to_owned())
                    words=Signal::derive(|| presence::no_stops_words().to_owned())
                />
            </Show>
        </main>
    }
}

fn distinct(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}

/// One of several, where there are several.
fn choice(
    label: Sentence,
    all: Sentence,
    names: Memo<Vec<String>>,
    chosen: RwSignal<String>,
    say: fn(&str) -> String,
) -> AnyView {
    let option = move |name: String| {
        let (own, words) = (name.clone(), say(&name));
        view! {
            <option value=name prop:selected=move || chosen.get() == own>
                {words}
            </option>
        }
    };
    let select = move || {
        names.with(|names| names.len() > 1).then(|| {
            view! {
                <label class="totals-sort">
                    <span>{label}</span>
                    " "
                    <select class="input" on:change:target=move |event| chosen.set(event.target().value())>
                        <option value="" prop:selected=move || chosen.with(String::is_empty)>
                            {all}
                        </option>
                        {names.get().into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
        })
    };
    select.into_any()
}
