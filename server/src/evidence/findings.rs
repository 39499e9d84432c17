//! What verifying may find, each named so that somebody knows where to look.

use crate::db::presence::At;
use domain::ids::{RoundCode, UserId};
use domain::log::LogEnd;
use domain::sync::chain::OpHash;
use std::fmt;

/// Something that isn't as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing stands at a position, or two things do.
    Gap(u64),
    /// Something stands where the walk through the log doesn't come by, or comes by something else.
    Misplaced(i64),
    /// An entry can't be read, or its text doesn't have its hash.
    Entry(u64, &'static str),
    /// A column beside an operation says something else than its envelope.
    Column(u64, &'static str),
    /// An operation doesn't continue its replica's chain.
    Chain(u64),
    /// The replica's own row says otherwise than the log.
    Replica(String, &'static str),
    /// The chain over all entries ends otherwise than was signed: an entry, a status or their order was changed.
    Head(LogEnd),
    /// The stored end isn't signed, or not by a known key.
    Signature(&'static str),
    /// A public key doesn't have its own name.
    Key(String),
    /// A receipt isn't signed by a known key, or says what the log doesn't have.
    Receipt(String, &'static str),
    /// No act says how the settings were.
    NoFoundation,
    /// Settings changed without an act, after the act at this position.
    Settings(u64, &'static str),
    /// What was ruled on an operation is stored otherwise than the acts say.
    Ruling(u64),
    /// Who was at a stop is stored otherwise than the acts say.
    Presence(At),
    /// What was done to a round is stored otherwise than the acts say.
    Round(RoundCode),
    /// A photo isn't as it was stored, or not as the log names it.
    Photo(UserId, OpHash, &'static str),
    /// The log doesn't end where it was said to end.
    Expected(LogEnd, LogEnd),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap(position) => write!(f, "position {position}: not exactly one entry stands there"),
            Self::Misplaced(position) if *position < 1 => write!(f, "position {position}: the log begins at 1"),
            Self::Misplaced(position) => write!(f, "position {position}: not one entry alone stands there"),
            Self::Entry(position, what) => write!(f, "position {position}: {what}"),
            Self::Column(position, column) => {
                write!(f, "position {position}: column {column} differs from the envelope")
            }
            Self::Chain(position) => {
                write!(f, "position {position}: the operation doesn't continue its replica's chain")
            }
            Self::Replica(replica, why) => write!(f, "replica {replica}: {why}"),
            Self::Head(end) => write!(
                f,
                "end of the log: the entries give {end}, which is not what was signed: an entry, a status or their order was \
                 changed, or the end was cut off"
            ),
            Self::Signature(why) => write!(f, "end of the log: {why}"),
            Self::Key(key) => write!(f, "signing key {key}: its public half was changed"),
            Self::Receipt(replica, why) => write!(f, "receipt of replica {replica}: {why}"),
            Self::NoFoundation => write!(f, "settings: no act says how they were"),
            Self::Settings(position, part) => {
                write!(f, "settings: {part} changed without an act, after position {position}")
            }
            Self::Ruling(position) => write!(f, "position {position}: what was ruled on it differs from the acts"),
            Self::Presence(At { delegation, date, ordinal, juror }) => {
                write!(
                    f,
                    "presence of user {juror} at stop {ordinal} of {delegation} on {date}: it differs from the acts"
                )
            }
            Self::Round(round) => write!(f, "round {round}: what was done to it differs from the acts"),
            Self::Photo(owner, sha256, why) => write!(f, "photo {sha256} of user {owner}: {why}"),
            Self::Expected(expected, found) if found.position < expected.position => {
                write!(
                    f,
                    "end of the log: {expected} was expected, and it ends at {}: its end was cut off",
                    found.position
                )
            }
            Self::Expected(expected, found) => {
                write!(f, "end of the log: {expected} was expected, and what stands there gives {}", found.head)
            }
        }
    }
}

/// What verifying came to.
#[derive(Debug)]
pub struct Report {
    /// The edition's name.
    pub edition: String,
    /// Where the log ends.
    pub end: LogEnd,
    /// The name of the key that signed it.
    pub signer: Option<String>,
    /// Operations.
    pub ops: u64,
    /// Acts.
    pub acts: u64,
    /// Of each round: its code, products counted, and SHA-256 over all of its totals.
    pub totals: Vec<(String, usize, OpHash)>,
    /// SHA-256 over the result of all products.
    pub result: OpHash,
    /// What isn't as it was written; empty when all is well.
    pub findings: Vec<Finding>,
}
