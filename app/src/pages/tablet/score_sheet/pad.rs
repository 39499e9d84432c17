//! The keypad's place: the pad of the criterion at hand, or the offer of the next one.

use super::criteria::NoteFields;
use super::marking::Marking;
use crate::components::icon::Icon;
use crate::components::page_frame::focus_field;
use crate::components::score_pad::{PadAct, ScorePad};
use crate::text::sheet;
use domain::ids::CriterionCode;
use leptos::prelude::*;

/// The pad, or what stands in its place.
#[component]
pub fn Pad(
    /// The sheet in hand.
    marking: Marking,
    /// The fields of the notes.
    notes: NoteFields,
) -> impl IntoView {
    move || match marking.current.get() {
        Some(code) => view! { <CurrentPad marking=marking notes=notes code=code/> }.into_any(),
        None => view! { <Rest marking=marking/> }.into_any(),
    }
}

#[component]
fn CurrentPad(marking: Marking, notes: NoteFields, code: CriterionCode) -> impl IntoView {
    let (criterion, face) = (marking.criterion(&code)?, marking.face(&code)?);
    let undo_code = code.clone();
    let can_undo = Memo::new(move |_| marking.can_undo(&undo_code));
    let next_code = code.clone();
    let next = Memo::new(move |_| {
        let next = marking.next_unscored(Some(&next_code))?;
        marking.criterion(&next).map(|next| format!("{} {}", next.code, next.name))
    });
    let act = move |act: PadAct| match act {
        PadAct::Key(key) => marking.press(key),
        PadAct::Clear => marking.clear(),
        PadAct::Done => marking.finish(&code),
        PadAct::Next => marking.next(),
        PadAct::Undo => marking.undo(),
        PadAct::Hide => marking.rest(),
        PadAct::Note => {
            if let Some(field) = notes.get(&code) {
                focus_field(field);
            }
        }
    };
    Some(view! {
        <ScorePad
            criterion=criterion
            shown=Signal::derive(move || face.with(|face| face.shown.clone()))
            problem=Signal::derive(move || face.with(|face| face.problem.clone()))
            can_undo=can_undo
            next=next
            on_act=act
        />
    })
}

/// No criterion chosen: the next one is offered.
#[component]
fn Rest(marking: Marking) -> impl IntoView {
    let next = Memo::new(move |_| marking.next_unscored(None));
    let button = move || {
        let code = next.get()?;
        let words = code.to_string();
        Some(view! {
            <button class="button primary tall wide" type="button" on:click=move |_| marking.open(&code)>
                {move || sheet::go_on(&words)}
                <Icon name="next"/>
            </button>
        })
    };
    view! {
        <div class="pad-rest">
            <p class="soft">{sheet::rest}</p>
            {button}
        </div>
    }
}
