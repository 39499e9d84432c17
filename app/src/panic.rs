//! The last screen. After a panic nothing of the app runs any more (`panic = "abort"`), so the hook itself writes into
//! the page what the juror must know: that the sheets are safe, how many wait, and how to go on.

use crate::text::Language;
use crate::text::stopped::{Words, words};
use std::cell::Cell;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

thread_local! {
    static UNSENT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Keeps the count of unsent sheets where the hook can read it without touching anything that may be broken.
pub fn note_unsent(unsent: u32) {
    UNSENT.set(Some(unsent));
}

/// Whether the last screen is shown.
pub fn has_happened() -> bool {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    root.is_some_and(|root| root.has_attribute("data-panicked"))
}

/// From now on a panic shows itself.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let details = info.to_string();
        web_sys::console::error_1(&JsValue::from_str(&details));
        // What breaks afterwards, in what is left of the app, has nothing to add. If even this fails, the console has it all the same.
        if !has_happened() {
            show(&details).ok();
        }
    }));
}

fn show(details: &str) -> Result<(), JsValue> {
    let page = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let root = page.document_element().ok_or(JsValue::NULL)?;
    // The loader has a screen of its own for an app that doesn't start; this one knows more.
    root.set_attribute("data-panicked", "")?;
    let language =
        if root.get_attribute("lang").as_deref() == Some("en") { Language::English } else { Language::Vietnamese };
    let words = words(language);
    let screen = child(&page, None, "div", "panic")?;
    screen.set_attribute("role", "alertdialog")?;
    screen.set_attribute("aria-labelledby", "panic-title")?;
    screen.set_attribute("aria-describedby", "panic-words")?;
    fill(&page, &screen, &words, details)?;
    page.body().ok_or(JsValue::NULL)?.append_child(&screen)?;
    Ok(())
}

fn fill(page: &Document, screen: &Element, words: &Words, details: &str) -> Result<(), JsValue> {
    let card = child(page, Some(screen), "div", "status-card")?;
    let title = child(page, Some(&card), "h1", "")?;
    title.set_id("panic-title");
    title.set_text_content(Some(words.title));
    let line = child(page, Some(&card), "p", "")?;
    line.set_id("panic-words");
    line.set_text_content(Some(words.words));
    if let Some(unsent) = UNSENT.get().filter(|unsent| *unsent > 0) {
        let count = child(page, Some(&card), "p", "panic-count")?;
        child(page, Some(&count), "b", "")?.set_text_content(Some(&unsent.to_string()));
        count.append_child(&page.create_text_node(&format!(" {}", words.unsent)))?;
    }
    let acts = child(page, Some(&card), "p", "status-acts")?;
    // A link needs nothing that runs: it opens the address again. The router, which still listens, leaves it alone.
    let again = child(page, Some(&acts), "a", "button primary tall")?;
    again.set_attribute("href", "")?;
    again.set_attribute("rel", "external")?;
    again.set_text_content(Some(words.open_again));
    if UNSENT.get().is_some_and(|unsent| unsent > 0) {
        rescue(page, &card, &acts, words)?;
    }
    let more = child(page, Some(&card), "details", "soft")?;
    child(page, Some(&more), "summary", "button quiet")?.set_text_content(Some(words.details));
    child(page, Some(&more), "pre", "")?.set_text_content(Some(details));
    Ok(())
}

/// What waits, as a file: the loader makes it, for it still runs.
fn rescue(page: &Document, card: &Element, acts: &Element, words: &Words) -> Result<(), JsValue> {
    let save = child(page, Some(acts), "button", "button tall")?;
    save.set_attribute("type", "button")?;
    save.set_attribute("data-rescue", "")?;
    save.set_text_content(Some(words.rescue));
    let told = child(page, Some(card), "p", "soft")?;
    told.set_attribute("role", "status")?;
    told.set_attribute("data-saved", words.rescued)?;
    told.set_attribute("data-partly", words.partly_rescued)?;
    told.set_attribute("data-failed", words.not_rescued)
}

fn child(page: &Document, parent: Option<&Element>, tag: &str, class: &str) -> Result<Element, JsValue> {
    let element = page.create_element(tag)?;
    element.set_class_name(class);
    if let Some(parent) = parent {
        parent.append_child(&element)?;
    }
    Ok(element)
}
