//! Reads an edition's settings whole: what the inbox judges by, the tally counts over, and tablets carry along.

use super::log::Head;
use super::{DbError, DbResult, Tx, number, read, with_tx};
use domain::catalog::{Catalog, Seat};
use domain::edition::{Edition, Group, Scoring};
use domain::ids::{EditionId, ProductId, RoundCode, UserId};
use domain::jury::{Standing, Stop};
use domain::points::Points;
use domain::registration::{Establishment, Product};
use domain::round::{Round, RoundState};
use domain::rubric::Rubric;
use domain::sync::wire::RemovedAssignment;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The settings as of this transaction.
pub async fn load(tx: &mut Tx, head: &Head) -> DbResult<Catalog> {
    let (edition, scoring) = edition(tx, head.edition).await?;
    Ok(Catalog {
        version: head.catalog_version,
        edition,
        scoring,
        rounds: rounds(tx, head.edition).await?,
        rubrics: rubrics(tx, head.edition).await?,
        products: products(tx, head.edition).await?,
        panels: panels(tx, head.edition).await?,
    })
}

/// A juror's assignments that were withdrawn after the settings' version `since` (S27).
pub async fn withdrawn(tx: &mut Tx, edition: EditionId, juror: UserId, since: u64) -> DbResult<Vec<RemovedAssignment>> {
    let rows: Vec<(String, String)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT round, product_id FROM seats
         WHERE edition_id = $1 AND juror_id = $2 AND withdrawn_in > $3 ORDER BY round, product_id"
    )
    .bind(edition.to_string())
    .bind(juror.to_string())
    .bind(since as i64)
    .fetch_all(connection)
    .await)?;
    let removed = rows.into_iter().map(|(round, product)| {
        Ok(RemovedAssignment { round: read(&round, "round code")?, product: read(&product, "product id")? })
    });
    removed.collect()
}

async fn edition(tx: &mut Tx, id: EditionId) -> DbResult<(Edition, Scoring)> {
    type Row = (String, String, i64, Option<String>, Option<String>);
    let (name, region, threshold, tally, result): Row = with_tx!(&mut *tx, |connection| sqlx::query_as(
        "SELECT name, region, threshold, tally, result FROM editions WHERE id = $1"
    )
    .bind(id.to_string())
    .fetch_one(connection)
    .await)?;
    let rows: Vec<(String, String, String)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT code, name, short_name FROM product_groups WHERE edition_id = $1 ORDER BY ordinal"
    )
    .bind(id.to_string())
    .fetch_all(connection)
    .await)?;
    let group = |(code, name, short_name): (String, _, _)| Ok(Group { code: read(&code, "group")?, name, short_name });
    let groups = rows.into_iter().map(group).collect::<DbResult<_>>()?;
    let threshold = Points(number(threshold, "threshold")?);
    let scoring =
        Scoring { tally: settings(tally, "tally of the edition")?, result: settings(result, "result of the edition")? };
    Ok((Edition { id, name, region, threshold, groups }, scoring))
}

/// Settings as JSON; the default where nobody has decided otherwise.
fn settings<T: DeserializeOwned + Default>(document: Option<String>, what: &'static str) -> DbResult<T> {
    let read = |text: String| serde_json::from_str(&text).map_err(|_| DbError::Corrupt(what));
    document.map_or_else(|| Ok(T::default()), read)
}

#[derive(sqlx::FromRow)]
struct RoundRow {
    code: String,
    ordinal: i64,
    name: String,
    short_name: String,
    rubric_id: String,
    starts_on: String,
    ends_on: String,
    opens_at: String,
    mode: Option<String>,
    state: Option<String>,
    epoch: Option<i64>,
}

