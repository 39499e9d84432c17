//! Moving a row's dates or saying how far it is. What was typed stays until it is saved or given up; a change that somebody
//! else made meanwhile is shown first.

use super::find;
use super::row::change_line;
use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::net;
use crate::pages::desk::loaded::Loaded;
use crate::session::Problem;
use crate::text::{common, format, plan, problems};
use domain::api::{ChangePlanRow, PlanPage};
use domain::plan::{MAX_REASON_CHARS, PlanRow, PlanState, When, check};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The dialog; it is about the row whose number is in `changing`.
#[component]
pub fn ChangeDialog(
    /// The plan.
    loaded: Loaded<PlanPage>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which row.
    changing: RwSignal<Option<u32>>,
) -> impl IntoView {
    let title = Signal::derive(move || changing.get().map(plan::change_row).unwrap_or_default());
    view! {
        <Dialog open=open id="plan-title" title=title>
            {move || {
                let row = untrack(move || find(loaded, changing.get()?));
                row.map(|row| view! { <Form loaded=loaded open=open row=row/> })
            }}
        </Dialog>
    }
}

/// What is typed, and what became of it.
#[derive(Clone, Copy)]
struct Typed {
    starts: RwSignal<String>,
    ends: RwSignal<String>,
    state: RwSignal<PlanState>,
    reason: RwSignal<String>,
    /// How many changes the writer has seen.
    seen: RwSignal<usize>,
    problem: RwSignal<Option<String>>,
    /// The field that it is about.
    wrong: RwSignal<&'static str>,
    busy: RwSignal<bool>,
}

