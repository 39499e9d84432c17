//! A round (vòng) of scoring and the state that organisers' acts have given it.

use crate::ids::{CriterionCode, RoundCode, RubricId};
use serde::{Deserialize, Serialize};

/// Only acts change it, never the clock (S25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Not opened yet; work on it is stored and held.
    Planned,
    /// Jurors score.
    Open,
    /// Sheets that were begun are finished and sent, no new ones begin.
    Closing,
    /// No more scoring; late work is stored and held.
    Closed,
    /// Closed, and its result is announced.
    Published,
}

impl RoundState {
    /// All states, in the order of a round's life.
    pub const ALL: [Self; 5] = [Self::Planned, Self::Open, Self::Closing, Self::Closed, Self::Published];

    /// Whether work on it counts as it comes, instead of being held until somebody rules on it.
    pub fn takes_work(self) -> bool {
        matches!(self, Self::Open | Self::Closing)
    }

    /// Whether its sheets are final: closed, published or not.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::Published)
    }

    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::Published => "published",
        }
    }
}

impl std::str::FromStr for RoundState {
    type Err = UnknownRoundState;

    fn from_str(text: &str) -> Result<Self, UnknownRoundState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| UnknownRoundState(text.to_owned()))
    }
}

/// A state that this version doesn't know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown round state {0:?}")]
pub struct UnknownRoundState(pub String);

/// What organisers do to a round, one verb each (S25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundMove {
    /// Mở vòng.
    Open,
    /// Chuẩn bị đóng: no new sheets, late work still comes in.
    BeginClosing,
    /// Đóng vòng.
    Close,
    /// Công bố.
    Publish,
    /// Mở lại, with a new epoch; needs a reason.
    Reopen,
}

/// Why a round can't be moved so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMove {
    /// Not from where it stands.
    #[error("a round that is {} can't be moved so", .0.as_str())]
    FromHere(RoundState),
    /// Reopening needs a reason.
    #[error("a reason is needed")]
    ReasonMissing,
}

impl RoundMove {
    /// All of them, in the order of a round's life.
    pub const ALL: [Self; 5] = [Self::Open, Self::BeginClosing, Self::Close, Self::Publish, Self::Reopen];

    /// Where a round in this state and epoch stands afterwards.
    pub fn apply(self, state: RoundState, epoch: u32, reason: &str) -> Result<(RoundState, u32), InvalidMove> {
        use RoundState::{Closed, Closing, Open, Planned, Published};
        match (self, state) {
            (Self::Open, Planned) => Ok((Open, epoch)),
            (Self::BeginClosing, Open) => Ok((Closing, epoch)),
            (Self::Close, Open | Closing) => Ok((Closed, epoch)),
            (Self::Publish, Closed) => Ok((Published, epoch)),
            (Self::Reopen, Closing | Closed | Published) if reason.trim().is_empty() => Err(InvalidMove::ReasonMissing),
            // Nothing was final yet: the round simply goes on.
            (Self::Reopen, Closing) => Ok((Open, epoch)),
            (Self::Reopen, Closed | Published) => Ok((Open, epoch.saturating_add(1))),
            _ => Err(InvalidMove::FromHere(state)),
        }
    }
}

/// What jurors do in a round (hình thức chấm); the Council decides it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RoundMode {
    /// Chấm lại: an independent new sheet.
    #[default]
    Rescore,
    /// Chỉ điều chỉnh: the sheet starts from one's own confirmed sheet of an earlier round.
    Adjust {
        /// The earlier round.
        from: RoundCode,
        /// The only criteria that may change.
        criteria: Vec<CriterionCode>,
    },
    /// Chỉ nhận xét: notes and remark, no marks.
    Remarks,
}

impl RoundMode {
    /// The round from whose sheets this one's start.
    pub fn starts_from(&self) -> Option<&RoundCode> {
        match self {
            Self::Adjust { from, .. } => Some(from),
            Self::Rescore | Self::Remarks => None,
        }
    }
}

/// A round as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// `dossier`, `visit`, `direct`.
    pub code: RoundCode,
    /// Its place in the edition, from 1.
    pub ordinal: u32,
    /// Official name.
    pub name: String,
    /// A name that fits a tab.
    pub short_name: String,
    /// Now.
    pub state: RoundState,
    /// What jurors do in it.
    #[serde(default)]
    pub mode: RoundMode,
    /// Raised by every reopening; an operation names the epoch it was made in.
    pub epoch: u32,
    /// The frozen scoring frame.
    pub rubric: RubricId,
    /// First day, ISO 8601 (`2024-08-26`), as planned.
    pub starts_on: String,
    /// Last day, ISO 8601, as planned.
    pub ends_on: String,
    /// Planned opening, RFC 3339: what an offline tablet goes by (S15).
    pub opens_at: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S25: the whole table of states and moves.
    #[test]
    fn s25_a_round_moves_along_this_table_only() {
        use RoundMove::{BeginClosing, Close, Open as OpenIt, Publish, Reopen};
        use RoundState::{Closed, Closing, Open, Planned, Published};
        let allowed = [
            (Planned, OpenIt, (Open, 3)),
            (Open, BeginClosing, (Closing, 3)),
            (Open, Close, (Closed, 3)),
            (Closing, Close, (Closed, 3)),
            (Closing, Reopen, (Open, 3)),
            (Closed, Publish, (Published, 3)),
            (Closed, Reopen, (Open, 4)),
            (Published, Reopen, (Open, 4)),
        ];
        for state in RoundState::ALL {
            for step in RoundMove::ALL {
                let expected = allowed.iter().find(|(from, by, _)| (*from, *by) == (state, step)).map(|(.., to)| *to);
                assert_eq!(step.apply(state, 3, "Bổ sung phiếu").ok(), expected, "{state:?} {step:?}");
            }
        }
        assert_eq!(Reopen.apply(Closed, 3, "  "), Err(InvalidMove::ReasonMissing));
        assert_eq!(OpenIt.apply(Closed, 3, ""), Err(InvalidMove::FromHere(Closed)));
    }
}
