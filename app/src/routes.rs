//! Every page on one screen: the tablet's addresses and the desk's.

use crate::components::notices::provide_notices;
use crate::components::page_frame::PageFrame;
use crate::components::preferences::provide_preferences;
use crate::components::sign_out::{SignOutDialog, provide_sign_out};
use crate::pages::desk::live_totals::LiveTotalsPage;
use crate::pages::desk::plan::PlanPageView;
use crate::pages::desk::presence::PresencePageView;
use crate::pages::desk::results::ResultsPageView;
use crate::pages::desk::round_life::RoundLifePage;
use crate::pages::desk::shell::DeskFrame;
use crate::pages::desk::start::DeskStartPage;
use crate::pages::desk::tablets::TabletsPageView;
use crate::pages::public::not_found::NotFoundPage;
use crate::pages::tablet::home::HomePage;
use crate::pages::tablet::marks::{MarksPage, provide_marks_order};
use crate::pages::tablet::product::ProductPage;
use crate::pages::tablet::score_sheet::ScoreSheetPage;
use crate::pages::tablet::sign_in::SignInPage;
use crate::pages::tablet::signed_in::SignedIn;
use crate::pages::tablet::stop_grid::StopGridPage;
use crate::pages::tablet::sync::SyncPage;
use crate::pages::tablet::visits::VisitsPage;
use crate::pages::tablet::visits::record::VisitRecordPage;
use crate::pages::tablet::work::{WorkPage, provide_work_choice};
use crate::router::{Route, provide_router};
use crate::tablet::{provide_tablet, use_tablet};
use domain::access::Role;
use leptos::prelude::*;

const TABLET: &[Route] = &[
    Route { path: "/", page: || view! { <HomePage/> }.into_any() },
    Route { path: "/sign-in", page: || view! { <SignInPage/> }.into_any() },
    Route { path: "/work", page: || signed_in(work) },
    Route { path: "/visits/:id", page: || signed_in_without_bar(|| view! { <VisitRecordPage/> }.into_any()) },
    Route { path: "/products/:code", page: || signed_in(|| view! { <ProductPage/> }.into_any()) },
    Route {
        path: "/rounds/:round/products/:code/sheet",
        page: || signed_in_without_bar(|| view! { <ScoreSheetPage/> }.into_any()),
    },
    Route { path: "/marks", page: || signed_in(|| view! { <MarksPage/> }.into_any()) },
    Route {
        path: "/rounds/:round/stops/:date/:ordinal/grid",
        page: || signed_in_without_bar(|| view! { <StopGridPage/> }.into_any()),
    },
    Route { path: "/sync", page: || signed_in(|| view! { <SyncPage/> }.into_any()) },
];

const DESK: &[Route] = &[
    Route { path: "/desk", page: || view! { <DeskStartPage/> }.into_any() },
    Route { path: "/desk/plan", page: || view! { <PlanPageView/> }.into_any() },
    Route { path: "/desk/results", page: || view! { <ResultsPageView/> }.into_any() },
    Route { path: "/desk/tablets", page: || view! { <TabletsPageView/> }.into_any() },
    Route { path: "/desk/rounds/:round/life", page: || view! { <RoundLifePage/> }.into_any() },
    Route { path: "/desk/rounds/:round/totals", page: || view! { <LiveTotalsPage/> }.into_any() },
    Route { path: "/desk/rounds/:round/presence", page: || view! { <PresencePageView/> }.into_any() },
];

/// The jurors' app.
#[component]
pub fn TabletApp() -> impl IntoView {
    provide_preferences();
    let router = provide_router(TABLET);
    provide_tablet();
    provide_sign_out();
    provide_notices();
    provide_work_choice();
    provide_marks_order();
    view! {
        <PageFrame/>
        {router.page(not_found)}
        <SignOutDialog/>
    }
}

/// The organisers' app.
#[component]
pub fn DeskApp() -> impl IntoView {
    provide_preferences();
    let known = provide_router(DESK).is_known();
    view! {
        <PageFrame/>
        {move || match known.get() {
            true => view! { <DeskFrame/> }.into_any(),
            false => not_found(),
        }}
    }
}

/// What there is to do: for a juror sheets, for a secretary the records of stops.
fn work() -> AnyView {
    let writes_visits = use_tablet().who().with(|who| who.as_ref().is_some_and(|who| who.role == Role::Secretary));
    match writes_visits {
        true => view! { <VisitsPage/> }.into_any(),
        false => view! { <WorkPage/> }.into_any(),
    }
}

fn signed_in(page: fn() -> AnyView) -> AnyView {
    view! { <SignedIn page=page/> }.into_any()
}

fn signed_in_without_bar(page: fn() -> AnyView) -> AnyView {
    view! { <SignedIn page=page bar=false/> }.into_any()
}

fn not_found() -> AnyView {
    view! { <NotFoundPage/> }.into_any()
}
