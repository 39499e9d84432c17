//! What happens to every request and answer, whatever the route: address, log line, cross-site checks, time limit, headers.

use crate::auth::ClientAddress;
use crate::error::ApiError;
use crate::settings::Reach;
use crate::state::App;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::sync::MARKER_HEADER;
use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tracing::Instrument;

const TIME_LIMIT: Duration = Duration::from_secs(30);
/// A day's work or a photo takes its time where tablets are; they themselves give the largest two minutes.
const UPLOAD_TIME_LIMIT: Duration = Duration::from_secs(150);
const MARKER: HeaderName = HeaderName::from_static(MARKER_HEADER);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What a page of ours may load and do.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";

/// Headers of every answer.
pub async fn secure_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A route may be stricter with what it hands out.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.settings.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    response
}

/// Gives the request a number, and writes one log line about it. Neither bodies nor queries are logged.
pub async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.nature.hex::<8>();
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let started = app.nature.now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let milliseconds = app.nature.now() - started;
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), milliseconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The last defence: a panic becomes an answer, and the server goes on.
pub fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(what, "a request panicked");
    ApiError::Internal.into_response()
}

/// Finds out where a request comes from, and refuses what goes around the proxy.
pub async fn client_address(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let peer = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let address = match &app.settings.reach {
        Reach::Proxy { trusted, .. } => {
            let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
            if is_trusted(peer) {
                forwarded_for(request.headers()).rev().find(|address| !is_trusted(*address)).unwrap_or(peer)
            } else if request.uri().path() == "/healthz" {
                peer
            } else {
                return ApiError::NotThroughProxy.into_response();
            }
        }
        Reach::Loopback | Reach::Tls(..) => peer,
    };
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

fn forwarded_for(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = IpAddr> {
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let addresses = lines.into_iter().flat_map(|line| line.split(','));
    addresses.filter_map(|text| text.trim().parse().ok()).collect::<Vec<IpAddr>>().into_iter()
}

/// Marks every answer of the API as ours (S22), and keeps it out of every cache.
pub async fn mark(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(MARKER, HeaderValue::from_static("1"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets only our own pages change anything: another site's page can neither send our header nor hide where it is.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    match check_origin(&app, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check_origin(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), ApiError> {
    if method.is_safe() {
        return Ok(());
    }
    if headers.get(MARKER).is_none_or(|value| value != "1") {
        return Err(ApiError::MissingHeader);
    }
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return if site == "same-origin" || site == "none" { Ok(()) } else { Err(ApiError::CrossSite) };
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if origin.as_bytes() != own_origin(app, uri, headers).as_bytes() => Err(ApiError::CrossSite),
        _ => Ok(()),
    }
}

fn own_origin(app: &App, uri: &Uri, headers: &HeaderMap) -> String {
    let host = || {
        let header = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        header.or(uri.authority().map(|authority| authority.as_str())).unwrap_or_default()
    };
    match &app.settings.reach {
        Reach::Proxy { origin, .. } => origin.clone(),
        Reach::Tls(..) => format!("https://{}", host()),
        Reach::Loopback => format!("http://{}", host()),
    }
}

/// No request holds a place for ever. (The live stream is not under this layer.)
pub async fn time_limit(request: Request, next: Next) -> Response {
    within(TIME_LIMIT, request, next).await
}

/// Nor does what a tablet brings.
pub async fn upload_time_limit(request: Request, next: Next) -> Response {
    within(UPLOAD_TIME_LIMIT, request, next).await
}

async fn within(limit: Duration, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| ApiError::Timeout.into_response())
}
