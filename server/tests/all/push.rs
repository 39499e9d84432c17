//! What a push can meet, rule by rule (docs/SYNC.md).

use crate::edition::{edition_id, user};
use crate::events::PATIENCE;
use crate::on_both_engines;
use crate::tablet::{Tablet, mark};
use crate::world::{World, request};
use axum::body::Body;
use axum::http::header;
use domain::access::{Actor, Role};
use domain::ids::ReplicaId;
use domain::round::RoundState;
use domain::sheet::Act;
use domain::sync::chain::{Envelope, WireOp, sha256};
use domain::sync::receipt::PublicKey;
use domain::sync::wire::{HeldCode, OpStatus, Push, Pushed, RegisterReplica, Registered, RejectedCode, Status};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use server::db::{log, replicas};
use server::state::Shared;
use server::writer::{Tools, Writer};
use std::io::Write;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Two pushes of juror 1 that both wait when the writer begins.
async fn at_once(world: &World, one: Push, other: Push) -> (Pushed, Pushed) {
    let Shared { db, nature, catalogs, live, receipt_key, .. } = &*world.app;
    let (db, nature, catalogs) = (db.clone(), nature.clone(), Arc::clone(catalogs));
    let tools = Tools { db, nature, catalogs, key: Arc::clone(receipt_key), live: Arc::clone(live) };
    let done = CancellationToken::new();
    let (writer, work) = Writer::new(tools, done.clone());
    done.cancel();
    let juror = Actor { user: user(1), role: Role::Juror };
    // Each is handed in when it is first asked.
    let (one, other, ()) = futures_util::join!(writer.push(juror, one), writer.push(juror, other), work);
    (one.unwrap(), other.unwrap())
}

