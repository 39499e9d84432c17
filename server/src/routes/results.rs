//! `/api/v1/results`: the result over all rounds, by the edition's way to it.

use crate::auth::{May, ReadTotals};
use crate::error::{ApiError, ApiResult};
use crate::routes::totals::{note, refuse_open_assignment};
use crate::state::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

/// Every product's result as of now.
pub async fn show(State(app): State<App>, may: May<ReadTotals>) -> ApiResult<impl IntoResponse> {
    let catalog = app.live.catalog().await?.ok_or(ApiError::NoEdition)?;
    for round in &catalog.rounds {
        refuse_open_assignment(&app, &catalog, &may.signed, &round.code).await?;
    }
    let page = app.live.results().await?.ok_or(ApiError::NoEdition)?;
    note(&app, &may.signed, "results_read", "").await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], page))
}
