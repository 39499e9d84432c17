//! `/api/v1/rounds/{round}/totals` and `/live`: the same page, once or for as long as one watches.

use crate::auth::{May, ReadTotals, Signed};
use crate::db::audit;
use crate::error::{ApiError, ApiResult};
use crate::live::stream;
use crate::state::App;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::access::may_see_totals;
use domain::catalog::Catalog;
use domain::ids::RoundCode;
use serde::Deserialize;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A round's totals as of now.
pub async fn show(
    State(app): State<App>,
    may: May<ReadTotals>,
    path: Result<Path<String>, PathRejection>,
) -> ApiResult<impl IntoResponse> {
    let round = round_of(path)?;
    let catalog = app.live.catalog().await?.ok_or(ApiError::UnknownRound)?;
    refuse_open_assignment(&app, &catalog, &may.signed, &round).await?;
    let page = app.live.page(&round).await?.ok_or(ApiError::UnknownRound)?;
    note(&app, &may.signed, "totals_read", round.as_str()).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], page))
}

/// Where a viewer goes on. A page that opens its stream anew can't set headers, so a query says it as well.
#[derive(Deserialize)]
pub struct After {
    after: Option<String>,
}

/// A round's totals from now on.
pub async fn watch(
    State(app): State<App>,
    may: May<ReadTotals>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let round = round_of(path)?;
    let catalog = app.live.catalog().await?.ok_or(ApiError::UnknownRound)?;
    refuse_open_assignment(&app, &catalog, &may.signed, &round).await?;
    let header = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let query = query.ok().and_then(|Query(After { after })| after);
    let watching = app.live.watch(&round, header.or(query.as_deref())).await?.ok_or(ApiError::UnknownRound)?;
    note(&app, &may.signed, "totals_watched", round.as_str()).await?;
    Ok(stream::answer(app, may.signed.token, round, watching))
}

/// The round that an address names.
pub fn round_of(path: Result<Path<String>, PathRejection>) -> ApiResult<RoundCode> {
    path.ok().and_then(|Path(text)| text.parse().ok()).ok_or(ApiError::UnknownRound)
}

/// Refuses, and notes that it did, whoever still has sheets to write in the round.
pub async fn refuse_open_assignment(app: &App, catalog: &Catalog, signed: &Signed, round: &RoundCode) -> ApiResult<()> {
    if may_see_totals(catalog, round, signed.session.actor.user) {
        return Ok(());
    }
    signed.note_refusal(app, &format!("totals of {round}")).await?;
    Err(ApiError::OpenAssignment)
}

/// Each look at totals is logged.
pub async fn note(app: &App, signed: &Signed, event: &'static str, subject: &str) -> ApiResult<()> {
    let mut tx = app.db.write().await?;
    audit::append(&mut tx, &signed.entry(app, event, subject)).await?;
    Ok(tx.commit().await?)
}
