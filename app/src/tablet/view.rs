//! What the screens see of the tablet: plain values behind signals, so that no page knows of stores or networks.

use crate::store::SaveProblem;
use domain::ids::{CriterionCode, ProductId, RoundCode};
use domain::sheet::{CellKey, Sheet, SheetError};
use domain::sync::wire::{HeldCode, RejectedCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which of the juror's sheets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SheetKey {
    /// Round.
    pub round: RoundCode,
    /// Product.
    pub product: ProductId,
}

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

/// A cell that is being typed into (S6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftCell {
    /// The mark of a criterion, as typed.
    Mark(CriterionCode),
    /// The note of a criterion.
    Note(CriterionCode),
    /// The general remark.
    Remark,
}

impl DraftCell {
    /// The draft that an act on this cell makes an end of.
    pub fn of(cell: &CellKey) -> Option<Self> {
        match cell {
            CellKey::Mark(code) => Some(Self::Mark(code.clone())),
            CellKey::Note(code) => Some(Self::Note(code.clone())),
            CellKey::Remark => Some(Self::Remark),
            CellKey::Lock => None,
        }
    }
}

/// One sheet as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetView {
    /// The fold of all operations that this tablet knows of.
    pub sheet: Sheet,
    /// What is typed and not a mark yet, also where its saving failed.
    pub drafts: BTreeMap<DraftCell, String>,
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

/// How things stand between tablet and server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Not tried yet.
    #[default]
    Unknown,
    /// The server answered last time.
    Online,
    /// It did not.
    Offline,
    /// Something else answered: a hotel's log-in page (S22).
    CaptivePortal,
    /// Sign in again; nothing is lost (S11).
    SignedOut,
    /// The app is older or newer than the server.
    WrongVersion,
    /// The server refuses, with this stable code.
    Refused(String),
}

/// Why an act was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActProblem {
    /// The sheet doesn't allow it.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The catalogue has no such round or product.
    #[error("unknown round or product")]
    Unknown,
    /// The juror may not score this product: a recusal recorded beforehand.
    #[error("recused beforehand")]
    Recused,
    /// The assignment was withdrawn; what was written stays, locked (S27).
    #[error("assignment withdrawn")]
    Withdrawn,
    /// It could not be saved.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}
