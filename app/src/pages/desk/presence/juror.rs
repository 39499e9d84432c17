//! One juror at a stop: there, late or absent, as last recorded and by whom.

use super::stop::{Asked, Recording};
use crate::components::chip::Chip;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::text::{Sentence, format, presence};
use domain::api::JurorPresence;
use domain::ids::UserId;
use domain::jury::Presence;
use leptos::prelude::*;

/// Name in the API, words, symbol, tone.
const STATES: [(&str, Sentence, &str, &str); 3] = [
    ("present", presence::present, "check", "received"),
    ("late", presence::late, "waiting", "waiting"),
    ("absent", presence::absent, "recused", "refused"),
];

/// The line.
#[component]
pub fn JurorLine(
    /// The stop's.
    recording: Recording,
    /// Who.
    juror: UserId,
) -> impl IntoView {
    let known = Memo::new(move |_| recording.known(juror));
    let may = Memo::new(move |_| recording.may());
    let name = known.get_untracked().map(|known| known.name).unwrap_or_default();
    let state =
        Memo::new(move |_| known.with(|known| known.as_ref().map_or("present", |known| known.presence.parts().0)));
    let is_recorded =
        Memo::new(move |_| known.with(|known| known.as_ref().is_some_and(|known| known.recorded.is_some())));
    let words = move || known.get().map(|known| said(&known)).unwrap_or_default();
    let set = move |wanted: &'static str| match wanted {
        "late" => ask(recording, juror, Asked::Late),
        "absent" => ask(recording, juror, Asked::Absent),
        // Twice the same would only be noise among the acts.
        _ if state.get_untracked() == "present" && is_recorded.get_untracked() => {}
        _ => recording.record(juror, Presence::Present),
    };
    let button = move |(code, words, icon, _): (&'static str, Sentence, &'static str, &str)| {
        view! {
            <button
                class="choice"
                type="button"
                data-testid=format!("presence-set-{code}")
                aria-pressed=move || (state.get() == code && is_recorded.get()).to_string()
                on:click=touch(move |_| set(code))
            >
                <Icon name=icon/>
                {words}
            </button>
        }
    };
    let label = name.clone();
    let control = move || match may.get() {
        true => view! {
            <div class="choices" role="group" aria-label=label.clone()>
                {STATES.map(button).collect_view()}
            </div>
        }
        .into_any(),
        false => chip(state, is_recorded),
    };
    view! {
        <li
            class="presence-juror"
            data-testid=format!("presence-juror-{name}")
            data-presence=move || state.get()
            data-recorded=move || is_recorded.get().then_some("")
        >
            <p>
                <b>{name.clone()}</b>
                <span class="soft">{words}</span>
            </p>
            {control}
        </li>
    }
}

fn ask(recording: Recording, juror: UserId, what: Asked) {
    recording.asked.set(Some((juror, what)));
    recording.open.set(true);
}

fn chip(state: Memo<&'static str>, is_recorded: Memo<bool>) -> AnyView {
    let look = move || {
        let (_, words, icon, tone) = STATES.into_iter().find(|(code, ..)| *code == state.get()).unwrap_or(STATES[0]);
        if is_recorded.get() { (words, icon, tone) } else { (presence::not_recorded as Sentence, "none", "none") }
    };
    view! {
        <Chip
            tone=Signal::derive(move || look().2)
            icon=Signal::derive(move || look().1)
            words=Signal::derive(move || look().0().to_owned())
        />
    }
    .into_any()
}

/// "Xe hỏng – Thư ký Tổ giúp việc 1, 08:00 ngày 26/08/2024".
fn said(known: &JurorPresence) -> String {
    match &known.recorded {
        None => presence::counts_as_present().to_owned(),
        Some(by) => {
            let who = presence::recorded_by(&by.by, &format::moment(by.at));
            match known.presence.parts().1 {
                "" => who,
                reason => format!("{reason} – {who}"),
            }
        }
    }
}