on_both_engines! {
    /// S16, S19: stored in order, acknowledged with a receipt that verifies with the key pinned at registration.
    async fn s16_s19_a_push_is_stored_and_acknowledged(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let answer = world.post(&cookie, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await;
        let key: PublicKey = serde_json::from_slice::<Registered>(&answer.bytes).unwrap().receipt_key;
        tablet.score(1, [400, 200, 350]);
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!((pushed.acked_seq, pushed.acked_hash), (4, Some(tablet.ops[3].hash)));
        assert!(pushed.statuses.is_empty());
        assert_eq!(pushed.receipt.verify(&key), Ok(()));
        assert_eq!(pushed.receipt.statement.position, 4);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 4);
    }

    /// S16, S18: the answer got lost and the push comes again; nothing is stored twice, and statuses are said again.
    async fn s16_a_repeated_push_is_a_no_op_with_the_same_answer(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        tablet.mark(1, "1.1", 9_000);
        let first = world.pushed(&cookie, &tablet.push()).await;
        let again = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(first.statuses, [OpStatus { seq: 2, status: Status::Rejected(RejectedCode::OverMaximum) }]);
        assert_eq!((again.acked_seq, again.acked_hash, again.statuses), (first.acked_seq, first.acked_hash, first.statuses));
        tablet.mark(1, "1.2", 50);
        assert_eq!(world.pushed(&cookie, &tablet.push_from(2)).await.acked_seq, 3, "overlap: only the rest is new");
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 3);
    }

    /// S16: a tablet that gave up waiting sends the same push while the first still waits: that is no fork.
    async fn s16_what_comes_again_while_it_waits_is_known(world) {
        let (mut tablet, _) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let (first, again) = at_once(&world, tablet.push(), tablet.push()).await;
        assert_eq!((first.acked_seq, again.acked_seq), (1, 1));
        assert_eq!(world.count("SELECT COUNT(*) FROM quarantine").await, 0);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 1);
    }

    /// S17: a clone's re-issue that waits beside the first writing doesn't count a second time.
    async fn s17_what_is_reissued_while_it_waits_counts_once(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let mut clone = Tablet::new(1, 0xb000);
        clone.register(&world, &cookie).await;
        clone.act_again("visit", 1, mark("1.1", 350), Some(tablet.ops[0].hash));
        let (first, again) = at_once(&world, tablet.push(), clone.push()).await;
        let rejected = OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) };
        assert_eq!((first.statuses, again.statuses), (vec![], vec![rejected]));
    }

    /// S16: a gap is named, and nothing is stored.
    async fn s16_a_gap_names_what_should_come(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        (0..5).for_each(|n| tablet.mark(1, "1.1", n * 50));
        world.pushed(&cookie, &Push { ops: tablet.ops[..2].to_vec(), ..tablet.push() }).await;
        let answer = world.push(&cookie, &tablet.push_from(5)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "gap"));
        assert_eq!(answer.json()["expected_seq"], 3);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 2);
    }

    /// S16, S17: two devices with one replica id; the second is refused and kept aside, and what it re-issues under a new
    /// id counts once.
    async fn s17_a_fork_is_quarantined_and_its_reissue_counts_once(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let mut clone = Tablet::new(1, tablet.chain.replica.0.as_u128());
        clone.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        clone.mark(1, "1.2", 100);
        tablet.mark(1, "1.2", 200);
        world.pushed(&cookie, &tablet.push()).await;
        for _ in 0..2 {
            let answer = world.push(&cookie, &clone.push()).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "fork"));
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM quarantine").await, 1, "the same push is kept once");
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 2);

        let mut fresh = Tablet::new(1, 0x5000);
        fresh.register(&world, &cookie).await;
        fresh.act_again("visit", 1, mark("1.1", 350), Some(clone.ops[0].hash));
        fresh.act_again("visit", 1, mark("1.2", 100), Some(clone.ops[1].hash));
        let pushed = world.pushed(&cookie, &fresh.push()).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) }]);
    }

    /// S17: of a writing and all its re-issues the first to arrive counts: the second clone's copy doesn't, nor does the
    /// first writing itself when it comes last.
    async fn s17_of_two_clones_and_the_first_writing_one_alone_counts(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let first = tablet.ops[0].hash;
        for (id, expected) in [(0x5000, Status::Accepted), (0x5001, Status::Rejected(RejectedCode::AlreadyStored))] {
            let mut clone = Tablet::new(1, id);
            clone.register(&world, &cookie).await;
            clone.act_again("visit", 1, mark("1.1", 350), Some(first));
            let statuses = world.pushed(&cookie, &clone.push()).await.statuses;
            let status = statuses.into_iter().next().map_or(Status::Accepted, |listed| listed.status);
            assert_eq!(status, expected, "clone {id:x}");
        }
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) }]);
        // Another juror's operation is nobody's repetition.
        let (mut other, others) = Tablet::registered(&world, 2).await;
        other.act_again("visit", 1, mark("1.1", 350), Some(first));
        assert_eq!(world.pushed(&others, &other.push()).await.statuses, []);
    }

    /// S13: a replica is registered to its own user alone, whoever is signed in when its tablet asks.
    async fn s13_nobody_registers_anothers_replica(world) {
        let (_, cookie) = Tablet::registered(&world, 1).await;
        let replica = ReplicaId(Uuid::from_u128(0x6000));
        for (juror, status) in [(2, 403), (1, 200)] {
            let asked = RegisterReplica { replica, user: Some(user(juror)) };
            assert_eq!(world.post(&cookie, "/api/v1/replicas", &asked).await.status.as_u16(), status);
        }
    }

    /// S18: what breaks a rule is stored with its reason and acknowledged; its neighbours count.
    async fn s18_a_bad_operation_never_blocks_the_queue(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 3).await;
        tablet.mark(1, "1.1", 350);
        tablet.mark(1, "1.1", 375);
        tablet.mark(3, "1.1", 350);
        tablet.act("dossier", 1, mark("1.1", 350));
        tablet.act("direct", 1, mark("1.1", 350));
        tablet.act("final", 1, mark("1.1", 350));
        tablet.mark(9, "1.1", 350);
        tablet.mark(1, "2", 400);
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        let statuses: Vec<_> = pushed.statuses.into_iter().map(|s| (s.seq, s.status)).collect();
        assert_eq!(
            statuses,
            [
                (2, Status::Rejected(RejectedCode::OffStep)),
                (3, Status::Held(HeldCode::NotAssigned)),
                (4, Status::Held(HeldCode::RoundClosed)),
                (5, Status::Held(HeldCode::RoundPlanned)),
                (6, Status::Rejected(RejectedCode::UnknownRound)),
                (7, Status::Rejected(RejectedCode::UnknownProduct)),
            ]
        );
        assert_eq!(pushed.acked_seq, 8);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops WHERE status = 'accepted'").await, 2);
    }

    /// S20: rights and rounds are those of the moment of the push, also when they changed a moment ago.
    async fn s20_s25_a_push_is_judged_by_the_settings_of_its_moment(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        world.set_round("visit", RoundState::Closed, 1).await;
        tablet.mark(1, "1.1", 300);
        let pushed = world.pushed(&cookie, &tablet.push_from(2)).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 2, status: Status::Held(HeldCode::RoundClosed) }]);
        world.set_round("visit", RoundState::Open, 2).await;
        tablet.mark(1, "1.1", 250);
        let pushed = world.pushed(&cookie, &tablet.push_from(3)).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 3, status: Status::Held(HeldCode::OtherEpoch) }]);
        tablet.epoch = 2;
        tablet.mark(1, "1.1", 200);
        assert!(world.pushed(&cookie, &tablet.push_from(4)).await.statuses.is_empty());
    }

    /// S13, S20: neither another's replica nor another's name in the envelope gets anywhere.
    async fn s13_s20_nobody_pushes_as_somebody_else(world) {
        let (mut tablet, _) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let stranger = world.cookie(2).await;
        let answer = world.push(&stranger, &tablet.push()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "other_users_replica"));
        let answer = world.post(&stranger, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "other_users_replica"));
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'refused'").await, 2);

        let mut forged = Tablet::new(1, 0x6000);
        forged.register(&world, &stranger).await;
        forged.mark(1, "1.1", 350);
        let answer = world.push(&stranger, &forged.push()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "malformed_operation"));
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 0);
    }

    /// S1: what was never registered is unknown.
    async fn s1_a_replica_must_be_registered(world) {
        let cookie = world.cookie(1).await;
        let mut tablet = Tablet::new(1, 0x7000);
        tablet.mark(1, "1.1", 350);
        let answer = world.push(&cookie, &tablet.push()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "unknown_replica"));
    }

    /// S26: a revoked tablet still delivers; all of it is held.
    async fn s26_a_revoked_replica_delivers_and_all_is_held(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let mut tx = world.app.db.write().await.unwrap();
        replicas::revoke(&mut tx, tablet.chain.replica, 1).await.unwrap();
        tx.commit().await.unwrap();
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 1, status: Status::Held(HeldCode::ReplicaRevoked) }]);
    }

    /// S21: newer protocols and forms are refused whole; an unknown kind is stored. Even one that PostgreSQL's text can't
    /// hold blocks nothing.
    async fn s21_newer_versions_are_named_and_unknown_kinds_are_kept(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let answer = world.push(&cookie, &Push { protocol: 2, ..tablet.push() }).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "unsupported_protocol"));
        let rewritten = |from: &str, to: &str| {
            let envelope = tablet.ops[0].envelope.replace(from, to);
            let hash = sha256(envelope.as_bytes());
            Push { ops: vec![WireOp { envelope, hash }], ..tablet.push() }
        };
        let answer = world.push(&cookie, &rewritten("\"schema\":1", "\"schema\":3")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "unsupported_schema"));
        let push = Push { app_version: "1\u{0}2".into(), ..rewritten("set_mark", "a\\u0000b") };
        let pushed = world.pushed(&cookie, &push).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 1, status: Status::Rejected(RejectedCode::UnknownKind) }]);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops WHERE kind = 'unknown'").await, 1);
    }

    /// S16: a heartbeat reports what is unsent, and moves nothing.
    async fn s16_s30_a_heartbeat_reports_unsent_work(world) {
        let (tablet, cookie) = Tablet::registered(&world, 1).await;
        let pushed = world.pushed(&cookie, &Push { unsent: 3, ..tablet.push() }).await;
        assert_eq!((pushed.acked_seq, pushed.acked_hash), (0, None));
        assert_eq!(world.count("SELECT unsent FROM replicas").await, 3);
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(world.count("SELECT unsent FROM replicas").await, 0);
        assert_eq!(world.count("SELECT position FROM log_heads").await, 0);
    }

    /// S16: a push may be packed; what unpacks to too much is refused, and nothing is stored.
    async fn s16_gzip_is_understood_and_a_bomb_is_not_unpacked(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        let gzip = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let send = async |body: Vec<u8>| {
            let request = request("POST", &cookie, "/api/v1/sync/push").header(header::CONTENT_TYPE, "application/json");
            world.send(request.header(header::CONTENT_ENCODING, "gzip").body(Body::from(body)).unwrap()).await
        };
        let bomb = send(gzip(&vec![b' '; 64 << 20])).await;
        assert_eq!((bomb.status.as_u16(), bomb.code().as_str()), (413, "body_too_large"));
        assert_eq!(send(vec![1, 2, 3]).await.code(), "malformed_json");
        assert_eq!(send(gzip(&serde_json::to_vec(&tablet.push()).unwrap())).await.status, 200);
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 1);
    }

    /// S4: envelopes are stored byte for byte.
    async fn s4_envelopes_are_kept_verbatim(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.act("visit", 1, Act::SetRemark { text: "Sạch sẽ, “tốt”\n\u{0}".into() });
        world.pushed(&cookie, &tablet.push()).await;
        let pulled = world.get(&cookie, "/api/v1/sync/pull").await.json();
        assert_eq!(pulled["ops"][0]["envelope"], tablet.ops[0].envelope.as_str());
        assert_eq!(pulled["ops"][0]["hash"], tablet.ops[0].hash.to_string().as_str());
        assert!(serde_json::from_str::<Envelope>(&tablet.ops[0].envelope).is_ok());
    }

    /// I3, I4: forty tablets at once; every chain is whole, and positions have neither gaps nor twins.
    async fn i3_many_tablets_at_once_leave_one_log_without_gaps(world) {
        let cookies = [world.cookie(1).await, world.cookie(2).await, world.cookie(3).await];
        let pushes = (0..40_u128).map(|n| {
            let (world, juror) = (&world, n % 3 + 1);
            let cookie = &cookies[n as usize % 3];
            async move {
                let mut tablet = Tablet::new(juror, 0x8000 + n);
                tablet.register(world, cookie).await;
                for round in 0..5_u64 {
                    (0..3).for_each(|value| tablet.mark(1, "1.1", value * 50));
                    let pushed = world.pushed(cookie, &tablet.push_from(round * 3 + 1)).await;
                    assert_eq!(pushed.acked_seq, tablet.chain.seq);
                }
            }
        });
        futures_util::future::join_all(pushes).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 600);
        assert_eq!(world.count("SELECT COUNT(DISTINCT position) FROM ops").await, 600);
        assert_eq!(world.count("SELECT MAX(position) FROM ops").await, 600);
        assert_eq!(world.count("SELECT COUNT(*) FROM replicas WHERE seq = 15").await, 40);
    }
}

