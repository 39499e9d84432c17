//! Bảng điểm của tôi: the juror's own marks of a round side by side, so that a hand stays even over days and provinces.

mod order;
mod sums;
mod table;

pub use order::provide_marks_order;

use crate::components::blank_states::EmptyPlace;
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::marks::order::{MarksOrder, groups, ordered};
use crate::pages::tablet::marks::table::MarksTable;
use crate::pages::tablet::work::{Rounds, Work, WorkChoice};
use crate::tablet::use_tablet;
use crate::text::{common, marks};
use leptos::prelude::*;

/// The page. The round is the one chosen in the list of work.
#[component]
pub fn MarksPage() -> impl IntoView {
    set_page_title(|| marks::title().to_owned());
    let (tablet, order) = (use_tablet(), expect_context::<MarksOrder>());
    let work = Work::follow(tablet, expect_context::<WorkChoice>());
    let (catalogue, round) = (tablet.catalogue(), work.round);
    let all = Memo::new(move |_| match round.get() {
        Some(round) => catalogue.with(|known| groups(tablet, known, &round.code)),
        None => Vec::new(),
    });
    let shown = Memo::new(move |_| ordered(tablet, all.get(), order));
    let sections = Memo::new(move |_| {
        let round = round.get()?.code;
        catalogue.with(|known| known.rubric(&round).map(|rubric| rubric.sections.clone()))
    });
    let sections = Memo::new(move |_| sections.get().unwrap_or_default());
    let name = Memo::new(move |_| round.get().map(|round| round.name).unwrap_or_default());
    let empty = Memo::new(move |_| shown.with(Vec::is_empty));
    view! {
        <main class="marks" id="main" tabindex="-1">
            <header class="marks-head">
                <h1>{marks::title}</h1>
                <p class="lead">{marks::words}</p>
                <Rounds work=work/>
            </header>
            {move || match empty.get() {
                false => view! { <MarksTable shown=shown sections=sections order=order round=name/> }.into_any(),
                true => {
                    view! {
                        <EmptyPlace
                            icon="totals"
                            title=Signal::derive(|| marks::nothing_title().to_owned())
                            words=Signal::derive(|| marks::nothing_words().to_owned())
                        >
                            <a class="button" href="/work">
                                {common::to_work}
                            </a>
                        </EmptyPlace>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}
