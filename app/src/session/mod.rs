//! Who is signed in, as the server says it. Who is signed in on this device, offline too, is `store::device`'s to say.

use crate::store::SaveProblem;

pub use domain::api::SignedIn;

/// Why signing in or out did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No answer.
    #[error("no network")]
    NoNetwork,
    /// Something that isn't our server answered (S22).
    #[error("captive portal")]
    CaptivePortal,
    /// An answer that this version can't read.
    #[error("wrong version")]
    WrongVersion,
    /// Refused, with the server's stable code.
    #[error("refused: {0}")]
    Refused(String),
    /// The device can't store what must be stored.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}
