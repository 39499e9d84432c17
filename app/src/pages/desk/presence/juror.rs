//! One juror at a stop: there, late or absent, as last recorded and by whom.

use super::stop::Recording;
use crate::components::chip::Chip;
use crate::components::presence::{PresenceChoice, STATES};
use crate::text::{Sentence, format, presence};
use domain::api::JurorPresence;
use domain::ids::UserId;
use domain::jury::Presence;
use leptos::prelude::*;

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
    let recorded = Signal::derive(move || is_recorded.get().then(|| state.get()));
    let doubtful = move || known.with(|known| known.as_ref().is_some_and(|known| known.doubtful));
    let set_aside = move || known.with(|known| known.as_ref().map_or(0, |known| known.set_aside));
    let words = move || known.get().map(|known| said(&known)).unwrap_or_default();
    let label = name.clone();
    let present = move |()| {
        // Twice the same would only be noise among the acts.
        if recorded.get_untracked() != Some("present") || doubtful() {
            recording.record(juror, Presence::Present);
        }
    };
    let control = move || match may.get() {
        true => view! {
            <PresenceChoice
                juror=juror
                name=label.clone()
                recorded=recorded
                asking=recording.asking
                on_present=present
            />
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
                {move || doubtful().then(|| view! { <span class="doubt">{presence::doubtful}</span> })}
                {move || {
                    let sheets = set_aside();
                    (sheets > 0)
                        .then(|| {
                            view! {
                                <span class="doubt" data-testid="set-aside">
                                    {presence::set_aside(sheets)}
                                </span>
                            }
                        })
                }}
            </p>
            {control}
        </li>
    }
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
