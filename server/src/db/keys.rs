//! The public keys that ever signed receipts (S19): the private half lies in a file beside the program's data.

use super::{DbResult, Tx, with_tx};
use domain::sync::receipt::PublicKey;

/// The key that was taken into use last.
pub async fn latest(tx: &mut Tx) -> DbResult<Option<PublicKey>> {
    let row: Option<(String, String)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT key_id, public FROM receipt_keys ORDER BY first_used_at DESC LIMIT 1"
    )
    .fetch_optional(connection)
    .await)?;
    Ok(row.map(|(key_id, public)| PublicKey { key_id, public }))
}

/// Takes a key into use.
pub async fn insert(tx: &mut Tx, key: &PublicKey, now: i64) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO receipt_keys (key_id, public, first_used_at) VALUES ($1, $2, $3)
         ON CONFLICT (key_id) DO UPDATE SET first_used_at = $3"
    )
    .bind(&key.key_id)
    .bind(&key.public)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
