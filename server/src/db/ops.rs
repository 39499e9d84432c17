//! The log of operations (S4): appended to, never changed.

use super::rulings::read_verdict;
use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::ids::{EditionId, ReplicaId, UserId};
use domain::log::{ActEnvelope, Verdict};
use domain::sync::chain::{Envelope, OpHash, Task};
use domain::sync::inbox::{Judged, Writings};
use domain::sync::wire::{HeldCode, PulledOp, RejectedCode, Status};
use domain::tally::{LogEntry, Logged, OpEntry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Database, Encode, QueryBuilder, Type};
use std::collections::HashSet;

/// An operation that is stored already.
pub struct Known {
    /// Its number in its replica's chain.
    pub seq: u64,
    /// Its hash.
    pub hash: OpHash,
    /// What has become of it by now.
    pub status: Status,
}

/// The stored operations of a replica with these numbers, in order.
pub async fn known(tx: &mut Tx, replica: ReplicaId, first: u64, last: u64) -> DbResult<Vec<Known>> {
    type Row = (i64, String, String, Option<String>, Option<String>);
    let rows: Vec<Row> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT o.seq, o.hash, o.status, o.code, r.verdict FROM ops o
         LEFT JOIN rulings r ON r.edition_id = o.edition_id AND r.op_position = o.position
         WHERE o.replica_id = $1 AND o.seq BETWEEN $2 AND $3 ORDER BY o.seq"
    )
    .bind(replica.to_string())
    .bind(first as i64)
    .bind(last as i64)
    .fetch_all(connection)
    .await)?;
    let known = rows.into_iter().map(|(seq, hash, status, code, verdict)| {
        let status = ruled(read_status(&status, code)?, verdict.as_deref())?;
        Ok(Known { seq: number(seq, "sequence number")?, hash: read(&hash, "hash")?, status })
    });
    known.collect()
}

/// Which of a push's writings the log has among a user's operations (S17): those that it repeats, as operations or under
/// another re-issue; its own, under a re-issue, if the user has any.
pub async fn stored_among(tx: &mut Tx, user: UserId, writings: &Writings, has_reissues: bool) -> DbResult<Vec<OpHash>> {
    let mut stored = among(tx, user, "hash", &writings.repeated).await?;
    if has_reissues {
        stored.extend(among(tx, user, "reissue_of", &writings.repeated).await?);
        stored.extend(among(tx, user, "reissue_of", &writings.first).await?);
    }
    Ok(stored)
}

/// Those of these users whose tablets ever wrote something anew: hardly any has, and of the others nothing needs to be asked.
pub async fn with_reissues(tx: &mut Tx, users: &[UserId]) -> DbResult<HashSet<UserId>> {
    let rows: Vec<(String,)> = with_tx!(tx, |connection| {
        let mut query =
            QueryBuilder::new("SELECT DISTINCT user_id FROM ops WHERE reissue_of IS NOT NULL AND user_id IN (");
        let mut list = query.separated(", ");
        for user in users {
            list.push_bind(user.to_string());
        }
        query.push(")");
        query.build_query_as().fetch_all(connection).await
    })?;
    rows.into_iter().map(|(user,)| read(&user, "user id")).collect()
}

/// Those of these hashes that a column (one of our own names) holds among a user's operations.
async fn among(tx: &mut Tx, user: UserId, column: &'static str, hashes: &[OpHash]) -> DbResult<Vec<OpHash>> {
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String,)> = with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(column).push(" FROM ops WHERE user_id = ").push_bind(user.to_string());
        query.push(" AND ").push(column).push(" IN (");
        let mut list = query.separated(", ");
        for hash in hashes {
            list.push_bind(hash.to_string());
        }
        query.push(")");
        query.build_query_as().fetch_all(connection).await
    })?;
    rows.into_iter().map(|(hash,)| read(&hash, "hash")).collect()
}

/// Where new operations go in the log.
#[derive(Clone, Copy)]
pub struct Place {
    /// The edition.
    pub edition: EditionId,
    /// The position of the first one.
    pub first_position: u64,
    /// Milliseconds since 1970.
    pub received_at: i64,
}

/// Rows of one statement at most; SQLite takes 32,766 values.
const ROWS: usize = 256;

/// How many of so many rows (one at least) go into the next statement: a power of two, so that a few statements are ever
/// prepared, whatever the numbers of operations that tablets send.
pub(super) fn batch(rows: usize) -> usize {
    ROWS.min(1 << rows.ilog2())
}

