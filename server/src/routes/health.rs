//! `/healthz`: whether the server and its database answer.

use crate::error::ApiResult;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Json, http::header};
use serde_json::json;

/// `{"status":"ok"}`, or an error.
pub async fn check(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    app.db.check().await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({ "status": "ok" }))))
}
