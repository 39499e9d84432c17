//! The record of one stop: when the delegation came and left, who was there, what was seen. Every touch is saved on the
//! tablet at once (S8); nothing here waits for a network.

use crate::components::blank_states::StatusPage;
use crate::components::erased::{Show, live, touch};
use crate::components::icon::Icon;
use crate::components::notices::Notices;
use crate::components::page_frame::set_page_title;
use crate::components::presence::{Asking, PresenceChoice, PresenceReason};
use crate::components::state_line::{SaveWords, UnsentLink};
use crate::components::text_area::TextArea;
use crate::router::use_parameter;
use crate::tablet::{ActProblem, Catalogue, Tablet, VisitView, use_tablet};
use crate::text::{Sentence, common, format, presence, problems, visits, work};
use domain::ids::{ProductId, UserId};
use domain::jury::Presence;
use domain::visit::{Expected, TimeOfDay, Visit, VisitAct, VisitKey, VisitPlan};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// Whether nothing stands in a record.
pub fn is_blank(view: &VisitView) -> bool {
    view.visit == Visit::default() && view.drafts.is_empty()
}

/// What the page's parts share.
#[derive(Clone, Copy)]
struct Recording {
    tablet: Tablet,
    key: StoredValue<VisitKey>,
    view: Signal<VisitView>,
    problem: RwSignal<Option<ActProblem>>,
    /// Texts of which an act is being made: leaving twice in a row makes one.
    finishing: StoredValue<BTreeMap<Option<ProductId>, String>>,
}

impl Recording {
    fn act(self, act: VisitAct) {
        let doing = self.key.with_value(|key| self.tablet.act_on_visit(key, act));
        spawn_local(async move {
            // The page may be gone by now.
            let _ = self.problem.try_set(doing.await.err());
        });
    }

    fn draft(self, product: Option<ProductId>, text: Option<String>) {
        let saved = self.key.with_value(|key| self.tablet.draft_fact(key, product, text));
        // What could not be saved is told by the state of the record.
        spawn_local(async move { saved.await.unwrap_or_default() });
    }

    /// Makes an act of what is typed about a product, or about the stop.
    fn finish(self, product: Option<ProductId>) {
        let typed = self.view.with_untracked(|view| {
            let text = view.drafts.get(&product)?;
            Some((text.clone(), view.visit.fact(product) == *text))
        });
        match typed {
            None => {}
            Some((_, true)) => self.draft(product, None),
            Some((text, false)) => self.write_fact(product, text),
        }
    }

    fn write_fact(self, product: Option<ProductId>, text: String) {
        if self.finishing.with_value(|finishing| finishing.get(&product) == Some(&text)) {
            return;
        }
        self.finishing.update_value(|finishing| drop(finishing.insert(product, text.clone())));
        let act = VisitAct::SetFact { product, text: text.clone() };
        let doing = self.key.with_value(|key| self.tablet.act_on_visit(key, act));
        spawn_local(async move {
            let problem = doing.await.err();
            // The page may be gone by now.
            let _ = self.problem.try_set(problem);
            let _ = self.finishing.try_update_value(|finishing| {
                if finishing.get(&product) == Some(&text) {
                    finishing.remove(&product);
                }
            });
        });
    }

    fn finish_all(self) {
        let typed: Vec<_> = self.view.with_untracked(|view| view.drafts.keys().copied().collect());
        typed.into_iter().for_each(|product| self.finish(product));
    }
}

/// The page.
#[component]
pub fn VisitRecordPage() -> impl IntoView {
    let (tablet, id) = (use_tablet(), use_parameter("id"));
    let plan = Memo::new(move |_| {
        let id = id.get();
        let is_it =
            |known: &Catalogue, plan: &VisitPlan| known.visit_id(&plan.key()).is_some_and(|own| own.to_string() == id);
        tablet.catalogue().with(|known| known.stops.iter().find(|plan| is_it(known, plan)).cloned())
    });
    live(move || match plan.get() {
        Some(plan) => view! { <Record plan=plan/> }.into_any(),
        None => view! {
            <StatusPage
                icon="search"
                title=Signal::derive(|| visits::unknown_title().to_owned())
                words=Signal::derive(|| visits::unknown_words().to_owned())
                failure=true
            >
                <a class="button primary tall" href="/work">
                    {common::to_work}
                </a>
            </StatusPage>
        }
        .into_any(),
    })
}

