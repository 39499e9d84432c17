//! Every route × every role: the table of docs/API.md, exactly.

use crate::edition::{ADMINISTRATOR, COUNCIL_CHAIR, DEPARTMENT, JURY_DEPUTY, JURY_HEAD, ORGANISER, SECRETARY};
use crate::on_both_engines;
use crate::world::request;
use axum::body::Body;
use axum::http::header;

/// Method, path, body; status for nobody, juror, jury's head and deputy, council's chair, secretary, organiser,
/// department, administrator.
type Row = (&'static str, &'static str, &'static str, [u16; 9]);

const REPLICA: &str = r#"{"replica":"00000000-0000-0000-0000-0000000000aa"}"#;
const PUSH: &str = r#"{"protocol":1,"app_version":"","replica":"00000000-0000-0000-0000-0000000000aa","first_seq":1,"ops":[],"unsent":0}"#;

const PRESENT: &str = r#"{"delegation":"Đoàn 1","date":"2024-08-26","ordinal":1,"juror":"00000000-0000-0000-0000-000000000001","presence":"present"}"#;
/// Of somebody who has seen changes that don't exist: it is refused, and the table changes nothing.
const CHANGE: &str = r#"{"starts_on":null,"ends_on":null,"state":"done","reason":"Xong","seen":7}"#;

const MOVE: &str = r#"{"step":"close","reason":"","seen":9}"#;
const RULING: &str = r#"{"verdict":"admit","ops":[],"reason":"Muộn"}"#;
const LOST: &str = r#"{"reason":"Mất"}"#;
const LOST_TABLET: &str = "/api/v1/tablets/00000000-0000-0000-0000-0000000000ff/revocation";

const ASKED: &str = r#"{"photos":[]}"#;
/// Nobody's.
const PHOTO: &str = "/api/v1/photos/0000000000000000000000000000000000000000000000000000000000000000";

const TABLE: [Row; 48] = [
    ("GET", "/healthz", "", [200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/session", "", [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/session", r#"{"name":"nobody","password":"x"}"#, [401, 401, 401, 401, 401, 401, 401, 401, 401]),
    // The first juror's replica from here on: the others may register, but not this one.
    ("POST", "/api/v1/replicas", REPLICA, [401, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/replicas", "{", [401, 400, 400, 400, 403, 400, 403, 403, 403]),
    ("GET", "/api/v1/sync/pull", "", [401, 200, 200, 200, 403, 200, 403, 403, 403]),
    ("POST", "/api/v1/sync/push", PUSH, [401, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/sync/push", "{", [401, 400, 400, 400, 403, 400, 403, 403, 403]),
    ("POST", "/api/v1/photos/wanted", ASKED, [401, 200, 200, 200, 403, 200, 403, 403, 403]),
    ("POST", "/api/v1/photos/wanted", "{", [401, 400, 400, 400, 403, 400, 403, 403, 403]),
    // It says that it is JSON.
    ("PUT", PHOTO, "{}", [401, 404, 404, 404, 403, 404, 403, 403, 403]),
    ("GET", PHOTO, "", [401, 404, 404, 404, 404, 404, 404, 404, 403]),
    ("GET", "/api/v1/photos/x", "", [401, 404, 404, 404, 404, 404, 404, 404, 403]),
    ("GET", "/api/v1/photos/wanted", "", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("POST", PHOTO, "{}", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("GET", "/api/v1/rounds/visit/totals", "", [401, 403, 200, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/rounds/nowhere/totals", "", [401, 403, 404, 404, 404, 404, 404, 404, 403]),
    ("GET", "/api/v1/rounds/%FF/totals", "", [401, 403, 404, 404, 404, 404, 404, 404, 403]),
    ("GET", "/api/v1/rounds/visit/live", "", [401, 403, 200, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/rounds/nowhere/live", "", [401, 403, 404, 404, 404, 404, 404, 404, 403]),
    ("GET", "/api/v1/rounds", "", [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/results", "", [401, 403, 200, 200, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/rounds/visit/presence", "", [401, 403, 200, 200, 200, 200, 200, 200, 403]),
    ("POST", "/api/v1/rounds/visit/presence", "{", [401, 403, 403, 403, 403, 400, 400, 403, 403]),
    // The second one hasn't seen the first one's word.
    ("POST", "/api/v1/rounds/visit/presence", PRESENT, [401, 403, 403, 403, 403, 200, 409, 403, 403]),
    ("GET", "/api/v1/plan", "", [401, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/plan/1", "{", [401, 403, 403, 403, 403, 403, 400, 400, 403]),
    // Row 1 is led by the agency: the department may not touch it.
    ("POST", "/api/v1/plan/1", CHANGE, [401, 403, 403, 403, 403, 403, 409, 403, 403]),
    ("POST", "/api/v1/plan/2", CHANGE, [401, 403, 403, 403, 403, 403, 409, 409, 403]),
    ("POST", "/api/v1/plan/99", CHANGE, [401, 403, 403, 403, 403, 403, 404, 404, 403]),
    ("POST", "/api/v1/plan/x", CHANGE, [401, 403, 403, 403, 403, 403, 404, 404, 403]),
    ("GET", "/api/v1/rounds/visit/desk", "", [401, 403, 403, 403, 200, 200, 200, 200, 403]),
    ("GET", "/api/v1/rounds/nowhere/desk", "", [401, 403, 403, 403, 404, 404, 404, 404, 403]),
    ("POST", "/api/v1/rounds/visit/moves", "{", [401, 403, 403, 403, 403, 403, 400, 403, 403]),
    ("POST", "/api/v1/rounds/visit/moves", MOVE, [401, 403, 403, 403, 403, 403, 409, 403, 403]),
    ("POST", "/api/v1/rounds/nowhere/moves", MOVE, [401, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/rounds/visit/rulings", "{", [401, 403, 403, 403, 403, 403, 400, 403, 403]),
    ("POST", "/api/v1/rounds/visit/rulings", RULING, [401, 403, 403, 403, 403, 403, 400, 403, 403]),
    ("GET", "/api/v1/tablets", "", [401, 403, 403, 403, 403, 200, 200, 200, 200]),
    ("POST", LOST_TABLET, "{", [401, 403, 403, 403, 403, 403, 400, 403, 400]),
    ("POST", LOST_TABLET, LOST, [401, 403, 403, 403, 403, 403, 404, 403, 404]),
    ("POST", "/api/v1/tablets/x/revocation", LOST, [401, 403, 403, 403, 403, 403, 404, 403, 404]),
    ("GET", "/api/v1/tablets/x/revocation", "", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("GET", "/api/v1/sync/push", "", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("POST", "/api/v1/rounds/visit/totals", "{}", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("GET", "/api/v1/nowhere", "", [404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/work", "{}", [405, 405, 405, 405, 405, 405, 405, 405, 405]),
    ("DELETE", "/api/v1/session", "", [401, 204, 204, 204, 204, 204, 204, 204, 204]),
];

on_both_engines! {
    /// Who may what, and what everybody else is told.
    async fn every_route_and_every_role(world) {
        let mut cookies = vec![String::new()];
        for id in [1, JURY_HEAD, JURY_DEPUTY, COUNCIL_CHAIR, SECRETARY, ORGANISER, DEPARTMENT, ADMINISTRATOR] {
            cookies.push(world.cookie(id).await);
        }
        for (method, path, body, expected) in TABLE {
            for (cookie, expected) in cookies.iter().zip(expected) {
                let request = request(method, cookie, path).header(header::CONTENT_TYPE, "application/json");
                // Only the head is read: a live stream has no end.
                let response = world.raw(request.body(Body::from(body)).unwrap()).await;
                assert_eq!(response.status().as_u16(), expected, "{method} {path} {cookie}");
            }
        }
        // Every refusal stands in the audit.
        let refused = TABLE.iter().flat_map(|row| row.3).filter(|status| *status == 403).count();
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'refused'").await, refused as i64);
    }
}
