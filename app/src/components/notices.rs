//! Bars under the app bar, each only when it applies: a new version, weak storage, a hotel's log-in page, an ended session.

use crate::components::icon::Icon;
use crate::tablet::{Link, use_tablet};
use crate::text::common;
use leptos::prelude::*;

/// Whether the juror has read the warning about storage; until the app is opened again.
#[derive(Clone, Copy)]
struct StorageWarningRead(RwSignal<bool>);

/// Once, at the root.
pub fn provide_notices() {
    provide_context(StorageWarningRead(RwSignal::new(false)));
}

/// All bars that apply.
#[component]
pub fn Notices() -> impl IntoView {
    let tablet = use_tablet();
    let read = expect_context::<StorageWarningRead>().0;
    let weak_storage = move || tablet.storage_persisted().get() == Some(false) && !read.get();
    let link = Memo::new(move |_| tablet.link().get());
    view! {
        <div class="notices">
            {move || tablet.update_ready().get().then(|| view! { <UpdateNotice/> })}
            {move || weak_storage().then(|| view! { <StorageNotice read=read/> })}
            {move || link_notice(&link.get())}
        </div>
    }
}

#[component]
fn UpdateNotice() -> impl IntoView {
    let tablet = use_tablet();
    view! {
        <div class="notice" data-tone="official" role="status">
            <Icon name="refresh"/>
            <div>
                <strong>{common::update_strong}</strong>
                " "
                {common::update_words}
            </div>
            <button class="button" type="button" on:click=move |_| tablet.accept_update()>
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
            <button class="button" type="button" on:click=move |_| read.set(true)>
                {common::understood}
            </button>
        </div>
    }
}

fn link_notice(link: &Link) -> Option<AnyView> {
    let (tone, icon, strong, words, way): (_, _, fn() -> _, fn() -> _, Option<AnyView>) = match link {
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