/// S27: on PostgreSQL several processes write one log; positions stay gapless, and settings that another process changed
/// are seen.
#[tokio::test]
async fn s27_two_processes_share_one_log() {
    let Some(here) = World::on_postgres().await else { return };
    let there = here.another_process().await;
    let cookies = [here.cookie(1).await, here.cookie(2).await];
    let writers = (0..20_u128).map(|n| {
        let process: &World = if n % 2 == 0 { &here } else { &there };
        let cookie = &cookies[n as usize % 2];
        async move {
            let mut tablet = Tablet::new(n % 2 + 1, 0x9000 + n);
            tablet.register(process, cookie).await;
            for round in 0..5_u64 {
                tablet.mark(1, "1.1", 50);
                process.pushed(cookie, &tablet.push_from(round + 1)).await;
            }
        }
    });
    futures_util::future::join_all(writers).await;
    assert_eq!(here.count("SELECT COUNT(DISTINCT position) FROM ops").await, 100);
    assert_eq!(here.count("SELECT MAX(position) FROM ops").await, 100);

    here.set_round("visit", RoundState::Closed, 1).await;
    let mut tablet = Tablet::new(1, 0xa000);
    tablet.register(&there, &cookies[0]).await;
    tablet.mark(1, "1.1", 350);
    let pushed = there.pushed(&cookies[0], &tablet.push()).await;
    assert_eq!(pushed.statuses[0].status, Status::Held(HeldCode::RoundClosed));
}

