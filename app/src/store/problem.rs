//! Why the store could not do what it was asked, sorted by what can be done about it.

use domain::sync::replica::Unreadable;
use indexed_db_futures::error::{DomException, Error, OpenDbError, UnexpectedDataError};
use serde::{Deserialize, Serialize};

/// Why something could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SaveProblem {
    /// The device is full.
    #[error("full")]
    Full,
    /// The connection died, or the browser broke the transaction off (S14).
    #[error("connection lost")]
    Lost,
    /// The browser has no IndexedDB, or forbids it (a private window).
    #[error("no storage")]
    NoStorage,
    /// The database is from a newer version of the app.
    #[error("newer store")]
    Newer,
    /// A record that this version can't read.
    #[error("unreadable record")]
    Unreadable,
    /// Any other refusal of the browser, in its words.
    #[error("storage failed: {0}")]
    Failed(String),
}

impl From<Unreadable> for SaveProblem {
    fn from(_: Unreadable) -> Self {
        Self::Unreadable
    }
}

impl From<Error> for SaveProblem {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(exception) => of_exception(exception),
            Error::MissingData(UnexpectedDataError::TransactionAborted) => Self::Lost,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<OpenDbError> for SaveProblem {
    fn from(error: OpenDbError) -> Self {
        match error {
            // Opening throws at once only where storing is forbidden; the library takes that for a wrong version.
            OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory | OpenDbError::VersionZero => {
                Self::NoStorage
            }
            OpenDbError::Base(error) => error.into(),
        }
    }
}

/// Browsers agree on the names alone, and not on all of those: Safari says `UnknownError` when its storage process died.
fn of_exception(exception: DomException) -> SaveProblem {
    let exception = web_sys::DomException::from(exception);
    match exception.name().as_str() {
        "QuotaExceededError" => SaveProblem::Full,
        "VersionError" => SaveProblem::Newer,
        "SecurityError" | "NotAllowedError" => SaveProblem::NoStorage,
        "InvalidStateError" | "AbortError" | "TransactionInactiveError" | "UnknownError" => SaveProblem::Lost,
        name => SaveProblem::Failed(format!("{name}: {}", exception.message())),
    }
}
