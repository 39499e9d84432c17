//! Whatever is sent: a coded answer, no panic, nothing stored.

use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{World, request};
use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};

const PATHS: [&str; 3] = ["/api/v1/session", "/api/v1/replicas", "/api/v1/sync/push"];

async fn stored(world: &World) -> i64 {
    let ops = world.count("SELECT COUNT(*) FROM ops").await;
    ops + world.count("SELECT COUNT(*) FROM quarantine").await + world.count("SELECT COUNT(*) FROM replicas").await
}

fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "}",
        "null",
        "true",
        "0",
        "[]",
        "{}",
        "\"\"",
        "{\"name\":1,\"password\":2}",
        "{\"name\":\"a\"}",
        "{\"name\":\"a\",\"name\":\"b\",\"password\":\"c\"}",
        "{\"name\":\"a\",\"password\":\"b\",\"colour\":1}",
        "{\"replica\":1}",
        "{\"replica\":\"x\"}",
        "{\"replica\":null}",
        "{} {}",
        "\u{feff}{}",
        "<html></html>",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    bodies.push(vec![0; 1_000]);
    bodies.push(vec![0xff, 0xfe, 0x00]);
    bodies.push(b"[".repeat(60_000));
    bodies.push(b"{\"a\":".repeat(10_000));
    bodies
}

on_both_engines! {
    /// Malformed JSON, wrong types, unknown fields: 400, on every route that reads a body.
    async fn what_is_not_the_routes_json_is_refused(world) {
        let cookie = world.cookie(1).await;
        for path in PATHS {
            for body in bodies() {
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                let answer = world.post_bytes(&cookie, path, body).await;
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "malformed_json"), "{path} {shown}");
            }
        }
        assert_eq!(stored(&world).await, 0);
    }

    /// A push that is wrong in one place only.
    async fn a_push_that_is_nearly_right_is_refused(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let good = serde_json::to_value(tablet.push()).unwrap();
        let cases: [(&str, Value, &str); 14] = [
            ("/protocol", json!("1"), "malformed_json"),
            ("/protocol", json!(1.5), "malformed_json"),
            ("/protocol", json!(0), "unsupported_protocol"),
            ("/first_seq", json!(-1), "malformed_json"),
            ("/first_seq", json!(0), "malformed_operation"),
            ("/first_seq", json!(u64::MAX), "gap"),
            ("/unsent", json!(-1), "malformed_json"),
            ("/unsent", json!(4_294_967_296_u64), "malformed_json"),
            ("/replica", json!("none"), "malformed_json"),
            ("/ops", json!({}), "malformed_json"),
            ("/ops/0/hash", json!("00"), "malformed_json"),
            ("/ops/0/hash", json!("0".repeat(64)), "malformed_operation"),
            ("/ops/0/envelope", json!("{}"), "malformed_operation"),
            ("/ops/0", json!(null), "malformed_json"),
        ];
        for (place, value, code) in cases {
            let mut push = good.clone();
            *push.pointer_mut(place).unwrap() = value.clone();
            let answer = world.post(&cookie, "/api/v1/sync/push", &push).await;
            assert_eq!(answer.code(), code, "{place} {value}");
            assert!(answer.status.is_client_error());
        }
        let mut newer = good.clone();
        newer["colour"] = json!(1);
        assert_eq!(world.post(&cookie, "/api/v1/sync/push", &newer).await.code(), "malformed_json");
        let mut many = good.clone();
        many["ops"] = Value::Array(vec![good["ops"][0].clone(); 201]);
        assert_eq!(world.post(&cookie, "/api/v1/sync/push", &many).await.code(), "too_many_ops");
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 0);
        assert_eq!(world.post(&cookie, "/api/v1/sync/push", &good).await.status, 200, "and the good one still goes in");
    }

    /// Ten megabytes, on every route.
    async fn ten_megabytes_of_garbage_are_too_large(world) {
        let cookie = world.cookie(1).await;
        for path in PATHS {
            let answer = world.post_bytes(&cookie, path, vec![b'x'; 10 << 20]).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "body_too_large"), "{path}");
        }
        let fits = [(PATHS[0], 64 << 10), (PATHS[2], 256 << 10)];
        for (path, limit) in fits {
            assert_eq!(world.post_bytes(&cookie, path, vec![b' '; limit]).await.code(), "malformed_json");
            assert_eq!(world.post_bytes(&cookie, path, vec![b' '; limit + 1]).await.code(), "body_too_large");
        }
        assert_eq!(stored(&world).await, 0);
    }
}

/// A body must say that it is JSON, and how it is packed.
#[tokio::test]
async fn other_media_types_are_refused() {
    let world = World::on_sqlite().await;
    let cases = [
        (None, None, 415),
        (Some("text/plain"), None, 415),
        (Some("application/x-www-form-urlencoded"), None, 415),
        (Some("application/json"), Some("br"), 415),
        (Some("application/json"), Some("gzip, gzip"), 415),
        (Some("Application/JSON; charset=utf-8"), Some("identity"), 401),
    ];
    for (media_type, encoding, expected) in cases {
        let mut request = request("POST", "", "/api/v1/session");
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        if let Some(encoding) = encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        let answer = world.send(request.body(Body::from(r#"{"name":"a","password":"b"}"#)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), expected, "{media_type:?} {encoding:?}");
    }
}

/// Cookies that are none.
#[tokio::test]
async fn strange_cookies_are_nobody() {
    let world = World::on_sqlite().await;
    for cookie in ["session", "session=", "session=;session=x", "=x", "session=0 or 1=1", "a=b; session = x"] {
        assert_eq!(world.get(cookie, "/api/v1/session").await.status, 401, "{cookie}");
    }
}
