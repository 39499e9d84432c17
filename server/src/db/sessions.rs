//! Signed-in browsers. A session is found by the hash of its token; the token itself is nowhere but in the cookie.

use super::{Db, DbResult, Tx, read, with_db, with_tx};
use domain::access::{Actor, Role};
use domain::ids::UserId;

/// A session that is neither revoked nor forgotten.
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// Account name.
    pub name: String,
    /// As others read it.
    pub display_name: String,
    /// Milliseconds since 1970.
    pub last_seen_at: i64,
}

/// Starts a session.
pub async fn insert(tx: &mut Tx, token_hash: &str, user: UserId, now: i64) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at) VALUES ($1, $2, $3, $3)"
    )
    .bind(token_hash)
    .bind(user.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The session, if it was used after `idle_since`.
pub async fn find(db: &Db, token_hash: &str, idle_since: i64) -> DbResult<Option<Session>> {
    let row: Option<(String, String, String, String, i64)> = with_db!(db, |pool| sqlx::query_as(
        "SELECT u.id, u.role, u.name, u.display_name, s.last_seen_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.last_seen_at > $2"
    )
    .bind(token_hash)
    .bind(idle_since)
    .fetch_optional(pool)
    .await)?;
    row.map(|(user, role, name, display_name, last_seen_at)| {
        let actor = Actor { user: read(&user, "user id")?, role: read::<Role>(&role, "role")? };
        Ok(Session { actor, name, display_name, last_seen_at })
    })
    .transpose()
}

/// Notes that the session was used.
pub async fn touch(tx: &mut Tx, token_hash: &str, now: i64) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1")
        .bind(token_hash)
        .bind(now)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Ends all sessions of a user for good; returns the hashes of their tokens.
pub async fn revoke_all(tx: &mut Tx, user: UserId, now: i64) -> DbResult<Vec<String>> {
    let rows: Vec<(String,)> = with_tx!(tx, |connection| sqlx::query_as(
        "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL RETURNING token_hash"
    )
    .bind(user.to_string())
    .bind(now)
    .fetch_all(connection)
    .await)?;
    Ok(rows.into_iter().map(|(token_hash,)| token_hash).collect())
}

/// Ends the session for good.
pub async fn revoke(tx: &mut Tx, token_hash: &str, now: i64) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "UPDATE sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL"
    )
    .bind(token_hash)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
