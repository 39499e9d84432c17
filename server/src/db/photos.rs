//! Photos: a row for each that operations name, and their bytes apart, which lists never read.

use super::ops::{Place, batch};
use super::{DbError, DbResult, Tx, number, read, with_tx};
use crate::photos::{Named, Names};
use domain::ids::{EditionId, UserId};
use domain::sync::chain::{Envelope, OpHash, Task};
use domain::sync::inbox::Judged;
use domain::visit::{VisitAct, VisitWork};
use sqlx::QueryBuilder;

/// Notes the photos that appended operations name; most name none, and then nothing is asked. What was named before stays as
/// it is, but what has become a stop's is one from then on.
pub async fn name(tx: &mut Tx, place: Place, ops: &[Judged<'_>]) -> DbResult<()> {
    let mut names = Names::default();
    for (position, op) in (place.first_position..).zip(ops) {
        if let Some(task) = op.task {
            names.add(position, op.envelope.user, task, &op.status);
        }
    }
    let named: Vec<_> = names.0.into_iter().collect();
    let mut rest = &named[..];
    while !rest.is_empty() {
        let (now, later) = rest.split_at(batch(rest.len()));
        insert(tx, place.edition, now).await?;
        rest = later;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, edition: EditionId, rows: &[((UserId, OpHash), Named)]) -> DbResult<()> {
    with_tx!(tx, |connection| {
        let mut query =
            QueryBuilder::new("INSERT INTO photos (edition_id, user_id, sha256, size, of_visit, position) ");
        query.push_values(rows, |mut row, ((user, sha256), named)| {
            row.push_bind(edition.to_string())
                .push_bind(user.to_string())
                .push_bind(sha256.to_string())
                .push_bind(i64::from(named.size))
                .push_bind(named.of_visit)
                .push_bind(named.position as i64);
        });
        query.push(
            " ON CONFLICT (edition_id, user_id, sha256) DO UPDATE SET of_visit = TRUE
              WHERE excluded.of_visit AND NOT photos.of_visit",
        );
        query.build().execute(connection).await.map(|_| ())
    })?;
    Ok(())
}

/// Which of these photos of a user are named, in the log's order, and whether their bytes are stored.
pub async fn among(tx: &mut Tx, edition: EditionId, user: UserId, photos: &[OpHash]) -> DbResult<Vec<(OpHash, bool)>> {
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, Option<i64>)> = with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("SELECT sha256, stored_at FROM photos WHERE edition_id = ");
        query.push_bind(edition.to_string()).push(" AND user_id = ").push_bind(user.to_string());
        query.push(" AND sha256 IN (");
        let mut list = query.separated(", ");
        for sha256 in photos {
            list.push_bind(sha256.to_string());
        }
        query.push(") ORDER BY position, sha256");
        query.build_query_as().fetch_all(connection).await
    })?;
    rows.into_iter().map(|(sha256, stored_at)| Ok((read(&sha256, "hash")?, stored_at.is_some()))).collect()
}

/// A photo that an operation names.
pub struct Awaited {
    /// How many bytes it has.
    pub size: u32,
    /// Whether they are stored.
    pub stored: bool,
}

/// A user's photo.
pub async fn find(tx: &mut Tx, edition: EditionId, user: UserId, sha256: OpHash) -> DbResult<Option<Awaited>> {
    let row: Option<(i64, Option<i64>)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT size, stored_at FROM photos WHERE edition_id = $1 AND user_id = $2 AND sha256 = $3"
    )
    .bind(edition.to_string())
    .bind(user.to_string())
    .bind(sha256.to_string())
    .fetch_optional(connection)
    .await)?;
    row.map(|(size, stored_at)| Ok(Awaited { size: number(size, "size")?, stored: stored_at.is_some() })).transpose()
}

/// How many photos of a user have their bytes stored.
pub async fn count_stored(tx: &mut Tx, edition: EditionId, user: UserId) -> DbResult<u64> {
    let (count,): (i64,) = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT COUNT(*) FROM photos WHERE edition_id = $1 AND user_id = $2 AND stored_at IS NOT NULL"
    )
    .bind(edition.to_string())
    .bind(user.to_string())
    .fetch_one(connection)
    .await)?;
    number(count, "count")
}

/// What is kept of a photo.
pub struct Kept<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Their hash.
    pub sha256: OpHash,
    /// Milliseconds since 1970.
    pub stored_at: i64,
}

