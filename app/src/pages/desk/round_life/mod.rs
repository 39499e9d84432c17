//! `/desk/rounds/<round>/life`: open, close, publish, reopen a round, and rule on held work (S25).

mod held;
mod moves;

use super::loaded::Loaded;
use super::shell::{DeskRounds, use_round};
use crate::components::blank_states::EmptyPlace;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::net;
use crate::pages::public::not_found::NotFoundPage;
use crate::session::Problem;
use crate::text::{format, problems, rounds};
use domain::api::RoundsPage;
use domain::api::oversight::{HeldWork, RoundDesk, RuledWork};
use domain::ids::RoundCode;
use held::HeldSheets;
use leptos::prelude::*;
use leptos::task::spawn_local;
use moves::{History, Moves};
use serde::Serialize;
use std::collections::BTreeSet;

/// The page.
#[component]
pub fn RoundLifePage() -> impl IntoView {
    let round = use_round();
    set_page_title(|| rounds::nav().to_owned());
    live(move || match round.get() {
        Some(code) => view! { <OfRound code=code/> }.into_any(),
        None => view! { <NotFoundPage/> }.into_any(),
    })
}

/// The page's round, and how it is acted on.
#[derive(Clone, Copy)]
struct Desk {
    loaded: Loaded<RoundDesk>,
    rounds: Loaded<RoundsPage>,
    round: StoredValue<RoundCode>,
    problem: RwSignal<Option<String>>,
}

impl Desk {
    /// Sends an act; the answer is the page as it stands then, and the dialog closes. If somebody else was faster, the
    /// page is read anew and what was typed stays.
    fn act(self, what: &'static str, asked: impl Serialize + 'static, open: RwSignal<bool>) {
        self.problem.set(None);
        let path = self.round.with_value(|round| format!("/api/v1/rounds/{round}/{what}"));
        spawn_local(async move {
            match net::post::<_, RoundDesk>(&path, &asked).await {
                Ok(page) => {
                    let _ = open.try_set(false);
                    self.loaded.take(page);
                    // The way to this page says how the round stands.
                    self.rounds.reload();
                }
                Err(problem) => {
                    if problem == Problem::Refused("changed_meanwhile".to_owned()) {
                        self.loaded.ask().await;
                    }
                    let _ = self.problem.try_set(Some(problems::problem(&problem)));
                }
            }
        });
    }

    fn read<T: Default>(self, read: impl FnOnce(&RoundDesk) -> T) -> T {
        self.loaded.value.with(|page| page.as_ref().map(read)).unwrap_or_default()
    }
}

#[component]
fn OfRound(code: RoundCode) -> impl IntoView {
    let loaded = Loaded::<RoundDesk>::open(format!("/api/v1/rounds/{code}/desk"));
    let DeskRounds(rounds) = expect_context();
    let desk = Desk { loaded, rounds, round: StoredValue::new(code), problem: RwSignal::new(None) };
    loaded.or_why_not(move || view! { <Life desk=desk/> }.into_any())
}

#[component]
fn Life(desk: Desk) -> impl IntoView {
    let held = Memo::new(move |_| desk.read(|page| page.held.clone()));
    view! {
        <main class="totals life-page" id="main" tabindex="-1">
            <div class="totals-head">
                <p class="eyebrow">{move || desk.read(|page| page.round.name.clone())}</p>
                <h1>{rounds::nav}</h1>
            </div>
            {desk.loaded.freshness()}
            <Moves desk=desk/>
            <section class="life-section" aria-labelledby="held-title">
                <h2 id="held-title">
                    {rounds::held_title}
                    <span class="count num">{move || held.with(|held| sheets_of(held))}</span>
                </h2>
                <p class="soft">{rounds::held_lead}</p>
                {live(move || match held.with(Vec::is_empty) {
                    true => view! {
                        <EmptyPlace
                            icon="check"
                            title=Signal::derive(|| rounds::no_held_title().to_owned())
                            words=Signal::derive(|| rounds::no_held_words().to_owned())
                        />
                    }
                    .into_any(),
                    false => view! { <HeldSheets desk=desk held=held/> }.into_any(),
                })}
            </section>
            <Ruled desk=desk/>
            <History desk=desk/>
        </main>
    }
}

/// How many sheets held operations are of.
fn sheets_of(held: &[HeldWork]) -> usize {
    let sheets: BTreeSet<_> = held.iter().map(|work| (&work.juror, &work.product)).collect();
    sheets.len()
}

/// What was ruled, a line a sheet and ruling.
#[component]
fn Ruled(desk: Desk) -> impl IntoView {
    let ruled = Memo::new(move |_| desk.read(|page| page.ruled.clone()));
    live(move || {
        let ruled = ruled.get();
        if ruled.is_empty() {
            return ().into_any();
        }
        let lines = ruled
            .chunk_by(|a, b| {
                (a.recorded.at, &a.work.juror, &a.work.product) == (b.recorded.at, &b.work.juror, &b.work.product)
            })
            .map(ruled_line)
            .collect_view();
        view! {
            <section class="life-section" aria-labelledby="ruled-title" data-testid="ruled">
                <h2 id="ruled-title">{rounds::ruled_title}</h2>
                <ul class="life-lines card">{lines}</ul>
            </section>
        }
        .into_any()
    })
}

fn ruled_line(works: &[RuledWork]) -> Option<AnyView> {
    let first = works.first()?.clone();
    let count = works.len();
    let product = first.work.product.map(|product| format!("{} · {}", product.code, product.name));
    let (juror, at) = (first.work.juror, format::moment(first.recorded.at));
    let icon = match first.verdict {
        domain::log::Verdict::Admit => "received",
        domain::log::Verdict::Deny => "recused",
    };
    let line = view! {
        <li>
            <p>
                <b>
                    <Icon name=icon/>
                    {move || rounds::verdict(first.verdict, count)}
                </b>
                <span>{juror}" · "{product}</span>
            </p>
            <p>
                <span>{first.reason}</span>
                <span class="soft">{rounds::by(&first.recorded.by, &at)}</span>
            </p>
        </li>
    };
    Some(line.into_any())
}
