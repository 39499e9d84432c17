//! `/api/v1/session`: signing in, who is signed in, signing out.

use crate::auth::{ClientAddress, May, OwnSession, Signed, cookie, draw_token, no_cookie, token_of};
use crate::body::Body;
use crate::db::audit::{self, Entry};
use crate::db::users::Account;
use crate::db::{sessions, users};
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use domain::api::{SignIn, SignedIn};
use std::net::IpAddr;

/// Longest account name.
const NAME_CHARS: usize = 64;

/// Who is signed in.
pub async fn show(may: May<OwnSession>) -> Json<SignedIn> {
    Json(signed_in(may.signed))
}

/// Signs in. The session that this browser had before ends, so that a token never survives a change of person.
pub async fn sign_in(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(SignIn { name, password }): Body<SignIn>,
) -> ApiResult<impl IntoResponse> {
    let name = name.trim().to_owned();
    let now = app.nature.now();
    let begun = app.attempts.begin(&shortened(&name), address, now);
    let attempt = begun.map_err(|retry_after_s| ApiError::TooManyAttempts { retry_after_s })?;
    let Some(account) = find_account(&app, &name, password).await? else {
        note_failure(&app, &name, address).await?;
        return Err(ApiError::WrongCredentials);
    };
    app.attempts.forgive(&attempt);

    let (token, hash) = draw_token(&app.nature);
    let before = token_of(&headers, &app.settings);
    let mut tx = app.db.write().await?;
    if let Some(before) = &before {
        sessions::revoke(&mut tx, &before.0, now).await?;
    }
    sessions::insert(&mut tx, &hash.0, account.id, now).await?;
    audit::append(&mut tx, &entry(&app, address, "signed_in", &account)).await?;
    tx.commit().await?;
    if let Some(before) = before {
        app.end_streams(before);
    }
    let (user, role, display_name) = (account.id, account.role, account.display_name);
    Ok(([(header::SET_COOKIE, cookie(&app.settings, &token)?)], Json(SignedIn { user, name, display_name, role })))
}

/// Signs out: at once, also where this session watches totals.
pub async fn sign_out(State(app): State<App>, may: May<OwnSession>) -> ApiResult<impl IntoResponse> {
    let mut tx = app.db.write().await?;
    sessions::revoke(&mut tx, &may.signed.token.0, app.nature.now()).await?;
    audit::append(&mut tx, &may.signed.entry(&app, "signed_out", "")).await?;
    tx.commit().await?;
    app.end_streams(may.signed.token);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, no_cookie(&app.settings)?)]))
}

/// The account, if name and password fit. An unknown name takes as long as a wrong password.
async fn find_account(app: &App, name: &str, password: String) -> ApiResult<Option<Account>> {
    let possible = name.chars().count() <= NAME_CHARS && !name.chars().any(char::is_control);
    let account = if possible { users::find(&app.db, name).await? } else { None };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = app.passwords.verify(password, hash).await.map_err(|_| ApiError::Internal)?;
    Ok(account.filter(|_| fits))
}

async fn note_failure(app: &App, name: &str, address: IpAddr) -> ApiResult<()> {
    let typed = shortened(name);
    let (id, at) = (app.nature.id(), app.nature.now());
    let event = "sign_in_failed";
    let mut tx = app.db.write().await?;
    audit::append(&mut tx, &Entry { id, at, user: None, account: Some(&typed), address, event, subject: "" }).await?;
    Ok(tx.commit().await?)
}

/// Whatever was typed, in a form that can be kept.
fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect()
}

fn entry(app: &App, address: IpAddr, event: &'static str, account: &Account) -> Entry<'static> {
    let (id, at) = (app.nature.id(), app.nature.now());
    Entry { id, at, user: Some(account.id), account: None, address, event, subject: "" }
}

fn signed_in(signed: Signed) -> SignedIn {
    let session = signed.session;
    SignedIn {
        user: session.actor.user,
        name: session.name,
        display_name: session.display_name,
        role: session.actor.role,
    }
}
