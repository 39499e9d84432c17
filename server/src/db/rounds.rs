//! Acts on rounds (S25): a round's state is that of its latest act.

use super::{DbResult, Tx, with_tx};
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
