//! A fresh database with the small edition, and a server in front of it.

use crate::edition::{START, act, edition_id, fill, user};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use domain::round::RoundState;
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::Value;
use server::auth::draw_token;
use server::clock::{Clock, Nature, SystemChance};
use server::db::{Db, Tx, log, open, sessions};
use server::router::router;
use server::settings::{Reach, Settings};
use server::state::App;
use sqlx::AssertSqlSafe;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tempfile::TempDir;
use tower::ServiceExt;

/// Defines each test twice: on SQLite, and on PostgreSQL where `BINHCHON_TEST_POSTGRES` names one.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)*) => {$(
        $(#[$doc])*
        async fn $name($world: $crate::world::World) $body

        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::world::World::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(world) = $crate::world::World::on_postgres().await {
                    super::$name(world).await;
                }
            }
        }
    )*};
}

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn pass(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A server with its database, gone when the test ends.
pub struct World {
    pub app: App,
    pub clock: Arc<TestClock>,
    pub url: String,
    folder: Arc<TempDir>,
    router: Router,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}: {:?}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl World {
    pub async fn on_sqlite() -> Self {
        let folder = temporary_folder();
        let url = format!("sqlite://{}", folder.path().join("binhchon.db").display());
        Self::new(url, folder).await
    }

    pub async fn on_postgres() -> Option<Self> {
        let url = fresh_postgres().await?;
        Some(Self::new(url, temporary_folder()).await)
    }

    async fn new(url: String, folder: TempDir) -> Self {
        let db = open::open(&url).await.unwrap();
        fill(&db).await;
        Self::start(url, Arc::new(folder), Arc::new(TestClock(AtomicI64::new(START))), loopback()).await
    }

    async fn start(url: String, folder: Arc<TempDir>, clock: Arc<TestClock>, settings: Settings) -> Self {
        let db = open::open(&url).await.unwrap();
        let nature = Nature::new(Arc::clone(&clock) as Arc<dyn Clock>, Arc::new(SystemChance));
        let app = App::start(settings, db, nature, folder.path()).await.unwrap();
        Self { router: router(app.clone()), app, clock, url, folder }
    }

    /// Another process on the same database, its folder (with the receipt key) copied.
    pub async fn another_process(&self) -> Self {
        self.another_with(loopback()).await
    }

    pub async fn another_with(&self, settings: Settings) -> Self {
        Self::start(self.url.clone(), Arc::clone(&self.folder), Arc::clone(&self.clock), settings).await
    }

    /// Closes the server and leaves its database and folder to a program of its own.
    pub async fn close(self) -> (String, Arc<TempDir>) {
        self.app.stop().await;
        (self.url, self.folder)
    }

    /// Signs a user in without the password, which is slow to check, and gives the cookie.
    pub async fn cookie(&self, id: u128) -> String {
        let (token, hash) = draw_token(&self.app.nature);
        let mut tx = self.app.db.write().await.unwrap();
        sessions::insert(&mut tx, &hash.0, user(id), self.app.nature.now()).await.unwrap();
        tx.commit().await.unwrap();
        format!("{}={token}", self.app.settings.cookie_name())
    }

    pub async fn raw(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.raw(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, cookie: &str, path: &str) -> Answer {
        self.send(request("GET", cookie, path).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, cookie: &str, path: &str) -> Answer {
        self.send(request("DELETE", cookie, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, cookie: &str, path: &str, body: &impl Serialize) -> Answer {
        self.post_bytes(cookie, path, serde_json::to_vec(body).unwrap()).await
    }

    pub async fn post_bytes(&self, cookie: &str, path: &str, body: Vec<u8>) -> Answer {
        let request = request("POST", cookie, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A number from the database, such as `SELECT COUNT(*) FROM ops`.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let (count,): (i64,) = match &self.app.db {
            Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await.unwrap(),
            Db::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await.unwrap(),
        };
        count
    }

    /// Where the server keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes the database behind the server's back; returns the number of rows.
    pub async fn run(&self, statement: &str) -> u64 {
        let statement = AssertSqlSafe(statement.to_owned());
        match &self.app.db {
            Db::Sqlite { write, .. } => sqlx::query(statement).execute(write).await.unwrap().rows_affected(),
            Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.unwrap().rows_affected(),
        }
    }

    /// Whether the database itself refuses a change.
    pub async fn refuses(&self, statement: &str) -> bool {
        let statement = AssertSqlSafe(statement.to_owned());
        match &self.app.db {
            Db::Sqlite { write, .. } => sqlx::query(statement).execute(write).await.is_err(),
            Db::Postgres(pool) => sqlx::query(statement).execute(pool).await.is_err(),
        }
    }

    /// Changes settings and raises their version, as an organiser's act does.
    pub async fn change(&self, change: impl AsyncFnOnce(&mut Tx, u64)) {
        let mut tx = self.app.db.write().await.unwrap();
        let version = log::raise_catalog_version(&mut tx, edition_id()).await.unwrap();
        change(&mut tx, version).await;
        log::announce(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        self.app.live.wake();
    }

    pub async fn set_round(&self, code: &str, state: RoundState, epoch: u32) {
        self.change(async |tx, _| act(tx, code, state, epoch).await).await;
    }
}

pub fn request(method: &str, cookie: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("x-binhchon", "1").header(header::COOKIE, cookie)
}

pub fn loopback() -> Settings {
    Settings {
        addr: ([127, 0, 0, 1], 0).into(),
        site: PathBuf::from("no-such-site"),
        reach: Reach::Loopback,
        session_idle_ms: 14 * 24 * 60 * 60 * 1000,
        replace_receipt_key: false,
    }
}

/// In memory where the system has such a place: what these tests kill is the program, never the machine, and hundreds of
/// durable commits on a slow disk would take minutes.
pub fn temporary_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A new database in the test cluster; none if there is no cluster.
pub async fn fresh_postgres() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = env::var("BINHCHON_TEST_POSTGRES").ok()?;
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&cluster).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    let (before, after) = cluster.rsplit_once("/postgres").unwrap();
    Some(format!("{before}/{name}{after}"))
}
