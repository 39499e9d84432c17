//! One stop with the delegation's jurors, and the dialog in which being late or absent gets its reason.

use super::juror::JurorLine;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::net;
use crate::pages::desk::loaded::Loaded;
use crate::text::{format, presence, problems};
use domain::api::{JurorPresence, PresencePage, RecordPresence};
use domain::ids::UserId;
use domain::jury::{Presence, Stop};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What names a stop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopKey {
    delegation: String,
    date: String,
    ordinal: u32,
}

/// The presence that is being recorded and still wants its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Đến muộn.
    Late,
    /// Vắng mặt.
    Absent,
}

/// What a stop's lines share.
#[derive(Clone, Copy)]
pub struct Recording {
    loaded: Loaded<PresencePage>,
    key: StoredValue<StopKey>,
    /// Who is asked about, and what.
    pub asked: RwSignal<Option<(UserId, Asked)>>,
    /// Whether the reason is being asked for.
    pub open: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
}

impl StopKey {
    /// The key of a stop.
    pub fn of(stop: &Stop) -> Self {
        Self { delegation: stop.delegation.clone(), date: stop.date.clone(), ordinal: stop.ordinal }
    }
}

impl Recording {
    /// How a juror was here, as it is known.
    pub fn known(self, juror: UserId) -> Option<JurorPresence> {
        self.jurors(|jurors| jurors.iter().find(|one| one.juror == juror).cloned())
    }

    fn jurors<T>(self, read: impl FnOnce(&[JurorPresence]) -> T) -> T {
        self.loaded.value.with(|page| {
            let stops = page.iter().flat_map(|page| &page.stops);
            let found = self.key.with_value(|key| stops.into_iter().find(|one| StopKey::of(&one.stop) == *key));
            read(found.map_or(&[], |stop| &stop.jurors))
        })
    }

    /// Whether the reader may record it.
    pub fn may(self) -> bool {
        self.loaded.value.with(|page| page.as_ref().is_some_and(|page| page.may_record))
    }

    /// Sends it; the answer is the page as it stands then.
    pub fn record(self, juror: UserId, presence: Presence) {
        let (StopKey { delegation, date, ordinal }, loaded) = (self.key.get_value(), self.loaded);
        let round = loaded.value.with_untracked(|page| page.as_ref().map(|page| page.round.code.clone()));
        let Some(round) = round else { return };
        let record = RecordPresence { delegation, date, ordinal, juror, presence };
        self.problem.set(None);
        spawn_local(async move {
            let answer = net::post::<_, PresencePage>(&format!("/api/v1/rounds/{round}/presence"), &record).await;
            match answer {
                Ok(page) => {
                    let _ = self.open.try_set(false);
                    loaded.take(page);
                }
                Err(problem) => {
                    let _ = self.problem.try_set(Some(problems::problem(&problem)));
                }
            }
        });
    }
}

/// The stop.
#[component]
pub fn StopView(
    /// The round's stops.
    loaded: Loaded<PresencePage>,
    /// Which one.
    key: StopKey,
) -> impl IntoView {
    let here = |page: &PresencePage| page.stops.iter().find(|one| StopKey::of(&one.stop) == key).cloned();
    let stop = loaded.value.with_untracked(|page| page.as_ref().and_then(here));
    let testid = format!("presence-stop-{}-{}", key.date, key.ordinal);
    let recording = Recording {
        loaded,
        key: StoredValue::new(key),
        asked: RwSignal::new(None),
        open: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    let jurors = Memo::new(move |_| recording.jurors(|jurors| jurors.iter().map(|one| one.juror).collect::<Vec<_>>()));
    let problem = Signal::derive(move || recording.problem.get());
    let outside = move || problem.get().filter(|_| !recording.open.get());
    stop.map(|known| {
        let Stop { delegation, date, time, place, address, ordinal } = known.stop;
        view! {
            <section class="presence-stop card" data-testid=testid>
                <header>
                    <h2>
                        <span class="num">{ordinal}". "</span>
                        {place}
                    </h2>
                    <p>
                        <b>{format!("{time} · {}", format::date(&date))}</b>
                        <span class="soft">{move || presence::delegation_and_products(&delegation, known.products)}</span>
                    </p>
                    <p class="soft">
                        <Icon name="place"/>
                        {address}
                    </p>
                </header>
                <ul>
                    <For each=move || jurors.get() key=|juror| *juror let:juror>
                        <JurorLine recording=recording juror=juror/>
                    </For>
                </ul>
                {move || {
                    outside()
                        .map(|problem| {
                            view! {
                                <p class="told" data-tone="failed" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <span>{problem}</span>
                                </p>
                            }
                        })
                }}
                <Reason recording=recording problem=problem/>
            </section>
        }
    })
}

#[component]
fn Reason(recording: Recording, problem: Signal<Option<String>>) -> impl IntoView {
    let who = move || {
        let known = recording.asked.get().and_then(|(juror, _)| recording.known(juror));
        known.map(|known| known.name).unwrap_or_default()
    };
    let asked = Memo::new(move |_| recording.asked.get().map(|(_, asked)| asked));
    live(move || {
        let (title, words): (fn(&str) -> String, _) = match asked.get()? {
            Asked::Late => (presence::late_title, words("late")),
            Asked::Absent => (presence::absent_title, words("absent")),
        };
        let record = move |reason: String| {
            if let Some((juror, asked)) = recording.asked.get_untracked() {
                recording.record(
                    juror,
                    match asked {
                        Asked::Late => Presence::Late { reason },
                        Asked::Absent => Presence::Absent { reason },
                    },
                );
            }
        };
        Some(view! {
            <ReasonDialog
                open=recording.open
                id="presence-title"
                title=Signal::derive(move || title(&who()))
                words=words
                problem=problem
                on_reason=record
            />
        })
    })
}

fn words(name: &str) -> ReasonWords {
    let (explain, icon): (crate::text::Sentence, _) = match name {
        "late" => (presence::late_explain, "waiting"),
        _ => (presence::absent_explain, "recused"),
    };
    ReasonWords {
        explain,
        label: presence::reason,
        missing: Some(presence::reason_missing),
        act: presence::record,
        icon,
    }
}
