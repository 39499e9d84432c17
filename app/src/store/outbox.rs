//! Sending: what goes out next, and what an answer leaves behind. The domain decides (`domain::sync::replica`); nothing
//! here forgets an operation (S11).

use super::Store;
use super::carry_out::{WORK, all_files, carry_out, files, outbox_after, outbox_up_to, require_replica};
use super::problem::SaveProblem;
use super::schema::v1::{LOG, META, OUTBOX};
use super::tx::number_key;
use domain::ids::ReplicaId;
use domain::sync::MAX_PUSH_OPS;
use domain::sync::replica::{self, Batch, OutboxRecord, ReplicaRecord, Settling, SheetRecord, VisitRecord};
use domain::sync::wire::{Push, Pushed};
use indexed_db_futures::KeyRange;

/// What became of an acknowledgement.
#[derive(Clone, Debug)]
pub enum Settlement {
    /// Written down.
    Settled {
        /// As it is now.
        replica: Box<ReplicaRecord>,
        /// Whose work it covered.
        sheets: Vec<SheetRecord>,
        /// Records of stops that it covered.
        visits: Vec<VisitRecord>,
    },
    /// The server has another history of this replica than we: nothing was written (S17).
    Forked,
}

/// What a re-issue leaves behind.
#[derive(Clone, Debug)]
pub struct Reissued {
    /// Under its new name.
    pub replica: ReplicaRecord,
    /// The sheets, folded anew.
    pub sheets: Vec<SheetRecord>,
    /// The records of stops.
    pub visits: Vec<VisitRecord>,
}

impl Store {
    /// The operations to send next, as many as go into one push.
    pub async fn batch(&self) -> Result<Batch, SaveProblem> {
        self.db
            .read(&[META, OUTBOX], async |tx| {
                let everything = KeyRange::LowerBound(number_key(0), false);
                let waiting: Vec<OutboxRecord> = tx.get_range(OUTBOX, everything, MAX_PUSH_OPS as u32).await?;
                Ok(replica::batch(require_replica(tx).await?, waiting))
            })
            .await
    }

    /// Writes down an acknowledgement that [`domain::sync::outbox::read_answer`] believed.
    pub async fn settle(&self, sent: &Push, pushed: &Pushed) -> Result<Settlement, SaveProblem> {
        self.db
            .write(&WORK, async |tx| {
                let known = require_replica(tx).await?;
                let covered = outbox_up_to(tx, pushed.acked_seq).await?;
                let files = files(tx, replica::touched_by(&covered)).await?;
                let rest = match replica::refolds(&files, pushed) {
                    true => outbox_after(tx, pushed.acked_seq).await?,
                    false => Vec::new(),
                };
                Ok(match replica::settle(known.clone(), &covered, &rest, files, (sent, pushed)) {
                    Settling::Settled(changes) => {
                        carry_out(tx, &changes)?;
                        let replica = Box::new(changes.replica.unwrap_or(known));
                        Settlement::Settled { replica, sheets: changes.sheets, visits: changes.visits }
                    }
                    Settling::Stale => {
                        Settlement::Settled { replica: Box::new(known), sheets: Vec::new(), visits: Vec::new() }
                    }
                    Settling::Forked => Settlement::Forked,
                })
            })
            .await
    }

    /// The server misses operations from `seq` on, though it once acknowledged them: they wait again.
    pub async fn rewind(&self, seq: u64) -> Result<ReplicaRecord, SaveProblem> {
        self.db
            .write(&[META, OUTBOX, LOG], async |tx| {
                let known = require_replica(tx).await?;
                let changes = replica::rewind(known.clone(), tx.get_all(LOG).await?, seq)?;
                carry_out(tx, &changes)?;
                Ok(changes.replica.unwrap_or(known))
            })
            .await
    }

    /// A cloned or restored device goes on under a new identity (S17).
    pub async fn reissue(&self, id: ReplicaId) -> Result<Reissued, SaveProblem> {
        self.db
            .write(&WORK, async |tx| {
                let known = require_replica(tx).await?;
                let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
                let changes = replica::reissue(known.clone(), &waiting, all_files(tx, []).await?, id)?;
                carry_out(tx, &changes)?;
                Ok(Reissued {
                    replica: changes.replica.unwrap_or(known),
                    sheets: changes.sheets,
                    visits: changes.visits,
                })
            })
            .await
    }
}
