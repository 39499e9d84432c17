//! `/sw.js`: the site's template with this build's name and list of assets written in.

use super::site;
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

/// The service worker; never cached, so that a new build is found at the next visit.
pub async fn serve(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    let site = site(&app).await.ok_or(ApiError::NotFound)?;
    let template = tokio::fs::read_to_string(app.settings.site.join("sw.js")).await.map_err(|_| ApiError::NotFound)?;
    let precache = serde_json::to_string(&site.precache).map_err(|_| ApiError::Internal)?;
    let script = template.replace("__BUILD__", &site.build).replace("__PRECACHE__", &precache);
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], script))
}