/// Appends operations at consecutive positions.
pub async fn append(tx: &mut Tx, mut place: Place, mut ops: &[Judged<'_>]) -> DbResult<()> {
    while !ops.is_empty() {
        let (now, later) = ops.split_at(batch(ops.len()));
        with_tx!(tx, |connection| insertion(place, now).build().execute(connection).await.map(|_| ()))?;
        place.first_position += now.len() as u64;
        ops = later;
    }
    Ok(())
}

fn insertion<DB>(place: Place, ops: &[Judged<'_>]) -> QueryBuilder<DB>
where
    DB: Database,
    DB::Arguments: Default,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut query = QueryBuilder::new(
        "INSERT INTO ops (edition_id, position, replica_id, seq, user_id, round, product_id, kind, status, code,
                          envelope, hash, base, reissue_of, received_at) ",
    );
    query.push_values((place.first_position..).zip(ops), |mut row, (position, op)| {
        let (status, code) = status_columns(&op.status);
        // What this version can't read is named so: its own name is in the envelope, and may hold anything.
        let kind = op.task.map_or("unknown", Task::kind);
        row.push_bind(place.edition.to_string())
            .push_bind(position as i64)
            .push_bind(op.envelope.replica.to_string())
            .push_bind(op.envelope.seq as i64)
            .push_bind(op.envelope.user.to_string())
            .push_bind(op.envelope.round.to_string())
            .push_bind(op.task.and_then(Task::sheet).map(|work| work.product.to_string()))
            .push_bind(kind.to_owned())
            .push_bind(status.to_owned())
            .push_bind(code)
            .push_bind(op.wire.envelope.clone())
            .push_bind(op.wire.hash.to_string())
            .push_bind(op.envelope.base.map(String::from))
            .push_bind(op.envelope.reissue_of.map(String::from))
            .push_bind(place.received_at);
    });
    query
}

/// A span of the log: after one position, up to and with another.
#[derive(Clone, Copy)]
pub struct Span {
    /// Not included.
    pub after: u64,
    /// Included.
    pub up_to: u64,
    /// Operations at most.
    pub limit: u32,
}

/// What a user's tablet is told anew: their own operations, from all of their replicas, and those that were ruled on since
/// (S25, S27: nobody else's are ever read here). Each stands at the position where it last changed, and comes once.
pub async fn of_user(tx: &mut Tx, edition: EditionId, user: UserId, span: Span) -> DbResult<Vec<PulledOp>> {
    type Row = (i64, String, String, String, Option<String>, Option<String>);
    let rows: Vec<Row> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT o.position, o.envelope, o.hash, o.status, o.code, NULL AS verdict FROM ops o
         WHERE o.user_id = $1 AND o.edition_id = $2 AND o.position > $3 AND o.position <= $4 AND NOT EXISTS
             (SELECT 1 FROM rulings r WHERE r.edition_id = o.edition_id AND r.op_position = o.position)
         UNION ALL
         SELECT r.position, o.envelope, o.hash, o.status, o.code, r.verdict FROM rulings r
         JOIN ops o ON o.edition_id = r.edition_id AND o.position = r.op_position
         WHERE r.user_id = $1 AND r.edition_id = $2 AND r.position > $3 AND r.position <= $4
         ORDER BY 1, 3 LIMIT $5"
    )
    .bind(user.to_string())
    .bind(edition.to_string())
    .bind(span.after as i64)
    .bind(span.up_to as i64)
    .bind(i64::from(span.limit))
    .fetch_all(connection)
    .await)?;
    let ops = rows.into_iter().map(|(position, envelope, hash, status, code, verdict)| {
        let (position, hash) = (number(position, "position")?, read(&hash, "hash")?);
        let status = ruled(read_status(&status, code)?, verdict.as_deref())?;
        Ok(PulledOp { position, envelope, hash, status })
    });
    ops.collect()
}

/// The status of an operation once an act has ruled on it.
pub fn ruled(stored: Status, verdict: Option<&str>) -> DbResult<Status> {
    Ok(match verdict.map(read_verdict).transpose()? {
        None => stored,
        Some(Verdict::Admit) => Status::Accepted,
        Some(Verdict::Deny) => Status::Rejected(RejectedCode::Denied),
    })
}

/// What stands at a position of the log, as it is stored.
#[derive(sqlx::FromRow)]
pub struct EntryRow {
    /// Where.
    pub position: i64,
    /// Of an operation what became of it when it was stored; none of an act.
    pub status: Option<String>,
    /// With its code.
    pub code: Option<String>,
    /// Word for word.
    pub envelope: String,
    /// SHA-256 of the envelope, as it is stored.
    pub hash: String,
}

