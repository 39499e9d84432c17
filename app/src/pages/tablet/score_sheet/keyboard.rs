//! The sheet by keyboard: digits, comma, Backspace, Delete; Enter finishes and goes on, arrows walk, Escape puts the pad away.

use super::marking::{Marking, Mode};
use crate::components::keypad::Key;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Listens while the page is there.
pub fn listen(marking: Marking) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let foreign = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
        if foreign || untrack(|| marking.mode()) == Mode::Locked || is_elsewhere(&event) {
            return;
        }
        if handle(marking, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Typing into a field, or answering a dialog, is not typing marks.
fn is_elsewhere(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let in_field = target.and_then(|target| target.closest("input, textarea, select, dialog, summary").ok().flatten());
    in_field.is_some()
}

/// Whether the key meant something here.
fn handle(marking: Marking, event: &ev::KeyboardEvent) -> bool {
    let key = event.key();
    match (key.as_str(), key.as_bytes()) {
        _ if marking.current.with_untracked(Option::is_none) => return false,
        ("ArrowDown", _) => marking.step(1),
        ("ArrowUp", _) => marking.step(-1),
        (_, [digit @ b'0'..=b'9']) => marking.press(Key::Digit(digit - b'0')),
        ("," | "." | "Decimal", _) => marking.press(Key::Comma),
        ("Backspace", _) => marking.press(Key::Backspace),
        ("Delete", _) => marking.clear(),
        ("Enter", _) if !is_other_button(event) => marking.next(),
        ("Escape", _) => marking.rest(),
        _ => return false,
    }
    true
}

/// Enter on a button that is neither the criterion at hand nor a key of the pad presses that button.
fn is_other_button(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is = |selector: &str| target.as_ref().is_some_and(|target| target.matches(selector).unwrap_or_default());
    is("button, a") && !is(".key, [aria-current='true']")
}