#[component]
fn Record(plan: VisitPlan) -> impl IntoView {
    let tablet = use_tablet();
    let key = plan.key();
    let view = tablet.visit(&key);
    let recording = Recording {
        tablet,
        key: StoredValue::new(key),
        view,
        problem: RwSignal::new(None),
        finishing: StoredValue::default(),
    };
    // What a page that was closed left half typed is written now (S6).
    recording.finish_all();
    on_cleanup(move || recording.finish_all());
    // Putting the device away is leaving, too.
    let hidden = window_event_listener_untyped("visibilitychange", move |_| {
        if document().hidden() {
            recording.finish_all();
        }
    });
    let gone = window_event_listener_untyped("pagehide", move |_| recording.finish_all());
    on_cleanup(move || {
        hidden.remove();
        gone.remove();
    });
    let VisitPlan { stop, products, jurors, .. } = plan;
    let title = format!("{} · {}", visits::title(), stop.place);
    set_page_title(move || title.clone());
    let (date, time, ordinal) = (format::date(&stop.date), stop.time, stop.ordinal);
    let problem = move || recording.problem.get().map(|problem| problems::act(&problem));
    view! {
        <header class="sheet-top grid-head">
            <a class="icon-button" href="/work" aria-label=common::to_work>
                <Icon name="back"/>
            </a>
            <div class="sheet-title">
                <p class="sheet-kicker">
                    {date}
                    ", "
                    {move || work::stop_order(&time, ordinal)}
                </p>
                <h1>{stop.place}</h1>
            </div>
            <UnsentLink unsent=tablet.unsent() link=tablet.link()/>
        </header>
        <Notices/>
        <main class="page visit-record" id="main" tabindex="-1">
            <p class="soft">
                <Icon name="place"/>
                {stop.address}
                <br/>
                {stop.delegation}
            </p>
            <SaveWords
                save=Signal::derive(move || view.with(|view| view.save.clone()))
                server=Signal::derive(move || view.with(|view| view.server.clone()))
                blank=Signal::derive(move || view.with(is_blank))
                testid="save-state".to_owned()
            />
            {move || {
                problem()
                    .map(|problem| {
                        view! {
                            <p class="told" data-tone="failed" role="alert" data-testid="error-message">
                                <Icon name="warn"/>
                                <span>{problem}</span>
                            </p>
                        }
                    })
            }}
            <section class="card visit-times">
                <Time recording=recording id="arrived" label=visits::arrived of=Visit::arrived act=VisitAct::Arrive/>
                <Time recording=recording id="departed" label=visits::departed of=Visit::departed act=VisitAct::Depart/>
            </section>
            <Jurors recording=recording jurors=jurors/>
            <section aria-labelledby="facts">
                <h2 id="facts">{visits::facts}</h2>
                <div class="card visit-facts">
                    <Fact recording=recording product=None/>
                    {products.into_iter().map(|id| view! { <Fact recording=recording product=Some(id)/> }).collect_view()}
                </div>
            </section>
        </main>
    }
}

/// When the delegation came, or left: now, or at the time that is typed.
#[component]
fn Time(
    recording: Recording,
    id: &'static str,
    label: Sentence,
    of: fn(&Visit) -> Vec<TimeOfDay>,
    act: fn(Option<TimeOfDay>) -> VisitAct,
) -> impl IntoView {
    let times = Memo::new(move |_| recording.view.with(|view| of(&view.visit)));
    // Where two tablets disagree the field is empty: either can be entered again.
    let shown = move || {
        times.with(|times| match times[..] {
            [time] => time.to_string(),
            _ => String::new(),
        })
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
                    prop:value=shown
                    on:change:target=move |event| {
                        // A field that is being typed into is empty in between; that is no word about the time.
                        if let Ok(time) = event.target().value().parse() {
                            recording.act(act(Some(time)));
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

#[component]
fn Jurors(recording: Recording, jurors: Vec<Expected>) -> impl IntoView {
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

/// What was seen of a product, or of the stop.
#[component]
fn Fact(recording: Recording, product: Option<ProductId>) -> impl IntoView {
    let tablet = use_tablet();
    let of = move |id: ProductId| {
        tablet
            .catalogue()
            .with(|known| known.product_by_id(id).map(|product| (product.code.to_string(), product.name.clone())))
    };
    let label = move || match product.and_then(of) {
        Some((code, name)) => view! { <span class="code">{code}</span> " " {name} }.into_any(),
        None => visits::whole_stop.into_any(),
    };
    let code = product.and_then(|id| untrack(|| of(id))).map_or_else(|| "stop".to_owned(), |(code, _)| code);
    let text = Signal::derive(move || {
        recording.view.with(|view| view.drafts.get(&product).cloned().unwrap_or_else(|| view.visit.fact(product)))
    });
    view! {
        <label class="field">
            <span>{label}</span>
            <TextArea
                text=text
                on_draft=move |text: String| recording.draft(product, Some(text))
                on_leave=move |()| recording.finish(product)
                testid=format!("fact-{code}")
                hint=Signal::derive(|| visits::fact_hint().to_owned())
            />
        </label>
    }
}
