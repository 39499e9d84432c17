//! What must be known before scoring: outside the assignments, a round that is not open, two values, an act that failed.

use super::marking::{Marking, Mode};
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::tablet::ServerState;
use crate::text::{Sentence, format, sheet};
use domain::ids::RoundCode;
use domain::round::{Round, RoundMode, RoundState};
use domain::sheet::SheetState;
use leptos::prelude::*;

/// All that apply.
#[component]
pub fn Banners(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let beyond = marking.task.with_value(|task| task.assignment.is_none() && !task.withdrawn);
    // Once organisers have admitted it, it counts like any other.
    let unassigned =
        Memo::new(move |_| beyond && marking.view.with(|view| !matches!(view.server, ServerState::Received { .. })));
    let locked = marking.locked;
    let conflict =
        Memo::new(move |_| !locked.get() && marking.judged.with(|judged| judged.state == SheetState::Conflict));
    view! {
        {move || {
            unassigned
                .get()
                .then(|| {
                    banner("waiting", "info", sheet::not_assigned_strong, || sheet::not_assigned_words().to_owned())
                })
        }}
        <RoundBanners marking=marking locked=locked/>
        {move || {
            conflict
                .get()
                .then(|| banner("waiting", "warn", sheet::conflict_strong, || sheet::conflict_words().to_owned()))
        }}
        <Undone marking=marking/>
    }
}

/// What is so of every sheet of the round.
#[component]
pub fn RoundBanners(
    /// One sheet of it.
    marking: Marking,
    /// Whether nothing can be changed, on this sheet and those beside it.
    locked: Memo<bool>,
) -> impl IntoView {
    let round = marking.task.with_value(|task| task.round.clone());
    let mode = round.mode.clone();
    view! {
        {move || (!locked.get()).then(|| round_banner(&round))}
        {move || mode_banner(marking, &mode)}
    }
}

/// Why the last act was not done. While a criterion is at hand the pad says so, where the eyes are.
#[component]
pub fn Undone(
    /// The sheet.
    marking: Marking,
    /// Whether the sheet must be named, as others stand beside it.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let code = named.then(|| marking.task.with_value(|task| format!("{}: ", task.product.code)));
    live(move || {
        let (undone, code) = (marking.undone().filter(|_| marking.mode() != Mode::Marking)?, code.clone());
        Some(view! {
            <div class="notice" data-tone="official" role="alert" data-testid="error-message">
                <Icon name="warn"/>
                <div>{code} {undone}</div>
            </div>
        })
    })
}

fn round_banner(round: &Round) -> Option<AnyView> {
    let (name, date) = (round.name.clone(), format::date(&round.starts_on));
    match round.state {
        RoundState::Open => None,
        RoundState::Planned => {
            Some(banner("waiting", "info", sheet::round_planned_strong, move || sheet::round_planned(&name, &date)))
        }
        RoundState::Closing => {
            Some(banner("waiting", "info", sheet::round_closing_strong, || sheet::round_closing_words().to_owned()))
        }
        RoundState::Closed | RoundState::Published => {
            Some(banner("waiting", "lock", sheet::round_closed_strong, || sheet::round_closed_words().to_owned()))
        }
    }
}

/// What jurors do in the round, unless they score anew.
fn mode_banner(marking: Marking, mode: &RoundMode) -> Option<AnyView> {
    let earlier = |from: &RoundCode| {
        let name = marking.tablet.catalogue().with(|known| known.round(from).map(|round| round.name.clone()));
        name.unwrap_or_else(|| from.to_string())
    };
    match mode {
        RoundMode::Rescore => None,
        RoundMode::Remarks => {
            Some(banner("none", "note", sheet::remarks_only_strong, || sheet::remarks_only_words().to_owned()))
        }
        RoundMode::Adjust { from, .. } if !marking.takes_marks() => {
            let name = earlier(from);
            Some(banner("waiting", "info", sheet::nothing_to_adjust_strong, move || sheet::nothing_to_adjust(&name)))
        }
        RoundMode::Adjust { from, criteria } => {
            let (name, codes) = (earlier(from), criteria.iter().map(ToString::to_string).collect::<Vec<_>>());
            Some(banner("none", "note", sheet::adjust_only_strong, move || sheet::adjust_only(&name, &codes)))
        }
    }
}

fn banner(
    tone: &'static str,
    icon: &'static str,
    strong: Sentence,
    words: impl Fn() -> String + Send + 'static,
) -> AnyView {
    view! {
        <div class="notice" data-tone=tone role="note">
            <Icon name=icon/>
            <div>
                <strong>{strong}</strong>
                " "
                {words}
            </div>
        </div>
    }
    .into_any()
}
