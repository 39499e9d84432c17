//! `/desk`: leads to the totals of the round that is open.

use super::refusal::Refusal;
use crate::components::blank_states::StatusPage;
use crate::net;
use crate::session::Problem;
use crate::text::desk;
use domain::api::TotalsPage;
use domain::round::{Round, RoundState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Any round's totals name all rounds; these codes are fixed.
const ROUNDS: [&str; 3] = ["visit", "dossier", "direct"];

/// The page.
#[component]
pub fn DeskStartPage() -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let navigate = use_navigate();
    let go = move || {
        let navigate = navigate.clone();
        spawn_local(async move {
            match find_round().await {
                Ok(code) => {
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&format!("/desk/rounds/{code}/totals"), options);
                }
                Err(why) => {
                    let _ = problem.try_set(Some(why));
                }
            }
        });
    };
    go();
    move || match problem.get() {
        Some(why) => {
            let go = go.clone();
            view! { <Refusal problem=why on_retry=move |()| go()/> }.into_any()
        }
        None => view! {
            <StatusPage
                title=Signal::derive(|| desk::connecting().to_owned())
                words=Signal::derive(String::new)
            />
        }
        .into_any(),
    }
}

async fn find_round() -> Result<String, Problem> {
    let mut last = Problem::Refused("unknown_round".to_owned());
    for code in ROUNDS {
        match net::get::<TotalsPage>(&format!("/api/v1/rounds/{code}/totals")).await {
            Ok(page) => return Ok(choose(&page.rounds).unwrap_or_else(|| code.to_owned())),
            Err(Problem::Refused(why)) if why == "unknown_round" => last = Problem::Refused(why),
            Err(problem) => return Err(problem),
        }
    }
    Err(last)
}

/// The open round, the latest of several; without one the latest that was open.
fn choose(rounds: &[Round]) -> Option<String> {
    let open = rounds.iter().rfind(|round| round.state == RoundState::Open);
    let closed = || rounds.iter().rfind(|round| round.state == RoundState::Closed);
    open.or_else(closed).or_else(|| rounds.first()).map(|round| round.code.to_string())
}
