//! Every refusal of the API: a status, a stable code that the app translates, and a sentence for developers.
//!
//! Which one to use where:
//! - the caller isn't known → [`ApiError::NotSignedIn`]; known, but may not → [`ApiError::Forbidden`];
//! - the request isn't one of ours (bytes, types, fields) → a 400, before anything is looked up; of a photo's bytes
//!   afterwards, so that none are kept in vain;
//! - a push that can't be stored whole → what `domain::sync::inbox::Refusal` says (`From<Refusal>`);
//! - the database is busy or the server is stopping → [`ApiError::Unavailable`]: the caller comes again;
//! - its disk is full → [`ApiError::ServerFull`]: whoever keeps what was sent is told whom to tell;
//! - our own mistake → [`ApiError::Internal`]: the log gets the reason, the caller none.

use crate::db::DbError;
use crate::photos::NotAPhoto;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::api::ErrorBody;
use domain::plan::PlanProblem;
use domain::round::InvalidMove;
use domain::sync::inbox::Refusal;

/// A result of a route.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No session, or one that has ended.
    #[error("sign in first")]
    NotSignedIn,
    /// No such account, or not its password: never said which.
    #[error("wrong name or password")]
    WrongCredentials,
    /// Too many failed sign-ins.
    #[error("too many attempts: wait {retry_after_s} seconds")]
    TooManyAttempts {
        /// Until the next attempt counts.
        retry_after_s: u32,
    },
    /// `domain::access::may` said no.
    #[error("this role may not do that")]
    Forbidden,
    /// Whoever still has sheets to write in a round doesn't see its totals.
    #[error("an open assignment in this round: its totals are not shown")]
    OpenAssignment,
    /// A change without our header: not from our app.
    #[error("a change needs the header X-Binhchon: 1")]
    MissingHeader,
    /// A change that another site's page asks for.
    #[error("the request comes from another site")]
    CrossSite,
    /// The server stands behind a proxy, and this didn't come through it.
    #[error("the request did not come through the proxy")]
    NotThroughProxy,
    /// No such address.
    #[error("no such address")]
    NotFound,
    /// The address knows other methods.
    #[error("no such method here")]
    MethodNotAllowed,
    /// No such round in the edition.
    #[error("no such round")]
    UnknownRound,
    /// No such row in the plan.
    #[error("no such row in the plan")]
    UnknownPlanRow,
    /// No such stop in the round, or the juror isn't one of its delegation.
    #[error("no such stop, or not this juror's")]
    UnknownStop,
    /// No operation of this user names such a photo, or it is one that they may not see: never said which.
    #[error("no such photo")]
    UnknownPhoto,
    /// An operation names it, and its bytes are still on the way.
    #[error("the photo's bytes have not come yet")]
    PhotoNotHereYet,
    /// Not the bytes that the operation names.
    #[error("not the bytes that the operation names")]
    PhotoDiffers,
    /// No JPEG, a broken one, or one larger than tablets make.
    #[error(transparent)]
    NotAPhoto(#[from] NotAPhoto),
    /// More than may be asked about at once.
    #[error("too many photos to ask about at once")]
    TooManyPhotosAsked,
    /// More than is kept of one person.
    #[error("too many photos of this account are stored")]
    TooManyPhotosStored,
    /// No such held operation in the round.
    #[error("no such held operation in this round")]
    UnknownOperation,
    /// A round that stands where it does can't be moved so (S25).
    #[error("the round can't be moved so from where it stands")]
    InvalidMove,
    /// More than one ruling may be about, or nothing.
    #[error("a ruling is on 1 to 500 operations")]
    TooManyOperations,
    /// Somebody else changed it since it was shown.
    #[error("changed by somebody else meanwhile: read it again")]
    ChangedMeanwhile,
    /// A reason must be given.
    #[error("a reason is needed")]
    ReasonMissing,
    /// Longer than it may be.
    #[error("the text is too long")]
    TextTooLong,
    /// Dates that are none, or in the wrong order.
    #[error(transparent)]
    Plan(PlanProblem),
    /// The database has no edition yet.
    #[error("there is no edition yet")]
    NoEdition,
    /// A replica that was never registered.
    #[error("no such replica: register it first")]
    UnknownReplica,
    /// Somebody else's replica (S13).
    #[error("the replica belongs to another user")]
    OtherUsersReplica,
    /// Not JSON, or not this request's fields and types.
    #[error("the body is not the JSON of this request (line {line}, column {column})")]
    MalformedJson {
        /// Line, from 1; 0 if the body ends too early.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Not what the request takes by its header, or a compression that isn't gzip.
    #[error("the body must be application/json, plain or gzip; a photo image/jpeg, plain")]
    UnsupportedMediaType,
    /// More bytes than this request may have.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The body didn't arrive.
    #[error("the body did not arrive whole")]
    BodyCutOff,
    /// It took too long.
    #[error("the request took too long")]
    Timeout,
    /// A push that is refused whole.
    #[error(transparent)]
    Push(#[from] Refusal),
    /// Busy, or stopping.
    #[error("the server is busy or stopping: try again")]
    Unavailable,
    /// No room to store anything.
    #[error("the server has no room left: nothing was stored")]
    ServerFull,
    /// Our mistake.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.status_and_code().1
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in"),
            Self::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong_credentials"),
            Self::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::OpenAssignment => (StatusCode::FORBIDDEN, "open_assignment"),
            Self::MissingHeader => (StatusCode::FORBIDDEN, "missing_header"),
            Self::CrossSite => (StatusCode::FORBIDDEN, "cross_site"),
            Self::NotThroughProxy => (StatusCode::FORBIDDEN, "not_through_proxy"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::UnknownRound => (StatusCode::NOT_FOUND, "unknown_round"),
            Self::UnknownPlanRow => (StatusCode::NOT_FOUND, "unknown_plan_row"),
            Self::UnknownStop => (StatusCode::NOT_FOUND, "unknown_stop"),
            Self::UnknownPhoto => (StatusCode::NOT_FOUND, "unknown_photo"),
            Self::PhotoNotHereYet => (StatusCode::NOT_FOUND, "photo_not_here_yet"),
            Self::PhotoDiffers => (StatusCode::BAD_REQUEST, "photo_differs"),
            Self::NotAPhoto(_) => (StatusCode::BAD_REQUEST, "not_a_photo"),
            Self::TooManyPhotosAsked => (StatusCode::BAD_REQUEST, "too_many_photos"),
            Self::TooManyPhotosStored => (StatusCode::CONFLICT, "too_many_photos"),
            Self::UnknownOperation => (StatusCode::NOT_FOUND, "unknown_operation"),
            Self::InvalidMove => (StatusCode::CONFLICT, "invalid_move"),
            Self::TooManyOperations => (StatusCode::BAD_REQUEST, "too_many_ops"),
            Self::ChangedMeanwhile => (StatusCode::CONFLICT, "changed_meanwhile"),
            Self::ReasonMissing => (StatusCode::BAD_REQUEST, "reason_missing"),
            Self::TextTooLong => (StatusCode::BAD_REQUEST, "text_too_long"),
            Self::Plan(PlanProblem::EndsBeforeItStarts) => (StatusCode::BAD_REQUEST, "ends_before_it_starts"),
            Self::Plan(_) => (StatusCode::BAD_REQUEST, "not_a_date"),
            Self::NoEdition => (StatusCode::NOT_FOUND, "no_edition"),
            Self::UnknownReplica => (StatusCode::NOT_FOUND, "unknown_replica"),
            Self::OtherUsersReplica => (StatusCode::FORBIDDEN, "other_users_replica"),
            Self::MalformedJson { .. } => (StatusCode::BAD_REQUEST, "malformed_json"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            Self::BodyCutOff => (StatusCode::BAD_REQUEST, "body_cut_off"),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "timeout"),
            Self::Push(refusal) => {
                let (status, code) = refusal.status_and_code();
                (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), code)
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::ServerFull => (StatusCode::INSUFFICIENT_STORAGE, "server_full"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

impl From<PlanProblem> for ApiError {
    fn from(problem: PlanProblem) -> Self {
        match problem {
            PlanProblem::ReasonMissing => Self::ReasonMissing,
            PlanProblem::ReasonTooLong => Self::TextTooLong,
            PlanProblem::NotADate | PlanProblem::EndsBeforeItStarts => Self::Plan(problem),
        }
    }
}

impl From<InvalidMove> for ApiError {
    fn from(problem: InvalidMove) -> Self {
        match problem {
            InvalidMove::FromHere(_) => Self::InvalidMove,
            InvalidMove::ReasonMissing => Self::ReasonMissing,
        }
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "database busy");
            Self::Unavailable
        } else if error.is_full() {
            tracing::error!(%error, "the disk is full");
            Self::ServerFull
        } else {
            tracing::error!(%error, "database");
            Self::Internal
        }
    }
}

impl From<&serde_json::Error> for ApiError {
    fn from(error: &serde_json::Error) -> Self {
        Self::MalformedJson { line: error.line(), column: error.column() }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        let expected_seq = match &self {
            Self::Push(refusal) => refusal.expected_seq(),
            _ => None,
        };
        let body = ErrorBody { code: code.to_owned(), message: self.to_string(), expected_seq };
        let mut response = (status, Json(body)).into_response();
        if let Self::TooManyAttempts { retry_after_s } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}
