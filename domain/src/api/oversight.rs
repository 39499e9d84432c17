//! What organisers see and do beside the totals: a round's life, held work and rulings on it, tablets and quarantine.

use super::Recorded;
use crate::ids::{CriterionCode, ReplicaId, SelectionCode};
use crate::jury::{Presence, StopKey};
use crate::log::{OpName, Verdict};
use crate::round::{Round, RoundMove, RoundState};
use crate::sync::wire::HeldCode;
use crate::tally::Missing;
use serde::{Deserialize, Serialize};

/// Operations in one ruling at most: a tablet learns of a ruling in one page.
pub const MAX_RULED: usize = 500;

/// `GET /api/v1/rounds/<round>/desk`, and the answer of every act on the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundDesk {
    /// The round as it stands.
    pub round: Round,
    /// What was done to it, in order.
    pub acts: Vec<RoundActLine>,
    /// What its totals still miss: what closing it now would leave out.
    pub missing: Missing,
    /// What the reader may do to it now.
    pub moves: Vec<RoundMove>,
    /// Held operations that nobody has ruled on, in the log's order.
    pub held: Vec<HeldWork>,
    /// Those that somebody has, the latest ruling first.
    pub ruled: Vec<RuledWork>,
    /// Whether the reader may rule.
    pub may_rule: bool,
}

/// An act on a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundActLine {
    /// The state that it led to.
    pub state: RoundState,
    /// The epoch that it led to.
    pub epoch: u32,
    /// Why; may be empty.
    pub reason: String,
    /// Who, and when.
    pub recorded: Recorded,
}

/// A held operation. Its points are nobody's business before it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldWork {
    /// Its name in the log.
    pub op: OpName,
    /// Who wrote it, as others read it.
    pub juror: String,
    /// About which product; none where the app was newer than the server.
    pub product: Option<HeldProduct>,
    /// `set_mark`, `confirm`, …
    pub kind: String,
    /// Of a stop's record: which stop, and what is said of whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<HeldVisit>,
    /// Of a mark or a note: whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<CriterionCode>,
    /// Why it is held.
    pub code: HeldCode,
    /// When it arrived, milliseconds since 1970.
    pub received_at: i64,
}

/// What a held operation says of a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldVisit {
    /// Which.
    pub stop: StopKey,
    /// Of a presence: whose, as others read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub juror: Option<String>,
    /// … and how it is said to have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

/// The product of a held operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldProduct {
    /// Selection code.
    pub code: SelectionCode,
    /// Name.
    pub name: String,
}

/// A held operation that somebody has ruled on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledWork {
    /// Which.
    #[serde(flatten)]
    pub work: HeldWork,
    /// What became of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Who ruled, and when.
    pub recorded: Recorded,
}

/// `POST /api/v1/rounds/<round>/moves`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveRound {
    /// What is done.
    pub step: RoundMove,
    /// Why; reopening needs it.
    pub reason: String,
    /// How many acts the writer had seen: another one in between is shown first.
    pub seen: u32,
}

/// `POST /api/v1/rounds/<round>/rulings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleOnHeld {
    /// What becomes of them.
    pub verdict: Verdict,
    /// Which, at most [`MAX_RULED`].
    pub ops: Vec<OpName>,
    /// Why.
    pub reason: String,
}

/// `GET /api/v1/tablets`, and the answer of revoking one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletsPage {
    /// All registered installations of the app, by juror.
    pub tablets: Vec<TabletLine>,
    /// What cloned or restored devices pushed under numbers that were taken (S17), the latest first.
    pub quarantine: Vec<QuarantineLine>,
    /// Whether the reader may revoke a tablet.
    pub may_revoke: bool,
}

/// One installation of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletLine {
    /// Its name.
    pub replica: ReplicaId,
    /// Whose, as others read it.
    pub juror: String,
    /// When it was last heard of, milliseconds since 1970.
    pub last_contact_at: i64,
    /// Operations that the server has of it.
    pub stored: u64,
    /// Sheets with unsent work, as it last reported.
    pub unsent: u32,
    /// The app's version, as it last reported.
    pub app_version: String,
    /// If it is revoked: why, by whom, and when.
    pub revoked: Option<Revoked>,
}

/// Why a tablet is revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Why.
    pub reason: String,
    /// By whom, and when; none where an older version didn't keep it.
    pub recorded: Option<Recorded>,
}

/// A push that was set aside: kept whole, never counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineLine {
    /// The replica whose numbers it used.
    pub replica: ReplicaId,
    /// Whose, as others read it.
    pub juror: String,
    /// The first number that was taken.
    pub fork_seq: u64,
    /// Operations in it.
    pub ops: u64,
    /// When it arrived, milliseconds since 1970.
    pub received_at: i64,
}

/// `POST /api/v1/tablets/<replica>/revocation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeTablet {
    /// Why.
    pub reason: String,
}
