//! Acts on rounds (S25): a round's state is that of its latest act.

use super::{DbResult, Tx, number, read, with_tx};
use domain::api::Recorded;
use domain::api::oversight::RoundActLine;
use domain::ids::{EditionId, RoundCode, UserId};
use domain::round::RoundState;

/// Somebody opens or closes a round.
pub struct RoundAct<'a> {
    /// The state that it leads to.
    pub state: RoundState,
    /// The epoch that it leads to.
    pub epoch: u32,
    /// Who.
    pub by: UserId,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What was done to a round, in order.
pub async fn acts(tx: &mut Tx, edition: EditionId, round: &RoundCode) -> DbResult<Vec<RoundActLine>> {
    let rows: Vec<(String, i64, String, String, i64)> = with_tx!(tx, |connection| {
        sqlx::query_as(
        "SELECT a.state, a.epoch, a.reason, u.display_name, a.acted_at FROM round_acts a JOIN users u ON u.id = a.acted_by
         WHERE a.edition_id = $1 AND a.round = $2 ORDER BY a.ordinal"
    )
    .bind(edition.to_string())
    .bind(round.as_str())
    .fetch_all(connection)
    .await
    })?;
    let lines = rows.into_iter().map(|(state, epoch, reason, by, at)| {
        Ok(RoundActLine {
            state: read(&state, "round state")?,
            epoch: number(epoch, "epoch")?,
            reason,
            recorded: Recorded { by, at },
        })
    });
    lines.collect()
}

/// Adds an act. The caller raises the catalogue's version in the same transaction.
pub async fn append_act(tx: &mut Tx, edition: EditionId, round: &RoundCode, act: &RoundAct<'_>) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO round_acts (edition_id, round, ordinal, state, epoch, acted_by, acted_at, reason)
         SELECT $1, $2, COALESCE(MAX(ordinal), 0) + 1, $3, $4, $5, $6, $7
         FROM round_acts WHERE edition_id = $1 AND round = $2"
    )
    .bind(edition.to_string())
    .bind(round.as_str())
    .bind(act.state.as_str())
    .bind(i64::from(act.epoch))
    .bind(act.by.to_string())
    .bind(act.at)
    .bind(act.reason)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// An act on a round, as it is stored.
#[derive(Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// Which round.
    pub round: RoundCode,
    /// The state that it led to.
    pub state: RoundState,
    /// The epoch that it led to.
    pub epoch: u32,
    /// Who.
    pub by: UserId,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// What was done to all rounds, each's acts in order.
pub async fn rows(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<RoundRow>> {
    let rows: Vec<(String, String, i64, String, i64, String)> = with_tx!(tx, |connection| {
        sqlx::query_as(
        "SELECT round, state, epoch, acted_by, acted_at, reason FROM round_acts WHERE edition_id = $1 ORDER BY round, ordinal"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await
    })?;
    let rows = rows.into_iter().map(|(round, state, epoch, by, at, reason)| {
        Ok(RoundRow {
            round: read(&round, "round code")?,
            state: read(&state, "round state")?,
            epoch: number(epoch, "epoch")?,
            by: read(&by, "user id")?,
            at,
            reason,
        })
    });
    rows.collect()
}
