//! Where the round stands, what can be done to it, and what was done.

use super::Desk;
use crate::components::chip::Chip;
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::text::{Sentence, desk as words, format, rounds};
use domain::api::oversight::{MoveRound, RoundActLine};
use domain::round::{RoundMove, RoundState};
use leptos::prelude::*;

/// State and buttons.
#[component]
pub fn Moves(desk: Desk) -> impl IntoView {
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<RoundMove>));
    let state = Memo::new(move |_| desk.loaded.value.with(|page| page.as_ref().map(|page| page.round.state)));
    let moves = Memo::new(move |_| desk.read(|page| page.moves.clone()));
    let missing = move || missing(desk);
    let epoch =
        move || desk.read(|page| (page.round.state != RoundState::Planned).then(|| rounds::epoch(page.round.epoch)));
    let button = move |step: RoundMove| {
        let ask = move |_| {
            chosen.set(Some(step));
            desk.problem.set(None);
            open.set(true);
        };
        view! {
            <button class="button" type="button" data-testid=format!("round-{}", name(step)) on:click=touch(ask)>
                <Icon name=icon(step)/>
                {move || rounds::step(step)}
            </button>
        }
    };
    view! {
        <section class="life-now card" aria-label=rounds::now>
            <p>
                {live(move || {
                    state.get().map(|state| view! {
                        <Chip
                            tone=tone(state)
                            icon=state_icon(state)
                            words=Signal::derive(move || rounds::state(state).to_owned())
                        />
                    })
                })}
                <span class="soft">{epoch}</span>
            </p>
            <p data-testid="round-missing">{missing}</p>
            <div class="life-moves">{live(move || moves.get().into_iter().map(button).collect_view())}</div>
        </section>
        {live(move || chosen.get().map(|step| view! { <Ask desk=desk open=open step=step/> }))}
    }
}

/// What the round still waits for.
fn missing(desk: Desk) -> String {
    desk.read(|page| {
        let missing = &page.missing;
        let waited_for = match missing.is_nothing() {
            true => rounds::nothing_missing().to_owned(),
            false => rounds::missing(missing.sheets, missing.needs_juror, missing.tablets),
        };
        match missing.set_aside {
            0 => waited_for,
            sheets => format!("{waited_for} {}.", words::set_aside(sheets)),
        }
    })
}

#[component]
fn Ask(desk: Desk, open: RwSignal<bool>, step: RoundMove) -> impl IntoView {
    let seen = move || desk.loaded.value.with_untracked(|page| page.as_ref().map_or(0, |page| page.acts.len()));
    let send = move |reason: String| {
        let seen = u32::try_from(seen()).unwrap_or(u32::MAX);
        desk.act("moves", MoveRound { step, reason, seen }, open);
    };
    let title = Signal::derive(move || desk.read(|page| rounds::step_title(step, &page.round.short_name)));
    view! {
        <ReasonDialog
            open=open
            id="move-title"
            title=title
            words=words(step)
            note=Signal::derive(move || if ends_work(step) { missing(desk) } else { String::new() })
            problem=Signal::derive(move || desk.problem.get())
            on_reason=send
        />
    }
}

/// Moves after which what is missing is missed.
fn ends_work(step: RoundMove) -> bool {
    matches!(step, RoundMove::BeginClosing | RoundMove::Close | RoundMove::Publish)
}

fn words(step: RoundMove) -> ReasonWords {
    let (explain, act): (Sentence, Sentence) = match step {
        RoundMove::Open => (rounds::open_explain, || rounds::step(RoundMove::Open)),
        RoundMove::BeginClosing => (rounds::closing_explain, || rounds::step(RoundMove::BeginClosing)),
        RoundMove::Close => (rounds::close_explain, || rounds::step(RoundMove::Close)),
        RoundMove::Publish => (rounds::publish_explain, || rounds::step(RoundMove::Publish)),
        RoundMove::Reopen => (rounds::reopen_explain, || rounds::step(RoundMove::Reopen)),
    };
    let needs_reason = step == RoundMove::Reopen;
    let label = if needs_reason { rounds::reason } else { rounds::reason_if_any };
    ReasonWords { explain, label, missing: needs_reason.then_some(rounds::reason_missing), act, icon: icon(step) }
}

/// All acts, the latest first.
#[component]
pub fn History(desk: Desk) -> impl IntoView {
    let acts = Memo::new(move |_| desk.read(|page| page.acts.clone()));
    view! {
        <section class="life-section" aria-labelledby="history-title">
            <h2 id="history-title">{rounds::history}</h2>
            {live(move || match acts.get() {
                acts if acts.is_empty() => view! { <p class="soft">{rounds::no_acts}</p> }.into_any(),
                acts => view! {
                    <ol class="life-lines card" data-testid="round-history" reversed=true>
                        {acts.into_iter().rev().map(line).collect_view()}
                    </ol>
                }
                .into_any(),
            })}
        </section>
    }
}

fn line(act: RoundActLine) -> impl IntoView {
    let RoundActLine { state, epoch, reason, recorded } = act;
    let by = rounds::by(&recorded.by, &format::moment(recorded.at));
    view! {
        <li>
            <p>
                <b>
                    <Icon name=state_icon(state)/>
                    {move || rounds::state(state)}
                </b>
                <span class="soft">{move || rounds::epoch(epoch)}</span>
            </p>
            <p>
                <span>{reason}</span>
                <span class="soft">{by}</span>
            </p>
        </li>
    }
}

fn name(step: RoundMove) -> &'static str {
    match step {
        RoundMove::Open => "open",
        RoundMove::BeginClosing => "begin_closing",
        RoundMove::Close => "close",
        RoundMove::Publish => "publish",
        RoundMove::Reopen => "reopen",
    }
}

fn icon(step: RoundMove) -> &'static str {
    match step {
        RoundMove::Open | RoundMove::Reopen => "draft",
        RoundMove::BeginClosing => "waiting",
        RoundMove::Close => "lock",
        RoundMove::Publish => "received",
    }
}

fn state_icon(state: RoundState) -> &'static str {
    match state {
        RoundState::Planned => "none",
        RoundState::Open => "draft",
        RoundState::Closing => "waiting",
        RoundState::Closed => "lock",
        RoundState::Published => "received",
    }
}

fn tone(state: RoundState) -> &'static str {
    match state {
        RoundState::Planned => "none",
        RoundState::Open | RoundState::Closing => "waiting",
        RoundState::Closed | RoundState::Published => "received",
    }
}
