//! The head of an edition's log: where it ends, which incarnation it is, and the version of its settings.

use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::ids::EditionId;
use domain::log::{LogEnd, SignedEnd};
use domain::sync::chain::OpHash;
use domain::sync::receipt::PublicKey;
use sqlx::QueryBuilder;

/// The head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose log.
    pub edition: EditionId,
    /// Random; renewed whenever a server starts, so that cursors from before are void (S27).
    pub incarnation: String,
    /// Position of the last entry.
    pub position: u64,
    /// Hash of everything up to there; none of a log that an older version wrote.
    pub hash: Option<OpHash>,
    /// Raised by every change of settings.
    pub catalog_version: u64,
}

/// The head of the current edition: the one made last. None in an empty database.
pub async fn head(tx: &mut Tx) -> DbResult<Option<Head>> {
    let row: Option<(String, String, i64, Option<String>, i64)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT h.edition_id, h.incarnation, h.position, h.head, h.catalog_version
         FROM log_heads h JOIN editions e ON e.id = h.edition_id ORDER BY e.created_at DESC LIMIT 1"
    )
    .fetch_optional(connection)
    .await)?;
    row.map(|(edition, incarnation, position, hash, version)| {
        Ok(Head {
            edition: read(&edition, "edition id")?,
            incarnation,
            position: number(position, "position")?,
            hash: hash.map(|hash| read(&hash, "end of the log")).transpose()?,
            catalog_version: number(version, "catalogue version")?,
        })
    })
    .transpose()
}

/// Starts the log of a new edition, with nothing in it.
pub async fn insert(tx: &mut Tx, edition: EditionId, incarnation: &str) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO log_heads (edition_id, incarnation, position, catalog_version, head) VALUES ($1, $2, 0, 0, $3)"
    )
    .bind(edition.to_string())
    .bind(incarnation)
    .bind(LogEnd::start(edition).head.to_string())
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Makes every cursor void that was given out before.
pub async fn renew_incarnation(tx: &mut Tx, incarnation: &str) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query("UPDATE log_heads SET incarnation = $1")
        .bind(incarnation)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A log held by this transaction until it ends (S27: positions never commit out of order).
pub struct Held {
    /// Where it ended before.
    pub end: LogEnd,
    /// The version of the settings.
    pub catalog_version: u64,
}

/// Holds the log. An end that isn't signed with the server's key is not extended: whoever changed the log by hand would have the
/// change signed with the next entry, and nobody could find it any more (S32).
pub async fn hold(tx: &mut Tx, edition: EditionId, key: &PublicKey) -> DbResult<Held> {
    let (version,): (i64,) = with_tx!(tx, |connection| sqlx::query_as(
        "UPDATE log_heads SET position = position WHERE edition_id = $1 RETURNING catalog_version"
    )
    .bind(edition.to_string())
    .fetch_one(connection)
    .await)?;
    let end = match signed_end(tx, edition).await? {
        Some(signed) => signed.verify(edition, key).is_ok().then_some(signed.end),
        // Nothing is written yet.
        None if last_position(tx, edition).await? == 0 => Some(LogEnd::start(edition)),
        None => None,
    };
    let end = end.ok_or(DbError::ForeignEnd)?;
    Ok(Held { end, catalog_version: number(version, "catalogue version")? })
}

/// Moves the end of a log that this transaction holds.
pub async fn seal(tx: &mut Tx, edition: EditionId, signed: &SignedEnd) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "UPDATE log_heads SET position = $2, head = $3, key_id = $4, signature = $5 WHERE edition_id = $1"
    )
    .bind(edition.to_string())
    .bind(signed.end.position as i64)
    .bind(signed.end.head.to_string())
    .bind(&signed.key_id)
    .bind(&signed.signature)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The stored end of a log with its signature; none of a log that an older version wrote.
pub async fn signed_end(tx: &mut Tx, edition: EditionId) -> DbResult<Option<SignedEnd>> {
    let row: (i64, Option<String>, Option<String>, Option<String>) = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT position, head, key_id, signature FROM log_heads WHERE edition_id = $1"
    )
    .bind(edition.to_string())
    .fetch_one(connection)
    .await)?;
    let (position, Some(head), Some(key_id), Some(signature)) = row else {
        return Ok(None);
    };
    let end = LogEnd { position: number(position, "position")?, head: read(&head, "end of the log")? };
    Ok(Some(SignedEnd { end, key_id, signature }))
}

/// Position of the last entry of a log.
pub async fn last_position(tx: &mut Tx, edition: EditionId) -> DbResult<u64> {
    let (position,): (i64,) =
        with_tx!(tx, |connection| sqlx::query_as("SELECT position FROM log_heads WHERE edition_id = $1")
            .bind(edition.to_string())
            .fetch_one(connection)
            .await)?;
    number(position, "position")
}

/// All editions.
pub async fn editions(tx: &mut Tx) -> DbResult<Vec<EditionId>> {
    let rows: Vec<(String,)> =
        with_tx!(tx, |connection| sqlx::query_as("SELECT edition_id FROM log_heads").fetch_all(connection).await)?;
    rows.iter().map(|(edition,)| read(edition, "edition id")).collect()
}

/// The editions whose logs an older version wrote: they have no end yet. Held until the transaction ends, so that of two
/// processes that start at once the second finds them done.
pub async fn without_end(tx: &mut Tx) -> DbResult<Vec<EditionId>> {
    let until_the_end = tx.locking();
    let rows: Vec<(String,)> = with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("SELECT edition_id FROM log_heads WHERE head IS NULL ORDER BY edition_id");
        query.push(until_the_end).build_query_as().fetch_all(connection).await
    })?;
    rows.iter().map(|(edition,)| read(edition, "edition id")).collect()
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
