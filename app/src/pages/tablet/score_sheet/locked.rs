//! Why nothing can be changed, and the way to change that.

use super::finish::{ConfirmDialog, Confirming};
use super::marking::{Marking, Takes};
use super::reasoned::ReasonedAct;
use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::components::reason_dialog::ReasonWords;
use crate::tablet::{DraftCell, SaveState, SheetView};
use crate::text::{Sentence, format, sheet};
use domain::jury::Standing;
use domain::sheet::{Act, Lock, SheetState};
use leptos::prelude::*;

const REOPEN: ReasonWords = ReasonWords {
    explain: sheet::reopen_words,
    label: sheet::reopen_reason,
    missing: Some(sheet::reopen_reason_missing),
    act: sheet::reopen,
    icon: "unlock",
};

fn reopen(reason: String) -> Act {
    Act::Reopen { reason }
}

/// What locks the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// Confirmed, with the start of what was confirmed and the time.
    Confirmed { code: String, at_ms: Option<i64>, marks: bool },
    /// Confirmed, and changed by another tablet since.
    Outdated,
    /// Two tablets disagree about marks or lock.
    Conflict { marks: bool },
    /// Refused by the juror.
    Recused(String),
    /// Refused with the assignment.
    AssignedRecused(String),
    /// Absent.
    AssignedAbsent(String),
    /// The assignment is gone.
    Withdrawn,
}

/// The box on top of a locked sheet.
#[component]
pub fn LockedBox(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let (reopening, confirming) = (RwSignal::new(false), Confirming::new(marking));
    let why = Memo::new(move |_| why(marking));
    let typed = Memo::new(move |_| marking.view.with(half_typed));
    let round_open = marking.task.with_value(|task| !task.round.state.is_closed());
    let own_lock = move || !matches!(why.get(), Why::AssignedRecused(_) | Why::AssignedAbsent(_) | Why::Withdrawn);
    let icon = move || match why.get() {
        Why::Confirmed { .. } => "lock",
        Why::Outdated | Why::Conflict { .. } => "warn",
        _ => "recused",
    };
    view! {
        <div class="locked">
            <Icon name=Signal::derive(icon)/>
            <div>
                {move || said(why.get())}
                {move || {
                    let typed = typed.get();
                    (!typed.is_empty()).then(|| two_lines(sheet::half_typed, move || typed.clone()))
                }}
            </div>
            // What is half typed would keep it from being confirmed.
            <Show when=move || round_open && why.get() == Why::Outdated && typed.with(String::is_empty)>
                <button class="button primary" type="button" on:click=touch(move |_| confirming.review())>
                    <Icon name="lock"/>
                    {sheet::confirm_yes}
                </button>
            </Show>
            <Show when=move || round_open && own_lock()>
                <button class="button" type="button" on:click=touch(move |_| reopening.set(true))>
                    <Icon name="unlock"/>
                    {sheet::reopen}
                </button>
            </Show>
            <Show when=move || typed.with(|typed| !typed.is_empty())>
                <button class="button" type="button" on:click=touch(move |_| marking.discard_all())>
                    <Icon name="clear"/>
                    {sheet::discard_typed}
                </button>
            </Show>
        </div>
        <ConfirmDialog confirming=confirming/>
        <ReasonedAct marking=marking open=reopening id="reopen-title" title=sheet::reopen_title words=REOPEN act=reopen/>
    }
}

/// All that is half typed: on a locked sheet its rows don't show it.
fn half_typed(view: &SheetView) -> String {
    let line = |(cell, text): (&DraftCell, &String)| {
        let what = match cell {
            DraftCell::Mark(code) => code.to_string(),
            DraftCell::Note(code) => sheet::note_label(code.as_str()),
            DraftCell::Remark => sheet::remark().to_owned(),
        };
        let text = if text.is_empty() { sheet::clear() } else { text };
        format!("{what}: {text}")
    };
    view.drafts.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn why(marking: Marking) -> Why {
    let (assigned, withdrawn) =
        marking.task.with_value(|task| (task.assignment.as_ref().map(|task| task.standing.clone()), task.withdrawn));
    match assigned {
        Some(Standing::Recused { reason }) => return Why::AssignedRecused(reason),
        Some(Standing::Absent { reason }) => return Why::AssignedAbsent(reason),
        _ if withdrawn => return Why::Withdrawn,
        _ => {}
    }
    marking.view.with(|view| {
        let at_ms = match view.save {
            SaveState::Saved { at_ms } => Some(at_ms),
            _ => None,
        };
        let (state, marks) = marking.judged.with(|judged| (judged.state.clone(), judged.takes != Takes::None));
        match (state, view.sheet.lock()) {
            (SheetState::Conflict, lock) => Why::Conflict { marks: lock.is_some() },
            (SheetState::Outdated, _) => Why::Outdated,
            (_, Some(Lock::Recused { reason })) => Why::Recused(reason.clone()),
            (_, Some(Lock::Confirmed { state_hash })) => {
                let code = marking.task.with_value(|task| marking.tablet.sheet_code(&task.key, *state_hash));
                Why::Confirmed { code, at_ms, marks }
            }
            _ => Why::Confirmed { code: String::new(), at_ms, marks },
        }
    })
}

fn said(why: Why) -> AnyView {
    match why {
        Why::Confirmed { code, at_ms, marks } => view! {
            <p>
                <strong>{if marks { sheet::locked_strong } else { sheet::locked_remarks_strong }}</strong>
                {move || at_ms.map(|at_ms| format!(" {}", sheet::at(&format::moment(at_ms))))}
            </p>
            <p class="soft">
                {sheet::sheet_code}
                " "
                <span class="sheet-code">{code}</span>
            </p>
        }
        .into_any(),
        Why::Outdated => two_lines(sheet::outdated_strong, || sheet::outdated_words().to_owned()),
        Why::Conflict { marks: true } => {
            two_lines(sheet::conflict_strong, || sheet::conflict_reopen_words().to_owned())
        }
        Why::Conflict { marks: false } => two_lines(sheet::conflict_strong, || sheet::conflict_lock_words().to_owned()),
        Why::Recused(reason) => two_lines(sheet::recused_strong, move || sheet::reason(&reason)),
        Why::AssignedRecused(reason) => two_lines(sheet::blocked_recused, move || blocked(&reason)),
        Why::AssignedAbsent(reason) => two_lines(sheet::blocked_absent, move || blocked(&reason)),
        Why::Withdrawn => two_lines(sheet::withdrawn_strong, || sheet::withdrawn_words().to_owned()),
    }
}

fn blocked(reason: &str) -> String {
    format!("{}. {}", sheet::reason(reason.trim_end_matches('.')), sheet::blocked_words())
}

fn two_lines(strong: Sentence, words: impl Fn() -> String + Send + 'static) -> AnyView {
    view! {
        <p>
            <strong>{strong}</strong>
        </p>
        <p class="soft">{words}</p>
    }
    .into_any()
}
