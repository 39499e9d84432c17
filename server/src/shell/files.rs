//! Files of the site folder, as they are. An asset's name carries the hash of its content, so it may be kept for ever.

use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use tower_http::services::ServeDir;

/// `/assets/*`, compressed where the bundler has done so and the browser understands it.
pub fn assets(site: &Path) -> Router {
    let folder = ServeDir::new(site.join("assets")).precompressed_br().append_index_html_on_directories(false);
    Router::new().fallback_service(folder).layer(from_fn(keep_for_ever))
}

async fn keep_for_ever(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let worth_keeping = response.status().is_success() || response.status() == axum::http::StatusCode::NOT_MODIFIED;
    let value = if worth_keeping { "public, max-age=31536000, immutable" } else { "no-store" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response
}

/// `/manifest.webmanifest`.
pub async fn manifest(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    let path = app.settings.site.join("manifest.webmanifest");
    let text = tokio::fs::read(path).await.map_err(|_| ApiError::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")], text))
}
