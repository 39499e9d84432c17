//! "Is my score safe?", answered at all times: saved on the tablet, received by the support team, or not saved (S10).

use crate::components::icon::Icon;
use crate::tablet::{Link, SaveState, ServerState};
use crate::text::{common, format, problems, sheet};
use leptos::prelude::*;

/// How the line looks and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    state: &'static str,
    icon: &'static str,
    words: String,
}

/// The line under the head of the sheet.
#[component]
pub fn StateLine(
    /// Whether the tablet has it.
    #[prop(into)]
    save: Signal<SaveState>,
    /// Whether the server has it.
    #[prop(into)]
    server: Signal<ServerState>,
    /// Whether there is anything on the sheet.
    #[prop(into)]
    blank: Signal<bool>,
    /// Sheets that wait on this tablet.
    #[prop(into)]
    unsent: Signal<u32>,
    /// Between tablet and server.
    #[prop(into)]
    link: Signal<Link>,
) -> impl IntoView {
    let said = Memo::new(move |_| say(&save.get(), &server.get(), blank.get()));
    view! {
        <div class="state-line" data-state=move || said.with(|said| said.state)>
            {save_words(said, "save-state".to_owned())}
            <UnsentLink unsent=unsent link=link/>
        </div>
    }
}

/// One sheet's state alone, where several sheets stand side by side.
#[component]
pub fn SaveWords(
    /// Whether the tablet has it.
    #[prop(into)]
    save: Signal<SaveState>,
    /// Whether the server has it.
    #[prop(into)]
    server: Signal<ServerState>,
    /// Whether there is anything on the sheet.
    #[prop(into)]
    blank: Signal<bool>,
    /// Its name for tests.
    testid: String,
) -> impl IntoView {
    save_words(Memo::new(move |_| say(&save.get(), &server.get(), blank.get())), testid)
}

fn save_words(said: Memo<Said>, testid: String) -> AnyView {
    view! {
        <p class="save-state" role="status" data-testid=testid data-state=move || said.with(|said| said.state)>
            <Icon name=Signal::derive(move || said.with(|said| said.icon))/>
            <span>{move || said.with(|said| said.words.clone())}</span>
        </p>
    }
    .into_any()
}

/// How many sheets wait on this tablet, and the way to send them.
#[component]
pub fn UnsentLink(
    /// Sheets that wait.
    #[prop(into)]
    unsent: Signal<u32>,
    /// Between tablet and server.
    #[prop(into)]
    link: Signal<Link>,
) -> impl IntoView {
    view! {
        <a class="state-wait" href="/sync" data-state=move || (unsent.get() == 0).then_some("clear")>
            <Icon name=Signal::derive(move || if unsent.get() == 0 { "received" } else { "waiting" })/>
            <span>
                <b data-testid="unsent-count">{move || unsent.get()}</b>
                {move || sheet::unsent_and_link(link_words(&link.get()))}
            </span>
        </a>
    }
}

fn say(save: &SaveState, server: &ServerState, blank: bool) -> Said {
    let said = |state, icon, words: String| Said { state, icon, words };
    let on_tablet = |words: &str| match save {
        SaveState::Saved { at_ms } => format!("{words} {}", format::clock(*at_ms)),
        _ => words.to_owned(),
    };
    match (save, server) {
        (SaveState::Failed { reason }, _) => {
            said("failed", "warn", format!("{}: {}", common::not_saved(), problems::not_saved(reason)))
        }
        (SaveState::Saving, _) => said("saving", "saving", sheet::saving().to_owned()),
        (_, ServerState::Received { at_ms, .. }) => {
            said("received", "received", format!("{} {}", sheet::received(), format::clock(*at_ms)))
        }
        (_, ServerState::Held(code)) => {
            said("received", "received", format!("{}: {}", sheet::held(), format::inside(problems::held(*code))))
        }
        (_, ServerState::Rejected(code)) => {
            said("received", "warn", format!("{}: {}", sheet::rejected(), format::inside(problems::rejected(*code))))
        }
        // Written on another tablet, and come from the server.
        (SaveState::Untouched, ServerState::NothingToSend) if !blank => {
            said("received", "received", sheet::received().to_owned())
        }
        (SaveState::Untouched, _) => said("saved", "none", sheet::nothing_typed().to_owned()),
        (SaveState::Saved { .. }, _) => said("saved", "check", on_tablet(sheet::saved())),
    }
}

/// A link in a few words.
pub fn link_words(link: &Link) -> &'static str {
    match link {
        Link::Unknown => common::link_unknown(),
        Link::Online => common::link_online(),
        Link::Offline => common::link_offline(),
        Link::CaptivePortal => common::link_captive(),
        Link::SignedOut => common::link_signed_out(),
        Link::WrongVersion => common::link_version(),
        Link::Refused(_) => common::link_refused(),
    }
}
