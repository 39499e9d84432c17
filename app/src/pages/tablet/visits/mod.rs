//! A secretary's work: the stops of the visits, today's first; each leads to its record.

pub mod record;

use crate::clock::now_ms;
use crate::components::blank_states::EmptyPlace;
use crate::components::chip::Chip;
use crate::components::erased::live;
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::components::state_line::SaveWords;
use crate::ordered::ordered;
use crate::tablet::{VisitView, use_tablet};
use crate::text::{format, visits, work};
use domain::ids::SheetId;
use domain::jury::Presence;
use domain::visit::{Visit, VisitKey, VisitPlan};
use leptos::prelude::*;

/// Where the record of a stop is.
pub fn record_address(id: SheetId) -> String {
    format!("/visits/{id}")
}

/// The page.
#[component]
pub fn VisitsPage() -> impl IntoView {
    set_page_title(|| visits::title().to_owned());
    let tablet = use_tablet();
    let days = Memo::new(move |_| tablet.catalogue().with(|known| by_day(&known.stops)));
    view! {
        <main class="page visits" id="main" tabindex="-1">
            <h1>{visits::title}</h1>
            <p class="lead">{visits::lead}</p>
            {live(move || match days.with(Vec::is_empty) {
                true => view! {
                    <EmptyPlace
                        icon="place"
                        title=Signal::derive(|| visits::none_title().to_owned())
                        words=Signal::derive(|| visits::none_words().to_owned())
                    />
                }
                .into_any(),
                false => days.get().into_iter().map(day).collect_view().into_any(),
            })}
        </main>
    }
}

/// The records on which anything is written, with what became of each.
#[component]
pub fn WrittenRecords() -> impl IntoView {
    let tablet = use_tablet();
    let written = Memo::new(move |_| {
        let blank = |key: &VisitKey| untrack(|| tablet.visit(key).with(record::is_blank));
        let keys: Vec<VisitKey> = tablet.written_visits().into_iter().filter(|key| !blank(key)).collect();
        let plans = tablet.catalogue().with(|known| known.stops.clone());
        by_day(&plans.into_iter().filter(|plan| keys.contains(&plan.key())).collect::<Vec<_>>())
    });
    live(move || written.get().into_iter().map(day).collect_view())
}

/// Today's stops, then those to come, then what is over; within a day by delegation and order.
fn by_day(stops: &[VisitPlan]) -> Vec<(String, Vec<VisitPlan>)> {
    let today = format::local_day(now_ms());
    let place = |plan: &VisitPlan| (plan.stop.date < today, plan.stop.date.clone(), plan.stop.delegation.clone());
    let sorted = ordered(stops.to_vec(), |a, b| (place(a), a.stop.ordinal).cmp(&(place(b), b.stop.ordinal)));
    let mut days: Vec<(String, Vec<VisitPlan>)> = Vec::new();
    for plan in sorted {
        match days.last_mut() {
            Some((date, plans)) if *date == plan.stop.date => plans.push(plan),
            _ => days.push((plan.stop.date.clone(), vec![plan])),
        }
    }
    days
}

fn day((date, plans): (String, Vec<VisitPlan>)) -> AnyView {
    let (today, shown) = (date == format::local_day(now_ms()), format::date(&date));
    let id = format!("day-{date}");
    let labelled_by = id.clone();
    view! {
        <section aria-labelledby=labelled_by>
            <h2 id=id>{move || visits::day(&shown, today)}</h2>
            <ul class="rows">{plans.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn line(plan: VisitPlan) -> AnyView {
    let tablet = use_tablet();
    let key = plan.key();
    let view = tablet.visit(&key);
    let id = tablet.catalogue().with_untracked(|known| known.visit_id(&key));
    let href = id.map(record_address).unwrap_or_default();
    let testid = format!("visit-{}-{}", plan.stop.date, plan.stop.ordinal);
    let (time, ordinal, count) = (plan.stop.time.clone(), plan.stop.ordinal, plan.products.len());
    let delegation = plan.stop.delegation.clone();
    let place = plan.stop.place.clone();
    let jurors = StoredValue::new(plan.jurors);
    let look = Memo::new(move |_| {
        view.with(|view| jurors.with_value(|jurors| look(&view.visit, jurors.iter().map(|one| one.juror))))
    });
    view! {
        <li>
            <a class="sync-item" href=href data-testid=testid>
                <span class="sync-name">
                    <b>{place}</b>
                </span>
                <span class="sync-why soft">
                    <span>{move || work::stop_order(&time, ordinal)}</span>
                    <span>{move || visits::delegation_and_products(&delegation, count)}</span>
                </span>
                <span class="sync-why">
                    <Chip
                        tone=Signal::derive(move || look.get().0)
                        icon=Signal::derive(move || look.get().1)
                        words=Signal::derive(move || look.get().2)
                    />
                    <SaveState view=view/>
                </span>
                <Icon name="next" class="work-go"/>
            </a>
        </li>
    }
    .into_any()
}

/// Whether what is written there is safe; nothing where nothing is.
#[component]
fn SaveState(view: Signal<VisitView>) -> impl IntoView {
    let blank = Signal::derive(move || view.with(record::is_blank));
    live(move || {
        (!blank.get()).then(|| {
            view! {
                <SaveWords
                    save=Signal::derive(move || view.with(|view| view.save.clone()))
                    server=Signal::derive(move || view.with(|view| view.server.clone()))
                    blank=blank
                    testid="visit-state".to_owned()
                />
            }
        })
    })
}

/// Tone, symbol and words: who was there.
fn look(visit: &Visit, jurors: impl Iterator<Item = domain::ids::UserId>) -> (&'static str, &'static str, String) {
    let (mut present, mut late, mut absent, mut open) = (0, 0, 0, 0);
    for juror in jurors {
        match visit.presence(juror) {
            None => open += 1,
            Some(Presence::Present) => present += 1,
            Some(Presence::Late { .. }) => late += 1,
            Some(Presence::Absent { .. }) => absent += 1,
        }
    }
    match (present + late + absent, open) {
        (0, _) => ("none", "none", visits::not_recorded().to_owned()),
        (_, 0) => ("received", "check", visits::counts(present, late, absent, open)),
        _ => ("waiting", "waiting", visits::counts(present, late, absent, open)),
    }
}
