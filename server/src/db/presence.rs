//! Who was at the stops of a visit: acts of its secretary; the latest one on a juror and stop holds.

use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::api::Recorded;
use domain::ids::{EditionId, RoundCode, UserId};
use domain::jury::Presence;

/// A juror at a stop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The stop's delegation.
    pub delegation: String,
    /// Its day.
    pub date: String,
    /// Its place in the day's order.
    pub ordinal: u32,
    /// Who.
    pub juror: UserId,
}

/// What was recorded last of a juror at a stop.
pub struct Latest {
    /// Of whom.
    pub at: At,
    /// What.
    pub presence: Presence,
    /// Who recorded it.
    pub by: UserId,
    /// The same for people, and when.
    pub recorded: Recorded,
}

#[derive(sqlx::FromRow)]
struct ActRow {
    delegation: String,
    stop_date: String,
    stop_ordinal: i64,
    juror_id: String,
    presence: String,
    reason: String,
    acted_by: String,
    acted_at: i64,
    display_name: String,
}

/// What holds now, of everybody about whom something was recorded.
pub async fn load(tx: &mut Tx, edition: EditionId, round: &RoundCode) -> DbResult<Vec<Latest>> {
    let rows: Vec<ActRow> = with_tx!(tx, |connection| {
        sqlx::query_as(
        "SELECT p.delegation, p.stop_date, p.stop_ordinal, p.juror_id, p.presence, p.reason, p.acted_by, p.acted_at,
             u.display_name
         FROM presence_acts p JOIN users u ON u.id = p.acted_by
         WHERE p.edition_id = $1 AND p.round = $2 AND p.ordinal =
             (SELECT MAX(l.ordinal) FROM presence_acts l WHERE l.edition_id = p.edition_id AND l.round = p.round
              AND l.delegation = p.delegation AND l.stop_date = p.stop_date AND l.stop_ordinal = p.stop_ordinal
              AND l.juror_id = p.juror_id)"
    )
    .bind(edition.to_string())
    .bind(round.as_str())
    .fetch_all(connection)
    .await
    })?;
    rows.into_iter().map(latest).collect()
}

fn latest(row: ActRow) -> DbResult<Latest> {
    let reason = row.reason;
    let presence = match row.presence.as_str() {
        "present" => Presence::Present,
        "late" => Presence::Late { reason },
        "absent" => Presence::Absent { reason },
        _ => return Err(DbError::Corrupt("presence")),
    };
    let at = At {
        delegation: row.delegation,
        date: row.stop_date,
        ordinal: number(row.stop_ordinal, "ordinal")?,
        juror: read(&row.juror_id, "user id")?,
    };
    let recorded = Recorded { by: row.display_name, at: row.acted_at };
    Ok(Latest { at, presence, by: read(&row.acted_by, "user id")?, recorded })
}

/// Somebody records how a juror was there. What it means for the seats is an act of its own on each.
pub async fn append(
    tx: &mut Tx,
    edition: EditionId,
    round: &RoundCode,
    at: &At,
    presence: &Presence,
    (by, now): (UserId, i64),
) -> DbResult<()> {
    let (name, reason) = presence.parts();
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO presence_acts
             (edition_id, round, delegation, stop_date, stop_ordinal, juror_id, ordinal,
              presence, reason, acted_by, acted_at)
         SELECT $1, $2, $3, $4, $5, $6, COALESCE(MAX(ordinal), 0) + 1, $7, $8, $9, $10 FROM presence_acts
         WHERE edition_id = $1 AND round = $2 AND delegation = $3 AND stop_date = $4 AND stop_ordinal = $5
             AND juror_id = $6"
    )
    .bind(edition.to_string())
    .bind(round.as_str())
    .bind(&at.delegation)
    .bind(&at.date)
    .bind(i64::from(at.ordinal))
    .bind(at.juror.to_string())
    .bind(name)
    .bind(reason)
    .bind(by.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
