//! One sheet: where it stands, why, and what the juror can do.

use super::Written;
use crate::components::icon::Icon;
use crate::pages::tablet::sheet_facts::{SheetFacts, Stand};
use crate::tablet::{DraftCell, SaveState, ServerState, SheetKey, Tablet, use_tablet};
use crate::text::{common, format, problems, sheet, sync};
use domain::sheet::Lock;
use leptos::prelude::*;

/// The line; it leads to the sheet.
#[component]
pub(super) fn SheetLine(
    /// Which.
    one: Written,
) -> impl IntoView {
    let tablet = use_tablet();
    let (key, code, name) = one.sheet.get_value();
    let href = format!("/rounds/{}/products/{code}/sheet", key.round);
    let state = move || one.sheet.with_value(|sheet| state_code(tablet, &sheet.0));
    view! {
        <li>
            <a class="sync-item" href=href data-testid=format!("sync-item-{code}")>
                <span class="sync-name">
                    <span class="code">{code.clone()}</span>
                    " "
                    <b>{name}</b>
                </span>
                <span class="sync-why">
                    {move || one.facts.with(why)}
                    {move || {
                        has_code(&one.facts.get())
                            .then(|| {
                                view! {
                                    <span class="soft">
                                        {sheet::sheet_code} " " <span class="sheet-code">{state}</span>
                                    </span>
                                }
                            })
                    }}
                </span>
                <Icon name="next" class="work-go"/>
            </a>
        </li>
    }
}

/// Whether the server has the very state that is on this tablet.
fn has_code(facts: &SheetFacts) -> bool {
    facts.pulled || matches!(facts.server, ServerState::Received { .. } | ServerState::Held(_))
}

/// The eight characters of the sheet's state, the same as on the locked sheet.
fn state_code(tablet: Tablet, key: &SheetKey) -> String {
    let state = tablet.judge(key, |_, view, frame| match (view.sheet.lock(), frame) {
        (Some(Lock::Confirmed { state_hash }), _) => *state_hash,
        (_, Some(frame)) => frame.state_hash(&view.sheet),
        (_, None) => view.sheet.state_hash(),
    });
    tablet.sheet_code(key, state)
}

/// Why a sheet stands where it does, and what the juror can do.
fn why(facts: &SheetFacts) -> AnyView {
    let told = |tone: &'static str, icon: &'static str, words: String, more: Option<AnyView>| {
        view! {
            <span class="told" data-tone=tone>
                <Icon name=icon/>
                {words}
            </span>
            {more}
        }
        .into_any()
    };
    let soft = |words: &'static str| Some(view! { <span>{words}</span> }.into_any());
    match (&facts.save, &facts.server) {
        (SaveState::Failed { reason }, _) => {
            told("failed", "warn", format!("{}: {}", common::not_saved(), problems::not_saved(reason)), None)
        }
        (_, ServerState::Held(code)) => {
            told("waiting", "received", problems::held(*code).to_owned(), soft(sync::held_nothing_lost()))
        }
        (_, ServerState::Rejected(code)) => {
            told("failed", "warn", problems::rejected(*code).to_owned(), soft(sync::rejected_what_to_do()))
        }
        _ if facts.stand == Stand::TwoValues => {
            told("waiting", "warn", common::two_values().to_owned(), soft(sync::two_values_what_to_do()))
        }
        _ if facts.stand == Stand::Outdated => {
            told("waiting", "warn", common::confirm_again().to_owned(), soft(sync::outdated_what_to_do()))
        }
        (_, ServerState::Received { at_ms, code }) => {
            let code = view! {
                <span class="soft">
                    {sync::receipt_code} " " <span class="sheet-code">{code.clone()}</span>
                </span>
            };
            told("received", "received", sync::received_at(&format::moment(*at_ms)), Some(code.into_any()))
        }
        (_, ServerState::NothingToSend) if facts.pulled => {
            told("received", "received", sync::from_elsewhere().to_owned(), None)
        }
        _ => told("waiting", "waiting", waits(facts), None),
    }
}

fn waits(facts: &SheetFacts) -> String {
    match (&facts.draft, &facts.save) {
        (Some(DraftCell::Mark(code)), _) => sync::draft_of(code.as_str()),
        (Some(_), _) => sync::draft_of_text().to_owned(),
        (None, SaveState::Saved { at_ms }) => format!("{} {}", sheet::saved(), format::clock(*at_ms)),
        _ => sheet::saving().to_owned(),
    }
}
