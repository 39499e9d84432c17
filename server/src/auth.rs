//! Who asks, and whether they may: [`May`] is an argument of every route that isn't for everybody, so the right that a
//! route needs stands in its signature and is checked before its body is read.

use crate::clock::Nature;
use crate::db::audit::{self, Entry};
use crate::db::sessions::{self, Session};
use crate::error::{ApiError, ApiResult};
use crate::settings::Settings;
use crate::state::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::access::{Request, may};
use domain::sync::chain::sha256;
use std::marker::PhantomData;
use std::net::IpAddr;

/// A session's "last seen" is written once in this time, not at every request.
const TOUCH_EVERY_MS: i64 = 60 * 60 * 1000;
/// The browser keeps the cookie this long; the server ends idle sessions far earlier.
const COOKIE_DAYS: u32 = 180;

/// The client's address, as the connection or the trusted proxy says it.
#[derive(Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// SHA-256 of a session's token, in hex: how the session is known on this side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHash(pub String);

/// Draws a new token: 128 random bits, in hex.
pub fn draw_token(nature: &Nature) -> (String, TokenHash) {
    let token = nature.hex::<16>();
    let hash = TokenHash(sha256(token.as_bytes()).to_string());
    (token, hash)
}

/// Somebody who is signed in.
pub struct Signed {
    /// Their session.
    pub session: Session,
    /// Its key.
    pub token: TokenHash,
    /// Where they ask from.
    pub address: IpAddr,
}

/// A right that a route asks for.
pub trait Right: Send + Sync {
    /// What `domain::access` is asked.
    const REQUEST: Request;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Right for $name {
            const REQUEST: Request = Request::$name;
        }
    )*};
}

rights! {
    /// See who is signed in, sign out.
    OwnSession,
    /// Register an installation of the app.
    RegisterReplica,
    /// Receive the catalogue and one's own work.
    Pull,
    /// Deliver one's own operations.
    Push,
    /// Bring the bytes of one's own photos.
    SendPhotos,
    /// See photos.
    ReadPhotos,
    /// See totals and results.
    ReadTotals,
    /// See the plan and the rounds.
    ReadPlan,
    /// Change a row of the plan.
    ChangePlan,
    /// See who was at the stops.
    ReadPresence,
    /// Record it.
    RecordPresence,
    /// See a round's life and its held work.
    ReadRoundDesk,
    /// Move a round.
    MoveRound,
    /// Rule on held work.
    RuleOnHeld,
    /// See the tablets.
    ReadTablets,
    /// Revoke one.
    RevokeTablet,
}

/// Somebody who is signed in and has the right `R`.
pub struct May<R> {
    /// Who.
    pub signed: Signed,
    right: PhantomData<R>,
}

impl<R: Right> FromRequestParts<App> for May<R> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let signed = find_session(parts, app).await?;
        if may(signed.session.actor, R::REQUEST) {
            return Ok(Self { signed, right: PhantomData });
        }
        signed.note_refusal(app, &format!("{} {}", parts.method, parts.uri.path())).await?;
        Err(ApiError::Forbidden)
    }
}

impl Signed {
    /// Writes to the audit that this person was refused something.
    pub async fn note_refusal(&self, app: &App, subject: &str) -> ApiResult<()> {
        let mut tx = app.db.write().await?;
        audit::append(&mut tx, &self.entry(app, "refused", subject)).await?;
        Ok(tx.commit().await?)
    }

    /// An entry about this person for the audit.
    pub fn entry<'a>(&self, app: &App, event: &'static str, subject: &'a str) -> Entry<'a> {
        Entry {
            id: app.nature.id(),
            at: app.nature.now(),
            user: Some(self.session.actor.user),
            account: None,
            address: self.address,
            event,
            subject,
        }
    }
}

async fn find_session(parts: &Parts, app: &App) -> ApiResult<Signed> {
    let token = token_of(&parts.headers, &app.settings).ok_or(ApiError::NotSignedIn)?;
    let session = app.session(&token).await?.ok_or(ApiError::NotSignedIn)?;
    if app.nature.now() - session.last_seen_at > TOUCH_EVERY_MS {
        let mut tx = app.db.write().await?;
        sessions::touch(&mut tx, &token.0, app.nature.now()).await?;
        tx.commit().await?;
    }
    let address = parts.extensions.get::<ClientAddress>().map_or(IpAddr::from([0, 0, 0, 0]), |found| found.0);
    Ok(Signed { session, token, address })
}

/// The session's key in the request's cookies, if there is one.
pub fn token_of(headers: &HeaderMap, settings: &Settings) -> Option<TokenHash> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let (_, token) = cookies.find(|(name, _)| *name == settings.cookie_name())?;
    Some(TokenHash(sha256(token.as_bytes()).to_string()))
}

/// The cookie that carries a token.
pub fn cookie(settings: &Settings, token: &str) -> ApiResult<HeaderValue> {
    set_cookie(settings, token, u64::from(COOKIE_DAYS) * 24 * 60 * 60)
}

/// The cookie that removes the one before.
pub fn no_cookie(settings: &Settings) -> ApiResult<HeaderValue> {
    set_cookie(settings, "", 0)
}

fn set_cookie(settings: &Settings, value: &str, max_age_s: u64) -> ApiResult<HeaderValue> {
    let secure = if settings.is_https() { "; Secure" } else { "" };
    let name = settings.cookie_name();
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|_| ApiError::Internal)
}
