//! Hears of other processes' commits. Only PostgreSQL has other processes.

use crate::db::Db;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::sync::Notify;

/// Between two attempts to reach a database that has gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Wakes at every notification; never returns.
pub async fn listen(db: &Db, changed: &Notify) {
    let Db::Postgres(pool) = db else {
        return std::future::pending().await;
    };
    loop {
        if let Err(error) = listen_once(pool, changed).await {
            tracing::warn!(%error, "notifications of other processes are interrupted");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen_once(pool: &PgPool, changed: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("binhchon_log").await?;
    loop {
        // What happened while nobody listened is in the log.
        changed.notify_one();
        listener.recv().await?;
    }
}
