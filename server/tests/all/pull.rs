//! What a tablet receives: all that it needs, and nothing of anybody else (S27).

use crate::edition::{edition_id, product, round, user};
use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{World, request};
use axum::body::Body;
use axum::http::header;
use domain::ids::SheetId;
use domain::jury::Standing;
use domain::round::RoundState;
use domain::sync::wire::Pulled;
use server::db::editions::{self, SeatKey};

async fn pull(world: &World, cookie: &str, cursor: &str) -> Pulled {
    let answer = world.get(cookie, &format!("/api/v1/sync/pull?cursor={cursor}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

on_both_engines! {
    /// S15, S3: the first pull carries the whole catalogue and one's own assignments.
    async fn s15_the_first_pull_has_everything(world) {
        let cookie = world.cookie(3).await;
        let pulled = pull(&world, &cookie, "").await;
        assert_eq!((pulled.protocol, pulled.more, pulled.reset), (1, false, false));
        assert_eq!(pulled.edition.unwrap().id, edition_id());
        let states: Vec<_> = pulled.rounds.iter().map(|round| (round.code.as_str(), round.state, round.epoch)).collect();
        let expected = [
            ("dossier", RoundState::Closed, 1),
            ("visit", RoundState::Open, 1),
            ("direct", RoundState::Planned, 1),
        ];
        assert_eq!(states, expected);
        assert_eq!((pulled.rubrics[0].criteria.len(), pulled.products.len()), (3, 3));
        assert_eq!(pulled.products[1].establishment.founded, Some(2012));
        assert!(pulled.products[1].is_set);
        assert_eq!(pulled.assignments.len(), 6, "two products in three rounds");
        let visit = pulled.assignments.iter().find(|a| a.round.as_str() == "visit").unwrap();
        assert_eq!(visit.sheet, SheetId::of(edition_id(), &visit.round, user(3), visit.product));
        assert_eq!(visit.stop.as_ref().unwrap().place, "A");
        assert!(pulled.ops.is_empty() && pulled.removed.is_empty());
    }

    /// S27: a cursor brings only what is new; unchanged settings aren't sent again.
    async fn s27_a_cursor_brings_what_is_new(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let first = pull(&world, &cookie, "").await;
        tablet.mark(1, "1.1", 350);
        tablet.mark(1, "1.1", 9_000);
        world.pushed(&cookie, &tablet.push()).await;
        let second = pull(&world, &cookie, &first.cursor).await;
        assert!(second.edition.is_none() && second.products.is_empty() && second.assignments.is_empty());
        let ops: Vec<_> = second.ops.iter().map(|op| (op.position, op.hash)).collect();
        assert_eq!(ops, [(1, tablet.ops[0].hash), (2, tablet.ops[1].hash)]);
        assert!(format!("{:?}", second.ops[1].status).contains("OverMaximum"));
        assert!(pull(&world, &cookie, &second.cursor).await.ops.is_empty());
    }

    /// S27: nothing of anybody else: neither marks nor assignments nor names, whatever the cursor.
    async fn s27_nothing_of_others_is_ever_sent(world) {
        let (mut mine, cookie) = Tablet::registered(&world, 1).await;
        let (mut theirs, their_cookie) = Tablet::registered(&world, 2).await;
        mine.mark(1, "1.1", 350);
        theirs.score(1, [400, 200, 400]);
        world.pushed(&their_cookie, &theirs.push()).await;
        world.pushed(&cookie, &mine.push()).await;
        let answer = world.get(&cookie, "/api/v1/sync/pull").await;
        let pulled: Pulled = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(pulled.ops.len(), 1);
        assert_eq!(pulled.ops[0].hash, mine.ops[0].hash);
        for op in &theirs.ops {
            assert!(!answer.text().contains(&op.hash.to_string()));
        }
        for other in [2, 3] {
            assert!(!answer.text().contains(&user(other).to_string()), "user {other}");
            assert!(!answer.text().contains(&format!("Người {other}")));
        }
        assert_eq!(pulled.assignments.len(), 9);
    }

    /// S3: a second tablet of the same juror receives what the first wrote.
    async fn s3_a_second_tablet_receives_the_first_ones_work(world) {
        let (mut first, cookie) = Tablet::registered(&world, 1).await;
        first.score(1, [400, 200, 400]);
        world.pushed(&cookie, &first.push()).await;
        let elsewhere = world.cookie(1).await;
        assert_eq!(pull(&world, &elsewhere, "").await.ops.len(), 4);
    }

    /// S27: pages of 500, in order, each operation once.
    async fn s27_long_histories_come_in_pages(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        for n in 0..1_200 {
            tablet.mark(1, "1.1", n % 8 * 50);
        }
        for first in (1..=1_200_u64).step_by(200) {
            let push = tablet.push_from(first);
            let ops = push.ops[..200].to_vec();
            world.pushed(&cookie, &domain::sync::wire::Push { ops, ..push }).await;
        }
        let (mut cursor, mut sizes, mut hashes) = (String::new(), Vec::new(), Vec::new());
        loop {
            let page = pull(&world, &cookie, &cursor).await;
            sizes.push((page.ops.len(), page.edition.is_some()));
            hashes.extend(page.ops.iter().map(|op| op.hash));
            cursor = page.cursor;
            if !page.more {
                break;
            }
        }
        assert_eq!(sizes, [(500, true), (500, false), (200, false)]);
        assert_eq!(hashes, tablet.ops.iter().map(|op| op.hash).collect::<Vec<_>>());
    }

    /// S27: changed settings come whole; a withdrawn assignment travels as `removed`, and only to its juror.
    async fn s27_withdrawn_rights_travel_as_removed(world) {
        let (cookie, other) = (world.cookie(1).await, world.cookie(2).await);
        let (mine, theirs) = (pull(&world, &cookie, "").await, pull(&world, &other, "").await);
        let visit = round("visit");
        let key = SeatKey { edition: edition_id(), round: &visit, product: product(2), juror: user(1) };
        world.change(async |tx, version| editions::withdraw_seat(tx, key, version).await.unwrap()).await;
        let changed = pull(&world, &cookie, &mine.cursor).await;
        assert_eq!(changed.assignments.len(), 8);
        assert_eq!((changed.removed.len(), changed.removed[0].product), (1, product(2)));
        assert!(pull(&world, &cookie, &changed.cursor).await.removed.is_empty(), "said once");
        assert!(pull(&world, &cookie, "").await.removed.is_empty(), "a new tablet never had it");
        assert!(pull(&world, &other, &theirs.cursor).await.removed.is_empty());
    }

    /// A recusal recorded beforehand reaches the tablet with its reason, and can be taken back.
    async fn recorded_standings_reach_the_tablet(world) {
        let cookie = world.cookie(1).await;
        let visit = round("visit");
        let key = SeatKey { edition: edition_id(), round: &visit, product: product(2), juror: user(1) };
        let standing = async |cookie: &str| {
            let pulled = pull(&world, cookie, "").await;
            let found = pulled.assignments.into_iter().find(|a| a.product == product(2) && a.round == visit);
            found.unwrap().standing
        };
        for expected in [Standing::Recused { reason: "Người thân".into() }, Standing::Active] {
            let by = user(crate::edition::SECRETARY);
            world.change(async |tx, _| editions::append_standing(tx, key, &expected, by, 1).await.unwrap()).await;
            assert_eq!(standing(&cookie).await, expected);
        }
    }

    /// A catalogue is worth packing.
    async fn answers_are_packed(world) {
        let cookie = world.cookie(1).await;
        for encoding in ["br", "gzip"] {
            let request = request("GET", &cookie, "/api/v1/sync/pull").header(header::ACCEPT_ENCODING, encoding);
            let answer = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.headers[header::CONTENT_ENCODING], encoding);
            assert!(answer.bytes.len() < world.get(&cookie, "/api/v1/sync/pull").await.bytes.len());
        }
    }

    /// S27: a cursor of another log, of its future, or of nothing at all is a reset.
    async fn s27_a_cursor_of_another_log_is_a_reset(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        let here = pull(&world, &cookie, "").await.cursor;
        let (log, _) = here.split_once('.').unwrap();
        let [future, other_future] = ["1.2", "2.1"].map(|end| format!("{log}.{end}"));
        for cursor in ["fedcba9876543210.1.1", &future, &other_future, "x", "..", "%00", "%F0%9F%8D%83"] {
            let pulled = pull(&world, &cookie, cursor).await;
            assert!(pulled.reset && pulled.edition.is_some() && pulled.ops.len() == 1, "{cursor}");
        }
        assert!(!pull(&world, &cookie, &here).await.reset);
    }

    /// S27: whether a backup was put back while no server ran nobody can see, not even where as much was written since: every
    /// start voids the cursors.
    async fn s27_a_server_that_starts_may_have_been_restored(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        let here = pull(&world, &cookie, "").await.cursor;
        let later = world.another_process().await;
        let again = pull(&later, &cookie, &here).await;
        assert!(again.reset && again.ops.len() == 1);
        assert!(!pull(&later, &cookie, &again.cursor).await.reset);
    }
}
