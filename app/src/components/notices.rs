//! Bars under the app bar, each only when it applies: a new version, weak storage, a hotel's log-in page, an ended session.

use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::tablet::{Link, use_tablet};
use crate::text::{Sentence, common};
use gloo_storage::{SessionStorage, Storage};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

const STORAGE_READ: &str = "storage-warning-read";

/// What the bars need to know beside the tablet.
#[derive(Clone, Copy)]
struct Noticed {
    /// The juror has read the warning about storage; until the tab is closed.
    storage_read: RwSignal<bool>,
    /// The loader could not complete the copy for use without a network.
    copy_failed: RwSignal<bool>,
}

/// Once, at the root.
pub fn provide_notices() {
    let copy_failed = RwSignal::new(false);
    let storage_read = RwSignal::new(matches!(SessionStorage::raw().get_item(STORAGE_READ), Ok(Some(_))));
    provide_context(Noticed { storage_read, copy_failed });
    watch_offline_copy(copy_failed);
}

/// The loader says it on `<html>` (`data-offline`), whenever it comes to know.
fn watch_offline_copy(failed: RwSignal<bool>) {
    let Some(html) = document().document_element() else {
        return;
    };
    let says_failed = |html: &web_sys::Element| html.get_attribute("data-offline").as_deref() == Some("failed");
    failed.set(says_failed(&html));
    let watched = html.clone();
    let changed = Closure::<dyn FnMut()>::new(move || failed.set(says_failed(&watched)));
    let Ok(observer) = web_sys::MutationObserver::new(changed.as_ref().unchecked_ref()) else {
        return;
    };
    let attribute = web_sys::MutationObserverInit::new();
    attribute.set_attribute_filter(&js_sys::Array::of1(&"data-offline".into()));
    // An element of the page and one attribute of it: observing has no way to fail.
    observer.observe_with_options(&html, &attribute).unwrap_or_default();
    // As long as the app.
    changed.forget();
}

/// All bars that apply.
#[component]
pub fn Notices(
    /// Whether there is room for what can wait: beside the keypad of a phone there is none.
    #[prop(default = true)]
    roomy: bool,
) -> impl IntoView {
    let tablet = use_tablet();
    let Noticed { storage_read, copy_failed } = expect_context();
    let weak_storage = move || roomy && tablet.storage_persisted().get() == Some(false) && !storage_read.get();
    let link = Memo::new(move |_| tablet.link().get());
    view! {
        <div class="notices">
            {move || tablet.update_ready().get().then(|| view! { <UpdateNotice/> })}
            {move || weak_storage().then(|| view! { <StorageNotice read=storage_read/> })}
            {move || copy_failed.get().then(|| view! { <CopyNotice/> })}
            {move || link_notice(&link.get())}
        </div>
    }
}

#[component]
fn UpdateNotice() -> impl IntoView {
    let tablet = use_tablet();
    let (unsaved, of_others) = (move || tablet.unsaved().get() > 0, move || tablet.others_have_unsaved());
    let words = move || match (unsaved(), of_others()) {
        (true, _) => common::update_unsaved(),
        (false, true) => common::update_unsaved_of_others(),
        (false, false) => common::update_words(),
    };
    view! {
        <div class="notice" data-tone="official" role="status">
            <Icon name="refresh"/>
            <div>
                <strong>{common::update_strong}</strong>
                " "
                {words}
            </div>
            <button
                class="button"
                type="button"
                aria-disabled=move || (unsaved() || of_others()).to_string()
                on:click=touch(move |_| tablet.accept_update())
            >
                {common::update}
            </button>
        </div>
    }
}

#[component]
fn StorageNotice(read: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="notice" data-tone="waiting" role="status">
            <Icon name="warn"/>
            <div>
                <strong>{common::storage_strong}</strong>
                " "
                {common::storage_words}
            </div>
            <button
                class="button"
                type="button"
                on:click=touch(move |_| {
                    read.set(true);
                    // Forgotten, the warning comes again.
                    SessionStorage::raw().set_item(STORAGE_READ, "true").ok();
                })
            >
                {common::understood}
            </button>
        </div>
    }
}

#[component]
fn CopyNotice() -> impl IntoView {
    view! {
        <div class="notice" data-tone="waiting" role="status">
            <Icon name="offline"/>
            <div>
                <strong>{common::offline_copy_strong}</strong>
                " "
                {common::offline_copy_words}
            </div>
        </div>
    }
}

fn link_notice(link: &Link) -> Option<AnyView> {
    let (tone, icon, strong, words, way): (_, _, Sentence, Sentence, Option<AnyView>) = match link {
        Link::CaptivePortal => {
            let open = view! {
                <a class="button" href="http://neverssl.com" target="_blank" rel="noreferrer">
                    {common::captive_open}
                </a>
            };
            (Some("waiting"), "offline", common::captive_strong, common::captive_words, Some(open.into_any()))
        }
        Link::SignedOut => {
            let again = view! { <a class="button" href="/sign-in">{common::sign_in_again}</a> };
            (None, "person", common::signed_out_strong, common::signed_out_words, Some(again.into_any()))
        }
        Link::WrongVersion => (Some("waiting"), "refresh", common::version_strong, common::version_words, None),
        _ => return None,
    };
    let notice = view! {
        <div class="notice" data-tone=tone role="status">
            <Icon name=icon/>
            <div>
                <strong>{strong}</strong>
                " "
                {words}
            </div>
            {way}
        </div>
    };
    Some(notice.into_any())
}
