//! The strip on top of the tablet's pages: whether work still waits, and the ways to everything else.

use crate::components::erased::{Show, touch};
use crate::components::icon::{BrandMark, Icon};
use crate::components::menu::Menu;
use crate::components::preferences::{Theme, use_preferences};
use crate::components::sign_out::SignOutButton;
use crate::components::state_line::link_words;
use crate::router::use_router;
use crate::tablet::{Link, use_tablet};
use crate::text::{common, language, marks, visits};
use domain::access::Role;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The bar.
#[component]
pub fn AppBar() -> impl IntoView {
    let tablet = use_tablet();
    let menu = RwSignal::new(false);
    let region = move || tablet.catalogue().with(|known| known.edition.as_ref().map(|edition| edition.region.clone()));
    let going = StoredValue::new(false);
    // The desk is a page of its own: what is not saved stays behind.
    let to_desk = move |event: MouseEvent| {
        // In another tab nothing is left.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        // Touched twice it asks once.
        if going.get_value() {
            return;
        }
        going.set_value(true);
        spawn_local(async move {
            tablet.written().await;
            let unsaved = tablet.unsaved().get_untracked() > 0 || untrack(|| tablet.others_have_unsaved());
            let goes = !unsaved || window().confirm_with_message(common::leave_page_unsaved()).unwrap_or_default();
            if goes && unsaved {
                tablet.leave_unsaved();
            }
            if goes {
                // An address of our own is one.
                window().location().set_href("/desk").unwrap_or_default();
            }
            let _ = going.try_update_value(|going| *going = false);
        });
    };
    let title = Signal::derive(move || tablet.who().get().map(|who| who.display_name).unwrap_or_default());
    view! {
        <header class="bar">
            <a class="bar-brand" href="/work">
                <BrandMark/>
                <span class="bar-title">
                    <b>{common::app_name}</b>
                    <span>{region}</span>
                </span>
                <span class="hidden-words">{common::home_label}</span>
            </a>
            <SyncLink/>
            <SyncNow/>
            <Switches/>
            <SignOutButton class="icon-button"/>
            <button
                class="icon-button"
                type="button"
                aria-haspopup="dialog"
                aria-label=common::open_menu
                on:click=touch(move |_| menu.set(true))
            >
                <Icon name="menu"/>
            </button>
        </header>
        <Menu
            open=menu
            title=title
            links=move || {
                let writes_visits = tablet.who().with(|who| who.as_ref().is_some_and(|who| who.role == Role::Secretary));
                view! {
                    <a href="/work">
                        <Icon name="note"/>
                        {if writes_visits { visits::title } else { common::my_work }}
                    </a>
                    {match writes_visits {
                        // The organisers' pages are another bundle.
                        true => view! {
                            <a href="/desk" rel="external" on:click=touch(to_desk)>
                                <Icon name="totals"/>
                                {visits::to_desk}
                            </a>
                        }
                        .into_any(),
                        false => view! {
                            <a href="/marks">
                                <Icon name="totals"/>
                                {marks::title}
                            </a>
                        }
                        .into_any(),
                    }}
                    <a href="/sync">
                        <Icon name="send"/>
                        {common::send_sheets}
                    </a>
                }
            }
            foot=|| view! { <SignOutButton class="button wide" marked=false/> }
        />
    }
}

/// How many sheets wait, and for what.
#[component]
fn SyncLink() -> impl IntoView {
    let tablet = use_tablet();
    let (unsent, link, syncing) = (tablet.unsent(), tablet.link(), tablet.syncing());
    let state = move || match (unsent.get(), link.get()) {
        (_, Link::CaptivePortal | Link::SignedOut | Link::WrongVersion | Link::Refused(_)) => "attention",
        (0, _) => "clear",
        _ if syncing.get() => "sending",
        _ => "waiting",
    };
    let icon = move || match state() {
        "attention" => "warn",
        "clear" => "received",
        "sending" => "send",
        _ => "waiting",
    };
    let words = move || if state() == "sending" { common::sending() } else { link_words(&link.get()) };
    view! {
        <a class="bar-sync" href="/sync" data-state=state>
            <Icon name=Signal::derive(icon)/>
            <span class="bar-sync-words">
                <span>
                    <b data-testid="unsent-count">{move || unsent.get()}</b>
                    <span class="wide-words">{common::unsent_sheets}</span>
                    " "
                    {common::unsent_after}
                </span>
                <span class="bar-link">{words}</span>
            </span>
        </a>
    }
}

/// "Gửi ngay" wherever something waits; the sync page has its own.
#[component]
fn SyncNow() -> impl IntoView {
    let tablet = use_tablet();
    let path = use_router().path();
    let wanted = Memo::new(move |_| tablet.unsent().get() > 0 && path.get() != "/sync");
    view! {
        <Show when=move || wanted.get()>
            <button
                class="icon-button bar-send"
                type="button"
                data-testid="sync-now"
                aria-label=common::send_now
                on:click=touch(move |_| tablet.sync_now())
            >
                <Icon name="send"/>
            </button>
        </Show>
    }
}

#[component]
fn Switches() -> impl IntoView {
    let preferences = use_preferences();
    let in_sun = move || preferences.theme() == Theme::Sunlight;
    let toggle_sun = move |_| preferences.set_theme(if in_sun() { Theme::Auto } else { Theme::Sunlight });
    view! {
        <button
            class="icon-button bar-sun"
            type="button"
            aria-pressed=move || in_sun().to_string()
            aria-label=common::sunlight_mode
            on:click=touch(toggle_sun)
        >
            <Icon name="sun"/>
        </button>
        <LanguageSwitch class="icon-button bar-lang" short=true/>
    }
}

/// The other language, in that language.
#[component]
pub fn LanguageSwitch(
    /// Classes of the button.
    class: &'static str,
    /// Two letters instead of a word.
    #[prop(default = false)]
    short: bool,
) -> impl IntoView {
    use crate::text::Language;
    let preferences = use_preferences();
    let other = move || language().other();
    let words = move || match (other(), short) {
        (Language::English, true) => "EN",
        (Language::English, false) => "English",
        (Language::Vietnamese, true) => "VI",
        (Language::Vietnamese, false) => "Tiếng Việt",
    };
    // The label holds the words that are seen: whoever speaks to the device says those.
    let label = move || match (other(), short) {
        (Language::English, true) => "EN: Switch to English",
        (Language::English, false) => "Switch to English",
        (Language::Vietnamese, true) => "VI: Chuyển sang tiếng Việt",
        (Language::Vietnamese, false) => "Chuyển sang Tiếng Việt",
    };
    view! {
        <button
            class=class
            type="button"
            lang=move || other().tag()
            aria-label=label
            on:click=touch(move |_| preferences.set_language(other()))
        >
            {words}
        </button>
    }
}
