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
    /// No more scoring; late work is stored and held.
    Closed,
}

impl RoundState {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl std::str::FromStr for RoundState {
    type Err = UnknownRoundState;

    fn from_str(text: &str) -> Result<Self, UnknownRoundState> {
        [Self::Planned, Self::Open, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownRoundState(text.to_owned()))
    }
}

/// A state that this version doesn't know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown round state {0:?}")]
pub struct UnknownRoundState(pub String);

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
