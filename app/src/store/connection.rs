//! A connection to one database that survives its own death (S14), and whose every write is strictly durable (S8).

use super::problem::SaveProblem;
use super::schema::{self, Schema};
use super::tx::Tx;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;

/// An error that a transaction's work may end with.
pub trait Failure: From<SaveProblem> {
    /// Whether the connection is to blame, so that a second try on a new one makes sense.
    fn is_lost(&self) -> bool;
}

impl Failure for SaveProblem {
    fn is_lost(&self) -> bool {
        *self == Self::Lost
    }
}

/// Opens on demand, and again when the browser has closed it.
pub struct Connection {
    name: String,
    schema: Schema,
    open: Rc<RefCell<Option<Database>>>,
}

impl Connection {
    /// Opens the database of this name, creating or upgrading it.
    pub async fn open(name: &str, schema: Schema) -> Result<Self, SaveProblem> {
        let connection = Self { name: name.to_owned(), schema, open: Rc::default() };
        connection.database().await?;
        Ok(connection)
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads in one transaction.
    pub async fn read<R, E: Failure>(
        &self,
        stores: &[&str],
        work: impl AsyncFn(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.run(stores, TransactionMode::Readonly, work).await
    }

    /// Writes in one transaction: all of it or nothing, and `Ok` only after it is on the disk. `work` may await nothing
    /// but the transaction's own requests (S9).
    pub async fn write<R, E: Failure>(
        &self,
        stores: &[&str],
        work: impl AsyncFn(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.run(stores, TransactionMode::Readwrite, work).await
    }

    async fn run<R, E: Failure>(
        &self,
        stores: &[&str],
        mode: TransactionMode,
        work: impl AsyncFn(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut tries = 0;
        loop {
            let result = self.attempt(stores, mode, &work).await;
            match &result {
                Err(error) if error.is_lost() && tries == 0 => self.recover(mode).await?,
                _ => return result,
            }
            tries += 1;
        }
    }

    /// The connection is to blame: the next attempt opens a new one. Unless the disk is full.
    async fn recover(&self, mode: TransactionMode) -> Result<(), SaveProblem> {
        if mode == TransactionMode::Readwrite && is_full().await {
            return Err(SaveProblem::Full);
        }
        if let Some(db) = self.open.take() {
            db.close();
        }
        Ok(())
    }

    async fn attempt<R, E: Failure>(
        &self,
        stores: &[&str],
        mode: TransactionMode,
        work: &impl AsyncFn(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let db = self.database().await?;
        let transaction = begin(&db, stores, mode)?;
        // An error drops the transaction, and dropping aborts it.
        let result = work(&Tx::new(&transaction)).await?;
        finish(transaction).await?;
        Ok(result)
    }

    async fn database(&self) -> Result<Database, SaveProblem> {
        if let Some(db) = self.open.borrow().clone() {
            return Ok(db);
        }
        let schema = self.schema;
        let db = Database::open(self.name.as_str())
            .with_version(schema::VERSION)
            .with_on_upgrade_needed(move |event, db| {
                schema::upgrade(schema, &event, &db).map_err(|problem| js_sys::Error::new(&problem.to_string()).into())
            })
            .await?;
        self.open.replace(Some(db.clone()));
        self.yield_to_newer(&db);
        Ok(db)
    }

    /// A tab with a newer version of the app wants to upgrade the database: let go of it, or it waits for ever.
    fn yield_to_newer(&self, db: &Database) {
        let Ok(mut changes) = db.version_changes() else {
            return;
        };
        let (open, db) = (self.open.clone(), db.clone());
        wasm_bindgen_futures::spawn_local(async move {
            if changes.recv().await.is_some() {
                db.close();
            }
            open.replace(None);
        });
    }
}

// Apart from the work itself, a transaction is the same for all: in the app's code once.

fn begin<'a>(db: &'a Database, stores: &[&str], mode: TransactionMode) -> Result<Transaction<'a>, SaveProblem> {
    let durability = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    Ok(db.transaction(stores).with_mode(mode).with_options(durability).build()?)
}

async fn finish(transaction: Transaction<'_>) -> Result<(), SaveProblem> {
    Ok(transaction.commit().await?)
}

/// Some browsers only break the transaction off when the disk is full, without saying so: ask how much room there is.
async fn is_full() -> bool {
    const NEARLY_NOTHING: f64 = 1_000_000.0;
    let Some(Ok(estimate)) = web_sys::window().map(|window| window.navigator().storage().estimate()) else {
        return false;
    };
    let Ok(estimate) = JsFuture::from(estimate).await else {
        return false;
    };
    let read = |name: &str| js_sys::Reflect::get(&estimate, &name.into()).ok().and_then(|value| value.as_f64());
    matches!((read("quota"), read("usage")), (Some(quota), Some(usage)) if quota - usage < NEARLY_NOTHING)
}
