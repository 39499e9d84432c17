//! What a page of the desk reads once and again on demand: loading, refused, or there and perhaps old.
//!
//! It is asked for again when the reader comes back to the tab; what is shown stays until the answer is there.

use super::feed::is_passing;
use super::refusal::Refusal;
use crate::clock::now_ms;
use crate::components::blank_states::StatusPage;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::net;
use crate::session::Problem;
use crate::text::{desk, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

/// A handle to copy around.
pub struct Loaded<T: Send + Sync + 'static> {
    path: StoredValue<String>,
    /// What the server last said.
    pub value: RwSignal<Option<T>>,
    /// Why its last answer is none.
    problem: RwSignal<Option<Problem>>,
    /// When it last answered, by this device.
    at_ms: RwSignal<Option<i64>>,
    /// Counts requests: an answer to an earlier one is of no interest.
    turn: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: DeserializeOwned + Send + Sync + 'static> Loaded<T> {
    /// Asks at once, and again whenever the tab is looked at again.
    pub fn open(path: String) -> Self {
        let loaded = Self {
            path: StoredValue::new(path),
            value: RwSignal::new(None),
            problem: RwSignal::new(None),
            at_ms: RwSignal::new(None),
            turn: StoredValue::new(0),
        };
        loaded.reload();
        let visibility = window_event_listener_untyped("visibilitychange", move |_| {
            if !document().hidden() {
                loaded.reload();
            }
        });
        on_cleanup(move || visibility.remove());
        loaded
    }

    /// Asks again.
    pub fn reload(self) {
        spawn_local(self.ask());
    }

    /// Asks again, and is done when the answer is shown.
    pub async fn ask(self) {
        self.turn.update_value(|turn| *turn += 1);
        let (turn, path) = (self.turn.get_value(), self.path.get_value());
        let answer = net::get::<T>(&path).await;
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match answer {
            Ok(value) => self.take(value),
            Err(problem) => self.problem.set(Some(problem)),
        }
    }

    /// Shows what came as the answer to something else.
    pub fn take(self, value: T) {
        self.turn.update_value(|turn| *turn += 1);
        self.value.set(Some(value));
        self.problem.set(None);
        self.at_ms.set(Some(now_ms()));
    }

    /// The page once it is there; before that, or where the server says no, why.
    pub fn or_why_not(self, page: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
        let known = Memo::new(move |_| self.value.with(Option::is_some));
        let refused = Memo::new(move |_| self.problem.get().filter(|problem| !known.get() || !may_pass(problem)));
        let content = move || match (known.get(), refused.get()) {
            (_, Some(problem)) => view! { <Refusal problem=problem on_retry=move |()| self.reload()/> }.into_any(),
            (true, None) => page(),
            (false, None) => view! {
                <StatusPage
                    title=Signal::derive(|| desk::connecting().to_owned())
                    words=Signal::derive(String::new)
                />
            }
            .into_any(),
        };
        content.into_any()
    }

    /// How old what is shown is, and the button that asks again.
    pub fn freshness(self) -> AnyView {
        let lost = Memo::new(move |_| self.problem.with(Option::is_some));
        let words = move || {
            let time = self.at_ms.get().map(format::clock_seconds).unwrap_or_default();
            if lost.get() { desk::not_reloaded(&time) } else { desk::read_at(&time) }
        };
        view! {
            <div class="freshness">
                <p class="totals-live" role="status" data-state=move || lost.get().then_some("lost")>
                    <Icon name=Signal::derive(move || if lost.get() { "warn" } else { "received" })/>
                    <span>{words}</span>
                </p>
                <button class="button" type="button" data-testid="reload" on:click=touch(move |_| self.reload())>
                    <Icon name="refresh"/>
                    {desk::reload}
                </button>
            </div>
        }
        .into_any()
    }
}

/// Whether what was shown before may stay: the server said nothing against it.
fn may_pass(problem: &Problem) -> bool {
    match problem {
        Problem::NoNetwork | Problem::CaptivePortal => true,
        Problem::Refused(code) => is_passing(code),
        Problem::WrongVersion | Problem::Save(_) => false,
    }
}
