//! The page that every address answers, the service worker, the assets.

use crate::world::{World, loopback, request, temporary_folder};
use axum::body::Body;
use axum::http::header;
use server::settings::Settings;
use std::fs;

/// A site as the bundler writes it, in small.
async fn with_site() -> World {
    let world = World::on_sqlite().await;
    let site = temporary_folder().keep();
    fs::create_dir(site.join("assets")).unwrap();
    let json = r#"{"build":"b1","tablet":{"loader":"/assets/loader-tablet-1.js","css":"/assets/tablet-2.css",
        "preload":["/assets/tablet-3.wasm","/assets/tablet-4.js"]},
        "desk":{"loader":"/assets/loader-desk-5.js","css":"/assets/desk-6.css","preload":[]},
        "precache":["/assets/loader-tablet-1.js"],
        "files":{"/icons/icon.svg":"/assets/icon-7.svg","/icons/apple-touch-icon-180.png":"/assets/apple-8.png",
        "/fonts/a.woff2":"/assets/a-9.woff2"},"sizes":{"code_brotli":1}}"#;
    let files = [
        ("site.json", json),
        ("sw.js", "const BUILD = \"__BUILD__\"; const PRECACHE = __PRECACHE__;"),
        ("manifest.webmanifest", "{}"),
        ("assets/tablet-4.js", "plain"),
        ("assets/tablet-4.js.br", "packed"),
    ];
    for (name, text) in files {
        fs::write(site.join(name), text).unwrap();
    }
    world.another_with(Settings { site, ..loopback() }).await
}

#[tokio::test]
async fn every_address_of_the_app_is_the_same_page() {
    let world = with_site().await;
    let shell = world.get("", "/shell").await;
    assert_eq!((shell.status.as_u16(), &shell.headers["cache-control"]), (200, &"no-cache".parse().unwrap()));
    for path in
        ["/", "/work", "/products/AGI-001", "/rounds/visit/products/AGI-001/sheet", "/sign-in", "/sync", "/?a=b.c"]
    {
        let page = world.get("", path).await;
        assert_eq!((page.status.as_u16(), page.bytes == shell.bytes), (200, true), "{path}");
        assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    }
    let html = shell.text();
    for part in [
        "<html lang=\"vi\">",
        "viewport-fit=cover",
        "<script type=\"module\" src=\"/assets/loader-tablet-1.js\"></script>",
        "<link rel=\"stylesheet\" href=\"/assets/tablet-2.css\">",
        "<link rel=\"preload\" href=\"/assets/tablet-3.wasm\" as=\"fetch\"",
        "<link rel=\"modulepreload\" href=\"/assets/tablet-4.js\">",
        "<link rel=\"preload\" href=\"/assets/a-9.woff2\" as=\"font\"",
        "<link rel=\"manifest\" href=\"/manifest.webmanifest\">",
        "<link rel=\"apple-touch-icon\" href=\"/assets/apple-8.png\">",
        "<noscript>",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert!(
        !html.contains("{links}") && !html.contains(" style=") && !html.contains("<style"),
        "the policy forbids it"
    );
}

#[tokio::test]
async fn the_desk_has_its_own_page() {
    let world = with_site().await;
    for path in ["/desk", "/desk/", "/desk/rounds/visit/totals"] {
        let html = world.get("", path).await.text();
        assert!(html.contains("/assets/loader-desk-5.js") && !html.contains("tablet"), "{path}: {html}");
    }
    assert!(world.get("", "/desks").await.text().contains("loader-tablet"));
}

#[tokio::test]
async fn the_service_worker_is_filled_in_and_never_cached() {
    let world = with_site().await;
    let worker = world.get("", "/sw.js").await;
    let script = worker.text();
    let (build, rest) = script.strip_prefix("const BUILD = \"b1-").unwrap().split_once('"').unwrap();
    assert!(build.len() == 16 && build.chars().all(|digit| digit.is_ascii_hexdigit()), "{build}");
    let site = world.app.settings.site.join("site.json");
    fs::write(&site, fs::read_to_string(&site).unwrap().replace("tablet-2.css", "tablet-8.css")).unwrap();
    let other = world.get("", "/sw.js").await.text();
    assert!(!other.contains(build), "another page is another build: {other}");
    assert_eq!(rest, "; const PRECACHE = [\"/assets/loader-tablet-1.js\"];");
    assert_eq!(
        (&worker.headers["cache-control"], &worker.headers["content-type"]),
        (&"no-cache".parse().unwrap(), &"text/javascript; charset=utf-8".parse().unwrap())
    );
    assert_eq!(world.get("", "/manifest.webmanifest").await.headers["content-type"], "application/manifest+json");
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_packed_where_understood() {
    let world = with_site().await;
    let get = async |encoding: &str| {
        let request = request("GET", "", "/assets/tablet-4.js").header(header::ACCEPT_ENCODING, encoding);
        world.send(request.body(Body::empty()).unwrap()).await
    };
    let (plain, packed) = (get("identity").await, get("gzip, br").await);
    assert_eq!((plain.text().as_str(), packed.text().as_str()), ("plain", "packed"));
    assert_eq!(packed.headers["content-encoding"], "br");
    assert_eq!(plain.headers["cache-control"], "public, max-age=31536000, immutable");
    let missing = world.get("", "/assets/tablet-0.js").await;
    assert_eq!((missing.status.as_u16(), &missing.headers["cache-control"]), (404, &"no-store".parse().unwrap()));
    for path in ["/assets/../site.json", "/assets/%2e%2e/site.json", "/site.json", "/favicon.ico", "/.env"] {
        assert_eq!(world.get("", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn without_a_site_the_api_works_and_pages_say_how_to_build() {
    let world = World::on_sqlite().await;
    let page = world.get("", "/work").await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("cargo xtask start"), "{}", page.text());
    assert_eq!(world.get("", "/healthz").await.json(), serde_json::json!({ "status": "ok" }));
    assert_eq!(world.get("", "/sw.js").await.status, 404);
    assert_eq!(world.get(&world.cookie(1).await, "/api/v1/session").await.status, 200);
}

/// Every answer, page or not, carries the browser's orders.
#[tokio::test]
async fn every_answer_is_guarded() {
    let world = with_site().await;
    for path in
        ["/", "/desk", "/assets/tablet-4.js", "/assets/none", "/api/v1/session", "/api/none", "/sw.js", "/healthz"]
    {
        let headers = world.get("", path).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{path}");
        assert!(policy.contains("img-src 'self' data: blob:;"), "photos are shown from where the tablet keeps them");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
        assert!(headers.contains_key("permissions-policy") && headers.contains_key("x-request-id"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "not on plain HTTP");
    }
}
