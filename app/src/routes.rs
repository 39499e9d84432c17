//! Every page on one screen: the tablet's addresses and the desk's.

use crate::components::notices::provide_notices;
use crate::components::page_frame::PageFrame;
use crate::components::preferences::provide_preferences;
use crate::components::sign_out::{SignOutDialog, provide_sign_out};
use crate::pages::desk::live_totals::LiveTotalsPage;
use crate::pages::desk::plan::PlanPageView;
use crate::pages::desk::presence::PresencePageView;
use crate::pages::desk::results::ResultsPageView;
use crate::pages::desk::shell::DeskFrame;
use crate::pages::desk::start::DeskStartPage;
use crate::pages::public::not_found::NotFoundPage;
use crate::pages::tablet::home::HomePage;
use crate::pages::tablet::marks::{MarksPage, provide_marks_order};
use crate::pages::tablet::product::ProductPage;
use crate::pages::tablet::score_sheet::ScoreSheetPage;
use crate::pages::tablet::sign_in::SignInPage;
use crate::pages::tablet::signed_in::SignedIn;
use crate::pages::tablet::stop_grid::StopGridPage;
use crate::pages::tablet::sync::SyncPage;
use crate::pages::tablet::work::{WorkPage, provide_work_choice};
use crate::tablet::provide_tablet;
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

/// The jurors' app.
#[component]
pub fn TabletApp() -> impl IntoView {
    provide_preferences();
    provide_tablet();
    provide_sign_out();
    provide_notices();
    provide_work_choice();
    provide_marks_order();
    view! {
        <Router>
            <PageFrame/>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage/>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/work") view=|| view! { <SignedIn page=WorkPage/> }/>
                <Route path=path!("/products/:code") view=|| view! { <SignedIn page=ProductPage/> }/>
                <Route
                    path=path!("/rounds/:round/products/:code/sheet")
                    view=|| view! { <SignedIn page=ScoreSheetPage bar=false/> }
                />
                <Route path=path!("/marks") view=|| view! { <SignedIn page=MarksPage/> }/>
                <Route
                    path=path!("/rounds/:round/stops/:date/:ordinal/grid")
                    view=|| view! { <SignedIn page=StopGridPage bar=false/> }
                />
                <Route path=path!("/sync") view=|| view! { <SignedIn page=SyncPage/> }/>
            </Routes>
            <SignOutDialog/>
        </Router>
    }
}

/// The organisers' app.
#[component]
pub fn DeskApp() -> impl IntoView {
    provide_preferences();
    view! {
        <Router>
            <PageFrame/>
            <Routes fallback=NotFoundPage>
                <ParentRoute path=path!("/desk") view=DeskFrame>
                    <Route path=path!("") view=DeskStartPage/>
                    <Route path=path!("/plan") view=PlanPageView/>
                    <Route path=path!("/results") view=ResultsPageView/>
                    <Route path=path!("/rounds/:round/totals") view=LiveTotalsPage/>
                    <Route path=path!("/rounds/:round/presence") view=PresencePageView/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
