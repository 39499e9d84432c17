//! The juror's work: today's stops first, then everything assigned, found by search, group and state.

mod choice;
mod filters;
mod list;
mod plan;
mod several;

pub use choice::{WorkChoice, provide_work_choice};
pub use filters::Rounds;
pub use plan::{Work, choose_round};

use crate::components::blank_states::{EmptyPlace, StatusPage};
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::work::filters::WorkSide;
use crate::pages::tablet::work::list::WorkList;
use crate::pages::tablet::work::several::{ConfirmSeveral, provide_several};
use crate::tablet::{Link, use_tablet};
use crate::text::{common, work};
use domain::round::RoundMode;
use leptos::prelude::*;

/// The page.
#[component]
pub fn WorkPage() -> impl IntoView {
    set_page_title(|| common::my_work().to_owned());
    let tablet = use_tablet();
    let known = Memo::new(move |_| tablet.catalogue().with(|known| known.edition.is_some()));
    live(move || match known.get() {
        true => view! { <KnownWork/> }.into_any(),
        false => view! { <NothingYet/> }.into_any(),
    })
}

#[component]
fn KnownWork() -> impl IntoView {
    let choice = expect_context::<WorkChoice>();
    let work = Work::follow(use_tablet(), choice);
    let whole = choice.restore_scroll();
    let several = provide_several();
    view! {
        <main class="work" id="main" tabindex="-1">
            <WorkSide work=work/>
            <WorkList work=work whole=whole/>
            <ConfirmSeveral several=several/>
            {move || {
                work.next()
                    .map(|(round, code)| {
                        let rescores = work
                            .round
                            .with(|round| round.as_ref().is_none_or(|round| round.mode == RoundMode::Rescore));
                        let href = format!("/rounds/{round}/products/{code}/sheet");
                        view! {
                            <div class="dock">
                                <a
                                    class="button primary tall"
                                    href=href
                                >
                                    {move || {
                                        if rescores { work::go_on(code.as_str()) } else { work::go_on_to(code.as_str()) }
                                    }}
                                    <Icon name="next"/>
                                </a>
                            </div>
                        }
                    })
            }}
        </main>
    }
}

/// Signed in, and the first pull has not come through.
#[component]
fn NothingYet() -> impl IntoView {
    let tablet = use_tablet();
    let waiting = Memo::new(move |_| tablet.syncing().get() || tablet.link().get() == Link::Unknown);
    live(move || match waiting.get() {
        true => view! {
            <StatusPage
                title=Signal::derive(|| common::loading_title().to_owned())
                words=Signal::derive(|| common::loading_words().to_owned())
            />
        }
        .into_any(),
        false => view! {
            <StatusPage
                icon="offline"
                title=Signal::derive(|| common::no_data_title().to_owned())
                words=Signal::derive(|| common::no_data_words().to_owned())
            >
                <button
                    class="button primary tall"
                    type="button"
                    on:click=touch(move |_| tablet.sync_now())
                >
                    {common::retry}
                </button>
            </StatusPage>
        }
        .into_any(),
    })
}

/// Nothing matches, or nothing is assigned.
#[component]
fn EmptyList(work: Work) -> impl IntoView {
    live(move || match work.has_assignments() {
        true => view! {
            <EmptyPlace
                icon="search"
                title=Signal::derive(|| work::nothing_title().to_owned())
                words=Signal::derive(|| work::nothing_words().to_owned())
            >
                <button class="button" type="button" on:click=touch(move |_| work.choice.clear())>
                    {work::clear_filters}
                </button>
            </EmptyPlace>
        }
        .into_any(),
        false => view! {
            <EmptyPlace
                icon="note"
                title=Signal::derive(|| work::no_work_title().to_owned())
                words=Signal::derive(|| work::no_work_words().to_owned())
            >
                <button class="button" type="button" on:click=touch(|_| use_tablet().sync_now())>
                    {work::check_again}
                </button>
            </EmptyPlace>
        }
        .into_any(),
    })
}
