//! The record of one stop: when the delegation came and left, who was there, what was seen. Every touch is saved on the
//! tablet at once (S8); nothing here waits for a network.

mod fact;
mod jurors;
mod time;

use crate::components::blank_states::StatusPage;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::notices::Notices;
use crate::components::page_frame::set_page_title;
use crate::components::state_line::{SaveWords, UnsentLink};
use crate::pages::tablet::photos::Photos;
use crate::pages::tablet::under_way::UnderWay;
use crate::router::use_parameter;
use crate::tablet::{ActProblem, Album, Catalogue, Tablet, VisitView, use_tablet};
use crate::text::{common, format, problems, visits, work};
use domain::ids::ProductId;
use domain::visit::{Visit, VisitAct, VisitKey, VisitPlan};
use fact::Fact;
use jurors::Jurors;
use leptos::prelude::*;
use leptos::task::spawn_local;
use time::Time;

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
    under_way: StoredValue<UnderWay<Option<ProductId>>>,
}

impl Recording {
    fn act(self, act: VisitAct) {
        self.act_or(act, || ());
    }

    /// Does an act; where it isn't done, `undo` takes it off the screen.
    fn act_or(self, act: VisitAct, undo: impl FnOnce() + 'static) {
        let doing = self.key.with_value(|key| self.tablet.act_on_visit(key, act));
        spawn_local(async move {
            let problem = doing.await.err();
            if problem.is_some() {
                undo();
            }
            // The page may be gone by now.
            let _ = self.problem.try_set(problem);
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
        let under_way = self.under_way.with_value(|under_way| under_way.newest(&product));
        match typed {
            None => {}
            Some((text, _)) if under_way.as_ref() == Some(&text) => {}
            // What is being written is not what stands there.
            Some((_, true)) if under_way.is_none() => self.draft(product, None),
            Some((text, _)) => self.write_fact(product, text),
        }
    }

    fn write_fact(self, product: Option<ProductId>, text: String) {
        self.under_way.update_value(|under_way| under_way.begin(product, text.clone()));
        let act = VisitAct::SetFact { product, text };
        let doing = self.key.with_value(|key| self.tablet.act_on_visit(key, act));
        spawn_local(async move {
            let problem = doing.await.err();
            // The page may be gone by now.
            let _ = self.problem.try_set(problem);
            let _ = self.under_way.try_update_value(|under_way| under_way.end(&product));
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
    let album = Album::Visit(key.clone());
    let recording = Recording {
        tablet,
        key: StoredValue::new(key),
        view,
        problem: RwSignal::new(None),
        under_way: StoredValue::default(),
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
            <Photos album=album locked=Signal::derive(|| false)/>
        </main>
    }
}
