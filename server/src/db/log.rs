//! The head of an edition's log: where it ends, which incarnation it is, and the version of its settings.

use super::{DbResult, Tx, number, read, with_tx};
use domain::ids::EditionId;

/// The head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose log.
    pub edition: EditionId,
    /// Random; renewed by a restore, so that cursors from before are void (S27).
    pub incarnation: String,
    /// Position of the last operation.
    pub position: u64,
    /// Raised by every change of settings.
    pub catalog_version: u64,
}

/// The head of the current edition: the one made last. None in an empty database.
pub async fn head(tx: &mut Tx) -> DbResult<Option<Head>> {
    let row: Option<(String, String, i64, i64)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT h.edition_id, h.incarnation, h.position, h.catalog_version
         FROM log_heads h JOIN editions e ON e.id = h.edition_id ORDER BY e.created_at DESC LIMIT 1"
    )
    .fetch_optional(connection)
    .await)?;
    row.map(|(edition, incarnation, position, version)| {
        Ok(Head {
            edition: read(&edition, "edition id")?,
            incarnation,
            position: number(position, "position")?,
            catalog_version: number(version, "catalogue version")?,
        })
    })
    .transpose()
}

/// Starts the log of a new edition.
pub async fn insert(tx: &mut Tx, head: &Head) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO log_heads (edition_id, incarnation, position, catalog_version) VALUES ($1, $2, $3, $4)"
    )
    .bind(head.edition.to_string())
    .bind(&head.incarnation)
    .bind(head.position as i64)
    .bind(head.catalog_version as i64)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Takes the next `count` positions and holds the log until the transaction ends (S27: positions never commit out of
/// order). Returns the last of them and the version of the settings.
pub async fn take(tx: &mut Tx, edition: EditionId, count: u64) -> DbResult<(u64, u64)> {
    let (position, version): (i64, i64) = with_tx!(tx, |connection| sqlx::query_as(
        "UPDATE log_heads SET position = position + $2 WHERE edition_id = $1 RETURNING position, catalog_version"
    )
    .bind(edition.to_string())
    .bind(count as i64)
    .fetch_one(connection)
    .await)?;
    Ok((number(position, "position")?, number(version, "catalogue version")?))
}

/// Says that the settings have changed; returns their new version.
pub async fn raise_catalog_version(tx: &mut Tx, edition: EditionId) -> DbResult<u64> {
    let (version,): (i64,) = with_tx!(tx, |connection| sqlx::query_as(
        "UPDATE log_heads SET catalog_version = catalog_version + 1 WHERE edition_id = $1 RETURNING catalog_version"
    )
    .bind(edition.to_string())
    .fetch_one(connection)
    .await)?;
    number(version, "catalogue version")
}

/// Tells the other processes, once this transaction is committed, that the log or the settings have changed.
/// SQLite has a single process: it tells itself.
pub async fn announce(tx: &mut Tx) -> DbResult<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT pg_notify('binhchon_log', '')").execute(&mut **tx).await?;
    }
    Ok(())
}
