//! What a juror writes: drafts at every key, and acts. Each is one strict transaction (S8), within which the end of the
//! chain is read and written, so that two tabs of one replica never take the same number (S2).

use super::carry_out::require_replica;
use super::connection::Failure;
use super::photos::{TakenPhoto, put_photo, with_photos};
use super::problem::SaveProblem;
use super::schema::v1::{META, OUTBOX, SHEETS};
use super::tx::number_key;
use super::{REPLICA, Store};
use domain::ids::SheetId;
use domain::sheet::{Bases, SheetError};
use domain::sync::replica::{self, DraftCell, Order, ReplicaRecord, SheetKey, SheetRecord, WorkError};
use domain::visit::VisitError;

/// Why an act was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActProblem {
    /// It can't be done.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// A stop's record doesn't allow it.
    #[error(transparent)]
    Visit(#[from] VisitError),
    /// It can't be confirmed while its photos are not saved: it would not be all of it (S24).
    #[error("photos are not saved yet")]
    PhotosNotSaved,
    /// It could not be saved.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}

impl From<SheetError> for ActProblem {
    fn from(error: SheetError) -> Self {
        Self::Work(error.into())
    }
}

impl Failure for ActProblem {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Save(problem) if problem.is_lost())
    }
}

impl Store {
    /// Saves what is being typed; `None` discards it (S6). Only where its replica is: a store that was cleared under an open page
    /// is empty when it is opened again, and nobody would find what was written there. `seen` as in [`replica::draft`].
    pub async fn draft(
        &self,
        id: SheetId,
        key: &SheetKey,
        cell: &DraftCell,
        text: Option<&str>,
        seen: Option<&Bases>,
        now: i64,
    ) -> Result<SheetRecord, SaveProblem> {
        let name = id.to_string();
        self.db
            .write(&[META, SHEETS], async |tx| {
                require_replica(tx).await?;
                let record = replica::draft(tx.get(SHEETS, name.as_str()).await?, id, key, cell, text, seen, now);
                tx.put(SHEETS, name.as_str(), &record)?;
                Ok(record)
            })
            .await
    }

    /// Does an act. It also ends the draft of its cell, and confirming asks that no other is left.
    /// A photo's bytes are written with the act that puts it on the sheet.
    pub async fn act(
        &self,
        order: &Order<'_>,
        taken: Option<&TakenPhoto>,
    ) -> Result<(SheetRecord, ReplicaRecord), ActProblem> {
        let name = order.id.to_string();
        self.db
            .write(&with_photos(&[META, SHEETS, OUTBOX], taken), async |tx| {
                let known = require_replica(tx).await?;
                let found: Option<SheetRecord> = tx.get(SHEETS, name.as_str()).await?;
                let earlier: Option<SheetRecord> = match order.earlier {
                    Some(earlier) => tx.get(SHEETS, earlier.to_string()).await?,
                    None => None,
                };
                let written = replica::act(known, found, earlier.as_ref().map(|earlier| &earlier.sheet), order)?;
                if let Some(entry) = &written.entry {
                    tx.put(OUTBOX, number_key(entry.seq), entry)?;
                    tx.put(META, REPLICA, &written.replica)?;
                    put_photo(tx, taken)?;
                }
                tx.put(SHEETS, name.as_str(), &written.record)?;
                Ok((written.record, written.replica))
            })
            .await
    }
}
