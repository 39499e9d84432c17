//! The keys that ever signed (S19): their public halves for good, their private halves wrapped.

use super::{DbResult, Tx, with_tx};
use domain::sync::receipt::PublicKey;

/// A key as it is stored.
pub struct StoredKey {
    /// What tablets pin.
    pub public: PublicKey,
    /// When it was taken into use, milliseconds since 1970; later than all before it.
    pub first_used_at: i64,
    /// The private half under the master key; none of an older version's.
    pub wrapped: Option<String>,
}

/// All keys, the one that was taken into use last at the end.
pub async fn all(tx: &mut Tx) -> DbResult<Vec<StoredKey>> {
    let rows: Vec<(String, String, i64, Option<String>)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT key_id, public, first_used_at, wrapped FROM receipt_keys ORDER BY first_used_at, key_id"
    )
    .fetch_all(connection)
    .await)?;
    let stored = |(key_id, public, first_used_at, wrapped)| {
        let public = PublicKey { key_id, public };
        StoredKey { public, first_used_at, wrapped }
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Holds the keys until the transaction ends: of two processes that start at once on an empty database, the second finds
/// the first one's key. SQLite's whole database is held already.
pub async fn hold(tx: &mut Tx) -> DbResult<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("LOCK TABLE receipt_keys IN EXCLUSIVE MODE").execute(&mut **tx).await?;
    }
    Ok(())
}

/// The key that was taken into use last.
pub async fn latest(tx: &mut Tx) -> DbResult<Option<StoredKey>> {
    Ok(all(tx).await?.pop())
}

/// Takes a key into use: from now on it is the latest, also where the clock was ahead when the one before it was.
pub async fn insert(tx: &mut Tx, key: &PublicKey, wrapped: &str, now: i64) -> DbResult<()> {
    let now = latest(tx).await?.map_or(now, |last| now.max(last.first_used_at.saturating_add(1)));
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO receipt_keys (key_id, public, first_used_at, wrapped) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key_id) DO UPDATE SET first_used_at = $3, wrapped = $4"
    )
    .bind(&key.key_id)
    .bind(&key.public)
    .bind(now)
    .bind(wrapped)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
