//! What survives when the program is killed, restarted or stopped.

use crate::edition::PASSWORD;
use crate::program::Program;
use crate::tablet::Tablet;
use crate::world::World;
use serde_json::json;
use server::db::{Db, open};
use server::evidence::verify::{Finding, Witnesses, verify};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

async fn count(url: &str, sql: &'static str) -> i64 {
    let db = open::open(url).await.unwrap();
    let (count,): (i64,) = match &db {
        Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
    };
    db.close().await;
    count
}

/// Microseconds after which a push has been answered on any machine.
const LATEST_KILL: u64 = 2_000_000;

/// A number from the environment.
fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Moments that a seed decides (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
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

    /// I2, I3, I8: killed (SIGKILL) at a random moment of a push, again and again: 25 times, or as often as
    /// `cargo xtask torture` says. Counted: acknowledged and lost, there twice.
    async fn i2_i3_i8_kills_at_random_moments_lose_and_double_nothing(world) {
        let (url, folder) = World::close(world).await;
        let mut program = Program::start(Some(url.clone()), Arc::clone(&folder));
        let cookie = program.sign_in("user1", PASSWORD).await;
        let mut tablet = Tablet::new(1, 0x4001);
        program.post(&cookie, "/api/v1/replicas", &json!({ "replica": tablet.chain.replica })).await.unwrap();
        let kills = asked("BINHCHON_KILLS").unwrap_or(25);
        let mut chance = Chance(asked("BINHCHON_KILL_SEED").unwrap_or(1));
        let (mut acked, mut answered) = (0, 0);
        // Within how many microseconds the kill comes. A program that has just started takes its time, each machine another:
        // the window follows, so that about as many pushes are answered before as are not.
        let mut window = 12_000;
        for kill in 0..kills {
            for n in 0..=chance.below(60) {
                tablet.mark(u128::from(n % 3 + 1), "1.1", (chance.below(9) * 50) as i32);
            }
            let mut push = tablet.push_from(acked + 1);
            push.ops.truncate(200);
            let sent = program.push_meanwhile(&cookie, &push);
            // Not a wait for anything: the moment of the kill.
            tokio::time::sleep(Duration::from_micros(chance.below(window))).await;
            program = program.kill_and_restart();
            if let Some(pushed) = sent.await.unwrap() {
                assert!(pushed.acked_seq > acked, "kill {kill}");
                (acked, answered) = (pushed.acked_seq, answered + 1);
                window = window * 3 / 4;
            } else {
                window = (window * 4 / 3).min(LATEST_KILL);
            }
            let stored = count(&url, "SELECT COUNT(*) FROM ops").await;
            assert!(stored >= acked as i64, "kill {kill}: acknowledged {acked}, stored {stored}");
        }
        while acked < tablet.chain.seq {
            let mut push = tablet.push_from(acked + 1);
            push.ops.truncate(200);
            acked = program.push(&cookie, &push).await.unwrap().acked_seq;
        }
        assert!(answered > 0 && answered < kills, "{answered} of {kills} answered: the kills missed the moments that matter");
        let all = tablet.chain.seq as i64;
        assert_eq!(count(&url, "SELECT COUNT(*) FROM ops").await, all);
        assert_eq!(count(&url, "SELECT COUNT(DISTINCT hash) FROM ops").await, all);
        assert_eq!(count(&url, "SELECT MAX(position) FROM ops").await, all);
        drop(program);
        let db = open::open(&url).await.unwrap();
        let report = verify(&db, Witnesses::default()).await.unwrap().unwrap();
        db.close().await;
        // This edition is filled in without an act that founds it.
        assert_eq!(report.findings, [Finding::NoFoundation]);
        println!("{kills} kills: {answered} pushes answered before, {all} operations; acked and lost 0, twice 0");
    }

    /// A viewer that comes back after a restart is shown everything anew, whatever the database was put back to, and sees what
    /// comes next.
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
        let page = events.expect().await.page();
        assert_eq!(page.totals.rows[0].mean, seen.change().totals.rows[0].mean);
        tablet.score(2, [400, 200, 400]);
        program.push(&juror, &tablet.push_from(5)).await.unwrap();
        let change = events.expect().await.change();
        let ranks: Vec<_> = change.totals.rows.iter().map(|row| (row.code.as_str(), row.rank)).collect();
        assert_eq!(ranks, [("AGI-001", Some(2)), ("AGI-002", Some(1))]);
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
