//! Who scores what: assignments, absences, and recusals recorded beforehand.

use crate::ids::{ProductId, RoundCode, SheetId};
use serde::{Deserialize, Serialize};

/// Why an assigned juror's sheet is not waited for. *Not yet scored* and *0 points* are neither of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Expected to score.
    Active,
    /// Was not there, as the secretary recorded.
    Absent {
        /// As recorded.
        reason: String,
    },
    /// A conflict of interest recorded with the assignment; blocks the sheet offline too.
    Recused {
        /// As recorded.
        reason: String,
    },
}

/// One juror's task: one product in one round. The juror is the one who reads it: nobody is sent another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Round.
    pub round: RoundCode,
    /// Product.
    pub product: ProductId,
    /// The sheet that it asks for.
    pub sheet: SheetId,
    /// Whether the sheet is expected.
    #[serde(flatten)]
    pub standing: Standing,
    /// The stop of a visit at which it is to be scored, if any.
    pub stop: Option<Stop>,
}

/// Whether a juror was at a stop, as its secretary recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "presence", rename_all = "snake_case")]
pub enum Presence {
    /// There from the start, or nothing recorded otherwise.
    #[default]
    Present,
    /// Came late; scores all the same.
    Late {
        /// As recorded.
        reason: String,
    },
    /// Was not there: no sheets are expected for this stop.
    Absent {
        /// As recorded.
        reason: String,
    },
}

impl Presence {
    /// What it means for the seats at the stop.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Present | Self::Late { .. } => Standing::Active,
            Self::Absent { reason } => Standing::Absent { reason: reason.clone() },
        }
    }

    /// The name in the database and on the wire, and the reason; being there needs none.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Present => ("present", ""),
            Self::Late { reason } => ("late", reason),
            Self::Absent { reason } => ("absent", reason),
        }
    }
}

/// What names a stop within its round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StopKey {
    /// The delegation (đoàn).
    pub delegation: String,
    /// ISO 8601 date.
    pub date: String,
    /// Place in the day's order, from 1.
    pub ordinal: u32,
}

/// A stop of a visiting delegation (điểm đến).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stop {
    /// The delegation (đoàn) that goes there: two may be on their way on the same day.
    #[serde(default)]
    pub delegation: String,
    /// ISO 8601 date.
    pub date: String,
    /// Place in the day's order, from 1.
    pub ordinal: u32,
    /// Planned arrival, `08:30`.
    pub time: String,
    /// The place, usually the establishment's name.
    pub place: String,
    /// Where it is.
    pub address: String,
}

impl Stop {
    /// What names it.
    pub fn key(&self) -> StopKey {
        StopKey { delegation: self.delegation.clone(), date: self.date.clone(), ordinal: self.ordinal }
    }

    /// Whether it is the stop of this name.
    pub fn is(&self, key: &StopKey) -> bool {
        self.delegation == key.delegation && self.date == key.date && self.ordinal == key.ordinal
    }
}
