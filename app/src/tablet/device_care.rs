//! What the tablet asks of its browser: to keep the store, to say when network and page come back, and to start a newer
//! version of the app when the juror agrees. The other half of the last stands in `public/loader.js`.

use super::core::Core;
use super::view::Link;
use super::writer::Job;
use crate::panic;
use crate::sync::Want;
use leptos::ev;
use leptos::prelude::{GetUntracked, Set, window_event_listener};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::VisibilityState;

/// Asks the browser never to clear the store by itself, and says whether it promised.
pub async fn keep_storage() -> bool {
    let asked = web_sys::window().and_then(|window| window.navigator().storage().persist().ok());
    match asked {
        Some(promise) => JsFuture::from(promise).await.is_ok_and(|answer| answer == JsValue::TRUE),
        None => false,
    }
}

impl Core {
    /// Listens for as long as the page lives.
    pub fn watch_device(self: &Rc<Self>) {
        let core = self.clone();
        let _ = window_event_listener(ev::online, move |_| core.come_back());
        let core = self.clone();
        let _ = window_event_listener(ev::offline, move |_| core.signals.link.set(Link::Offline));
        self.watch_leaving();
        self.watch_visibility();
        self.watch_updates();
    }

    /// The browser asks before it leaves a page on which something is not saved; that of an iPad doesn't know how.
    fn watch_leaving(self: &Rc<Self>) {
        let core = self.clone();
        let _ = window_event_listener(ev::beforeunload, move |event| {
            let agreed = core.leaves.take();
            let unsaved = core.signals.unsaved.get_untracked() > 0 || core.photos.are_unsaved() || core.is_writing();
            // After a panic nothing here is saved any more: the way on is to open the page again.
            if unsaved && !agreed && !panic::has_happened() {
                event.prevent_default();
                // What browsers go by that don't go by the line above.
                event.set_return_value("1");
            }
        });
    }

    fn watch_visibility(self: &Rc<Self>) {
        let core = self.clone();
        let listener = Closure::<dyn FnMut()>::new(move || {
            let state = web_sys::window().and_then(|window| window.document()).map(|page| page.visibility_state());
            if state == Some(VisibilityState::Visible) {
                core.come_back();
            }
        });
        if let Some(page) = web_sys::window().and_then(|window| window.document()) {
            page.add_event_listener_with_callback("visibilitychange", listener.as_ref().unchecked_ref()).ok();
        }
        listener.forget();
    }

    /// Network or page are back: try again what could not be saved (S14), and talk to the server.
    fn come_back(self: &Rc<Self>) {
        for (key, cell, text) in self.sheets.failed_drafts() {
            drop(self.write(Job::Draft(key, cell, text)));
        }
        for (key, product, text) in self.visits.failed_drafts() {
            drop(self.write(Job::Fact(key, product, text)));
        }
        self.save_photos_again();
        self.sheets.forget_failed_acts();
        self.visits.forget_failed_acts();
        self.note_unsent();
        if let Some(juror) = self.juror() {
            juror.worker.poke(Want::Everything);
        }
    }

    fn watch_updates(self: &Rc<Self>) {
        let core = self.clone();
        let look = move || {
            let root = web_sys::window().and_then(|window| window.document()?.document_element());
            match root.and_then(|root| root.get_attribute("data-update")).as_deref() {
                // It has taken over, as the juror agreed: shown at once, or when the juror asks again.
                Some("active") => wasm_bindgen_futures::spawn_local(core.clone().accept_update()),
                Some(_) => core.signals.update_ready.set(true),
                None => {}
            }
        };
        look();
        let listener = Closure::<dyn FnMut()>::new(look);
        if let Some(window) = web_sys::window() {
            window.add_event_listener_with_callback("binhchon:update", listener.as_ref().unchecked_ref()).ok();
        }
        listener.forget();
    }

    /// Starts the newer version once nothing is being written. What could not be saved would be lost with this one.
    pub async fn accept_update(self: Rc<Self>) {
        self.written().await;
        if self.signals.unsaved.get_untracked() > 0 || self.photos.are_unsaved() {
            return;
        }
        if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("binhchon:activate-update")) {
            // Nobody cancels it: the loader alone listens.
            window.dispatch_event(&event).ok();
        }
    }
}
