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
    /// The position at which it says that.
    pub position: u64,
}

/// What is written into a record.
pub enum Written {
    /// By a tablet.
    Op {
        /// Where it stands among others.
        origin: Origin,
        /// What it does.
        work: VisitWork,
        /// Whether it counts from here on.
        counts: bool,
    },
    /// At the desk.
    Record {
        /// Of whom.
        juror: UserId,
        /// How they were there.
        presence: Presence,
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

/// All of them, in the log's order, what was ruled on again where the ruling stands: what is recorded in between knew nothing of
/// it (S23); but those that were never a secretary's word about a stop: they are evidence, and would
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
        lines.extend(written(row)?);
    }
    lines.sort_by_key(|line| line.position);
    Ok(lines)
}

/// What a row says: an operation that was ruled on says something twice.
fn written((position, status, code, verdict, envelope, hash, ruled_at): Row) -> DbResult<Vec<Line>> {
    let position = number(position, "position")?;
    let hash: OpHash = read(&hash, "hash")?;
    let Some(status) = status else {
        let act: ActEnvelope = serde_json::from_str(&envelope).map_err(|_| DbError::Corrupt("act"))?;
        return Ok(match act.act {
            // What follows from tablets' operations is in those.
            OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, from }
                if from.is_empty() =>
            {
                let key = VisitKey { round, stop: StopKey { delegation, date, ordinal } };
                vec![Line { key, what: Written::Record { juror, presence, hash }, position }]
            }
            _ => Vec::new(),
        });
    };
    let envelope: Envelope = serde_json::from_str(&envelope).map_err(|_| DbError::Corrupt("envelope"))?;
    let Ok(Task::Visit(work)) = envelope.task() else {
        return Ok(Vec::new());
    };
    let key = VisitKey { round: envelope.round.clone(), stop: work.stop.clone() };
    let said = |position: u64, status: &Status| Line {
        key: key.clone(),
        what: Written::Op { origin: envelope.origin(hash), work: work.clone(), counts: *status == Status::Accepted },
        position,
    };
    let stored = read_status(&status, code)?;
    let mut lines = vec![said(position, &stored)];
    if let Some(ruled_at) = ruled_at {
        lines.push(said(number(ruled_at, "position")?, &ruled(stored, verdict.as_deref())?));
    }
    Ok(lines)
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
