//! The door: jurors go on to their work, organisers to the desk.

use crate::components::app_bar::LanguageSwitch;
use crate::components::erased::{Show, live, touch};
use crate::components::icon::{BrandMark, Icon};
use crate::components::page_frame::set_page_title;
use crate::pages::tablet::home::to_desk;
use crate::router::{Leave, Router, query, use_router};
use crate::session::{Problem, SignedIn};
use crate::tablet::use_tablet;
use crate::text::{common, problems, sign_in};
use domain::access::Role;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Why the form was not accepted.
#[derive(Clone, Debug, PartialEq)]
enum Failure {
    NameMissing,
    PasswordMissing,
    Refused(Problem),
}

impl Failure {
    fn words(&self) -> String {
        match self {
            Self::NameMissing => sign_in::name_missing().to_owned(),
            Self::PasswordMissing => sign_in::password_missing().to_owned(),
            Self::Refused(problem) => problems::problem(problem),
        }
    }
}

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    set_page_title(|| sign_in::submit().to_owned());
    let tablet = use_tablet();
    let enrolling = Memo::new(move |_| tablet.enrolling().with(Option::is_some));
    view! {
        <main class="sign-in" id="main" tabindex="-1">
            <Show when=move || enrolling.get()>
                <FirstDownload/>
            </Show>
            <div class="sign-in-card" hidden=move || enrolling.get()>
                <header class="sign-in-head">
                    <BrandMark/>
                    <h1>{sign_in::title}</h1>
                    <p class="soft">{sign_in::subtitle}</p>
                </header>
                <AlreadyIn/>
                <SignInForm/>
                <p class="soft">{sign_in::first_time}</p>
            </div>
            <footer class="sign-in-foot">
                <LanguageSwitch class="button quiet"/>
            </footer>
        </main>
    }
}

/// The wait of the first sign-in: all that the tablet needs without a network comes down, thousands of acts among it.
#[component]
fn FirstDownload() -> impl IntoView {
    let tablet = use_tablet();
    let so_far = move || tablet.enrolling().get().unwrap_or_default();
    view! {
        <div class="status-card" data-testid="first-download">
            <BrandMark/>
            <h1 role="status">{common::loading_title}</h1>
            <progress aria-label=common::loading_title></progress>
            <p>{move || sign_in::downloaded(so_far().products, so_far().sheets)}</p>
            <p class="soft">{sign_in::keep_open}</p>
        </div>
    }
}

/// Whoever is signed in on this device already may go on, or sign in again: the session on the server may have ended.
#[component]
fn AlreadyIn() -> impl IntoView {
    let tablet = use_tablet();
    live(move || {
        let name = tablet.who().get().map(|who| who.display_name)?;
        let notice = view! {
            <div class="notice" role="status">
                <Icon name="person"/>
                <div>{move || sign_in::already_in(&name)}</div>
                <a class="button" href="/work">
                    {common::to_work}
                </a>
            </div>
        };
        Some(notice)
    })
}

#[component]
fn SignInForm() -> impl IntoView {
    let tablet = use_tablet();
    let (name, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let (failure, busy, shown) = (RwSignal::new(None::<Failure>), RwSignal::new(false), RwSignal::new(false));
    let (next, router) = (next_path(), use_router());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let value = |field: NodeRef<html::Input>| field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let (typed_name, typed_password) = (value(name).trim().to_owned(), value(password));
        if typed_name.is_empty() {
            return failure.set(Some(Failure::NameMissing));
        }
        if typed_password.is_empty() {
            return failure.set(Some(Failure::PasswordMissing));
        }
        busy.set(true);
        failure.set(None);
        let next = next.clone();
        spawn_local(async move {
            let answer = tablet.sign_in(typed_name, typed_password).await;
            busy.set(false);
            match answer {
                Ok(who) => go_on(&who, next, router),
                Err(problem) => failure.set(Some(Failure::Refused(problem))),
            }
        });
    };
    view! {
        <form class="sign-in-form" method="post" novalidate=true on:submit=submit>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        view! {
                            <div class="notice" data-tone="official" role="alert" data-testid="error-message">
                                <Icon name="warn"/>
                                <div>{failure.words()}</div>
                            </div>
                        }
                    })
            }}
            <div class="field">
                <label for="name">{sign_in::name}</label>
                <input
                    class="input"
                    id="name"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required=true
                    data-testid="sign-in-name"
                    node_ref=name
                />
            </div>
            <div class="field">
                <label for="password">{sign_in::password}</label>
                <div class="password">
                    <input
                        class="input"
                        id="password"
                        name="password"
                        type=move || if shown.get() { "text" } else { "password" }
                        autocomplete="current-password"
                        required=true
                        data-testid="sign-in-password"
                        node_ref=password
                    />
                    <button
                        class="icon-button"
                        type="button"
                        aria-pressed=move || shown.get().to_string()
                        aria-label=sign_in::show_password
                        on:click=touch(move |_| shown.update(|shown| *shown = !*shown))
                    >
                        <Icon name="eye"/>
                    </button>
                </div>
            </div>
            <button
                class="button primary tall wide"
                type="submit"
                data-testid="sign-in-submit"
                aria-busy=move || busy.get().to_string()
            >
                {move || if busy.get() { sign_in::busy() } else { sign_in::submit() }}
            </button>
        </form>
    }
}

fn go_on(who: &SignedIn, next: Option<String>, router: Router) {
    match who.role {
        // Who writes the records of stops reads at the desk, too.
        Role::Secretary if next.as_deref().is_some_and(is_desk) => to_desk(next.as_deref().unwrap_or("/desk")),
        role if role.travels() => {
            let to = next.filter(|next| !is_desk(next)).unwrap_or_else(|| "/work".to_owned());
            router.go(&to, Leave::Replace);
        }
        Role::Administrator => router.go("/", Leave::Replace),
        _ => to_desk(next.as_deref().filter(|next| is_desk(next)).unwrap_or("/desk")),
    }
}

/// Where the visitor wanted to go: a path of our own origin, never an address elsewhere.
fn next_path() -> Option<String> {
    query("next").filter(|next| is_own_path(next))
}

fn is_own_path(path: &str) -> bool {
    // Browsers read a backslash as a slash, and drop tabs and line ends: `/\\elsewhere` is another origin.
    let strange = path.contains('\\') || path.chars().any(char::is_control);
    path.starts_with('/') && !path.starts_with("//") && !strange && !path.starts_with("/sign-in")
}

fn is_desk(path: &str) -> bool {
    path == "/desk" || path.starts_with("/desk/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn after_signing_in_nobody_is_sent_to_another_origin() {
        assert!(is_own_path("/rounds/visit/products/AGI-001/sheet"));
        for path in
            ["//elsewhere.vn", "/\\elsewhere.vn", "/\t/elsewhere.vn", "https://elsewhere.vn", "work", "/sign-in"]
        {
            assert!(!is_own_path(path), "{path}");
        }
    }
}
