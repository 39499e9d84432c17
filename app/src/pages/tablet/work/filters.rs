//! Beside the list: the round, the progress, the search and the filters.

use super::choice::StateFilter;
use super::plan::Work;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::search_field::SearchField;
use crate::pages::tablet::sheet_facts::Asks;
use crate::text::{Sentence, common, marks, work};
use domain::ids::GroupCode;
use domain::round::{Round, RoundState};
use leptos::prelude::*;

/// All that chooses what the list shows.
#[component]
pub fn WorkSide(
    /// The work.
    work: Work,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (choice, progress) = (work.choice, Memo::new(move |_| work.progress()));
    view! {
        <div class="work-side">
            <div class="work-head">
                <h1>{common::my_work}</h1>
                <Rounds work=work/>
                <div class="work-progress">
                    <p id="work-progress-words">
                        {move || work::progress(progress.get().0, progress.get().1)}
                    </p>
                    <progress
                        max=move || progress.get().1.max(1).to_string()
                        value=move || progress.get().0.to_string()
                        aria-labelledby="work-progress-words"
                    ></progress>
                </div>
                <a class="button work-marks" href="/marks">
                    <Icon name="totals"/>
                    {marks::title}
                </a>
            </div>
            <div class="work-find">
                <SearchField
                    search=choice.search
                    testid="work-search"
                    on_input=move |()| choice.clear_filters()
                />
                <button
                    class="icon-button work-filter"
                    type="button"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="work-filters"
                    aria-label=work::filter
                    on:click=touch(move |_| open.update(|open| *open = !*open))
                >
                    <Icon name="filter"/>
                </button>
            </div>
            <div class="work-filters" id="work-filters" data-open=move || open.get().then_some("")>
                <States work=work/>
                <Groups work=work/>
            </div>
        </div>
    }
}

/// The rounds, one of them chosen.
#[component]
pub fn Rounds(
    /// The work.
    work: Work,
) -> impl IntoView {
    let shown = move || work.round.get().map(|round| round.code);
    let button = move |round: Round| {
        let Round { code, short_name, state, .. } = round;
        let pressed = code.clone();
        let state = move || match state {
            RoundState::Open => None,
            RoundState::Planned => Some(work::round_planned()),
            RoundState::Closing => Some(work::round_closing()),
            RoundState::Closed | RoundState::Published => Some(work::round_closed()),
        };
        view! {
            <button
                class="choice"
                type="button"
                aria-pressed=move || (shown().as_ref() == Some(&pressed)).to_string()
                on:click=touch(move |_| work.choice.round.set(Some(code.clone())))
            >
                {short_name}
                {move || state().map(|state| view! { <span class="count">{state}</span> })}
            </button>
        }
    };
    view! {
        <p class="soft">{move || work.round.get().map(|round| round.name)}</p>
        <div class="choices" role="group" aria-label=work::rounds>
            {move || work.rounds.get().into_iter().map(button).collect_view()}
        </div>
    }
}

#[component]
fn States(work: Work) -> impl IntoView {
    let asks = Memo::new(move |_| work.round.with(|round| round.as_ref().map(|round| Asks::of(&round.mode))));
    let asks = move || asks.get().unwrap_or_default();
    let button = move |filter: StateFilter, icon: Option<&'static str>, words: Sentence| {
        let words = move || match filter {
            StateFilter::NotScored => asks().not_begun(),
            StateFilter::Scoring => asks().begun(),
            _ => words(),
        };
        let count = Memo::new(move |_| work.count(|facts| filter.shows(facts)));
        view! {
            <button
                class="choice"
                type="button"
                aria-pressed=move || (work.choice.state.get() == filter).to_string()
                hidden=move || filter == StateFilter::NotExpected && count.get() == 0
                on:click=touch(move |_| work.choice.state.set(filter))
            >
                {icon.map(|icon| view! { <Icon name=icon/> })}
                {words}
                <span class="count">{count}</span>
            </button>
        }
    };
    view! {
        <div class="choices work-states" role="group" aria-label=work::states>
            {button(StateFilter::All, None, work::all)}
            {button(StateFilter::NotScored, Some("none"), common::not_scored)}
            {button(StateFilter::Scoring, Some("draft"), common::scoring)}
            {button(StateFilter::Locked, Some("lock"), common::locked)}
            {button(StateFilter::NotExpected, Some("recused"), work::recused_short)}
        </div>
    }
}

#[component]
fn Groups(work: Work) -> impl IntoView {
    let group = work.choice.group;
    let chosen = move |code: &GroupCode| group.with(|group| group.as_ref() == Some(code));
    view! {
        <div class="field work-group">
            <label for="work-group">{work::group}</label>
            <select
                class="input"
                id="work-group"
                on:change:target=move |event| group.set(event.target().value().parse().ok())
            >
                <option value="" prop:selected=move || group.with(Option::is_none)>
                    {work::all_groups}
                </option>
                {move || {
                    work.groups
                        .get()
                        .into_iter()
                        .map(|group| {
                            let code = group.code.clone();
                            let words = move || common::group_named(group.code.as_str(), &group.name);
                            view! {
                                <option value=code.to_string() prop:selected=move || chosen(&code)>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}
