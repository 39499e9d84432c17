//! What organisers ruled on held operations (S25): each is ruled on once, and the ruling stands in the log as an act.

use super::ops::read_code;
use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::api::oversight::{HeldProduct, HeldVisit, HeldWork};
use domain::ids::{EditionId, RoundCode, UserId};
use domain::log::{OpName, Verdict};
use domain::sheet::{Act, Work};
use domain::sync::chain::{Envelope, Task};
use domain::visit::{VisitAct, VisitWork};
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, BTreeSet};

/// A held operation that an act may rule on.
pub struct Held {
    /// Its position.
    pub position: u64,
    /// Whose it is.
    pub user: UserId,
    /// Whether somebody has ruled on it already.
    pub ruled: bool,
}

/// Those of these operations that are held in the round.
pub async fn find_held(tx: &mut Tx, edition: EditionId, round: &RoundCode, names: &[OpName]) -> DbResult<Vec<Held>> {
    let rows: Vec<(i64, String, Option<i64>)> = with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new(
            "SELECT o.position, o.user_id, r.position FROM ops o
             LEFT JOIN rulings r ON r.edition_id = o.edition_id AND r.op_position = o.position
             WHERE o.status = 'held' AND o.edition_id = ",
        );
        query.push_bind(edition.to_string()).push(" AND o.round = ").push_bind(round.to_string());
        query.push(" AND (o.replica_id, o.seq, o.hash) IN ");
        query.push_tuples(names, |mut row, name| {
            row.push_bind(name.replica.to_string()).push_bind(name.seq as i64).push_bind(name.hash.to_string());
        });
        query.push(" ORDER BY o.position");
        query.build_query_as().fetch_all(connection).await
    })?;
    let held = rows.into_iter().map(|(position, user, ruling)| {
        let (position, user) = (number(position, "position")?, read(&user, "user id")?);
        Ok(Held { position, user, ruled: ruling.is_some() })
    });
    held.collect()
}

/// Notes what the act at `position` ruled on these operations.
pub async fn append(tx: &mut Tx, edition: EditionId, ops: &[Held], position: u64, verdict: Verdict) -> DbResult<()> {
    with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("INSERT INTO rulings (edition_id, op_position, position, user_id, verdict) ");
        query.push_values(ops, |mut row, op| {
            row.push_bind(edition.to_string())
                .push_bind(op.position as i64)
                .push_bind(position as i64)
                .push_bind(op.user.to_string())
                .push_bind(verdict_name(verdict));
        });
        query.build().execute(connection).await.map(|_| ())
    })?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct WorkRow {
    envelope: String,
    hash: String,
    code: Option<String>,
    received_at: i64,
    juror: String,
    product_code: Option<String>,
    product_name: Option<String>,
    ruling: Option<i64>,
}

/// All held operations of a round in the log's order, with the position of the act that ruled on each.
/// `names` are everybody's, as others read them.
pub async fn held_work(
    tx: &mut Tx,
    edition: EditionId,
    round: &RoundCode,
    names: &BTreeMap<UserId, String>,
) -> DbResult<Vec<(HeldWork, Option<u64>)>> {
    let rows: Vec<WorkRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT o.envelope, o.hash, o.code, o.received_at, u.display_name AS juror,
                p.code AS product_code, p.name AS product_name, r.position AS ruling
         FROM ops o JOIN users u ON u.id = o.user_id LEFT JOIN products p ON p.id = o.product_id
         LEFT JOIN rulings r ON r.edition_id = o.edition_id AND r.op_position = o.position
         WHERE o.edition_id = $1 AND o.round = $2 AND o.status = 'held' ORDER BY o.position"
    )
    .bind(edition.to_string())
    .bind(round.as_str())
    .fetch_all(connection)
    .await)?;
    rows.into_iter().map(|row| work(row, names)).collect()
}

fn work(row: WorkRow, names: &BTreeMap<UserId, String>) -> DbResult<(HeldWork, Option<u64>)> {
    let envelope: Envelope = serde_json::from_str(&row.envelope).map_err(|_| DbError::Corrupt("envelope"))?;
    let (criterion, visit) = match envelope.task().ok() {
        Some(Task::Sheet(Work { act: Act::SetMark { criterion, .. } | Act::SetNote { criterion, .. }, .. })) => {
            (Some(criterion), None)
        }
        Some(Task::Visit(VisitWork { stop, act })) => {
            let said = match act {
                VisitAct::Presence { juror, presence } => (names.get(&juror).cloned(), Some(presence)),
                _ => (None, None),
            };
            (None, Some(HeldVisit { stop, juror: said.0, presence: said.1 }))
        }
        _ => (None, None),
    };
    let product = match (row.product_code, row.product_name) {
        (Some(code), Some(name)) => Some(HeldProduct { code: read(&code, "selection code")?, name }),
        _ => None,
    };
    let work = HeldWork {
        op: OpName { replica: envelope.replica, seq: envelope.seq, hash: read(&row.hash, "hash")? },
        juror: row.juror,
        product,
        kind: envelope.kind,
        visit,
        criterion,
        code: read_code(row.code)?,
        received_at: row.received_at,
    };
    Ok((work, row.ruling.map(|position| number(position, "position")).transpose()?))
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Admit => "admit",
        Verdict::Deny => "deny",
    }
}

/// Reads a stored verdict.
pub fn read_verdict(name: &str) -> DbResult<Verdict> {
    match name {
        "admit" => Ok(Verdict::Admit),
        "deny" => Ok(Verdict::Deny),
        _ => Err(DbError::Corrupt("verdict")),
    }
}

/// What an act ruled on a held operation, both by their positions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ruling {
    /// The operation's.
    pub op: u64,
    /// The act's.
    pub act: u64,
    /// Whose operation it is.
    pub user: UserId,
    /// Whether it counts from then on.
    pub admitted: bool,
}

/// All rulings of a log.
pub async fn all(tx: &mut Tx, edition: EditionId) -> DbResult<BTreeSet<Ruling>> {
    let rows: Vec<(i64, i64, String, String)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT op_position, position, user_id, verdict FROM rulings WHERE edition_id = $1"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let rulings = rows.into_iter().map(|(op, act, user, verdict)| {
        Ok(Ruling {
            op: number(op, "position")?,
            act: number(act, "position")?,
            user: read(&user, "user id")?,
            admitted: read_verdict(&verdict)? == Verdict::Admit,
        })
    });
    rulings.collect()
}
