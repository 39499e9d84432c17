//! The operations and acts that the records of stops are folded from (S5). They are a small part of the log: the queries
//! name the kinds as the index `ops_on_visits` does, so that nothing else is read.

use super::ops::{read_status, ruled};
use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::ids::{EditionId, UserId};
use domain::jury::{Presence, StopKey};
use domain::log::{ActEnvelope, OpName, OrganiserAct};
use domain::sheet::Origin;
use domain::sync::chain::{Envelope, OpHash, Task};
use domain::sync::wire::Status;
use domain::visit::{VisitAct, VisitKey, VisitWork};

/// One entry of the log that is about a record.
pub struct Line {
    /// Which record.
    pub key: VisitKey,
    /// What it says.
    pub what: Written,
    /// The position at which it last changed: its own, or that of the ruling on it.
    pub changed_at: u64,
}

/// What is written into a record.
pub enum Written {
    /// By a tablet.
    Op {
        /// Where it stands among others.
        origin: Origin,
        /// What it does.
        work: VisitWork,
        /// Whether it counts by now.
        counts: bool,
    },
    /// At the desk.
    Record {
        /// Of whom.
        juror: UserId,
        /// How they were there.
        presence: Presence,
        /// The act's position.
        position: u64,
        /// Its hash.
        hash: OpHash,
    },
}

/// Of what the records are folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Everything.
    All,
    /// Who was there.
    Presences,
}

type Row = (i64, Option<String>, Option<String>, Option<String>, String, String, Option<i64>);

/// All of them, in the log's order; but those that were never a secretary's word about a stop: they are evidence, and would
/// make records of their own.
pub async fn lines(tx: &mut Tx, edition: EditionId, which: Which) -> DbResult<Vec<Line>> {
    let only = match which {
        Which::All => "",
        Which::Presences => "presence",
    };
    let rows: Vec<Row> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT o.position, o.status, o.code, r.verdict, o.envelope, o.hash, r.position FROM ops o
         LEFT JOIN rulings r ON r.edition_id = o.edition_id AND r.op_position = o.position
         WHERE o.edition_id = $1 AND o.product_id IS NULL
             AND o.kind IN ('arrive', 'depart', 'presence', 'set_fact', 'attach', 'detach') AND ($2 = '' OR o.kind = $2)
             AND (o.code IS NULL OR o.code NOT IN ('other_office', 'unknown_round', 'unknown_stop'))
         UNION ALL
         SELECT a.position, NULL, NULL, NULL, a.envelope, a.hash, NULL FROM acts a
         WHERE a.edition_id = $1 AND a.kind = 'record_presence'
         ORDER BY 1"
    )
    .bind(edition.to_string())
    .bind(only)
    .fetch_all(connection)
    .await)?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.extend(line(row)?);
    }
    Ok(lines)
}

fn line((position, status, code, verdict, envelope, hash, ruled_at): Row) -> DbResult<Option<Line>> {
    let changed_at = number(ruled_at.unwrap_or(position), "position")?;
    let hash: OpHash = read(&hash, "hash")?;
    let Some(status) = status else {
        let act: ActEnvelope = serde_json::from_str(&envelope).map_err(|_| DbError::Corrupt("act"))?;
        return Ok(match act.act {
            OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, from } => {
                let key = VisitKey { round, stop: StopKey { delegation, date, ordinal } };
                let what = Written::Record { juror, presence, position: number(position, "position")?, hash };
                // What follows from tablets' operations is in those.
                from.is_empty().then_some(Line { key, what, changed_at })
            }
            _ => None,
        });
    };
    let envelope: Envelope = serde_json::from_str(&envelope).map_err(|_| DbError::Corrupt("envelope"))?;
    let Ok(Task::Visit(work)) = envelope.task() else {
        return Ok(None);
    };
    let counts = ruled(read_status(&status, code)?, verdict.as_deref())? == Status::Accepted;
    let key = VisitKey { round: envelope.round.clone(), stop: work.stop.clone() };
    Ok(Some(Line { key, what: Written::Op { origin: envelope.origin(hash), work, counts }, changed_at }))
}

/// Whether anything was written into a record, or ruled on, behind this position.
pub async fn changed_since(tx: &mut Tx, edition: EditionId, after: u64) -> DbResult<bool> {
    let (changed,): (i64,) = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT CAST(CASE WHEN
             EXISTS (SELECT 1 FROM ops WHERE edition_id = $1 AND position > $2 AND product_id IS NULL
                     AND kind IN ('arrive', 'depart', 'presence', 'set_fact', 'attach', 'detach'))
             OR EXISTS (SELECT 1 FROM acts WHERE edition_id = $1 AND position > $2
                        AND kind IN ('record_presence', 'rule'))
         THEN 1 ELSE 0 END AS BIGINT)"
    )
    .bind(edition.to_string())
    .bind(after as i64)
    .fetch_one(connection)
    .await)?;
    Ok(changed != 0)
}

/// Whose presence at which stop these operations are about.
pub async fn presences_among(tx: &mut Tx, edition: EditionId, names: &[OpName]) -> DbResult<Vec<(VisitKey, UserId)>> {
    let wanted: Vec<OpHash> = names.iter().map(|name| name.hash).collect();
    let presences = lines(tx, edition, Which::Presences).await?.into_iter().filter_map(|line| match line.what {
        Written::Op { origin, work: VisitWork { act: VisitAct::Presence { juror, .. }, .. }, .. }
            if wanted.contains(&origin.hash) =>
        {
            Some((line.key, juror))
        }
        _ => None,
    });
    Ok(presences.collect())
}
