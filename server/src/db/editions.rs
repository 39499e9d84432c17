//! Writes an edition's settings. Reading them back is `db/catalog.rs`.

use super::{DbError, DbResult, Tx, with_tx};
use domain::catalog::Seat;
use domain::edition::{Edition, Scoring};
use domain::ids::{EditionId, ProductId, RoundCode, UserId};
use domain::jury::Standing;
use domain::registration::{Establishment, Product, Province};
use domain::round::Round;
use domain::rubric::Rubric;
use serde::Serialize;

/// Adds an edition and its groups.
pub async fn insert(tx: &mut Tx, edition: &Edition, scoring: &Scoring, now: i64) -> DbResult<()> {
    let (tally, result) = (document(&scoring.tally)?, document(&scoring.result)?);
    with_tx!(&mut *tx, |connection| sqlx::query(
        "INSERT INTO editions (id, name, region, threshold, created_at, tally, result)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(edition.id.to_string())
    .bind(&edition.name)
    .bind(&edition.region)
    .bind(i64::from(edition.threshold.0))
    .bind(now)
    .bind(&tally)
    .bind(&result)
    .execute(connection)
    .await
    .map(|_| ()))?;
    for (ordinal, group) in (1_i64..).zip(&edition.groups) {
        with_tx!(&mut *tx, |connection| sqlx::query(
            "INSERT INTO product_groups (edition_id, code, ordinal, name, short_name) VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(edition.id.to_string())
        .bind(group.code.as_str())
        .bind(ordinal)
        .bind(&group.name)
        .bind(&group.short_name)
        .execute(connection)
        .await
        .map(|_| ()))?;
    }
    Ok(())
}

/// Freezes a rubric.
pub async fn insert_rubric(tx: &mut Tx, edition: EditionId, rubric: &Rubric, now: i64) -> DbResult<()> {
    let document = document(rubric)?;
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO rubrics (id, edition_id, document, frozen_at) VALUES ($1, $2, $3, $4)"
    )
    .bind(rubric.id.to_string())
    .bind(edition.to_string())
    .bind(document)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

fn document(settings: &impl Serialize) -> DbResult<String> {
    serde_json::to_string(settings).map_err(|_| DbError::Corrupt("settings"))
}

/// Plans a round. Its state comes from acts (`db/rounds.rs`).
pub async fn insert_round(tx: &mut Tx, edition: EditionId, round: &Round) -> DbResult<()> {
    let mode = document(&round.mode)?;
    with_tx!(tx, |connection| {
        sqlx::query(
        "INSERT INTO rounds (edition_id, code, ordinal, name, short_name, rubric_id, starts_on, ends_on, opens_at, mode)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(edition.to_string())
    .bind(round.code.as_str())
    .bind(i64::from(round.ordinal))
    .bind(&round.name)
    .bind(&round.short_name)
    .bind(round.rubric.to_string())
    .bind(&round.starts_on)
    .bind(&round.ends_on)
    .bind(&round.opens_at)
    .bind(&mode)
    .execute(connection)
    .await
    .map(|_| ())
    })?;
    Ok(())
}

/// Adds a province of the region.
pub async fn insert_province(tx: &mut Tx, edition: EditionId, province: &Province) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO provinces (edition_id, prefix, ordinal, name) VALUES ($1, $2, $3, $4)"
    )
    .bind(edition.to_string())
    .bind(&province.prefix)
    .bind(i64::from(province.ordinal))
    .bind(&province.name)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Adds an establishment under its code; `province` is the prefix.
pub async fn insert_establishment(
    tx: &mut Tx,
    edition: EditionId,
    code: &str,
    province: &str,
    establishment: &Establishment,
) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO establishments (edition_id, code, province, name, kind, address, founded, workers)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(edition.to_string())
    .bind(code)
    .bind(province)
    .bind(&establishment.name)
    .bind(&establishment.kind)
    .bind(&establishment.address)
    .bind(establishment.founded.map(i64::from))
    .bind(establishment.workers.map(i64::from))
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Registers a product of the establishment with this code.
pub async fn insert_product(tx: &mut Tx, edition: EditionId, establishment: &str, product: &Product) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO products (id, edition_id, code, name, product_group, is_set, establishment, summary, materials)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(product.id.to_string())
    .bind(edition.to_string())
    .bind(product.code.as_str())
    .bind(&product.name)
    .bind(product.group.as_str())
    .bind(product.is_set)
    .bind(establishment)
    .bind(&product.summary)
    .bind(&product.materials)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Which sheet a seat is about.
#[derive(Clone, Copy)]
pub struct SeatKey<'a> {
    /// Edition.
    pub edition: EditionId,
    /// Round.
    pub round: &'a RoundCode,
    /// Product.
    pub product: ProductId,
    /// Juror.
    pub juror: UserId,
}

/// Assigns a juror. A recorded absence or recusal is an act of its own ([`append_standing`]).
pub async fn insert_seat(tx: &mut Tx, key: SeatKey<'_>, seat: &Seat) -> DbResult<()> {
    let stop = seat.stop.as_ref();
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO seats (edition_id, round, product_id, juror_id,
                            stop_date, stop_ordinal, stop_time, stop_place, stop_address, stop_delegation)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(key.edition.to_string())
    .bind(key.round.as_str())
    .bind(key.product.to_string())
    .bind(key.juror.to_string())
    .bind(stop.map(|stop| stop.date.as_str()))
    .bind(stop.map(|stop| i64::from(stop.ordinal)))
    .bind(stop.map(|stop| stop.time.as_str()))
    .bind(stop.map(|stop| stop.place.as_str()))
    .bind(stop.map(|stop| stop.address.as_str()))
    .bind(stop.map(|stop| stop.delegation.as_str()))
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Withdraws an assignment; `version` is the catalogue's new version.
pub async fn withdraw_seat(tx: &mut Tx, key: SeatKey<'_>, version: u64) -> DbResult<()> {
    with_tx!(tx, |connection| sqlx::query(
        "UPDATE seats SET withdrawn_in = $5
         WHERE edition_id = $1 AND round = $2 AND product_id = $3 AND juror_id = $4"
    )
    .bind(key.edition.to_string())
    .bind(key.round.as_str())
    .bind(key.product.to_string())
    .bind(key.juror.to_string())
    .bind(version as i64)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Somebody records how a seat stands: absent, recused, or active again.
pub async fn append_standing(tx: &mut Tx, key: SeatKey<'_>, standing: &Standing, by: UserId, at: i64) -> DbResult<()> {
    let (name, reason) = match standing {
        Standing::Active => ("active", ""),
        Standing::Absent { reason } => ("absent", reason.as_str()),
        Standing::Recused { reason } => ("recused", reason.as_str()),
    };
    with_tx!(tx, |connection| sqlx::query(
        "INSERT INTO standing_acts
             (edition_id, round, product_id, juror_id, ordinal, standing, reason, acted_by, acted_at)
         SELECT $1, $2, $3, $4, COALESCE(MAX(ordinal), 0) + 1, $5, $6, $7, $8 FROM standing_acts
         WHERE edition_id = $1 AND round = $2 AND product_id = $3 AND juror_id = $4"
    )
    .bind(key.edition.to_string())
    .bind(key.round.as_str())
    .bind(key.product.to_string())
    .bind(key.juror.to_string())
    .bind(name)
    .bind(reason)
    .bind(by.to_string())
    .bind(at)
    .execute(connection)
    .await
    .map(|_| ()))?;
    Ok(())
}
