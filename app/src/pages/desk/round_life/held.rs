//! Held work, a card a sheet: each operation can be left out of the ruling.

use super::Desk;
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::text::{format, presence, problems, rounds};
use domain::api::oversight::{HeldProduct, HeldWork, MAX_RULED, RuleOnHeld};
use domain::jury::StopKey;
use domain::log::{OpName, Verdict};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a reader is about to rule on.
#[derive(Clone, Copy)]
struct Ruling {
    open: RwSignal<bool>,
    verdict: RwSignal<Verdict>,
    ops: RwSignal<Vec<OpName>>,
}

/// All cards, and the dialog that asks why.
#[component]
pub fn HeldSheets(desk: Desk, held: Memo<Vec<HeldWork>>) -> impl IntoView {
    let ruling =
        Ruling { open: RwSignal::new(false), verdict: RwSignal::new(Verdict::Admit), ops: RwSignal::new(Vec::new()) };
    let may_rule = Memo::new(move |_| desk.read(|page| page.may_rule));
    let cards = move || {
        let mut sheets: BTreeMap<(String, Option<HeldProduct>, Option<StopKey>), Vec<HeldWork>> = BTreeMap::new();
        for work in held.get() {
            let stop = work.visit.as_ref().map(|visit| visit.stop.clone());
            sheets.entry((work.juror.clone(), work.product.clone(), stop)).or_default().push(work);
        }
        let cards = sheets.into_iter().map(|((juror, product, stop), works)| {
            let title = match (product, stop) {
                (Some(product), _) => Some(format!("{} · {}", product.code, product.name)),
                (None, stop) => {
                    stop.map(|stop| rounds::visit_record(&stop.delegation, &format::date(&stop.date), stop.ordinal))
                }
            };
            view! { <SheetCard juror=juror title=title works=works ruling=ruling may_rule=may_rule/> }
        });
        cards.collect_view()
    };
    view! {
        <div class="life-held" data-testid="held">{live(cards)}</div>
        {live(move || {
            let verdict = ruling.verdict.get();
            view! { <Why desk=desk ruling=ruling verdict=verdict/> }
        })}
    }
}

#[component]
fn SheetCard(
    juror: String,
    title: Option<String>,
    works: Vec<HeldWork>,
    ruling: Ruling,
    may_rule: Memo<bool>,
) -> impl IntoView {
    // A page of held work is ruled on at once at most; what is beyond it comes next.
    let chosen = RwSignal::new(works.iter().take(MAX_RULED).map(|work| work.op).collect::<BTreeSet<_>>());
    let rule = move |verdict: Verdict| {
        touch(move |_| {
            ruling.verdict.set(verdict);
            ruling.ops.set(chosen.get_untracked().into_iter().collect());
            ruling.open.set(true);
        })
    };
    let nothing = move || chosen.with(BTreeSet::is_empty).then_some(true);
    let lines =
        works.into_iter().map(|work| view! { <Work work=work chosen=chosen may_rule=may_rule/> }).collect_view();
    view! {
        <article class="card life-sheet">
            <header>
                <h3>{move || title.clone().unwrap_or_else(|| rounds::unknown_product().to_owned())}</h3>
                <p>{juror}</p>
            </header>
            <ul>{lines}</ul>
            {live(move || may_rule.get().then(|| view! {
                <footer>
                    <button
                        class="button"
                        type="button"
                        data-testid="deny"
                        disabled=nothing
                        on:click=rule(Verdict::Deny)
                    >
                        <Icon name="recused"/>
                        {rounds::deny}
                    </button>
                    <button
                        class="button primary"
                        type="button"
                        data-testid="admit"
                        disabled=nothing
                        on:click=rule(Verdict::Admit)
                    >
                        <Icon name="check"/>
                        {rounds::admit}
                    </button>
                </footer>
            }))}
        </article>
    }
}

#[component]
fn Work(work: HeldWork, chosen: RwSignal<BTreeSet<OpName>>, may_rule: Memo<bool>) -> impl IntoView {
    let HeldWork { op, kind, criterion, code, received_at, visit, .. } = work;
    let words = move || match visit.as_ref().and_then(|visit| visit.juror.as_ref().zip(visit.presence.as_ref())) {
        Some((juror, said)) => presence::said_of(juror, said),
        None => rounds::kind(&kind, criterion.as_ref().map(|criterion| criterion.as_str())),
    };
    let set = move |checked: bool| {
        chosen.update(|chosen| match checked {
            true => drop(chosen.insert(op)),
            false => drop(chosen.remove(&op)),
        });
    };
    view! {
        <li>
            <label>
                {live(move || may_rule.get().then(|| view! {
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.with(|chosen| chosen.contains(&op))
                        on:change:target=move |event| set(event.target().checked())
                    />
                }))}
                <span>
                    <b>{words}</b>
                    <span class="soft">
                        {move || format!("{} · {}", problems::held(code), rounds::received(&format::moment(received_at)))}
                    </span>
                </span>
            </label>
        </li>
    }
}

#[component]
fn Why(desk: Desk, ruling: Ruling, verdict: Verdict) -> impl IntoView {
    let send = move |reason: String| {
        desk.act("rulings", RuleOnHeld { verdict, ops: ruling.ops.get_untracked(), reason }, ruling.open);
    };
    let (title, words): (crate::text::Sentence, _) = match verdict {
        Verdict::Admit => (rounds::admit_title, words(verdict)),
        Verdict::Deny => (rounds::deny_title, words(verdict)),
    };
    view! {
        <ReasonDialog
            open=ruling.open
            id="ruling-title"
            title=Signal::derive(move || title().to_owned())
            words=words
            problem=Signal::derive(move || desk.problem.get())
            on_reason=send
        />
    }
}

fn words(verdict: Verdict) -> ReasonWords {
    let (label, missing) = (rounds::reason, Some(rounds::reason_missing));
    match verdict {
        Verdict::Admit => {
            ReasonWords { explain: rounds::admit_explain, label, missing, act: rounds::admit, icon: "check" }
        }
        Verdict::Deny => {
            ReasonWords { explain: rounds::deny_explain, label, missing, act: rounds::deny, icon: "recused" }
        }
    }
}
