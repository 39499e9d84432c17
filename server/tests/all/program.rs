//! The program itself: what it says when it can't start, and what survives when it is killed.

use crate::events::Events;
use crate::tablet::Tablet;
use crate::world::{PASSWORD, World, temporary_folder};
use axum::body::Body;
use domain::sync::wire::{Push, Pushed};
use reqwest::{Client, header};
use serde_json::json;
use server::db::{Db, open};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

fn binhchon(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_binhchon"));
    command.env_remove("DATABASE_URL").env("BINHCHON_LOG", "info").stdin(Stdio::null());
    command.args(arguments).arg("--data").arg(data);
    command
}

fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(!said.contains("panicked") && !said.contains("backtrace"), "{said}");
    let lines: Vec<_> = said.lines().filter(|line| !line.contains(" INFO ")).collect();
    assert_eq!(lines.len(), 1, "one line: {said}");
    lines[0].to_owned()
}

#[test]
fn what_prevents_serving_is_said_in_one_line() {
    let folder = temporary_folder();
    let data = folder.path().join("data");
    let said = refused(&binhchon(&data, &["serve", "--addr", "0.0.0.0:0"]).output().unwrap());
    assert!(said.contains("--tls-cert") && said.contains("--public-url"), "{said}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let said = refused(&binhchon(&data, &["serve", "--addr", &addr]).output().unwrap());
    assert!(said.contains(&addr) && said.contains("taken"), "{said}");

    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = refused(&binhchon(&file, &["migrate"]).output().unwrap());
    assert!(said.contains("data folder"), "{said}");

    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("binhchon.db"), "this is a letter, not a database".repeat(100)).unwrap();
    let said = refused(&binhchon(&data, &["migrate"]).output().unwrap());
    assert!(said.contains("database"), "{said}");

    let said = refused(&binhchon(&data, &["migrate", "--database-url", "mysql://x"]).output().unwrap());
    assert!(said.contains("sqlite://") && said.contains("postgres://"), "{said}");
}

/// Decision 11: demo accounts never leave this machine.
#[test]
fn demo_accounts_are_never_served_to_others() {
    let folder = temporary_folder();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample");
    assert!(binhchon(folder.path(), &["sample", "--from", sample]).output().unwrap().status.success());
    let proxy = ["serve", "--addr", "127.0.0.1:0", "--public-url", "https://cham.vn", "--trusted-proxy", "127.0.0.1"];
    let said = refused(&binhchon(folder.path(), &proxy).output().unwrap());
    assert!(said.contains("demo accounts"), "{said}");
}

fn add_user(data: &Path, name: &str, password: &str) -> Output {
    let mut command = binhchon(data, &["user", "add", "--name", name, "--role", "administrator"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may refuse before it reads.
    drop(child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()));
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn the_first_administrator_is_added_by_hand() {
    let folder = temporary_folder();
    for (password, reason) in [("kho4", "8 to 128"), ("password123", "first that an attacker tries")] {
        assert!(refused(&add_user(folder.path(), "quantri", password)).contains(reason));
    }
    assert!(add_user(folder.path(), "quantri", "khoacuathep39").status.success());
    assert!(refused(&add_user(folder.path(), "quantri", "khoacuathep40")).contains("exists already"));
    let program = Program::start(None, Arc::new(folder));
    let cookie = program.sign_in("quantri", "khoacuathep39").await;
    let totals = program.client.get(program.url("/api/v1/rounds/visit/totals")).header(header::COOKIE, &cookie);
    assert_eq!(totals.send().await.unwrap().status(), 403);
}

/// The running program.
struct Program {
    child: Child,
    addr: String,
    client: Client,
    database: Option<String>,
    folder: Arc<TempDir>,
}

impl Program {
    fn start(database: Option<String>, folder: Arc<TempDir>) -> Self {
        let mut command = binhchon(folder.path(), &["serve", "--addr", "127.0.0.1:0"]);
        if let Some(url) = &database {
            command.args(["--database-url", url]);
        }
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let addr = lines.find_map(|line| Some(line.split_once("addr=")?.1.trim().to_owned())).expect("it serves");
        // Whoever doesn't read a program's log stops it in the end.
        std::thread::spawn(move || lines.for_each(drop));
        let client = Client::builder().no_proxy().build().unwrap();
        Self { child, addr, client, database, folder }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    async fn sign_in(&self, name: &str, password: &str) -> String {
        let body = json!({ "name": name, "password": password });
        let request = self.client.post(self.url("/api/v1/session")).header("x-binhchon", "1").json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn post(&self, cookie: &str, path: &str, body: &impl serde::Serialize) -> reqwest::Result<reqwest::Response> {
        let request = self.client.post(self.url(path)).header("x-binhchon", "1").header(header::COOKIE, cookie);
        request.json(body).send().await
    }

    async fn push(&self, cookie: &str, push: &Push) -> Option<Pushed> {
        self.post(cookie, "/api/v1/sync/push", push).await.ok()?.json().await.ok()
    }

    async fn watch(&self, cookie: &str, after: &str) -> Events {
        let url = self.url(&format!("/api/v1/rounds/visit/live?after={after}"));
        let response = self.client.get(url).header(header::COOKIE, cookie).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let chunks = futures_util::stream::unfold(response, |mut response| async {
            let chunk = response.chunk().await.ok()??;
            Some((Ok::<_, std::io::Error>(chunk), response))
        });
        Events::new(Body::from_stream(chunks))
    }

    /// SIGKILL, and a new program on the same data.
    fn kill_and_restart(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Self::start(self.database.clone(), Arc::clone(&self.folder))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

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
