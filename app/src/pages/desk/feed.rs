//! A round's totals as they come: the page first, then its changes, over a stream that is opened again whenever it breaks.
//!
//! Each row is a signal of its own, so that a change touches one row and leaves scroll, sort, filter and search alone.

use crate::chance::jitter;
use crate::clock::now_ms;
use crate::net;
use crate::session::Problem;
use crate::text::fold::fold;
use domain::api::{ProductLine, TotalsChange, TotalsPage};
use domain::edition::{Group, TallyRule};
use domain::ids::{RoundCode, SelectionCode};
use domain::points::Points;
use domain::round::Round;
use domain::tally::{Missing, Row};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// How long a row that has just changed is marked.
const ARRIVED: Duration = Duration::from_secs(6);
/// The longest wait before another attempt, in milliseconds.
const MAX_WAIT_MS: u32 = 15_000;

/// Between the desk and the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedState {
    /// Not there yet.
    Connecting,
    /// Changes come by themselves.
    Live,
    /// Broken; being opened again. What is shown is old.
    Lost,
    /// The server says no.
    Refused(Problem),
}

/// What stands around the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Which round.
    pub round: RoundCode,
    /// TẠM TÍNH.
    pub provisional: bool,
    /// What is missing.
    pub missing: Missing,
    /// The mean to reach.
    pub threshold: Points,
    /// How sheets become the figure, and which spread is flagged.
    pub tally: TallyRule,
    /// Products that the round doesn't take in.
    pub not_visited: u32,
    /// All rounds.
    pub rounds: Vec<Round>,
    /// The groups.
    pub groups: Vec<Group>,
}

/// One product: what it is, and its row as it changes.
pub struct Line {
    /// What it is.
    pub product: ProductLine,
    /// All that is searched, folded.
    pub folded: String,
    /// Its numbers.
    pub row: ArcRwSignal<Row>,
    /// How many changes of it are marked at this moment.
    pub arrived: ArcRwSignal<u32>,
}

/// A handle to copy around.
#[derive(Clone, Copy)]
pub struct Feed {
    round: StoredValue<RoundCode>,
    /// Between the desk and the server.
    pub state: RwSignal<FeedState>,
    /// When the numbers were last known to be right, by this device.
    pub at_ms: RwSignal<Option<i64>>,
    /// What stands around the rows; none before the first answer.
    pub frame: RwSignal<Option<Frame>>,
    /// The rows, by group and code.
    pub lines: RwSignal<Vec<Arc<Line>>>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    timer: StoredValue<Option<TimeoutHandle>>,
    last_id: StoredValue<Option<String>>,
    attempt: StoredValue<u32>,
    /// Counts openings: an answer to an earlier one is of no interest.
    turn: StoredValue<u32>,
}

/// An open stream with all that listens to it.
struct Stream {
    source: EventSource,
    _open: Closure<dyn FnMut()>,
    _error: Closure<dyn FnMut()>,
    _events: [Closure<dyn FnMut(MessageEvent)>; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

impl Feed {
    /// Opens the feed; it closes with the page, and sleeps while the tab is hidden.
    pub fn open(round: RoundCode) -> Self {
        let feed = Self {
            round: StoredValue::new(round),
            state: RwSignal::new(FeedState::Connecting),
            at_ms: RwSignal::new(None),
            frame: RwSignal::new(None),
            lines: RwSignal::new(Vec::new()),
            stream: StoredValue::new_local(None),
            timer: StoredValue::new(None),
            last_id: StoredValue::new(None),
            attempt: StoredValue::new(0),
            turn: StoredValue::new(0),
        };
        feed.try_again();
        let visibility = window_event_listener_untyped("visibilitychange", move |_| match document().hidden() {
            true => feed.close(),
            false => feed.try_again(),
        });
        let online = window_event_listener_untyped("online", move |_| feed.try_again());
        on_cleanup(move || {
            visibility.remove();
            online.remove();
            feed.close();
        });
        feed
    }

    /// Asks for the page, which also says whether this account may, then listens to the changes.
    pub fn try_again(self) {
        self.close();
        let turn = self.turn.get_value();
        let path = self.round.with_value(|round| format!("/api/v1/rounds/{round}/totals"));
        spawn_local(async move {
            let answer = net::get::<TotalsPage>(&path).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.show_page(page);
                    self.listen();
                }
                Err(problem @ (Problem::NoNetwork | Problem::CaptivePortal)) => self.lose(&problem),
                Err(Problem::Refused(code)) if is_passing(&code) => self.lose(&Problem::Refused(code)),
                Err(problem) => self.state.set(FeedState::Refused(problem)),
            }
        });
    }

