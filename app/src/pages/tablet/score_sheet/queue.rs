//! Beside the sheet, where there is room: the other sheets of the stop, or of the group.

use super::marking::{Marking, Task};
use crate::components::erased::live;
use crate::components::gradual::gradually;
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::ordered::ordered;
use crate::pages::tablet::sheet_facts::{SheetFacts, Stand, facts, stand_words};
use crate::tablet::{Catalogue, SheetKey};
use crate::text::{common, sheet};
use domain::round::{RoundMode, RoundState};
use leptos::prelude::*;

/// Sheets in the queue, at most.
const MAX: usize = 24;

/// A sheet beside this one.
#[derive(Clone, PartialEq)]
struct Neighbour {
    key: SheetKey,
    code: String,
    name: String,
}

/// The queue.
#[component]
pub fn Queue(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let task = marking.task.get_value();
    let (place, neighbours) = marking.tablet.catalogue().with_untracked(|known| neighbours(known, &task));
    let group = task.product.group.to_string();
    let title = move || place.clone().unwrap_or_else(|| common::group(&group));
    let line = move |one: Neighbour| {
        let facts = facts(marking.tablet, &one.key);
        let stand = Memo::new(move |_| facts.with(|facts| facts.stand));
        let icon = move || match stand.get() {
            Stand::NotScored => "none",
            Stand::Scoring => "draft",
            Stand::Locked => "lock",
            Stand::Recused | Stand::Absent => "recused",
            Stand::TwoValues | Stand::Outdated => "warn",
        };
        view! {
            <li>
                <a
                    class="queue-item"
                    href=format!("/rounds/{}/products/{}/sheet", one.key.round, one.code)
                    aria-current=(one.key == task.key).then_some("page")
                    data-state=move || facts.with(|facts| facts.data_state())
                >
                    <Icon name=Signal::derive(icon)/>
                    <span>
                        <span class="code">{one.code.clone()}</span>
                        " "
                        <span class="hidden-words">{move || stand_words(stand.get())}</span>
                        <span class="queue-name">{one.name}</span>
                    </span>
                </a>
            </li>
        }
    };
    // The sheet first: nobody looks beside it before they have seen it.
    let all = neighbours.len();
    let made = gradually(Signal::derive(move || all), 0);
    let (neighbours, keys) = (neighbours.clone(), neighbours.into_iter().map(|one| one.code).collect::<Vec<_>>());
    let keys = move || keys.iter().take(made.get()).cloned().collect();
    let lines = keyed(keys, move |code| neighbours.iter().find(|one| one.code == code).cloned().map(&line).into_any());
    view! {
        <nav class="queue" aria-label=sheet::other_sheets>
            <h2>{title}</h2>
            <ul>{lines}</ul>
        </nav>
    }
}

/// On a locked sheet the way on: to the next one of the stop, or of the group, that is still open.
#[component]
pub fn NextSheet(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let task = marking.task.get_value();
    let (_, mut all) = marking.tablet.catalogue().with_untracked(|known| neighbours(known, &task));
    let here = all.iter().position(|one| one.key == task.key).unwrap_or_default();
    all.rotate_left(here);
    let rescores = task.round.mode == RoundMode::Rescore;
    let others: Vec<_> = all.into_iter().skip(1).map(|one| (facts(marking.tablet, &one.key), one)).collect();
    let next = Memo::new(move |_| {
        let open = others.iter().find(|(facts, _)| facts.with(SheetFacts::is_open));
        open.filter(|_| task.round.state == RoundState::Open).map(|(_, one)| one.clone())
    });
    live(move || {
        next.get().map(|one| {
            let address = format!("/rounds/{}/products/{}/sheet", one.key.round, one.code);
            view! {
                <a
                    class="button primary tall"
                    href=address
                    data-testid="next-sheet"
                >
                    {if rescores { sheet::next_sheet } else { sheet::next_sheet_of_others }}
                    " "
                    {one.code}
                    <Icon name="next"/>
                </a>
            }
        })
    })
}

/// The stop's place, and the sheets of the same stop; without a stop, those of the same group around this one.
fn neighbours(known: &Catalogue, task: &Task) -> (Option<String>, Vec<Neighbour>) {
    let stop = task.assignment.as_ref().and_then(|assignment| assignment.stop.clone());
    let in_round = known.assignments.iter().filter(|other| other.round == task.round.code);
    let all: Vec<_> = in_round
        .filter_map(|other| Some((other, known.product_by_id(other.product)?)))
        .filter(|(other, product)| match &stop {
            Some(stop) => other.stop.as_ref() == Some(stop),
            None => other.stop.is_none() && product.group == task.product.group,
        })
        .map(|(other, product)| Neighbour {
            key: SheetKey { round: other.round.clone(), product: product.id },
            code: product.code.to_string(),
            name: product.name.clone(),
        })
        .collect();
    let all = ordered(all, |a, b| a.code.cmp(&b.code));
    let here = all.iter().position(|one| one.key == task.key).unwrap_or_default();
    let from = here.saturating_sub(MAX / 2).min(all.len().saturating_sub(MAX));
    (stop.map(|stop| stop.place), all.into_iter().skip(from).take(MAX).collect())
}