/// The log itself: operations and acts in their one order, without gaps.
pub async fn rows(tx: &mut Tx, edition: EditionId, span: Span) -> DbResult<Vec<EntryRow>> {
    let rows = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT position, status, code, envelope, hash FROM ops
         WHERE edition_id = $1 AND position > $2 AND position <= $3
         UNION ALL
         SELECT position, NULL, NULL, envelope, hash FROM acts
         WHERE edition_id = $1 AND position > $2 AND position <= $3
         ORDER BY 1 LIMIT $4"
    )
    .bind(edition.to_string())
    .bind(span.after as i64)
    .bind(span.up_to as i64)
    .bind(i64::from(span.limit))
    .fetch_all(connection)
    .await)?;
    Ok(rows)
}

/// Positions that no reading of the log in order meets, or at whose entries it may leave one out: those before the first, and
/// those of several.
pub async fn misplaced(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<i64>> {
    let rows: Vec<(i64,)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT position FROM (SELECT position FROM ops WHERE edition_id = $1
                               UNION ALL SELECT position FROM acts WHERE edition_id = $1) AS log
         GROUP BY position HAVING position < 1 OR COUNT(*) > 1 ORDER BY position"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    Ok(rows.into_iter().map(|(position,)| position).collect())
}

/// An operation with the columns that stand beside its envelope.
#[derive(sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct OpColumns {
    pub position: i64,
    pub envelope: String,
    pub replica_id: String,
    pub seq: i64,
    pub user_id: String,
    pub round: String,
    pub product_id: Option<String>,
    pub kind: String,
    pub status: String,
    pub code: Option<String>,
    pub base: Option<String>,
    pub reissue_of: Option<String>,
}

/// Operations with their columns, for whoever compares them.
pub async fn columns(tx: &mut Tx, edition: EditionId, span: Span) -> DbResult<Vec<OpColumns>> {
    let rows = with_tx!(tx, |connection| {
        sqlx::query_as(
        "SELECT position, envelope, replica_id, seq, user_id, round, product_id, kind, status, code, base, reissue_of
         FROM ops WHERE edition_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4"
    )
    .bind(edition.to_string())
    .bind(span.after as i64)
    .bind(span.up_to as i64)
    .bind(i64::from(span.limit))
    .fetch_all(connection)
    .await
    })?;
    Ok(rows)
}

/// The log as totals take it in.
pub async fn entries(tx: &mut Tx, edition: EditionId, span: Span) -> DbResult<Vec<LogEntry>> {
    rows(tx, edition, span).await?.into_iter().map(EntryRow::entry).collect()
}

impl EntryRow {
    /// What an operation's status was when it was stored; none of an act.
    pub fn status(&self) -> DbResult<Option<Status>> {
        self.status.as_deref().map(|status| read_status(status, self.code.clone())).transpose()
    }

    /// As totals take it in.
    pub fn entry(self) -> DbResult<LogEntry> {
        let what = match self.status()? {
            Some(status) => Logged::Op(Box::new(self.operation(status)?)),
            None => Logged::of(self.act()?.act),
        };
        Ok(LogEntry { position: number(self.position, "position")?, what })
    }

    /// The act that stands there.
    pub fn act(&self) -> DbResult<ActEnvelope> {
        serde_json::from_str(&self.envelope).map_err(|_| DbError::Corrupt("act"))
    }

    fn operation(&self, status: Status) -> DbResult<OpEntry> {
        let envelope: Envelope = serde_json::from_str(&self.envelope).map_err(|_| DbError::Corrupt("envelope"))?;
        let work = envelope.work().ok();
        let origin = envelope.origin(read(&self.hash, "hash")?);
        Ok(OpEntry { user: envelope.user, round: envelope.round, origin, status, work })
    }
}

fn status_columns(status: &Status) -> (&'static str, Option<String>) {
    match status {
        Status::Accepted => ("accepted", None),
        Status::Held(code) => ("held", code_name(code)),
        Status::Rejected(code) => ("rejected", code_name(code)),
    }
}

/// Reads a stored status.
pub fn read_status(status: &str, code: Option<String>) -> DbResult<Status> {
    match status {
        "accepted" => Ok(Status::Accepted),
        "held" => Ok(Status::Held(read_code::<HeldCode>(code)?)),
        "rejected" => Ok(Status::Rejected(read_code::<RejectedCode>(code)?)),
        _ => Err(DbError::Corrupt("status")),
    }
}

/// A code's name in the database is the one on the wire.
fn code_name(code: &impl Serialize) -> Option<String> {
    serde_json::to_value(code).ok()?.as_str().map(str::to_owned)
}

/// Reads a stored status code.
pub fn read_code<T: DeserializeOwned>(code: Option<String>) -> DbResult<T> {
    serde_json::from_value(code.into()).map_err(|_| DbError::Corrupt("status code"))
}
