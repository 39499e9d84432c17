//! What stands over the grid: which stop this is, and whether work waits on the tablet.

use crate::components::icon::Icon;
use crate::components::state_line::UnsentLink;
use crate::tablet::use_tablet;
use crate::text::{common, format, grid, work};
use domain::jury::Stop;
use leptos::prelude::*;

/// The strip on top.
#[component]
pub fn Head(
    /// The stop.
    stop: Stop,
) -> impl IntoView {
    let tablet = use_tablet();
    let (date, time, ordinal) = (format::date(&stop.date), stop.time, stop.ordinal);
    view! {
        <header class="sheet-top grid-head">
            <a class="icon-button" href="/work" aria-label=common::to_work>
                <Icon name="back"/>
            </a>
            <div class="sheet-title">
                <p class="sheet-kicker">
                    <span class="wide-words">{grid::kicker} " · "</span>
                    {date}
                    ", "
                    {move || work::stop_order(&time, ordinal)}
                </p>
                <h1>{stop.place}</h1>
            </div>
            <UnsentLink unsent=tablet.unsent() link=tablet.link()/>
        </header>
    }
    .into_any()
}