impl Typed {
    fn of(row: &PlanRow) -> Self {
        let When { starts_on, ends_on, state } = row.when.clone();
        Self {
            starts: RwSignal::new(starts_on.unwrap_or_default()),
            ends: RwSignal::new(ends_on.unwrap_or_default()),
            state: RwSignal::new(state),
            reason: RwSignal::new(String::new()),
            seen: RwSignal::new(row.changes.len()),
            wrong: RwSignal::new(""),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    fn when(self) -> When {
        let day = |text: String| Some(text).filter(|text| !text.is_empty());
        When { starts_on: day(self.starts.get()), ends_on: day(self.ends.get()), state: self.state.get() }
    }

    /// Sends it; the newer row first where there is one.
    async fn save(self, loaded: Loaded<PlanPage>, open: RwSignal<bool>, ordinal: u32) {
        let (When { starts_on, ends_on, state }, reason, seen) =
            untrack(|| (self.when(), self.reason.get(), self.seen.get()));
        let seen = u32::try_from(seen).unwrap_or(u32::MAX);
        let change = ChangePlanRow { starts_on, ends_on, state, reason, seen };
        let answer = net::post::<_, PlanRow>(&format!("/api/v1/plan/{ordinal}"), &change).await;
        match answer {
            Ok(_) => {
                loaded.ask().await;
                let _ = open.try_set(false);
            }
            Err(problem) => {
                if problem == Problem::Refused("changed_meanwhile".to_owned()) {
                    loaded.ask().await;
                }
                let _ = self.problem.try_set(Some(problems::problem(&problem)));
            }
        }
        let _ = self.busy.try_set(false);
    }
}

#[component]
fn Form(loaded: Loaded<PlanPage>, open: RwSignal<bool>, row: PlanRow) -> impl IntoView {
    let typed = Typed::of(&row);
    let (starts, ends) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let ordinal = row.ordinal;
    let first_seen = row.changes.len();
    let newer = move || {
        let changes = find(loaded, ordinal).map(|row| row.changes).unwrap_or_default();
        (changes.len() > first_seen).then(|| changes.last().map(change_line)).flatten()
    };
    let whole = move || {
        [starts, ends].into_iter().all(|field| field.get_untracked().is_none_or(|field| field.check_validity()))
    };
    let submit = move || {
        let known = untrack(|| find(loaded, ordinal).map_or(0, |row| row.changes.len()));
        let verdict = untrack(|| check(&typed.when(), &typed.reason.get()));
        let code = match verdict {
            // A date half typed reaches us as none at all.
            _ if !whole() => Some("not_a_date"),
            Err(problem) => Some(plan::problem_code(problem)),
            Ok(()) => None,
        };
        if let Some(code) = code {
            typed.wrong.set(match code {
                "ends_before_it_starts" => "plan-ends",
                "not_a_date" if starts.get_untracked().is_some_and(|field| !field.check_validity()) => "plan-starts",
                "not_a_date" => "plan-ends",
                _ => "plan-reason",
            });
            return typed.problem.set(Some(problems::refusal(code)));
        }
        // What stands in the dialog by now has been seen.
        if newer().is_some() {
            typed.seen.set(known);
        }
        typed.problem.set(None);
        typed.busy.set(true);
        spawn_local(typed.save(loaded, open, ordinal));
    };
    let is_wrong = move |id| (typed.problem.with(Option::is_some) && typed.wrong.get() == id).then_some("true");
    let day =
        move |label: fn() -> &'static str, id: &'static str, text: RwSignal<String>, node: NodeRef<html::Input>| {
            view! {
                <div class="field">
                    <label for=id>{label}</label>
                    <input
                        class="input"
                        type="date"
                        id=id
                        data-testid=id
                        node_ref=node
                        aria-describedby="plan-error"
                        aria-invalid=move || is_wrong(id)
                        prop:value=text.get_untracked()
                        on:input:target=move |event| text.set(event.target().value())
                    />
                // The browser writes the field in its own language's order.
                <p class="hint">{move || format::date(&text.get())}</p>
                </div>
            }
        };
    let choice = move |state: PlanState| {
        view! {
            <option value=state.as_str() selected=typed.state.get_untracked() == state>
                {move || plan::state(state)}
            </option>
        }
    };
    view! {
        <div class="dialog-body">
            <p class="soft">{row.contents.join(" · ")}</p>
            <p>{plan::window_is(&row.window)}</p>
            {move || {
                newer()
                    .map(|line| {
                        view! {
                            <div class="notice" data-tone="waiting" data-testid="plan-newer">
                                <Icon name="warn"/>
                                <div>
                                    <strong>{plan::newer}</strong>
                                    {line}
                                </div>
                            </div>
                        }
                    })
            }}
            <div class="plan-days">
                {day(plan::starts, "plan-starts", typed.starts, starts)}
                {day(plan::ends, "plan-ends", typed.ends, ends)}
            </div>
            <div class="field">
                <label for="plan-state">{plan::progress}</label>
                <select
                    class="input"
                    id="plan-state"
                    data-testid="plan-state"
                    on:change:target=move |event| {
                        if let Ok(state) = event.target().value().parse() {
                            typed.state.set(state);
                        }
                    }
                >
                    {PlanState::ALL.map(choice).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="plan-reason">{plan::reason}</label>
                <textarea
                    class="input"
                    id="plan-reason"
                    data-testid="plan-reason"
                    maxlength=MAX_REASON_CHARS.to_string()
                    required=true
                    aria-describedby="plan-error"
                    aria-invalid=move || is_wrong("plan-reason")
                    on:input:target=move |event| typed.reason.set(event.target().value())
                ></textarea>
                <p class="hint">{plan::reason_hint}</p>
            </div>
        </div>
        <div class="field dialog-problem">
                {move || {
                    typed
                        .problem
                        .get()
                        .map(|problem| {
                            view! {
                                <p class="error" id="plan-error" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <span>{problem}</span>
                                </p>
                            }
                        })
                }}
        </div>
        <footer class="dialog-foot">
            <button class="button" type="button" on:click=touch(move |_| open.set(false))>
                {common::back}
            </button>
            <button
                class="button primary"
                type="button"
                data-testid="plan-save"
                disabled=move || typed.busy.get()
                on:click=touch(move |_| submit())
            >
                <Icon name="check"/>
                {plan::save}
            </button>
        </footer>
    }
}