async fn rounds(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<Round>> {
    let rows: Vec<RoundRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT r.code, r.ordinal, r.name, r.short_name, r.rubric_id, r.starts_on, r.ends_on, r.opens_at,
                r.mode, a.state, a.epoch
         FROM rounds r
         LEFT JOIN round_acts a ON a.edition_id = r.edition_id AND a.round = r.code AND a.ordinal =
             (SELECT MAX(l.ordinal) FROM round_acts l WHERE l.edition_id = r.edition_id AND l.round = r.code)
         WHERE r.edition_id = $1 ORDER BY r.ordinal"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    rows.into_iter().map(round).collect()
}

fn round(row: RoundRow) -> DbResult<Round> {
    Ok(Round {
        code: read(&row.code, "round code")?,
        ordinal: number(row.ordinal, "ordinal")?,
        name: row.name,
        short_name: row.short_name,
        state: row.state.map_or(Ok(RoundState::Planned), |state| read(&state, "round state"))?,
        mode: settings(row.mode, "mode of a round")?,
        epoch: number(row.epoch.unwrap_or(1), "epoch")?,
        rubric: read(&row.rubric_id, "rubric id")?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        opens_at: row.opens_at,
    })
}

async fn rubrics(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<Rubric>> {
    let rows: Vec<(String,)> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT document FROM rubrics WHERE edition_id = $1 ORDER BY frozen_at, id"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let rubric = |(document,): (String,)| serde_json::from_str(&document).map_err(|_| DbError::Corrupt("rubric"));
    rows.into_iter().map(rubric).collect()
}

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: String,
    code: String,
    name: String,
    product_group: String,
    is_set: bool,
    summary: String,
    materials: String,
    establishment_name: String,
    kind: String,
    address: String,
    founded: Option<i64>,
    workers: Option<i64>,
    province: String,
}

async fn products(tx: &mut Tx, edition: EditionId) -> DbResult<Vec<Product>> {
    let rows: Vec<ProductRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT p.id, p.code, p.name, p.product_group, p.is_set, p.summary, p.materials,
                e.name AS establishment_name, e.kind, e.address, e.founded, e.workers, v.name AS province
         FROM products p
         JOIN establishments e ON e.edition_id = p.edition_id AND e.code = p.establishment
         JOIN provinces v ON v.edition_id = e.edition_id AND v.prefix = e.province
         WHERE p.edition_id = $1 ORDER BY p.code"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    rows.into_iter().map(product).collect()
}

fn product(row: ProductRow) -> DbResult<Product> {
    Ok(Product {
        id: read(&row.id, "product id")?,
        code: read(&row.code, "selection code")?,
        name: row.name,
        group: read(&row.product_group, "group")?,
        is_set: row.is_set,
        province: row.province,
        establishment: Establishment {
            name: row.establishment_name,
            kind: row.kind,
            address: row.address,
            founded: row.founded.map(|year| number(year, "year")).transpose()?,
            workers: row.workers.map(|count| number(count, "workers")).transpose()?,
        },
        summary: row.summary,
        materials: row.materials,
    })
}

#[derive(sqlx::FromRow)]
struct SeatRow {
    round: String,
    product_id: String,
    juror_id: String,
    stop_date: Option<String>,
    stop_ordinal: Option<i64>,
    stop_time: Option<String>,
    stop_place: Option<String>,
    stop_address: Option<String>,
    stop_delegation: Option<String>,
    standing: Option<String>,
    reason: Option<String>,
}

type Panels = BTreeMap<RoundCode, BTreeMap<ProductId, BTreeMap<UserId, Seat>>>;

async fn panels(tx: &mut Tx, edition: EditionId) -> DbResult<Panels> {
    let rows: Vec<SeatRow> = with_tx!(tx, |connection| sqlx::query_as(
        "SELECT s.round, s.product_id, s.juror_id,
                s.stop_date, s.stop_ordinal, s.stop_time, s.stop_place, s.stop_address, s.stop_delegation,
                a.standing, a.reason
         FROM seats s
         LEFT JOIN standing_acts a ON a.edition_id = s.edition_id AND a.round = s.round
             AND a.product_id = s.product_id AND a.juror_id = s.juror_id AND a.ordinal =
             (SELECT MAX(l.ordinal) FROM standing_acts l WHERE l.edition_id = s.edition_id AND l.round = s.round
              AND l.product_id = s.product_id AND l.juror_id = s.juror_id)
         WHERE s.edition_id = $1 AND s.withdrawn_in IS NULL"
    )
    .bind(edition.to_string())
    .fetch_all(connection)
    .await)?;
    let mut panels = Panels::new();
    for row in rows {
        let product = read(&row.product_id, "product id")?;
        let juror = read(&row.juror_id, "user id")?;
        let round = panels.entry(read(&row.round, "round code")?).or_default();
        round.entry(product).or_default().insert(juror, seat(row)?);
    }
    Ok(panels)
}

fn seat(row: SeatRow) -> DbResult<Seat> {
    let reason = row.reason.unwrap_or_default();
    let standing = match row.standing.as_deref() {
        None | Some("active") => Standing::Active,
        Some("absent") => Standing::Absent { reason },
        Some("recused") => Standing::Recused { reason },
        Some(_) => return Err(DbError::Corrupt("standing")),
    };
    let stop = match (row.stop_date, row.stop_ordinal) {
        (Some(date), Some(ordinal)) => Some(Stop {
            date,
            ordinal: number(ordinal, "ordinal")?,
            time: row.stop_time.unwrap_or_default(),
            place: row.stop_place.unwrap_or_default(),
            address: row.stop_address.unwrap_or_default(),
            delegation: row.stop_delegation.unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(Seat { standing, stop })
}
