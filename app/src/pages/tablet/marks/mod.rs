//! Bảng điểm của tôi: the juror's own marks of a round side by side, so that a hand stays even over days and provinces.

mod order;
mod sums;
mod table;

pub use order::provide_marks_order;

use crate::components::blank_states::EmptyPlace;
use crate::components::erased::Show;
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::marks::order::{MarksOrder, groups};
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
    let shown = Memo::new(move |_| match work.round.get() {
        Some(round) => tablet.catalogue().with(|known| groups(tablet, known, &round.code, order)),
        None => Vec::new(),
    });
    let empty = Memo::new(move |_| shown.with(Vec::is_empty));
    let table = move || work.round.get().map(|round| view! { <MarksTable round=round shown=shown order=order/> });
    view! {
        <main class="marks" id="main" tabindex="-1">
            <header class="marks-head">
                <h1>{marks::title}</h1>
                <p class="lead">{marks::words}</p>
                <Rounds work=work/>
            </header>
            <Show when=move || !empty.get() fallback=nothing>
                {table}
            </Show>
        </main>
    }
}

fn nothing() -> AnyView {
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
