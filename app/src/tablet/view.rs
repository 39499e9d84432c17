//! What the screens see of the tablet: plain values behind signals, so that no page knows of stores or networks.

use crate::store::{DraftCell, SaveProblem};
use domain::ids::ProductId;
use domain::sheet::Sheet;
pub use domain::sync::turn::Link;
use domain::sync::wire::{HeldCode, RejectedCode};
use domain::visit::Visit;
use litemap::LiteMap;

/// Where the app stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Only until IndexedDB has answered; no network is waited for.
    Starting,
    /// Nobody is signed in on this device.
    SignedOut,
    /// The juror's own store is open.
    Ready,
    /// The device can't do what the app needs.
    Broken(StartProblem),
}

/// The first download: what of it is on the tablet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enrolling {
    /// Products of the catalogue.
    pub products: usize,
    /// The juror's own sheets.
    pub sheets: usize,
}

/// Why the app can't work on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartProblem {
    /// The browser has no IndexedDB, or forbids it (a private window).
    NoStorage,
    /// The store is from a newer version of the app; reload to get it.
    StoreNewer,
    /// The store exists and can't be read.
    Unreadable(SaveProblem),
}

impl From<SaveProblem> for StartProblem {
    fn from(problem: SaveProblem) -> Self {
        match problem {
            SaveProblem::NoStorage => Self::NoStorage,
            SaveProblem::Newer => Self::StoreNewer,
            other => Self::Unreadable(other),
        }
    }
}

/// One sheet as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetView {
    /// The fold of all operations that this tablet knows of.
    pub sheet: Sheet,
    /// What is typed and not a mark yet, also where its saving failed.
    pub drafts: LiteMap<DraftCell, String>,
    /// Where its saving failed.
    pub unsaved: Vec<DraftCell>,
    /// Whether this tablet has it.
    pub save: SaveState,
    /// Whether the server has it.
    pub server: ServerState,
}

/// The record of one stop as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitView {
    /// What the server told and what waits here.
    pub visit: Visit,
    /// What is typed and not written yet, also where its saving failed: about a product, or the stop.
    pub drafts: LiteMap<Option<ProductId>, String>,
    /// Whether this tablet has it.
    pub save: SaveState,
    /// Whether the server has it.
    pub server: ServerState,
}

/// "Đã lưu trên máy".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was ever written.
    #[default]
    Untouched,
    /// Being written.
    Saving,
    /// Committed for good (S8).
    Saved {
        /// The tablet's clock, milliseconds since 1970.
        at_ms: i64,
    },
    /// Not saved; the value stays on screen.
    Failed {
        /// Why.
        reason: SaveProblem,
    },
}

/// "Tổ giúp việc đã nhận".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServerState {
    /// Nothing of this sheet was written on this tablet.
    #[default]
    NothingToSend,
    /// Drafts, or operations without an acknowledgement.
    Unsent,
    /// The server has all of it.
    Received {
        /// The server's clock, milliseconds since 1970.
        at_ms: i64,
        /// The eight characters of the receipt.
        code: String,
    },
    /// The server has it, and counts it once somebody admits it.
    Held(HeldCode),
    /// The server has it, and doesn't count it.
    Rejected(RejectedCode),
}
