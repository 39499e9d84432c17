//! Who is signed in, as the server says it. Who is signed in on this device, offline too, is `store::device`'s to say.

use crate::net;
use crate::store::SaveProblem;
use domain::api::SignIn;

pub use domain::api::SignedIn;

const SESSION: &str = "/api/v1/session";

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

/// Signs in with the server.
pub async fn sign_in(name: String, password: String) -> Result<SignedIn, Problem> {
    net::post(SESSION, &SignIn { name, password }).await
}

/// Whom the server takes us for.
pub async fn who() -> Result<SignedIn, Problem> {
    net::get(SESSION).await
}

/// Ends the session with the server.
pub async fn sign_out() -> Result<(), Problem> {
    net::delete(SESSION).await
}
