//! Whatever is sent: a coded answer, no panic, nothing stored.

use crate::edition::ORGANISER;
use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{World, request};
use axum::body::Body;
use axum::http::header;
use domain::sync::chain::{WireOp, sha256};
use domain::sync::wire::{OpStatus, Push, RejectedCode, Status};
use serde_json::{Value, json};

const PATHS: [&str; 4] = ["/api/v1/session", "/api/v1/replicas", "/api/v1/sync/push", "/api/v1/photos/wanted"];

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

    /// S17, S18, I3: whatever is forged, replayed or overdone: a coded answer, nothing stored is overwritten, and what is
    /// authentic but fits nowhere is kept aside and shown to organisers.
    async fn s17_bad_input_overwrites_nothing_and_what_is_authentic_is_kept(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        (1..=3).for_each(|n| tablet.mark(1, "1.1", n * 50));
        world.pushed(&cookie, &tablet.push()).await;
        tablet.mark(1, "1.1", 200);
        let stored = world.get(&cookie, "/api/v1/sync/pull").await.json()["ops"].clone();

        // An authentic hash over whatever the envelope says.
        let rewritten = |n: usize, from: &str, to: &str| {
            let envelope = tablet.ops[n - 1].envelope.replacen(from, to, 1);
            assert_ne!(envelope, tablet.ops[n - 1].envelope, "{from}");
            WireOp { hash: sha256(envelope.as_bytes()), envelope }
        };
        let push = |first_seq: u64, op: WireOp| Push { first_seq, ops: vec![op], ..tablet.push() };
        let prev = format!("\"prev\":\"{}\"", tablet.ops[2].hash);
        let other = format!("\"prev\":\"{}\"", tablet.ops[0].hash);
        let most = format!("\"seq\":{}", u64::MAX);
        let cases = [
            ("a forged link of the chain", push(4, rewritten(4, &prev, &other)), 409, "fork", 1),
            ("the same once more", push(4, rewritten(4, &prev, &other)), 409, "fork", 1),
            ("no link at all", push(4, rewritten(4, &prev, "\"prev\":null")), 409, "fork", 2),
            ("another past", push(2, rewritten(2, "\"points\":100", "\"points\":400")), 409, "fork", 3),
            ("a number that is not its place's", push(4, rewritten(4, "\"seq\":4", "\"seq\":5")), 400, "malformed_operation", 3),
            ("the largest number, in its place", push(u64::MAX, rewritten(4, "\"seq\":4", &most)), 409, "gap", 3),
            ("a number larger than any", push(4, rewritten(4, "\"seq\":4", "\"seq\":18446744073709551616")), 400, "malformed_operation", 3),
            ("another replica's", push(4, rewritten(4, "\"replica\":\"0", "\"replica\":\"1")), 400, "malformed_operation", 3),
            ("a form from tomorrow", push(4, rewritten(4, "\"schema\":1", "\"schema\":3")), 400, "unsupported_schema", 3),
        ];
        for (what, push, status, code, kept_aside) in cases {
            let answer = world.push(&cookie, &push).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{what}");
            assert_eq!(world.count("SELECT COUNT(*) FROM quarantine").await, kept_aside, "{what}");
        }
        let stranger = world.cookie(2).await;
        let replayed = world.push(&stranger, &tablet.push()).await;
        assert_eq!((replayed.status.as_u16(), replayed.code().as_str()), (403, "other_users_replica"));

        let one = serde_json::to_string(&tablet.ops[0]).unwrap();
        let frame = serde_json::to_string(&Push { ops: Vec::new(), ..tablet.push() }).unwrap();
        let many = frame.replace("\"ops\":[]", &format!("\"ops\":[{}]", vec![one.as_str(); 100_000].join(",")));
        let answer = world.post_bytes(&cookie, "/api/v1/sync/push", many.into_bytes()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "body_too_large"));
        let empty = frame.replace("\"ops\":[]", &format!("\"ops\":[{}]", vec!["0"; 100_000].join(",")));
        let answer = world.post_bytes(&cookie, "/api/v1/sync/push", empty.into_bytes()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "malformed_json"), "small enough to be read");

        let page = world.get(&world.cookie(ORGANISER).await, "/api/v1/tablets").await.json();
        let kept = page["quarantine"].as_array().unwrap();
        assert!(kept.len() == 3 && kept.iter().all(|line| line["replica"] == json!(tablet.chain.replica)), "{kept:?}");
        assert_eq!(world.get(&cookie, "/api/v1/sync/pull").await.json()["ops"], stored, "nothing is overwritten");
        let odd = push(4, rewritten(4, "\"kind\":\"set_mark\"", "\"kind\":\"set_price\""));
        let pushed = world.pushed(&cookie, &odd).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 4, status: Status::Rejected(RejectedCode::UnknownKind) }]);
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