    fn close(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.stream.set_value(None);
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Keeps what is shown, marks it as old, and comes again later.
    fn lose(self, _why: &Problem) {
        self.close();
        self.state.set(FeedState::Lost);
        let attempt = self.attempt.get_value();
        self.attempt.set_value(attempt.saturating_add(1));
        let full = (1_000_u32 << attempt.min(4)).min(MAX_WAIT_MS);
        let wait = full - full / 2 * jitter() / 1_000;
        let timer = set_timeout_with_handle(move || self.try_again(), Duration::from_millis(wait.into()));
        self.timer.set_value(timer.ok());
    }

    fn listen(self) {
        let after = self.last_id.get_value().map(|id| format!("?after={}", js_sys::encode_uri_component(&id)));
        let path = self.round.with_value(|round| format!("/api/v1/rounds/{round}/live{}", after.unwrap_or_default()));
        let Ok(source) = EventSource::new(&path) else {
            return self.lose(&Problem::NoNetwork);
        };
        let open = Closure::new(move || self.state.set(FeedState::Live));
        // The browser would come again by itself, but not after a refusal; asking for the page first tells which it is.
        let error = Closure::new(move || self.lose(&Problem::NoNetwork));
        source.set_onopen(Some(open.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        let reset = self.on_event(&source, "reset", |feed, page| feed.show_page(page));
        let change = self.on_event(&source, "change", Self::show_change);
        self.stream.set_value(Some(Stream { source, _open: open, _error: error, _events: [reset, change] }));
    }

    fn on_event<T: serde::de::DeserializeOwned + 'static>(
        self,
        source: &EventSource,
        name: &str,
        show: impl Fn(Self, T) + 'static,
    ) -> Closure<dyn FnMut(MessageEvent)> {
        let listener = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            match serde_json::from_str::<T>(&text) {
                Ok(message) => {
                    self.last_id.set_value(Some(event.last_event_id()).filter(|id| !id.is_empty()));
                    self.attempt.set_value(0);
                    show(self, message);
                    self.state.set(FeedState::Live);
                }
                // The server is newer than this page.
                Err(_) => self.state.set(FeedState::Refused(Problem::WrongVersion)),
            }
        });
        // Fails only for a listener that is no function.
        source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).unwrap_or_default();
        listener
    }

    fn show_page(self, page: TotalsPage) {
        let TotalsPage { totals, rounds, groups, tally, products } = page;
        let known = self.lines.get_untracked();
        let find = |code: &SelectionCode| known.iter().find(|line| line.product.code == *code);
        let lines: Vec<_> = products
            .into_iter()
            .zip(totals.rows)
            .map(|(product, row)| match find(&product.code).filter(|line| line.product == product) {
                Some(line) => {
                    line.take(row);
                    line.clone()
                }
                None => Arc::new(Line::of(product, row)),
            })
            .collect();
        let same = known.len() == lines.len() && known.iter().zip(&lines).all(|(a, b)| Arc::ptr_eq(a, b));
        if !same {
            self.lines.set(lines);
        }
        self.show_frame(Frame {
            round: totals.round,
            provisional: totals.provisional,
            missing: totals.missing,
            threshold: totals.threshold,
            tally,
            not_visited: totals.not_visited,
            rounds,
            groups,
        });
    }

    fn show_change(self, change: TotalsChange) {
        let totals = change.totals;
        let lines = self.lines.get_untracked();
        for row in totals.rows {
            if let Some(line) = lines.iter().find(|line| line.product.code == row.code) {
                line.take(row);
            }
        }
        if let Some(frame) = self.frame.get_untracked() {
            self.show_frame(Frame {
                provisional: totals.provisional,
                missing: totals.missing,
                threshold: totals.threshold,
                not_visited: totals.not_visited,
                ..frame
            });
        }
    }

    fn show_frame(self, frame: Frame) {
        if self.frame.with_untracked(|old| old.as_ref() != Some(&frame)) {
            self.frame.set(Some(frame));
        }
        self.at_ms.set(Some(now_ms()));
    }
}

impl Line {
    /// Not changed yet.
    pub fn of(product: ProductLine, row: Row) -> Self {
        let ProductLine { code, name, establishment, province } = &product;
        Self {
            folded: fold(&format!("{code} {name} {establishment} {province}")),
            product,
            row: ArcRwSignal::new(row),
            arrived: ArcRwSignal::new(0),
        }
    }

    /// Takes in new numbers, and marks the row for a while if they differ.
    fn take(&self, row: Row) {
        if self.row.with_untracked(|old| *old == row) {
            return;
        }
        self.row.set(row);
        self.arrived.update(|arrived| *arrived += 1);
        let arrived = self.arrived.clone();
        set_timeout(move || arrived.update(|arrived| *arrived = arrived.saturating_sub(1)), ARRIVED);
    }
}

/// A refusal that another attempt may not meet.
pub fn is_passing(code: &str) -> bool {
    matches!(code, "unavailable" | "internal" | "timeout" | "too_many_attempts")
}
