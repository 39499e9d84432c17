//! `/api/v1/plan`: the plan's rows, and moving their dates with who and why.

use crate::acts::{self, By};
use crate::auth::{ChangePlan, May, ReadPlan, Signed};
use crate::body::Body;
use crate::db::audit;
use crate::db::plan::{self, Change};
use crate::db::{Tx, log};
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use crate::text::storable;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::access::may_change_row;
use domain::api::{ChangePlanRow, PlanPage, RoundsPage};
use domain::ids::EditionId;
use domain::log::OrganiserAct;
use domain::plan::{self as rules, PlanRow, When};

/// The edition's rounds, for whoever finds their way.
pub async fn rounds(State(app): State<App>, _: May<ReadPlan>) -> ApiResult<Json<RoundsPage>> {
    let mut tx = app.db.read().await?;
    let head = log::head(&mut tx).await?.ok_or(ApiError::NoEdition)?;
    let catalog = app.catalogs.at(&mut tx, &head).await?;
    tx.rollback().await?;
    Ok(Json(RoundsPage { edition: catalog.edition.name.clone(), rounds: catalog.rounds.clone() }))
}

/// The rows as they stand.
pub async fn show(State(app): State<App>, may: May<ReadPlan>) -> ApiResult<Json<PlanPage>> {
    let mut tx = app.db.read().await?;
    let edition = edition(&mut tx).await?;
    let rows = plan::load(&mut tx, edition).await?;
    tx.rollback().await?;
    let changeable = rows.iter().filter(|row| may_change(&may.signed, row)).map(|row| row.ordinal).collect();
    Ok(Json(PlanPage { rows, changeable }))
}

/// Moves a row's dates, or says how far it is.
pub async fn change(
    State(app): State<App>,
    may: May<ChangePlan>,
    path: Result<Path<u32>, PathRejection>,
    Body(asked): Body<ChangePlanRow>,
) -> ApiResult<Json<PlanRow>> {
    let ordinal = path.map_err(|_| ApiError::UnknownPlanRow)?.0;
    let ChangePlanRow { starts_on, ends_on, state, reason, seen } = asked;
    let (when, reason) = (When { starts_on, ends_on, state }, storable(reason.trim()));
    rules::check(&when, &reason)?;
    let mut tx = app.db.write().await?;
    let edition = edition(&mut tx).await?;
    let row = find(&mut tx, edition, ordinal).await?;
    if !may_change(&may.signed, &row) {
        tx.rollback().await?;
        may.signed.note_refusal(&app, &format!("plan row {ordinal}")).await?;
        return Err(ApiError::Forbidden);
    }
    let (by, at) = (may.signed.session.actor.user, app.nature.now());
    let next = u32::try_from(row.changes.len()).unwrap_or(u32::MAX).saturating_add(1);
    let change = Change { row: ordinal, ordinal: next, when: &when, reason: &reason, by, at };
    if seen.saturating_add(1) != next || !plan::append(&mut tx, edition, &change).await? {
        return Err(ApiError::ChangedMeanwhile);
    }
    let act = OrganiserAct::ChangePlan { row: ordinal, when: when.clone(), reason };
    acts::record(&mut tx, &app.catalogs, &app.receipt_key, By { user: by, at }, act).await?;
    audit::append(&mut tx, &may.signed.entry(&app, "plan_changed", &ordinal.to_string())).await?;
    let row = find(&mut tx, edition, ordinal).await?;
    tx.commit().await?;
    app.live.wake();
    Ok(Json(row))
}

async fn edition(tx: &mut Tx) -> ApiResult<EditionId> {
    Ok(log::head(tx).await?.ok_or(ApiError::NoEdition)?.edition)
}

async fn find(tx: &mut Tx, edition: EditionId, ordinal: u32) -> ApiResult<PlanRow> {
    let rows = plan::load(tx, edition).await?;
    rows.into_iter().find(|row| row.ordinal == ordinal).ok_or(ApiError::UnknownPlanRow)
}

fn may_change(signed: &Signed, row: &PlanRow) -> bool {
    may_change_row(signed.session.actor, row.is_led_by_department())
}
