//! Pushes of forked chains (S17): kept whole, never counted, until somebody has looked at them.

use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::api::oversight::QuarantineLine;
use domain::sync::chain::sha256;
use domain::sync::inbox::ReplicaState;
use domain::sync::wire::Push;

/// Keeps a push; the same one is kept once, however often the tablet repeats it.
pub async fn insert(tx: &mut Tx, push: &Push, fork_seq: u64, stored: &ReplicaState, now: i64) -> DbResult<()> {
    let text = serde_json::to_string(push).unwrap_or_default();
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO quarantine
             (push_hash, replica_id, user_id, fork_seq, stored_seq, stored_head, push, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (push_hash) DO NOTHING"
    )
    .bind(sha256(text.as_bytes()).to_string())
    .bind(push.replica.to_string())
    .bind(stored.user.to_string())
    .bind(fork_seq as i64)
    .bind(stored.seq as i64)
    .bind(stored.head.map(String::from))
    .bind(&text)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// All of it, the latest first.
pub async fn lines(tx: &mut Tx) -> DbResult<Vec<QuarantineLine>> {
    let rows: Vec<(String, String, i64, String, i64)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT q.replica_id, u.display_name, q.fork_seq, q.push, q.received_at
         FROM quarantine q JOIN users u ON u.id = q.user_id ORDER BY q.received_at DESC, q.push_hash"
    )
    .fetch_all(connection)
    .await)?;
    let lines = rows.into_iter().map(|(replica, juror, fork_seq, push, received_at)| {
        let push: Push = serde_json::from_str(&push).map_err(|_| DbError::Corrupt("push"))?;
        Ok(QuarantineLine {
            replica: read(&replica, "replica id")?,
            juror,
            fork_seq: number(fork_seq, "sequence number")?,
            ops: push.ops.len() as u64,
            received_at,
        })
    });
    lines.collect()
}
