//! One stop: the delegation's jurors, and what its secretary wrote down.

use super::juror::JurorLine;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::presence::{Asking, PresenceReason};
use crate::net;
use crate::pages::desk::loaded::Loaded;
use crate::session::Problem;
use crate::text::photos as words;
use crate::text::{format, presence, problems};
use domain::api::{FactLine, JurorPresence, PresencePage, RecordPresence, StopPresence};
use domain::ids::UserId;
use domain::jury::{Presence, Stop, StopKey};
use domain::sync::chain::OpHash;
use domain::visit::TimeOfDay;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a stop's lines share.
#[derive(Clone, Copy)]
pub struct Recording {
    loaded: Loaded<PresencePage>,
    key: StoredValue<StopKey>,
    /// What is asked about.
    pub asking: Asking,
    problem: RwSignal<Option<String>>,
}

impl Recording {
    /// How a juror was here, as it is known.
    pub fn known(self, juror: UserId) -> Option<JurorPresence> {
        self.jurors(|jurors| jurors.iter().find(|one| one.juror == juror).cloned())
    }

    fn jurors<T>(self, read: impl FnOnce(&[JurorPresence]) -> T) -> T {
        self.stop(|stop| read(stop.map_or(&[], |stop| &stop.jurors)))
    }

    /// The stop as the page knows it now.
    fn stop<T>(self, read: impl FnOnce(Option<&StopPresence>) -> T) -> T {
        self.loaded.value.with(|page| {
            let stops = page.iter().flat_map(|page| &page.stops);
            read(self.key.with_value(|key| stops.into_iter().find(|one| one.stop.is(key))))
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
        let seen = untrack(|| self.known(juror)).map(|known| known.grounds).unwrap_or_default();
        let record = RecordPresence { delegation, date, ordinal, juror, seen, presence };
        self.problem.set(None);
        spawn_local(async move {
            let answer = net::post::<_, PresencePage>(&format!("/api/v1/rounds/{round}/presence"), &record).await;
            match answer {
                Ok(page) => {
                    let _ = self.asking.open.try_set(false);
                    loaded.take(page);
                }
                Err(problem) => {
                    if problem == Problem::Refused("changed_meanwhile".to_owned()) {
                        // The other word is shown before this one is recorded again.
                        loaded.ask().await;
                    }
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
    let here = |page: &PresencePage| page.stops.iter().find(|one| one.stop.is(&key)).cloned();
    let stop = loaded.value.with_untracked(|page| page.as_ref().and_then(here));
    let testid = format!("presence-stop-{}-{}", key.date, key.ordinal);
    let recording =
        Recording { loaded, key: StoredValue::new(key), asking: Asking::new(), problem: RwSignal::new(None) };
    let jurors = Memo::new(move |_| recording.jurors(|jurors| jurors.iter().map(|one| one.juror).collect::<Vec<_>>()));
    let problem = Signal::derive(move || recording.problem.get());
    let name = Signal::derive(move || {
        let known = recording.asking.about.get().and_then(|(juror, _)| recording.known(juror));
        known.map(|known| known.name).unwrap_or_default()
    });
    // After somebody else's word came in between, the dialog hides the line that it stands in.
    let newer = Signal::derive(move || {
        let about = problem.get().and_then(|_| recording.asking.about.get());
        let known = about.and_then(|(juror, _)| recording.known(juror)).filter(|known| known.recorded.is_some());
        known.map(|known| presence::said_of(&known.name, &known.presence)).unwrap_or_default()
    });
    let record = move |(juror, presence): (UserId, Presence)| recording.record(juror, presence);
    let outside = move || problem.get().filter(|_| !recording.asking.open.get());
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
                {live(move || recording.stop(|stop| stop.map(|stop| times(&stop.arrived, &stop.departed))))}
                <ul>
                    <For each=move || jurors.get() key=|juror| *juror let:juror>
                        <JurorLine recording=recording juror=juror/>
                    </For>
                </ul>
                {live(move || recording.stop(|stop| stop.map(|stop| facts(stop.facts.clone()))))}
                {live(move || recording.stop(|stop| stop.map(|stop| photos(&stop.photos))))}
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
                <PresenceReason asking=recording.asking name=name problem=problem note=newer on_record=record/>
            </section>
        }
    })
}

/// "Đến 08:10, rời 10:45", as the secretary wrote it down on the way.
fn times(arrived: &[TimeOfDay], departed: &[TimeOfDay]) -> AnyView {
    let all = |times: &[TimeOfDay]| times.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (arrived, departed) = (all(arrived), all(departed));
    (!arrived.is_empty() || !departed.is_empty())
        .then(|| {
            view! {
                <p class="presence-times" data-testid="visit-times">
                    {move || presence::times(&arrived, &departed)}
                </p>
            }
        })
        .into_any()
}

/// The stop's photos; a touch shows one large, in a tab of its own.
fn photos(photos: &[OpHash]) -> AnyView {
    let photo = |(place, sha256): (usize, &OpHash)| {
        let address = format!("/api/v1/photos/{sha256}");
        let source = address.clone();
        let words = move || words::numbered(place + 1);
        let missing = RwSignal::new(false);
        view! {
            <li>
                {live(move || match missing.get() {
                    // Its tablet has told of it, and hasn't brought it yet.
                    true => {
                        view! {
                            <p class="photo-tile photo-missing">
                                <Icon name="waiting"/>
                                {words::not_sent_yet}
                            </p>
                        }
                            .into_any()
                    }
                    false => {
                        view! {
                            <a class="photo-tile" href=address.clone() target="_blank" rel="noopener">
                                <img
                                    src=source.clone()
                                    alt=words
                                    loading="lazy"
                                    decoding="async"
                                    on:error=move |_| missing.set(true)
                                />
                            </a>
                        }
                            .into_any()
                    }
                })}
            </li>
        }
    };
    (!photos.is_empty())
        .then(|| {
            view! {
                <ul class="photo-tiles" aria-label=words::title data-testid="visit-photos">
                    {photos.iter().enumerate().map(photo).collect_view()}
                </ul>
            }
        })
        .into_any()
}

/// What was seen, at the stop and of each product.
fn facts(facts: Vec<FactLine>) -> AnyView {
    let line = |FactLine { product, text }: FactLine| {
        let about = move || product.clone().unwrap_or_else(|| presence::whole_stop().to_owned());
        view! {
            <div>
                <dt>{about}</dt>
                <dd>{text}</dd>
            </div>
        }
    };
    (!facts.is_empty())
        .then(|| {
            view! {
                <dl class="facts visit-facts" data-testid="visit-facts">
                    {facts.into_iter().map(line).collect_view()}
                </dl>
            }
        })
        .into_any()
}
