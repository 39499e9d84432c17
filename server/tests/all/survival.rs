//! What survives when the program is killed, restarted or stopped.

use crate::edition::PASSWORD;
use crate::program::Program;
use crate::tablet::Tablet;
use crate::world::World;
use serde_json::json;
use server::db::{Db, open};
use std::process::Command;

async fn count(url: &str, sql: &'static str) -> i64 {
    let db = open::open(url).await.unwrap();
    let (count,): (i64,) = match &db {
        Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
    };
    db.close().await;
    count
}

crate::on_both_engines! {
    /// I2: killed after the commit and before the answer arrives; the retry counts once.
    async fn i2_a_kill_between_commit_and_answer_counts_once(world) {
        let (url, folder) = World::close(world).await;
        let program = Program::start(Some(url.clone()), folder);
        let cookie = program.sign_in("user1", PASSWORD).await;
        let mut tablet = Tablet::new(1, 0x4001);
        program.post(&cookie, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await.unwrap();
        tablet.score(1, [400, 200, 300]);
        let push = tablet.push();
        // The answer is never read: the request is dropped as soon as the operations are in the log.
        let committed = async {
            while count(&url, "SELECT COUNT(*) FROM ops").await == 0 {
                tokio::task::yield_now().await;
            }
        };
        let lost = program.push(&cookie, &push);
        tokio::select! {
            biased;
            () = committed => {}
            _ = async { lost.await; std::future::pending::<()>().await } => {}
        }
        let program = program.kill_and_restart();
        let pushed = program.push(&cookie, &push).await.unwrap();
        assert_eq!((pushed.acked_seq, pushed.statuses.len()), (4, 0));
        assert_eq!(count(&url, "SELECT COUNT(*) FROM ops").await, 4);
        let organiser = program.sign_in("user11", PASSWORD).await;
        let page = program.watch(&organiser, "").await.expect().await.page();
        assert_eq!((page.totals.rows[0].confirmed, page.totals.position), (1, 4));
    }

    /// I2, I3, I8: killed again and again in the middle of pushes; nothing acknowledged is lost, nothing is there twice,
    /// and in the end all is in.
    async fn i2_i3_i8_kills_in_the_middle_lose_and_double_nothing(world) {
        let (url, folder) = World::close(world).await;
        let mut program = Program::start(Some(url.clone()), folder);
        let cookie = program.sign_in("user1", PASSWORD).await;
        let mut tablet = Tablet::new(1, 0x4001);
        program.post(&cookie, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await.unwrap();
        let kills: usize = std::env::var("BINHCHON_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(8);
        let mut acked = 0;
        for round in 0..kills {
            for n in 0..40 {
                tablet.mark(n % 3 + 1, "1.1", (n % 9) as i32 * 50);
            }
            // Sends until it is killed, which happens after a few acks, each round at another place.
            let mut answered = 0;
            while answered < round % 7 && acked < tablet.chain.seq {
                let mut push = tablet.push_from(acked + 1);
                push.ops.truncate(3);
                let pushed = program.push(&cookie, &push).await.unwrap();
                assert!(pushed.acked_seq > acked);
                (acked, answered) = (pushed.acked_seq, answered + 1);
            }
            let mut rest = tablet.push_from(acked + 1);
            rest.ops.truncate(100);
            let unanswered = program.push(&cookie, &rest);
            let mut unanswered = Box::pin(unanswered);
            // Polled a few times, so that it is under way, and then cut off.
            for _ in 0..round * 3 {
                if futures_util::poll!(&mut unanswered).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(unanswered);
            program = program.kill_and_restart();
            let stored = count(&url, "SELECT COUNT(*) FROM ops").await;
            assert!(stored >= i64::try_from(acked).unwrap(), "acknowledged work is gone");
        }
        while acked < tablet.chain.seq {
            let mut push = tablet.push_from(acked + 1);
            push.ops.truncate(200);
            acked = program.push(&cookie, &push).await.unwrap().acked_seq;
        }
        let all = i64::try_from(tablet.chain.seq).unwrap();
        assert_eq!(count(&url, "SELECT COUNT(*) FROM ops").await, all);
        assert_eq!(count(&url, "SELECT COUNT(DISTINCT hash) FROM ops").await, all);
        assert_eq!(count(&url, "SELECT MAX(position) FROM ops").await, all);
    }

    /// A viewer that comes back after a restart has missed nothing, and sees what comes next.
    async fn a_viewer_outlives_a_restart(world) {
        let (url, folder) = World::close(world).await;
        let program = Program::start(Some(url), folder);
        let (juror, organiser) = (program.sign_in("user1", PASSWORD).await, program.sign_in("user11", PASSWORD).await);
        let mut tablet = Tablet::new(1, 0x4001);
        program.post(&juror, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await.unwrap();
        let mut events = program.watch(&organiser, "").await;
        events.expect().await;
        tablet.score(1, [400, 200, 300]);
        program.push(&juror, &tablet.push()).await.unwrap();
        let seen = events.expect().await;
        let program = program.kill_and_restart();
        assert!(events.next().await.is_none(), "the old stream is cut");
        let mut events = program.watch(&organiser, &seen.id).await;
        tablet.score(2, [400, 200, 400]);
        program.push(&juror, &tablet.push_from(5)).await.unwrap();
        let change = events.expect().await.change();
        let ranks: Vec<_> = change.totals.rows.iter().map(|row| (row.code.as_str(), row.rank)).collect();
        assert_eq!(ranks, [("AGI-001", Some(2)), ("AGI-002", Some(1))], "a change, not a page: nothing was missed");
    }
}

/// Stopping with open streams ends them and is done at once.
#[tokio::test]
async fn it_stops_at_once_with_open_streams() {
    let (url, folder) = World::close(World::on_sqlite().await).await;
    let mut program = Program::start(Some(url), folder);
    let organiser = program.sign_in("user11", PASSWORD).await;
    let mut events = program.watch(&organiser, "").await;
    events.expect().await;
    let started = tokio::time::Instant::now();
    let pid = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(events.next().await.is_none());
    let status = tokio::task::spawn_blocking(move || program.child.wait().unwrap()).await.unwrap();
    assert!(status.success(), "{status}");
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
