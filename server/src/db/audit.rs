//! Who did or tried what, and when. Rows are only ever added (migration 0004).

use super::{DbResult, Tx, with_tx};
use domain::ids::UserId;
use std::net::IpAddr;
use uuid::Uuid;

/// One thing that happened.
pub struct Entry<'a> {
    /// Identity.
    pub id: Uuid,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Who, where known.
    pub user: Option<UserId>,
    /// The account name as it was typed, where nobody is known.
    pub account: Option<&'a str>,
    /// The client's address.
    pub address: IpAddr,
    /// `signed_in`, `sign_in_failed`, `signed_out`, `totals_read`, `refused`.
    pub event: &'static str,
    /// What it was about: a round, a request.
    pub subject: &'a str,
}

/// Adds an entry.
pub async fn append(tx: &mut Tx, entry: &Entry<'_>) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO audit (id, at, user_id, account, address, event, subject) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(entry.id.to_string())
    .bind(entry.at)
    .bind(entry.user.map(|user| user.to_string()))
    .bind(entry.account)
    .bind(entry.address.to_string())
    .bind(entry.event)
    .bind(entry.subject)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
