//! The plan's rows and what became of them.

use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::ids::{EditionId, UserId};
use domain::plan::{PlanChange, PlanRow, When};
use std::collections::BTreeMap;

/// Writes a row as it was decided.
pub async fn insert(tx: &mut Tx, edition: EditionId, row: &PlanRow) -> DbResult<()> {
    let (contents, lead, coordinating) = (list(&row.contents)?, list(&row.lead)?, list(&row.coordinating)?);
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO plan_rows
             (edition_id, ordinal, contents, lead, coordinating, time_window, starts_on, ends_on, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(edition.to_string())
    .bind(i64::from(row.ordinal))
    .bind(&contents)
    .bind(&lead)
    .bind(&coordinating)
    .bind(&row.window)
    .bind(&row.when.starts_on)
    .bind(&row.when.ends_on)
    .bind(row.when.state.as_str())
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

fn list(texts: &[String]) -> DbResult<String> {
    serde_json::to_string(texts).map_err(|_| DbError::Corrupt("plan"))
}

#[derive(sqlx::FromRow)]
struct RowRow {
    ordinal: i64,
    contents: String,
    lead: String,
    coordinating: String,
    time_window: String,
    starts_on: Option<String>,
    ends_on: Option<String>,
    state: String,
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    plan_row: i64,
    starts_on: Option<String>,
    ends_on: Option<String>,
    state: String,
    reason: String,
    acted_at: i64,
    display_name: String,
}

/// All rows with all their changes, in the plan's order.
pub async fn load(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<PlanRow>> {
    let rows: Vec<RowRow> = with_tx!(&mut *tx, |connection| sqlx::query_as(
        "SELECT ordinal, contents, lead, coordinating, time_window, starts_on, ends_on, state
         FROM plan_rows WHERE edition_id = $1 ORDER BY ordinal"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let changes: Vec<ChangeRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT c.plan_row, c.starts_on, c.ends_on, c.state, c.reason, c.acted_at, u.display_name
         FROM plan_changes c JOIN users u ON u.id = c.acted_by
         WHERE c.edition_id = $1 ORDER BY c.plan_row, c.ordinal"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let mut by_row: BTreeMap<i64, Vec<PlanChange>> = BTreeMap::new();
    for row in changes {
        by_row.entry(row.plan_row).or_default().push(change(row)?);
    }
    rows.into_iter().map(|row| plan_row(by_row.remove(&row.ordinal).unwrap_or_default(), row)).collect()
}

fn change(row: ChangeRow) -> DbResult<PlanChange> {
    let when = When { starts_on: row.starts_on, ends_on: row.ends_on, state: read(&row.state, "plan state")? };
    Ok(PlanChange { when, by: row.display_name, at: row.acted_at, reason: row.reason })
}

fn plan_row(changes: Vec<PlanChange>, row: RowRow) -> DbResult<PlanRow> {
    let texts = |text: &str| serde_json::from_str(text).map_err(|_| DbError::Corrupt("plan"));
    let decided = When { starts_on: row.starts_on, ends_on: row.ends_on, state: read(&row.state, "plan state")? };
    Ok(PlanRow {
        ordinal: number(row.ordinal, "ordinal")?,
        contents: texts(&row.contents)?,
        lead: texts(&row.lead)?,
        coordinating: texts(&row.coordinating)?,
        window: row.time_window,
        when: changes.last().map_or_else(|| decided.clone(), |last| last.when.clone()),
        decided,
        changes,
    })
}

/// Somebody's change of a row.
pub struct Change<'a> {
    /// The row's number.
    pub row: u32,
    /// The change's own number, from 1: it is refused if there is one already.
    pub ordinal: u32,
    /// Dates and state from now on.
    pub when: &'a When,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub by: UserId,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// Adds a change; says whether it did: not where another came first.
pub async fn append(tx: &mut Tx, edition: EditionId, change: &Change<'_>) -> DbResult<bool> {
    let added = with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO plan_changes
             (edition_id, plan_row, ordinal, starts_on, ends_on, state, reason, acted_by, acted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
    )
    .bind(edition.to_string())
    .bind(i64::from(change.row))
    .bind(i64::from(change.ordinal))
    .bind(&change.when.starts_on)
    .bind(&change.when.ends_on)
    .bind(change.when.state.as_str())
    .bind(change.reason)
    .bind(change.by.to_string())
    .bind(change.at)
    .execute(connection)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(added == 1)
}
