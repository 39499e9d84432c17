//! The keypad of the cell at hand, or the offer of the next cell.

use super::copy::CopyMark;
use super::state::{Grid, product};
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::score_pad::{PadAct, ScorePad};
use crate::components::state_line::SaveWords;
use crate::tablet::SheetView;
use crate::text::grid as words;
use domain::rubric::Criterion;
use domain::sheet::Sheet;
use leptos::prelude::*;

/// The pad, or what stands in its place.
#[component]
pub fn GridPad(
    /// The sheets.
    grid: Grid,
) -> impl IntoView {
    let at_hand = Memo::new(move |_| grid.at_hand().is_some());
    live(move || match at_hand.get() {
        true => view! { <CurrentPad grid=grid/> }.into_any(),
        false => view! { <Rest grid=grid/> }.into_any(),
    })
}

#[component]
fn CurrentPad(grid: Grid) -> impl IntoView {
    let criterion = Memo::new(move |before: Option<&Option<Criterion>>| {
        // Between the last touch and the pad's leaving there is none at hand.
        let at_hand = grid.at_hand().and_then(|(_, column, code)| column.criterion(&code));
        at_hand.or_else(|| before.cloned().flatten())
    });
    let face = Memo::new(move |_| {
        let face = grid.at_hand().and_then(|(_, column, code)| column.face(&code));
        face.map(|face| face.get()).unwrap_or_default()
    });
    let undone = move || grid.at_hand().and_then(|(_, column, _)| column.undone());
    let can_undo = Memo::new(move |_| grid.at_hand().is_some_and(|(_, column, code)| column.can_undo(&code)));
    let next = Memo::new(move |_| {
        let (_, column, code) = grid.at_hand()?;
        let next = column.criterion(&column.next_unscored(Some(&code))?)?;
        Some(format!("{} {}", next.code, next.name))
    });
    let act = move |act: PadAct| {
        let Some((_, column, _)) = untrack(|| grid.at_hand()) else {
            return;
        };
        match act {
            PadAct::Key(key) => column.press(key),
            PadAct::Clear => column.clear(),
            PadAct::Done => column.done(),
            PadAct::Next => column.next(),
            PadAct::Undo => column.undo(),
            PadAct::Hide => column.rest(),
            // Notes are written on the sheet itself.
            PadAct::Note => {}
        }
    };
    let code = move || grid.at_hand().map(|(_, column, _)| product(column));
    let number = move || grid.at_hand().map(|(_, _, criterion)| criterion.to_string());
    let name = move || grid.at_hand().map(|(_, column, _)| column.task.with_value(|task| task.product.name.clone()));
    let at_hand = Memo::new(move |before: Option<&SheetView>| {
        let at_hand = grid.at_hand().map(|(_, column, _)| column.view.get());
        at_hand.or_else(|| before.cloned()).unwrap_or_default()
    });
    let lead = move || {
        view! {
            <div class="grid-lead">
                <div class="grid-at">
                    <p>
                        // On a phone the pad has no room for the criterion's name, and its row may be cut.
                        <b class="grid-at-criterion">{number}</b>
                        <span class="code">{code}</span>
                        " "
                        {name}
                    </p>
                    // On a phone, where the heads have no room for it. It is read out from there.
                    <div aria-hidden="true">
                        <SaveWords
                            save=Signal::derive(move || at_hand.with(|view| view.save.clone()))
                            server=Signal::derive(move || at_hand.with(|view| view.server.clone()))
                            blank=Signal::derive(move || at_hand.with(|view| view.sheet == Sheet::default()))
                            testid="grid-save-at-hand".to_owned()
                        />
                    </div>
                </div>
                <CopyMark grid=grid/>
            </div>
        }
    };
    view! {
        <ScorePad
            criterion=criterion
            shown=Signal::derive(move || face.with(|face| face.shown.clone()))
            problem=Signal::derive(move || face.with(|face| face.problem.clone()).or_else(undone))
            can_undo=can_undo
            next=next
            on_act=act
            lead=lead
            notes=false
        />
    }
}

/// No cell chosen: the next one is offered.
#[component]
fn Rest(grid: Grid) -> impl IntoView {
    let button = move || {
        let (place, product, code) = grid.next_unscored()?;
        let criterion = code.to_string();
        Some(view! {
            <button class="button primary tall wide" type="button" on:click=touch(move |_| grid.open(place, &code))>
                {move || words::go_on(&product, &criterion)}
                <Icon name="next"/>
            </button>
        })
    };
    view! {
        <div class="pad-rest">
            <p class="soft">{words::rest}</p>
            {button}
        </div>
    }
}
