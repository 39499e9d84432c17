//! The tablet's own store.

use serde::{Deserialize, Serialize};

/// Why something could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SaveProblem {
    /// The device is full.
    #[error("full")]
    Full,
    /// The connection to the store died and could not be opened again (S14).
    #[error("connection lost")]
    Lost,
    /// A record that this version can't read.
    #[error("unreadable record")]
    Unreadable,
    /// Any other refusal of the browser.
    #[error("storage failed: {0}")]
    Failed(String),
}
