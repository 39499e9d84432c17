//! `/desk`: leads to the totals of the round that is open.

use super::refusal::Refusal;
use super::shell::DeskRounds;
use crate::components::blank_states::StatusPage;
use crate::router::{Leave, use_router};
use crate::session::Problem;
use crate::text::desk;
use domain::round::{Round, RoundState};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeskStartPage() -> impl IntoView {
    let DeskRounds(rounds) = expect_context::<DeskRounds>();
    let chosen = Memo::new(move |_| {
        rounds.value.with(|page| page.as_ref().map(|page| choose(&page.rounds))).unwrap_or_default()
    });
    let router = use_router();
    Effect::new(move || {
        if let Some(code) = chosen.get() {
            router.go(&format!("/desk/rounds/{code}/totals"), Leave::Replace);
        }
    });
    rounds.or_why_not(move || match chosen.get() {
        Some(_) => view! {
            <StatusPage
                title=Signal::derive(|| desk::connecting().to_owned())
                words=Signal::derive(String::new)
            />
        }
        .into_any(),
        None => {
            let problem = Problem::Refused("unknown_round".to_owned());
            view! { <Refusal problem=problem on_retry=move |()| rounds.reload()/> }.into_any()
        }
    })
}

/// The open round, the latest of several; without one the latest that was open.
fn choose(rounds: &[Round]) -> Option<String> {
    let open = rounds.iter().rfind(|round| matches!(round.state, RoundState::Open | RoundState::Closing));
    let closed = || rounds.iter().rfind(|round| round.state.is_closed());
    open.or_else(closed).or_else(|| rounds.first()).map(|round| round.code.to_string())
}
