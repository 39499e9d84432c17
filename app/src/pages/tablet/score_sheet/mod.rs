//! The score sheet (phiếu chấm điểm): every key is a draft that survives a crash, every finished mark an act.

pub mod banners;
mod criteria;
mod drafts;
mod finish;
mod head;
pub mod keyboard;
mod locked;
pub mod marking;
mod pad;
mod queue;
mod reasoned;
mod typing;

use crate::components::blank_states::StatusPage;
use crate::components::criterion_row::keep_in_sight;
use crate::components::erased::{Show, live, touch};
use crate::components::notices::Notices;
use crate::components::page_frame::set_page_title;
use crate::components::sign_out::SignOutButton;
use crate::pages::tablet::photos::Photos;
use crate::pages::tablet::product::UnknownProduct;
use crate::pages::tablet::score_sheet::banners::Banners;
use crate::pages::tablet::score_sheet::criteria::{Criteria, note_fields};
use crate::pages::tablet::score_sheet::finish::Finish;
use crate::pages::tablet::score_sheet::head::Head;
use crate::pages::tablet::score_sheet::locked::LockedBox;
use crate::pages::tablet::score_sheet::marking::{Marking, Mode, Task};
use crate::pages::tablet::score_sheet::pad::Pad;
use crate::pages::tablet::score_sheet::queue::{NextSheet, Queue};
use crate::router::use_parameter;
use crate::tablet::{Album, Catalogue, SheetKey, use_tablet};
use crate::text::{common, sheet};
use domain::ids::{CriterionCode, RoundCode, SelectionCode};
use leptos::prelude::*;
use std::sync::Arc;

/// What the address leads to.
#[derive(Clone, PartialEq)]
enum Found {
    Sheet(Box<Task>),
    NoRound,
    NoProduct,
    NothingYet,
}

/// The page.
#[component]
pub fn ScoreSheetPage() -> impl IntoView {
    let tablet = use_tablet();
    let (round, code) = (use_parameter("round"), use_parameter("code"));
    let found = Memo::new(move |_| tablet.catalogue().with(|known| find(known, &round.get(), &code.get())));
    let current = RwSignal::new(None);
    live(move || match found.get() {
        Found::Sheet(task) => view! { <Sheet task=*task current=current/> }.into_any(),
        Found::NoProduct => view! { <UnknownProduct/> }.into_any(),
        Found::NoRound => view! { <UnknownRound/> }.into_any(),
        Found::NothingYet => view! { <NothingYet/> }.into_any(),
    })
}

fn find(known: &Catalogue, round: &str, code: &str) -> Found {
    if known.edition.is_none() {
        return Found::NothingYet;
    }
    let round = round.parse::<RoundCode>().ok();
    let Some(round) = round.filter(|code| known.rubric(code).is_some()) else {
        return Found::NoRound;
    };
    let Some(product) = code.parse::<SelectionCode>().ok().and_then(|code| known.product(&code)) else {
        return Found::NoProduct;
    };
    let task = Task::find(known, SheetKey { round, product: product.id });
    task.map_or(Found::NoProduct, |task| Found::Sheet(Box::new(task)))
}

#[component]
fn Sheet(task: Task, current: RwSignal<Option<CriterionCode>>) -> impl IntoView {
    let title = format!("{} {}", task.product.code, task.product.name);
    set_page_title(move || title.clone());
    let album = Album::Sheet(task.key.clone());
    let marking = Marking::start(use_tablet(), task.clone(), Arc::new([task]), current);
    keep_in_sight();
    keyboard::listen(marking);
    let notes = note_fields(marking);
    let mode = Memo::new(move |_| marking.mode());
    let locked = move || mode.get() == Mode::Locked;
    let takes_marks = Memo::new(move |_| marking.takes_marks());
    // What the lock says stands on top.
    Effect::watch(
        move || mode.get() == Mode::Locked,
        |now, before, _| {
            if *now && before == Some(&false) {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        },
        true,
    );
    view! {
        <main class="sheet" id="main" tabindex="-1" data-mode=move || mode.get().name()>
            <Head marking=marking/>
            <div class="sheet-body">
                <Queue marking=marking/>
                <div class="criteria">
                    <Notices roomy=false/>
                    <Banners marking=marking/>
                    <Show when=locked>
                        <LockedBox marking=marking/>
                        <NextSheet marking=marking/>
                    </Show>
                    <Criteria marking=marking notes=notes/>
                    <Photos album=album locked=marking.locked/>
                    <Show when=move || !locked()>
                        <Finish marking=marking/>
                    </Show>
                    // What is typed becomes a mark here as well (S6).
                    <div class="sheet-leave" on:click=touch(move |_| marking.leave())>
                        <SignOutButton class="button quiet"/>
                    </div>
                </div>
                <Show when=move || !locked() && takes_marks.get()>
                    <Pad marking=marking notes=notes/>
                </Show>
            </div>
        </main>
    }
}

#[component]
fn UnknownRound() -> impl IntoView {
    view! {
        <StatusPage
            icon="search"
            title=Signal::derive(|| sheet::unknown_round().to_owned())
            words=Signal::derive(|| common::not_found_words().to_owned())
            failure=true
        >
            <a class="button primary tall" href="/work">
                {common::to_work}
            </a>
        </StatusPage>
    }
}

/// Said before the first pull.
#[component]
pub fn NothingYet() -> impl IntoView {
    view! {
        <StatusPage
            icon="offline"
            title=Signal::derive(|| common::no_data_title().to_owned())
            words=Signal::derive(|| common::no_data_words().to_owned())
        >
            <a class="button primary tall" href="/work">
                {common::to_work}
            </a>
        </StatusPage>
    }
}
