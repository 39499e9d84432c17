//! `/sw.js`: the site's template with this build's name (the site's, and the page's) and list of assets written in.

use super::{page, site};
use crate::error::{ApiError, ApiResult};
use crate::layers::POLICY;
use crate::state::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::sync::chain::sha256;

/// As much of the page's hash as tells two pages apart.
const PAGE_CHARS: usize = 16;

/// The service worker; never cached, so that a new build is found at the next visit.
pub async fn serve(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    let site = site(&app).await.ok_or(ApiError::NotFound)?;
    let template = tokio::fs::read_to_string(app.settings.site.join("sw.js")).await.map_err(|_| ApiError::NotFound)?;
    let precache = serde_json::to_string(&site.precache).map_err(|_| ApiError::Internal)?;
    // The page and its policy come from this program, not from the site: a tablet that keeps them must learn of both.
    let page = sha256(format!("{}{POLICY}", page::html(&site, &site.tablet)).as_bytes()).to_string();
    let build = format!("{}-{}", site.build, &page[..PAGE_CHARS]);
    let script = template.replace("__BUILD__", &build).replace("__PRECACHE__", &precache);
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], script))
}
