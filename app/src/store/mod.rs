//! The tablet's own store: IndexedDB, one database a juror (S1), every write strictly durable and all or nothing (S8).
//! The domain decides what is written; this carries it out.

mod carry_out;
mod codec;
mod connection;
pub mod device;
mod outbox;
mod photos;
mod problem;
mod pull;
mod schema;
mod sheets;
mod tx;
mod visits;

pub use connection::Failure;
pub use domain::sync::replica::{
    Batch, Catalogue, DraftCell, LogRecord, Order, OutboxRecord, Received, ReplicaRecord, SheetKey, SheetRecord,
    TakeError, VisitOrder, VisitRecord, WaitingPhoto, WorkError,
};
pub use outbox::{Reissued, Settlement};
pub use photos::TakenPhoto;
pub use problem::SaveProblem;
pub use pull::{PullProblem, Taken};
pub use sheets::ActProblem;

use carry_out::require_replica;
use connection::Connection;
use domain::ids::{ReplicaId, SheetId, UserId};
use domain::sync::receipt::PublicKey;
use schema::Schema;
use schema::v1::{CATALOGUE, META, SHEETS};
use schema::v2::VISITS;

/// Under `meta`: the [`ReplicaRecord`].
const REPLICA: &str = "replica";
/// Under `meta`: the cursor of the last pull.
const CURSOR: &str = "cursor";
/// Under `catalogue`: the only record.
const CURRENT: &str = "current";

/// One juror's database.
pub struct Store {
    db: Connection,
}

/// All that the screens start from.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Who writes here; none before enrolment.
    pub replica: Option<ReplicaRecord>,
    /// The cursor of the last pull; none before the first.
    pub cursor: Option<String>,
    /// The catalogue; empty before the first pull.
    pub catalogue: Catalogue,
    /// All sheets with anything on them.
    pub sheets: Vec<SheetRecord>,
    /// All records of stops.
    pub visits: Vec<VisitRecord>,
}

impl Store {
    /// Opens the database of this name.
    pub async fn open(name: &str) -> Result<Self, SaveProblem> {
        Ok(Self { db: Connection::open(name, Schema::Juror).await? })
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        self.db.name()
    }

    /// Reads everything but operations.
    pub async fn load(&self) -> Result<Loaded, SaveProblem> {
        self.db
            .read(&[META, CATALOGUE, SHEETS, VISITS], async |tx| {
                Ok(Loaded {
                    replica: tx.get(META, REPLICA).await?,
                    cursor: tx.get(META, CURSOR).await?,
                    catalogue: tx.get(CATALOGUE, CURRENT).await?.unwrap_or_default(),
                    sheets: tx.get_all(SHEETS).await?,
                    visits: tx.get_all(VISITS).await?,
                })
            })
            .await
    }

    /// The cursor of the last pull; none before the first.
    pub async fn cursor(&self) -> Result<Option<String>, SaveProblem> {
        self.db.read(&[META], async |tx| tx.get(META, CURSOR).await).await
    }

    /// One sheet, with the replica that its state is read against.
    pub async fn sheet(&self, id: SheetId) -> Result<(Option<SheetRecord>, ReplicaRecord), SaveProblem> {
        self.db
            .read(&[META, SHEETS], async |tx| Ok((tx.get(SHEETS, id.to_string()).await?, require_replica(tx).await?)))
            .await
    }

    /// The replica of this database, a new one with this id if it has none yet. Interrupted enrolments go on with the id
    /// that was drawn first. The server is asked anew for its key: it may sign with another one by now, and whoever gives it a
    /// password trusts it (S19).
    pub async fn enrol(&self, user: UserId, fresh: ReplicaId) -> Result<ReplicaRecord, SaveProblem> {
        self.db
            .write(&[META], async |tx| {
                let known: Option<ReplicaRecord> = tx.get(META, REPLICA).await?;
                let mut replica = known.unwrap_or_else(|| ReplicaRecord::new(user, fresh));
                replica.receipt_key = None;
                tx.put(META, REPLICA, &replica)?;
                Ok(replica)
            })
            .await
    }

    /// Pins the key with which the server signs this replica's receipts (S19).
    pub async fn pin(&self, replica: ReplicaId, key: &PublicKey) -> Result<ReplicaRecord, SaveProblem> {
        self.db
            .write(&[META], async |tx| {
                let mut record = require_replica(tx).await?;
                if record.chain.replica == replica && record.receipt_key.is_none() {
                    record.receipt_key = Some(key.clone());
                }
                tx.put(META, REPLICA, &record)?;
                Ok(record)
            })
            .await
    }
}
