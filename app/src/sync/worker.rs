//! When to talk to the server: at once after a save, when the network or the page comes back, and from time to time, ever
//! more patiently while it fails (S12).

use super::client::Server;
use super::lock::with_lock;
use super::turn::{News, Turn};
use crate::chance;
use crate::store::{Store, WaitingPhoto};
use crate::tablet::Link;
use domain::sync::outbox::backoff_ms;
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

const LOCK: &str = "binhchon-sync";
/// Between two conversations while all is well: news of the organisers, and the report of unsent drafts (S30).
const CALM_MS: u32 = 60_000;

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// Send what waits.
    Send,
    /// Also report what is unsent, and receive.
    Everything,
}

/// Whom the worker works for.
pub trait Host {
    /// How many sheets have unsent work once everything up to this number is acknowledged.
    fn unsent_after(&self, acked_seq: u64) -> u32;
    /// Photos whose bytes the server should get.
    fn photos_waiting(&self) -> Vec<WaitingPhoto>;
    /// Something was written down.
    fn news(&self, news: News);
    /// A conversation ended.
    fn link(&self, link: Link);
    /// One begins or ends.
    fn syncing(&self, syncing: bool);
}

/// The worker of one juror's store in this tab.
pub struct Worker<S> {
    store: Rc<Store>,
    server: S,
    host: Rc<dyn Host>,
    running: Cell<bool>,
    wanted: Cell<Option<Want>>,
    failures: Cell<u32>,
    timer: RefCell<Option<TimeoutHandle>>,
    stopped: Cell<bool>,
}

impl<S: Server + 'static> Worker<S> {
    /// A worker that waits to be asked.
    pub fn new(store: Rc<Store>, server: S, host: Rc<dyn Host>) -> Rc<Self> {
        Rc::new(Self {
            store,
            server,
            host,
            running: Cell::new(false),
            wanted: Cell::new(None),
            failures: Cell::new(0),
            timer: RefCell::default(),
            stopped: Cell::new(false),
        })
    }

    /// Talks to the server as soon as possible.
    pub fn poke(self: &Rc<Self>, want: Want) {
        self.wanted.set(self.wanted.get().max(Some(want)));
        if !self.stopped.get() && !self.running.replace(true) {
            let worker = self.clone();
            wasm_bindgen_futures::spawn_local(async move { worker.run().await });
        }
    }

    /// No more conversations: somebody else signed in. One that is under way ends by itself, for its own store.
    pub fn stop(&self) {
        self.stopped.set(true);
        self.cancel_timer();
    }

    async fn run(self: Rc<Self>) {
        self.cancel_timer();
        self.host.syncing(true);
        let mut wait = CALM_MS;
        while let Some(want) = self.wanted.take().filter(|_| !self.stopped.get()) {
            let link = with_lock(LOCK, self.turn(want)).await;
            wait = self.patience(&link);
            let goes_well = link == Link::Online;
            if !self.stopped.get() {
                self.host.link(link);
            }
            if !goes_well {
                break;
            }
        }
        self.running.set(false);
        if !self.stopped.get() {
            self.host.syncing(false);
            self.set_timer(wait);
        }
    }

    async fn turn(&self, want: Want) -> Link {
        let turn = Turn {
            store: &self.store,
            server: &self.server,
            everything: want == Want::Everything,
            unsent_after: &|acked_seq| self.host.unsent_after(acked_seq),
            photos_waiting: &|| self.photos_waiting(),
            news: &|news| self.host.news(news),
        };
        turn.run().await
    }

    /// After a failure another photo is the first: one that always takes too long keeps the others back only once.
    fn photos_waiting(&self) -> Vec<WaitingPhoto> {
        let mut waiting = self.host.photos_waiting();
        let first = self.failures.get() as usize % waiting.len().max(1);
        waiting.rotate_left(first);
        waiting
    }

    fn patience(&self, link: &Link) -> u32 {
        if *link == Link::Online {
            self.failures.set(0);
            return CALM_MS;
        }
        let failures = self.failures.get();
        self.failures.set(failures + 1);
        backoff_ms(failures, chance::jitter())
    }

    fn set_timer(self: &Rc<Self>, wait: u32) {
        let worker = Rc::downgrade(self);
        let ring = move || {
            if let Some(worker) = worker.upgrade() {
                worker.poke(Want::Everything);
            }
        };
        let timer = set_timeout_with_handle(ring, Duration::from_millis(u64::from(wait))).ok();
        self.timer.replace(timer);
    }

    fn cancel_timer(&self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}
