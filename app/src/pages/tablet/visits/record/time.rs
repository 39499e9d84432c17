//! When the delegation came, and when it left.

use super::Recording;
use crate::components::erased::{Show, touch};
use crate::text::{Sentence, format, visits};
use domain::visit::{TimeOfDay, Visit, VisitAct};
use leptos::prelude::*;

/// When the delegation came, or left: now, or at the time that is typed.
#[component]
pub(super) fn Time(
    recording: Recording,
    id: &'static str,
    label: Sentence,
    of: fn(&Visit) -> Vec<TimeOfDay>,
    act: fn(Option<TimeOfDay>) -> VisitAct,
) -> impl IntoView {
    let times = Memo::new(move |_| recording.view.with(|view| of(&view.visit)));
    // Where two tablets disagree the field is empty: either can be entered again.
    let shown = |times: &Vec<TimeOfDay>| match times[..] {
        [time] => time.to_string(),
        _ => String::new(),
    };
    let now = move |_| {
        let clock = format::clock(crate::clock::now_ms());
        recording.act(act(clock.parse().ok()));
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="visit-time">
                <input
                    class="input"
                    type="time"
                    id=id
                    data-testid=format!("visit-{id}")
                    prop:value=move || times.with(shown)
                    on:change:target=move |event| {
                        // A field that is being typed into is empty in between; that is no word about the time.
                        let field = event.target();
                        if let Ok(time) = field.value().parse() {
                            let before = times.with_untracked(|times| shown(times));
                            recording.act_or(act(Some(time)), move || field.set_value(&before));
                        }
                    }
                    on:blur:target=move |event| {
                        if event.target().value().is_empty() && times.with_untracked(|times| times.len() == 1) {
                            recording.act(act(None));
                        }
                    }
                />
                <button
                    class="button"
                    type="button"
                    data-testid=format!("visit-{id}-now")
                    on:click=touch(now)
                >
                    {visits::now}
                </button>
            </div>
            <Show when=move || times.with(|times| times.len() > 1)>
                <p class="doubt" role="alert">
                    {visits::two_times}
                    " "
                    {move || times.with(|times| times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))}
                </p>
            </Show>
        </div>
    }
}
