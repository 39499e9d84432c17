//! The database: SQLite by default, PostgreSQL where many machines share one. Every query is written once and runs on
//! both; [`with_db!`] and [`with_tx!`] hand it the right connection. Each `db/` file holds all SQL of one aggregate.
//!
//! Whoever locks several things locks them in this order, so that no two transactions wait for each other: people, replicas,
//! sessions, the log.

pub mod acts;
pub mod audit;
pub mod catalog;
pub mod editions;
pub mod keys;
pub mod log;
pub mod open;
pub mod ops;
pub mod photos;
pub mod plan;
pub mod presence;
pub mod quarantine;
pub mod replicas;
pub mod rounds;
pub mod rulings;
pub mod sessions;
pub mod users;
pub mod visits;

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

/// An open database.
#[derive(Clone)]
pub enum Db {
    /// One file: a single connection writes, a pool reads.
    Sqlite {
        /// The one that writes.
        write: SqlitePool,
        /// Those that read.
        read: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// A transaction. Dropping it rolls back.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database's own error.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// Something stored is not of the form in which it was written.
    #[error("stored {0} can't be read")]
    Corrupt(&'static str),
    /// Whoever extended the log would sign what somebody else did to it (S31).
    #[error("the end of the log isn't signed with this server's key: run `binhchon verify`, it names what was changed")]
    ForeignEnd,
}

impl DbError {
    /// Whether trying again may help: another process was in the way.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::PoolTimedOut) => true,
            Self::Sql(sqlx::Error::Database(error)) => {
                // SQLite: busy, locked. PostgreSQL: serialisation failure, deadlock.
                matches!(error.code().as_deref(), Some("5" | "6" | "517" | "40001" | "40P01"))
            }
            _ => false,
        }
    }

    /// Whether there was no room to write.
    pub fn is_full(&self) -> bool {
        // SQLite: full. PostgreSQL: disk full.
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("13" | "53100")))
    }
}

/// A result of this module.
pub type DbResult<T> = Result<T, DbError>;

/// Runs a query on whichever pool reads.
macro_rules! with_db {
    ($db:expr, |$pool:ident| $query:expr) => {
        match $db {
            $crate::db::Db::Sqlite { read: $pool, .. } => $query,
            $crate::db::Db::Postgres($pool) => $query,
        }
    };
}

/// Runs a query inside a transaction.
macro_rules! with_tx {
    ($tx:expr, |$connection:ident| $query:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                let $connection = &mut **tx;
                $query
            }
            $crate::db::Tx::Postgres(tx) => {
                let $connection = &mut **tx;
                $query
            }
        }
    };
}

pub(crate) use {with_db, with_tx};

impl Db {
    /// A transaction that may write. On SQLite it takes the write lock at once, so it never fails half-way for want of it.
    pub async fn write(&self) -> DbResult<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction for several reads that belong together.
    pub async fn read(&self) -> DbResult<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction for reads that see one moment, however long they take.
    pub async fn snapshot(&self) -> DbResult<Tx> {
        let mut tx = self.read().await?;
        if let Tx::Postgres(tx) = &mut tx {
            // SQLite's transactions are so of themselves.
            sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut **tx).await?;
        }
        Ok(tx)
    }

    /// Whether it answers.
    pub async fn check(&self) -> DbResult<()> {
        with_db!(self, |pool| sqlx::query("SELECT 1").execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// What a SELECT ends with that locks its rows until the transaction ends. SQLite's whole database is locked already.
    pub fn locking(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// Makes everything durable.
    pub async fn commit(self) -> DbResult<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes everything back.
    pub async fn rollback(self) -> DbResult<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// Reads a stored text of a domain type; `what` names the column for the log.
pub(crate) fn read<T: std::str::FromStr>(text: &str, what: &'static str) -> DbResult<T> {
    text.parse().map_err(|_| DbError::Corrupt(what))
}

/// Reads a stored number of a domain type.
pub(crate) fn number<T: TryFrom<i64>>(stored: i64, what: &'static str) -> DbResult<T> {
    T::try_from(stored).map_err(|_| DbError::Corrupt(what))
}