/// S22: every answer of the API is marked as ours, refusals too.
#[tokio::test]
async fn s22_every_answer_is_marked() {
    let world = World::on_sqlite().await;
    let cookie = world.cookie(1).await;
    let replica = ReplicaId(Uuid::from_u128(1));
    let answers = [
        world.get(&cookie, "/api/v1/session").await,
        world.get("", "/api/v1/session").await,
        world.get(&cookie, "/api/v1/nowhere").await,
        world.get(&cookie, "/api/v2/session").await,
        world.delete(&cookie, "/api/v1/sync/pull").await,
        world.get(&cookie, "/api/v1/rounds/visit/totals").await,
        world.post(&cookie, "/api/v1/replicas", &json!({ "replica": replica })).await,
        world.post_bytes(&cookie, "/api/v1/sync/push", b"{".to_vec()).await,
        world.post_bytes(&cookie, "/api/v1/sync/push", vec![b'x'; 1 << 20]).await,
    ];
    for answer in answers {
        assert_eq!(answer.headers["x-binhchon"], "1", "{} {}", answer.status, answer.text());
        assert_eq!(answer.headers["cache-control"], "no-store");
        if !answer.status.is_success() {
            assert!(!answer.code().is_empty(), "{}", answer.text());
        }
    }
}

/// S17: nor are a writing and its re-issue both judged by a log that has neither of them, in two processes at once.
#[tokio::test]
async fn s17_what_is_reissued_in_another_process_at_once_counts_once() {
    let Some(here) = World::on_postgres().await else { return };
    let there = here.another_process().await;
    let (mut tablet, cookie) = Tablet::registered(&here, 1).await;
    tablet.mark(1, "1.1", 350);
    let mut clone = Tablet::new(1, 0xb000);
    clone.register(&there, &cookie).await;
    clone.act_again("visit", 1, mark("1.1", 350), Some(tablet.ops[0].hash));
    // Both are decided while somebody else holds the log, as far as they can be.
    let mut tx = here.app.db.write().await.unwrap();
    log::hold(&mut tx, edition_id(), &here.app.receipt_key.public()).await.unwrap();
    let both_wait = async {
        let waiting =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while here.count(waiting).await < 2 {
            tokio::task::yield_now().await;
        }
    };
    let release = async {
        tokio::time::timeout(PATIENCE, both_wait).await.expect("both wait in time");
        tx.rollback().await.unwrap();
    };
    let (first_push, push_again) = (tablet.push(), clone.push());
    let pushes = async { tokio::join!(here.pushed(&cookie, &first_push), there.pushed(&cookie, &push_again)) };
    let ((first, again), ()) = tokio::join!(pushes, release);
    let rejected = OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) };
    // Which of them came first is no matter.
    assert_eq!([first.statuses, again.statuses].concat(), [rejected]);
}
