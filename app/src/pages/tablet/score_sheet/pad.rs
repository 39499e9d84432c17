//! The keypad's place: the pad of the criterion at hand, or the offer of the next one.

use super::criteria::NoteFields;
use super::marking::Marking;
use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::components::page_frame::focus_field;
use crate::components::score_pad::{PadAct, ScorePad};
use crate::text::sheet;
use domain::rubric::Criterion;
use leptos::prelude::*;

/// The pad, or what stands in its place.
#[component]
pub fn Pad(
    /// The sheet in hand.
    marking: Marking,
    /// The fields of the notes.
    notes: NoteFields,
) -> impl IntoView {
    let at_hand = Memo::new(move |_| marking.current.with(Option::is_some));
    live(move || match at_hand.get() {
        true => view! { <CurrentPad marking=marking notes=notes/> }.into_any(),
        false => view! { <Rest marking=marking/> }.into_any(),
    })
}

#[component]
fn CurrentPad(marking: Marking, notes: NoteFields) -> impl IntoView {
    let current = marking.current;
    let criterion = Memo::new(move |before: Option<&Option<Criterion>>| {
        // Between the last touch and the pad's leaving there is none at hand.
        let at_hand = current.with(|code| code.as_ref().and_then(|code| marking.criterion(code)));
        at_hand.or_else(|| before.cloned().flatten())
    });
    let face = Memo::new(move |_| {
        let face = current.with(|code| code.as_ref().and_then(|code| marking.face(code)));
        face.map(|face| face.get()).unwrap_or_default()
    });
    let can_undo = Memo::new(move |_| current.with(|code| code.as_ref().is_some_and(|code| marking.can_undo(code))));
    let next = Memo::new(move |_| {
        let code = current.get();
        let next = marking.next_unscored(code.as_ref());
        let next = next.or_else(|| code.and_then(|code| marking.next_adjustable(&code)))?;
        marking.criterion(&next).map(|next| format!("{} {}", next.code, next.name))
    });
    let act = move |act: PadAct| match act {
        PadAct::Key(key) => marking.press(key),
        PadAct::Clear => marking.clear(),
        PadAct::Done => marking.done(),
        PadAct::Next => marking.next(),
        PadAct::Undo => marking.undo(),
        PadAct::Hide => marking.rest(),
        PadAct::Note => {
            if let Some(field) = current.with_untracked(|code| code.as_ref().and_then(|code| notes.get(code))) {
                focus_field(field);
            }
        }
    };
    view! {
        <ScorePad
            criterion=criterion
            shown=Signal::derive(move || face.with(|face| face.shown.clone()))
            problem=Signal::derive(move || face.with(|face| face.problem.clone()).or_else(|| marking.undone()))
            can_undo=can_undo
            next=next
            on_act=act
        />
    }
}

/// No criterion chosen: the next one is offered, or the end of the sheet.
#[component]
fn Rest(marking: Marking) -> impl IntoView {
    // What keeps the sheet from counting comes before what is only not there yet.
    let next = Memo::new(move |_| marking.invalid().into_iter().next().or_else(|| marking.next_unscored(None)));
    let done = Memo::new(move |_| next.with(Option::is_none) && marking.adjusted().is_none());
    let button = move || {
        let code = next.get()?;
        let words = code.to_string();
        Some(view! {
            <button class="button primary tall wide" type="button" on:click=touch(move |_| marking.open(&code))>
                {move || sheet::go_on(&words)}
                <Icon name="next"/>
            </button>
        })
    };
    // The button itself stands at the end of the sheet, behind all that it confirms.
    let to_the_end = move || {
        done.get().then(|| {
            view! {
                <a class="button primary tall wide" href="#finish-title" rel="external">
                    {sheet::to_the_end}
                    <Icon name="next"/>
                </a>
            }
        })
    };
    let words = move || match (marking.adjusted().is_some(), done.get()) {
        (_, true) => sheet::all_scored(),
        (true, false) => sheet::rest_adjust(),
        (false, false) => sheet::rest(),
    };
    view! {
        <div class="pad-rest">
            <p class="soft">{words}</p>
            {button}
            {to_the_end}
        </div>
    }
}
