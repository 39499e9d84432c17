//! Signing in and out.

use crate::edition::PASSWORD;
use crate::on_both_engines;
use crate::world::{World, request};
use axum::body::Body;
use axum::http::header;
use ipnet::IpNet;
use serde_json::{Value, json};
use server::db::Db;
use server::settings::{Reach, Settings};

pub async fn sign_in(world: &World, cookie: &str, name: &str, password: &str) -> crate::world::Answer {
    world.post(cookie, "/api/v1/session", &json!({ "name": name, "password": password })).await
}

pub fn cookie_of(answer: &crate::world::Answer) -> String {
    let line = answer.headers[header::SET_COOKIE].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

on_both_engines! {
    /// The whole life of a session.
    async fn one_signs_in_is_known_and_signs_out(world) {
        let answer = sign_in(&world, "", " user1 ", PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let expected = json!({ "user": "00000000-0000-0000-0000-000000000001", "name": "user1",
                               "display_name": "Người 1", "role": "juror" });
        assert_eq!(answer.json(), expected);
        let line = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(line.starts_with("session=") && line.contains("; HttpOnly; SameSite=Strict"), "{line}");
        assert!(!line.contains("Secure"), "WebKit drops secure cookies on plain HTTP: {line}");

        let cookie = cookie_of(&answer);
        assert_eq!(world.get(&cookie, "/api/v1/session").await.json(), expected);
        let token = cookie.split_once('=').unwrap().1.to_owned();
        assert_eq!(token.len(), 32, "128 bits");
        assert_eq!(world.count("SELECT COUNT(*) FROM sessions WHERE length(token_hash) = 64").await, 1);

        let out = world.delete(&cookie, "/api/v1/session").await;
        assert_eq!(out.status, 204);
        assert!(out.headers[header::SET_COOKIE].to_str().unwrap().starts_with("session=; Path=/; Max-Age=0"));
        assert_eq!(world.get(&cookie, "/api/v1/session").await.code(), "not_signed_in");
        assert_eq!(world.delete(&cookie, "/api/v1/session").await.status, 401);
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'signed_in'").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'signed_out'").await, 1);
    }

    /// A token never survives a change of person.
    async fn signing_in_again_ends_the_session_before(world) {
        let first = cookie_of(&sign_in(&world, "", "user1", PASSWORD).await);
        let second = cookie_of(&sign_in(&world, &first, "user2", PASSWORD).await);
        assert_ne!(first, second);
        assert_eq!(world.get(&first, "/api/v1/session").await.status, 401);
        assert_eq!(world.get(&second, "/api/v1/session").await.json()["name"], "user2");
    }

    /// Unknown name, wrong password, nonsense: one answer. Failures are kept.
    async fn a_failed_sign_in_says_nothing_and_is_noted(world) {
        let wrong = [("user1", "nepthomlang59"), ("nobody", PASSWORD), ("", ""), ("user1", ""), ("a\u{0}b", PASSWORD)];
        for (name, password) in wrong {
            let answer = sign_in(&world, "", name, password).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "wrong_credentials"), "{name:?}");
            assert!(answer.headers.get(header::SET_COOKIE).is_none());
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'sign_in_failed'").await, 5);
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE account = 'nobody'").await, 1);
    }

    /// Two weeks without use end a session; use keeps it.
    async fn an_idle_session_ends(world) {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let cookie = world.cookie(1).await;
        for _ in 0..3 {
            world.clock.pass(13 * DAY);
            assert_eq!(world.get(&cookie, "/api/v1/session").await.status, 200);
        }
        world.clock.pass(14 * DAY);
        assert_eq!(world.get(&cookie, "/api/v1/session").await.status, 401);
    }

    /// The audit only grows.
    async fn what_was_done_cannot_be_undone(world) {
        world.get(&world.cookie(1).await, "/api/v1/rounds/visit/totals").await;
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'refused'").await, 1);
        for sql in ["UPDATE audit SET event = 'x'", "DELETE FROM audit", "DELETE FROM round_acts"] {
            let error = match &world.app.db {
                Db::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.err(),
                Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.err(),
            };
            assert!(error.is_some_and(|error| error.to_string().contains("only grows")), "{sql}");
        }
    }
}

