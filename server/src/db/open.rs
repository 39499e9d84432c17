//! Opens a database and brings it to this program's form. Whatever is wrong is said in one line.

use super::{Db, with_db};
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::cmp::Ordering;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

const BUSY: Duration = Duration::from_secs(5);
const ACQUIRE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// Why a database can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither kind of URL.
    #[error("the database URL must begin with sqlite:// or postgres://")]
    UnknownKind,
    /// Not reachable, not writable, not a database.
    #[error("the database can't be opened: {0}")]
    Unreachable(String),
    /// It has migrations that this program doesn't know.
    #[error("the database is newer than this program: update binhchon, or use the version that wrote it")]
    Newer,
    /// It lacks migrations of this program, and may not be changed.
    #[error("the database is older than this program: `binhchon migrate` brings it up to date")]
    Older,
    /// A migration failed.
    #[error("the database can't be brought up to date: {0}")]
    Migration(String),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unreachable(one_line(&error))
    }
}

/// Opens the database at a URL and migrates it.
pub async fn open(url: &str) -> Result<Db, OpenError> {
    let db = connect(url, true).await?;
    migrate(&db).await?;
    Ok(db)
}

/// Opens the SQLite database in a file, made if need be, and migrates it.
pub async fn open_file(path: &Path) -> Result<Db, OpenError> {
    let db = connect_sqlite(SqliteConnectOptions::new().filename(path).create_if_missing(true)).await?;
    migrate(&db).await?;
    Ok(db)
}

/// Opens the database at a URL as it is: one of another version is refused, not changed.
pub async fn open_existing(url: &str) -> Result<Db, OpenError> {
    let db = connect(url, false).await?;
    compare_versions(&db).await?;
    Ok(db)
}

/// Opens the SQLite database in a file as it is.
pub async fn open_existing_file(path: &Path) -> Result<Db, OpenError> {
    let db = connect_sqlite(SqliteConnectOptions::new().filename(path)).await?;
    compare_versions(&db).await?;
    Ok(db)
}

async fn connect(url: &str, make: bool) -> Result<Db, OpenError> {
    if url.starts_with("sqlite:") {
        connect_sqlite(SqliteConnectOptions::from_str(url)?.create_if_missing(make)).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        connect_postgres(PgConnectOptions::from_str(url)?).await
    } else {
        Err(OpenError::UnknownKind)
    }
}

async fn compare_versions(db: &Db) -> Result<(), OpenError> {
    let (count,): (i64,) = with_db!(db, |pool| sqlx::query_as("SELECT COUNT(*) FROM _sqlx_migrations WHERE success")
        .fetch_one(pool)
        .await)?;
    match count.cmp(&(SQLITE.iter().count() as i64)) {
        Ordering::Less => Err(OpenError::Older),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(OpenError::Newer),
    }
}

/// WAL lets readers go on while one writes; FULL makes a commit survive a power cut (S19).
async fn connect_sqlite(options: SqliteConnectOptions) -> Result<Db, OpenError> {
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // An INSERT of many rows keeps what it would have to take back, by default in a file.
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(256);
    // A file doesn't hang up, so nothing is asked of a connection before it is used.
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_free(connection)));
    let write = pool.clone().max_connections(1).connect_with(options.clone()).await?;
    let read = pool.max_connections(READERS).connect_with(options.pragma("query_only", "ON")).await?;
    Ok(Db::Sqlite { write, read })
}

/// Whether nothing is left of the transaction before. On a full disk SQLite takes a transaction back by itself; the driver,
/// whose own ROLLBACK fails then, would believe for ever that it is in one: such a connection is given up for a new one.
async fn is_free(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is taken back behind our back: by the answer it has been.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// What a connection asks of PostgreSQL, whatever role and database have as their own settings: a commit that survives a power cut
/// (S19); and that a machine that died gives back the log, which no transaction of ours holds for long, and its connections,
/// instead of two hours later.
const POSTGRES_SETTINGS: [(&str, &str); 5] = [
    ("synchronous_commit", "on"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("tcp_keepalives_idle", "30s"),
    ("tcp_keepalives_interval", "10s"),
    ("tcp_keepalives_count", "3"),
];

async fn connect_postgres(options: PgConnectOptions) -> Result<Db, OpenError> {
    let options = options.options(POSTGRES_SETTINGS);
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE);
    Ok(Db::Postgres(pool.connect_with(options).await?))
}

async fn migrate(db: &Db) -> Result<(), OpenError> {
    let result = match db {
        Db::Sqlite { write, .. } => SQLITE.run(write).await,
        Db::Postgres(pool) => POSTGRES.run(pool).await,
    };
    result.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooOld(..) => OpenError::Newer,
        MigrateError::Execute(error) => error.into(),
        other => OpenError::Migration(one_line(&other)),
    })
}

fn one_line(error: &dyn std::error::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