/// Stores the bytes of a user's photo; where somebody has brought them meanwhile, nothing.
pub async fn store(tx: &mut Tx, edition: EditionId, user: UserId, sha256: OpHash, kept: Kept<'_>) -> DbResult<()> {
    // First, so that of two who bring it at once the second waits, and finds it done.
    let changed = with_tx!(tx, |connection| sqlx::query(
        "UPDATE photos SET stored_at = $4, kept_sha256 = $5
         WHERE edition_id = $1 AND user_id = $2 AND sha256 = $3 AND stored_at IS NULL"
    )
    .bind(edition.to_string())
    .bind(user.to_string())
    .bind(sha256.to_string())
    .bind(kept.stored_at)
    .bind(kept.sha256.to_string())
    .execute(connection)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Ok(());
    }
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO photo_bytes (edition_id, user_id, sha256, bytes) VALUES ($1, $2, $3, $4)"
    )
    .bind(edition.to_string())
    .bind(user.to_string())
    .bind(sha256.to_string())
    .bind(kept.bytes)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Everybody's photo of one hash.
pub struct Owned {
    /// Whose it is.
    pub owner: UserId,
    /// Whether it is one of a stop, by an operation that counts or may be admitted yet.
    pub of_visit: bool,
    /// Whether its bytes are stored.
    pub stored: bool,
}

/// Whose photos have this hash: the reader's own first, then in the log's order.
pub async fn owners(tx: &mut Tx, edition: EditionId, sha256: OpHash, reader: UserId) -> DbResult<Vec<Owned>> {
    let rows: Vec<(String, bool, Option<i64>)> = with_tx!(&mut *tx, |connection| sqlx::query_as(
        "SELECT user_id, of_visit, stored_at FROM photos WHERE edition_id = $1 AND sha256 = $2
         ORDER BY user_id <> $3, position"
    )
    .bind(edition.to_string())
    .bind(sha256.to_string())
    .bind(reader.to_string())
    .fetch_all(connection)
    .await)?;
    let mut owned = Vec::with_capacity(rows.len());
    for (owner, of_visit, stored_at) in rows {
        let owner = read(&owner, "user id")?;
        let of_visit = of_visit && is_still_of_visit(tx, edition, owner, sha256).await?;
        owned.push(Owned { owner, of_visit, stored: stored_at.is_some() });
    }
    Ok(owned)
}

/// A photo's row says what its operations were when they were stored; what was denied since stands among the rulings (S25).
async fn is_still_of_visit(tx: &mut Tx, edition: EditionId, owner: UserId, sha256: OpHash) -> DbResult<bool> {
    let rows: Vec<(String,)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT o.envelope FROM ops o
         LEFT JOIN rulings r ON r.edition_id = o.edition_id AND r.op_position = o.position
         WHERE o.edition_id = $1 AND o.user_id = $2 AND o.product_id IS NULL AND o.kind = 'attach'
             AND o.status <> 'rejected' AND (r.verdict IS NULL OR r.verdict <> 'deny') AND o.envelope LIKE $3"
    )
    .bind(edition.to_string())
    .bind(owner.to_string())
    // Narrows it down to a few: the hash may stand elsewhere in an envelope, too.
    .bind(format!("%{sha256}%"))
    .fetch_all(connection)
    .await)?;
    for (envelope,) in rows {
        let envelope: Envelope = serde_json::from_str(&envelope).map_err(|_| DbError::Corrupt("envelope"))?;
        if let Ok(Task::Visit(VisitWork { act: VisitAct::Attach(photo), .. })) = envelope.task()
            && photo.sha256 == sha256
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The bytes that are kept of a photo; none if there are none.
pub async fn bytes(tx: &mut Tx, edition: EditionId, owner: UserId, sha256: OpHash) -> DbResult<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT bytes FROM photo_bytes WHERE edition_id = $1 AND user_id = $2 AND sha256 = $3"
    )
    .bind(edition.to_string())
    .bind(owner.to_string())
    .bind(sha256.to_string())
    .fetch_optional(connection)
    .await)?;
    Ok(row.map(|(bytes,)| bytes))
}

/// A photo's whole row.
pub struct Stored {
    /// Whose.
    pub owner: UserId,
    /// Which.
    pub sha256: OpHash,
    /// What the row says of it.
    pub named: Named,
    /// Whether it says that the bytes are there.
    pub stored: bool,
    /// Which hash they have, as it is written.
    pub kept_sha256: Option<String>,
}

/// All photos of an edition, without their bytes.
pub async fn all(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<Stored>> {
    type Row = (String, String, i64, bool, i64, Option<i64>, Option<String>);
    let rows: Vec<Row> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT user_id, sha256, size, of_visit, position, stored_at, kept_sha256 FROM photos
         WHERE edition_id = $1 ORDER BY position, user_id, sha256"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let stored = rows.into_iter().map(|(owner, sha256, size, of_visit, position, stored_at, kept_sha256)| {
        Ok(Stored {
            owner: read(&owner, "user id")?,
            sha256: read(&sha256, "hash")?,
            named: Named { position: number(position, "position")?, size: number(size, "size")?, of_visit },
            stored: stored_at.is_some(),
            kept_sha256,
        })
    });
    stored.collect()
}
