//! Every URL of the server. What a route's caller must be allowed stands in the route's own signature ([`crate::auth::May`]).

use crate::error::ApiError;
use crate::state::App;
use crate::{layers, routes, shell};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// The whole server as a service.
pub fn router(app: App) -> Router {
    let quick = Router::new()
        .route("/session", get(routes::session::show).post(routes::session::sign_in).delete(routes::session::sign_out))
        .route("/replicas", post(routes::replicas::register))
        .route("/sync/pull", get(routes::sync::pull))
        .route("/rounds", get(routes::plan::rounds))
        .route("/rounds/{round}/totals", get(routes::totals::show))
        .route("/rounds/{round}/presence", get(routes::presence::show).post(routes::presence::record))
        .route("/rounds/{round}/desk", get(routes::round_desk::show))
        .route("/rounds/{round}/moves", post(routes::round_desk::make_move))
        .route("/rounds/{round}/rulings", post(routes::round_desk::rule))
        .route("/tablets", get(routes::tablets::show))
        .route("/tablets/{replica}/revocation", post(routes::tablets::revoke))
        .route("/results", get(routes::results::show))
        .route("/plan", get(routes::plan::show))
        .route("/plan/{row}", post(routes::plan::change))
        .route("/photos/wanted", post(routes::photos::wanted))
        .layer(from_fn(layers::time_limit));
    let uploads = Router::new()
        .route("/sync/push", post(routes::sync::push))
        .route("/photos/{sha256}", get(routes::photos::show).put(routes::photos::put))
        .layer(from_fn(layers::upload_time_limit));

    let api = Router::new()
        .merge(quick)
        .merge(uploads)
        .route("/rounds/{round}/live", get(routes::totals::watch))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(from_fn_with_state(app.clone(), layers::same_origin))
        .layer(CatchPanicLayer::custom(layers::after_panic))
        .layer(CompressionLayer::new())
        .layer(from_fn(layers::mark));

    let pages = Router::new()
        .route("/healthz", get(routes::health::check))
        .route("/sw.js", get(shell::worker::serve))
        .route("/manifest.webmanifest", get(shell::files::manifest))
        .route("/shell", get(shell::page::tablet))
        .route("/desk", get(shell::page::desk))
        .route("/desk/", get(shell::page::desk))
        .route("/desk/{*path}", get(shell::page::desk))
        .fallback(get(shell::page::any))
        .layer(CompressionLayer::new())
        // Packed when they were built, where that helps.
        .nest_service("/assets", shell::files::assets(&app.settings.site));

    Router::new()
        .nest("/api/v1", api)
        .nest("/api", Router::new().fallback(async || ApiError::NotFound).layer(from_fn(layers::mark)))
        .merge(pages)
        .layer(from_fn_with_state(app.clone(), layers::client_address))
        .layer(CatchPanicLayer::custom(layers::after_panic))
        .layer(from_fn_with_state(app.clone(), layers::log))
        .layer(from_fn_with_state(app.clone(), layers::secure_headers))
        .with_state(app)
}
