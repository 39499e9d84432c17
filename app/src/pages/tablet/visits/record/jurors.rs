//! Who of the delegation was there.

use super::Recording;
use crate::components::erased::{Show, touch};
use crate::components::icon::Icon;
use crate::components::presence::{Asking, PresenceChoice, PresenceReason};
use crate::text::{presence, problems, visits};
use domain::ids::UserId;
use domain::jury::Presence;
use domain::visit::{Expected, VisitAct};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub(super) fn Jurors(recording: Recording, jurors: Vec<Expected>) -> impl IntoView {
    let asking = Asking::new();
    let all = StoredValue::new(jurors.clone());
    let name = Signal::derive(move || {
        let about = asking.about.get().map(|(juror, _)| juror);
        let name = |jurors: &Vec<Expected>| {
            jurors.iter().find(|one| Some(one.juror) == about).map(|one| one.name.clone()).unwrap_or_default()
        };
        all.with_value(name)
    });
    let problem = RwSignal::new(None::<String>);
    // The dialog keeps what was typed until it is saved.
    let record = move |(juror, presence): (UserId, Presence)| {
        let doing =
            recording.key.with_value(|key| recording.tablet.act_on_visit(key, VisitAct::Presence { juror, presence }));
        spawn_local(async move {
            let refused = doing.await.err().map(|problem| problems::act(&problem));
            let _ = asking.open.try_set(refused.is_some());
            let _ = problem.try_set(refused);
        });
    };
    let unrecorded = Memo::new(move |_| {
        recording.view.with(|view| {
            let open = |one: &&Expected| view.visit.presence(one.juror).is_none();
            all.with_value(|jurors| jurors.iter().filter(open).map(|one| one.juror).collect::<Vec<_>>())
        })
    });
    let all_present = move |_| {
        for juror in unrecorded.get_untracked() {
            recording.act(VisitAct::Presence { juror, presence: Presence::Present });
        }
    };
    view! {
        <section aria-labelledby="jurors">
            <header class="visit-head">
                <h2 id="jurors">{visits::who_was_there}</h2>
                <Show when=move || unrecorded.with(|open| open.len() > 1)>
                    <button class="button" type="button" data-testid="all-present" on:click=touch(all_present)>
                        <Icon name="check"/>
                        {visits::all_present}
                    </button>
                </Show>
            </header>
            <ul class="card presence-jurors">
                {jurors.into_iter().map(|one| view! { <JurorLine recording=recording one=one asking=asking/> }).collect_view()}
            </ul>
            <PresenceReason asking=asking name=name problem=problem on_record=record/>
        </section>
    }
}

#[component]
fn JurorLine(recording: Recording, one: Expected, asking: Asking) -> impl IntoView {
    let Expected { juror, name } = one;
    let known = Memo::new(move |_| {
        recording.view.with(|view| (view.visit.presence(juror).cloned(), view.visit.is_doubtful(juror)))
    });
    let recorded = Signal::derive(move || known.with(|(known, _)| known.as_ref().map(|known| known.parts().0)));
    let words = move || {
        known.with(|(known, _)| match known {
            None => presence::counts_as_present().to_owned(),
            Some(known) => known.parts().1.to_owned(),
        })
    };
    let present = move |()| recording.act(VisitAct::Presence { juror, presence: Presence::Present });
    let testid = format!("presence-juror-{name}");
    view! {
        <li
            class="presence-juror"
            data-testid=testid
            data-presence=move || recorded.get().unwrap_or("present")
            data-recorded=move || recorded.get().map(|_| "")
        >
            <p>
                <b>{name.clone()}</b>
                <span class="soft">{words}</span>
                {move || known.with(|(_, doubtful)| *doubtful).then(|| view! { <span class="doubt">{presence::doubtful}</span> })}
            </p>
            <PresenceChoice juror=juror name=name recorded=recorded asking=asking on_present=present/>
        </li>
    }
}