/// A guesser is slowed down; the owner elsewhere is not locked out.
#[tokio::test]
async fn guessing_is_limited_without_locking_anybody_out() {
    let world = World::on_sqlite().await.another_with(behind_proxy()).await;
    let try_from = async |address: &str, password: &str| {
        let body = json!({ "name": "user1", "password": password }).to_string();
        let request = request("POST", "", "/api/v1/session")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-forwarded-for", format!("203.0.113.9, {address}"));
        world.send(request.body(Body::from(body)).unwrap()).await
    };
    for _ in 0..10 {
        assert_eq!(try_from("198.51.100.1", "wrongwrong").await.status, 401);
    }
    let refused = try_from("198.51.100.1", PASSWORD).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "too_many_attempts"));
    assert_eq!(refused.headers["retry-after"], "301");
    let owner = try_from("198.51.100.2", PASSWORD).await;
    assert_eq!(owner.status, 200, "the address is the last one that the proxy itself saw");
    world.clock.pass(5 * 60 * 1000 + 1);
    assert_eq!(try_from("198.51.100.1", PASSWORD).await.status, 200);
}

fn behind_proxy() -> Settings {
    let trusted = vec!["127.0.0.0/8".parse::<IpNet>().unwrap()];
    Settings { reach: Reach::Proxy { origin: "https://cham.vn".into(), trusted }, ..crate::world::loopback() }
}

/// Decision 10: on HTTPS the cookie is `__Host-` and `Secure`, and browsers are told to stay there.
#[tokio::test]
async fn on_https_the_cookie_is_secure() {
    let world = World::on_sqlite().await.another_with(behind_proxy()).await;
    let answer = sign_in(&world, "", "user1", PASSWORD).await;
    let line = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(line.starts_with("__Host-session=") && line.ends_with("; Secure") && line.contains("; Path=/;"), "{line}");
    assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = cookie_of(&answer);
    assert_eq!(world.get(&cookie, "/api/v1/session").await.status, 200);
    let plain = cookie.replace("__Host-", "");
    assert_eq!(world.get(&plain, "/api/v1/session").await.status, 401);
}

/// Behind a proxy nothing else is served: whoever reaches the port itself would be speaking plain HTTP.
#[tokio::test]
async fn what_goes_around_the_proxy_is_refused() {
    let world = World::on_sqlite().await.another_with(behind_proxy()).await;
    let from = async |peer: [u8; 4], path: &str| {
        let mut request = request("GET", "", path).body(Body::empty()).unwrap();
        let peer = std::net::SocketAddr::from((peer, 1));
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        world.send(request).await.status.as_u16()
    };
    assert_eq!(from([203, 0, 113, 1], "/api/v1/session").await, 403);
    assert_eq!(from([203, 0, 113, 1], "/work").await, 403);
    assert_eq!(from([203, 0, 113, 1], "/healthz").await, 200);
    assert_eq!(from([127, 0, 0, 1], "/api/v1/session").await, 401);
}

/// Headers of a change, and the code with which it is refused.
type Case = (&'static [(&'static str, &'static str)], Option<&'static str>);

/// CSRF: without our header, or from another site, nothing changes.
#[tokio::test]
async fn only_our_own_pages_change_anything() {
    let world = World::on_sqlite().await;
    let cases: [Case; 9] = [
        (&[], Some("missing_header")),
        (&[("x-binhchon", "2")], Some("missing_header")),
        (&[("x-binhchon", "1")], None),
        (&[("x-binhchon", "1"), ("sec-fetch-site", "same-origin")], None),
        (&[("x-binhchon", "1"), ("sec-fetch-site", "none")], None),
        (&[("x-binhchon", "1"), ("sec-fetch-site", "same-site")], Some("cross_site")),
        (&[("x-binhchon", "1"), ("sec-fetch-site", "cross-site"), ("origin", "http://localhost")], Some("cross_site")),
        (&[("x-binhchon", "1"), ("origin", "http://localhost")], None),
        (&[("x-binhchon", "1"), ("origin", "http://evil.example")], Some("cross_site")),
    ];
    for (headers, refused) in cases {
        let cookie = world.cookie(1).await;
        let mut request = axum::http::Request::builder().method("DELETE").uri("/api/v1/session");
        request = request.header(header::COOKIE, &cookie).header(header::HOST, "localhost");
        request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        let alive = world.get(&cookie, "/api/v1/session").await.status == 200;
        match refused {
            Some(code) => assert_eq!((answer.status.as_u16(), answer.code().as_str(), alive), (403, code, true)),
            None => assert_eq!((answer.status.as_u16(), alive), (204, false), "{headers:?}"),
        }
    }
    assert!(matches!(world.get("", "/api/v1/session").await.json(), Value::Object(_)));
}
