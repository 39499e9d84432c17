//! Organisers' acts in the log (S31): appended to, never changed. What they ruled on held work is `db/rulings.rs`.

use super::{DbError, DbResult, Tx, number, with_tx};
use domain::ids::EditionId;
use domain::log::{ActEnvelope, OrganiserAct};
use domain::sync::chain::OpHash;

/// Appends an act at its position.
pub async fn append(tx: &mut Tx, position: u64, act: &ActEnvelope) -> DbResult<OpHash> {
    let (text, hash) = act.write();
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO acts (edition_id, position, kind, envelope, hash) VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(act.edition.to_string())
    .bind(position as i64)
    .bind(kind(&act.act))
    .bind(text)
    .bind(hash.to_string())
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(hash)
}

/// Its name in the database, the one that its envelope has.
pub fn kind(act: &OrganiserAct) -> &'static str {
    match act {
        OrganiserAct::Found {} => "found",
        OrganiserAct::MoveRound { .. } => "move_round",
        OrganiserAct::Rule { .. } => "rule",
        OrganiserAct::RevokeReplica { .. } => "revoke_replica",
        OrganiserAct::RecordPresence { .. } => "record_presence",
        OrganiserAct::ChangePlan { .. } => "change_plan",
    }
}

/// The acts of one kind, in order: position and text.
pub async fn of_kind(tx: &mut Tx, edition: EditionId, kind: &str) -> DbResult<Vec<(u64, ActEnvelope)>> {
    let rows: Vec<(i64, String)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT position, envelope FROM acts WHERE edition_id = $1 AND kind = $2 ORDER BY position"
    )
    .bind(edition.to_string())
    .bind(kind)
    .fetch_all(connection)
    .await)?;
    let acts = rows.into_iter().map(|(position, text)| {
        let act = serde_json::from_str(&text).map_err(|_| DbError::Corrupt("act"))?;
        Ok((number(position, "position")?, act))
    });
    acts.collect()
}

/// Whether there are any.
pub async fn any(tx: &mut Tx, edition: EditionId) -> DbResult<bool> {
    let found: Option<(i64,)> =
        with_tx!(tx, |connection| sqlx::query_as("SELECT position FROM acts WHERE edition_id = $1 LIMIT 1")
            .bind(edition.to_string())
            .fetch_optional(connection)
            .await)?;
    Ok(found.is_some())
}

/// All of them with their kind's column: position, kind and text.
pub async fn columns(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<(i64, String, String)>> {
    let rows = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT position, kind, envelope FROM acts WHERE edition_id = $1 ORDER BY position"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    Ok(rows)
}
