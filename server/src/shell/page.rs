//! The one page of the app: the same for everybody and for every address, so that a tablet can keep it.

use super::{Bundle, Site, site};
use crate::error::{ApiError, ApiResult};
use crate::state::App;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

/// `/shell`: the tablet's page, as the service worker keeps it.
pub async fn tablet(State(app): State<App>) -> Response {
    page(&app, |site| &site.tablet).await
}

/// `/desk` and all below: the desk's page.
pub async fn desk(State(app): State<App>) -> Response {
    page(&app, |site| &site.desk).await
}

/// Any other address. What looks like a file isn't one of the app's pages.
pub async fn any(State(app): State<App>, uri: Uri) -> ApiResult<Response> {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    if last.contains('.') { Err(ApiError::NotFound) } else { Ok(tablet(State(app)).await) }
}

async fn page(app: &App, bundle: fn(&Site) -> &Bundle) -> Response {
    let fresh = [(header::CACHE_CONTROL, "no-cache")];
    match site(app).await {
        Some(site) => (fresh, Html(html(&site, bundle(&site)))).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, fresh, Html(NOT_BUILT)).into_response(),
    }
}

/// Nothing is rendered here: the app mounts itself in the body, with and without a network alike.
pub fn html(site: &Site, bundle: &Bundle) -> String {
    let mut head = String::new();
    let mut link = |rel: &str, href: &str, rest: &str| {
        head.push_str(&format!("<link rel=\"{rel}\" href=\"{}\"{rest}>\n", escape(href)));
    };
    link("stylesheet", &bundle.css, "");
    for url in &bundle.preload {
        if url.ends_with(".js") {
            link("modulepreload", url, "");
        } else if url.ends_with(".wasm") {
            link("preload", url, " as=\"fetch\" type=\"application/wasm\" crossorigin");
        }
    }
    for (_, url) in site.files.iter().filter(|(name, _)| name.ends_with(".woff2")) {
        link("preload", url, " as=\"font\" type=\"font/woff2\" crossorigin");
    }
    link("manifest", "/manifest.webmanifest", "");
    if let Some(icon) = site.files.get("/icons/icon.svg") {
        link("icon", icon, " type=\"image/svg+xml\"");
    }
    if let Some(icon) = site.files.get("/icons/apple-touch-icon-180.png") {
        link("apple-touch-icon", icon, "");
    }
    TEMPLATE.replace("{links}", &head).replace("{loader}", &escape(&bundle.loader))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

const TEMPLATE: &str = r##"<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf6ee">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#161310">
<title>Bình chọn CNNT</title>
{links}<script type="module" src="{loader}"></script>
</head>
<body>
<p class="opening" role="status">Đang mở…</p>
<noscript><p>Trang này cần JavaScript. Hãy bật JavaScript trong trình duyệt rồi tải lại.</p>
<p lang="en">This page needs JavaScript. Switch it on in the browser, then reload.</p></noscript>
</body>
</html>
"##;

const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Bình chọn CNNT</title></head>
<body>
<h1>The front end is not built</h1>
<p>This server answers <code>/api/v1</code>, but its site folder holds no pages. Run <code>cargo xtask start</code>,
which builds them, or name a built folder with <code>--site</code>.</p>
</body>
</html>
"#;
