//! Installations of the app and the ends of their chains (S1, S2).

use super::{DbResult, Tx, number, read, with_tx};
use domain::api::oversight::{Revoked, TabletLine};
use domain::ids::{ReplicaId, UserId};
use domain::sync::chain::OpHash;
use domain::sync::inbox::ReplicaState;
use sqlx::{Database, Encode, QueryBuilder, Type};
use std::collections::HashMap;

/// Registers a replica to a user; repeating it changes nothing. Returns whose it is.
pub async fn register(tx: &mut Tx, replica: ReplicaId, user: UserId, now: i64) -> DbResult<UserId> {
    with_tx!(&mut *tx, |connection| sqlx::query(
        "INSERT INTO replicas (id, user_id, registered_at, seq, last_contact_at, unsent, app_version)
         VALUES ($1, $2, $3, 0, $3, 0, '') ON CONFLICT (id) DO NOTHING"
    )
    .bind(replica.to_string())
    .bind(user.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    let (owner,): (String,) = with_tx!(tx, |connection| sqlx::query_as("SELECT user_id FROM replicas WHERE id = $1")
        .bind(replica.to_string())
        .fetch_one(connection)
        .await)?;
    read(&owner, "user id")
}

/// Whose a replica is; none if it was never registered.
pub async fn find_user(tx: &mut Tx, replica: ReplicaId) -> DbResult<Option<UserId>> {
    let row: Option<(String,)> =
        with_tx!(tx, |connection| sqlx::query_as("SELECT user_id FROM replicas WHERE id = $1")
            .bind(replica.to_string())
            .fetch_optional(connection)
            .await)?;
    row.map(|(user,)| read(&user, "user id")).transpose()
}

/// What is stored of a replica, word for word.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct ReplicaRow {
    pub id: String,
    pub user_id: String,
    pub seq: i64,
    pub head: Option<String>,
    pub revoked_at: Option<i64>,
}

/// Locks replicas until the transaction ends and returns what is stored of those that are registered: in the order of their
/// ids, so that two processes never wait for each other.
pub async fn lock(tx: &mut Tx, replicas: &[ReplicaId]) -> DbResult<HashMap<ReplicaId, ReplicaState>> {
    let until_the_end = tx.locking();
    let rows: Vec<ReplicaRow> = with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("SELECT id, user_id, seq, head, revoked_at FROM replicas WHERE id IN (");
        let mut list = query.separated(", ");
        for replica in replicas {
            list.push_bind(replica.to_string());
        }
        query.push(") ORDER BY id").push(until_the_end);
        query.build_query_as().fetch_all(connection).await
    })?;
    rows.into_iter().map(state).collect()
}

fn state(row: ReplicaRow) -> DbResult<(ReplicaId, ReplicaState)> {
    let state = ReplicaState {
        user: read(&row.user_id, "user id")?,
        seq: number(row.seq, "sequence number")?,
        head: row.head.map(|hash| read(&hash, "hash")).transpose()?,
        revoked: row.revoked_at.is_some(),
    };
    Ok((read(&row.id, "replica id")?, state))
}

/// What a push of a replica's own user leaves behind on it.
pub struct Progress {
    /// Which.
    pub replica: ReplicaId,
    /// Number of the last stored operation.
    pub seq: u64,
    /// Its hash.
    pub head: Option<OpHash>,
    /// What the tablet says of itself, if its push is stored.
    pub said: Option<Said>,
}

/// What a tablet says of itself.
pub struct Said {
    /// Sheets that it still has to send (S30).
    pub unsent: u32,
    /// The app's version.
    pub app_version: String,
}

/// Moves the ends of chains and notes the contact, of each replica once.
pub async fn advance(tx: &mut Tx, progress: &[Progress], now: i64) -> DbResult<()> {
    if progress.is_empty() {
        return Ok(());
    }
    with_tx!(tx, |connection| advancement(progress, now).build().execute(connection).await.map(|_| ()))?;
    Ok(())
}

fn advancement<DB>(progress: &[Progress], now: i64) -> QueryBuilder<DB>
where
    DB: Database,
    DB::Arguments: Default,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new("UPDATE replicas SET last_contact_at = ");
    query.push_bind(now).push(
        ", seq = said.column2, head = said.column3, unsent = COALESCE(said.column4, unsent),
          app_version = COALESCE(said.column5, app_version) FROM (",
    );
    query.push_values(progress, |mut row, one| {
        row.push_bind(one.replica.to_string())
            .push_bind(one.seq as i64)
            .push_bind(one.head.map(String::from))
            .push_bind(one.said.as_ref().map(|said| i64::from(said.unsent)))
            .push_bind(one.said.as_ref().map(|said| said.app_version.clone()));
    });
    query.push(") AS said WHERE replicas.id = said.column1");
    query
}

/// Revokes a replica, such as a lost tablet's: from now on all that it delivers is held (S26). Returns whether it is
/// there, and wasn't revoked before.
pub async fn revoke(tx: &mut Tx, replica: ReplicaId, now: i64) -> DbResult<bool> {
    let row: Option<(String,)> = with_tx!(tx, |connection| sqlx::query_as(
        "UPDATE replicas SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id"
    )
    .bind(replica.to_string())
    .bind(now)
    .fetch_optional(connection)
    .await)?;
    Ok(row.is_some())
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: String,
    display_name: String,
    last_contact_at: i64,
    seq: i64,
    unsent: i64,
    app_version: String,
    revoked_at: Option<i64>,
}

/// All replicas, by juror and then by when they were registered. Of a revoked one the act says why and by whom.
pub async fn lines(tx: &mut Tx) -> DbResult<Vec<TabletLine>> {
    let rows: Vec<LineRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT r.id, u.display_name, r.last_contact_at, r.seq, r.unsent, r.app_version, r.revoked_at
         FROM replicas r JOIN users u ON u.id = r.user_id ORDER BY u.display_name, r.registered_at, r.id"
    )
    .fetch_all(connection)
    .await)?;
    let lines = rows.into_iter().map(|row| {
        Ok(TabletLine {
            replica: read(&row.id, "replica id")?,
            juror: row.display_name,
            last_contact_at: row.last_contact_at,
            stored: number(row.seq, "sequence number")?,
            unsent: number(row.unsent, "count")?,
            app_version: row.app_version,
            revoked: row.revoked_at.map(|_| Revoked { reason: String::new(), recorded: None }),
        })
    });
    lines.collect()
}

/// How many tablets last reported unsent work (S30).
pub async fn count_unsent(tx: &mut Tx) -> DbResult<u32> {
    let (count,): (i64,) = with_tx!(tx, |connection| sqlx::query_as("SELECT COUNT(*) FROM replicas WHERE unsent > 0")
        .fetch_one(connection)
        .await)?;
    number(count, "count")
}

/// All of them, for whoever compares them with the log.
pub async fn rows(tx: &mut Tx) -> DbResult<Vec<ReplicaRow>> {
    let rows = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT id, user_id, seq, head, revoked_at FROM replicas ORDER BY id"
    )
    .fetch_all(connection)
    .await)?;
    Ok(rows)
}
