//! What the server tells, taken in: the catalogue, and the juror's own operations from all of their tablets. The domain
//! decides what it means (`domain::sync::replica`).

use super::carry_out::{WORK, all_files, carry_out, files, require_replica};
use super::problem::SaveProblem;
use super::schema::v1::{CATALOGUE, META, OUTBOX};
use super::tx::Tx;
use super::{CURRENT, CURSOR, Store};
use domain::edition::Edition;
use domain::ids::EditionId;
use domain::sync::replica::{
    self, Arrivals, Catalogue, OutboxRecord, ReplicaRecord, SheetRecord, TakeError, VisitRecord,
};
use domain::sync::wire::Pulled;
use serde::Deserialize;

/// What a pull changed.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The replica, if it is another one now.
    pub replica: Option<ReplicaRecord>,
    /// The catalogue, if it is another one now.
    pub catalogue: Option<Catalogue>,
    /// The sheets that were folded again.
    pub sheets: Vec<SheetRecord>,
    /// The records of stops that are others now.
    pub visits: Vec<VisitRecord>,
    /// The server knows operations under our name that we never wrote: a device restored from a backup (S17).
    pub forked: bool,
    /// Something that the server has lost waits again (S27).
    pub waits: bool,
}

/// Why a pull was not taken in; nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PullProblem {
    /// What it says.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// It could not be saved.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}

impl super::connection::Failure for PullProblem {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Save(problem) if problem.is_lost())
    }
}

/// Of a catalogue, what every page needs. Most pages bring none, and reading all of it for each would be most of the work.
#[derive(Deserialize)]
struct KnownEdition {
    edition: Option<Edition>,
}

impl Store {
    /// Takes in one page of a pull that was asked for from this position.
    pub async fn take(&self, page: &Pulled, asked: Option<&str>) -> Result<Taken, PullProblem> {
        let [meta, sheets, visits, outbox, log] = WORK;
        self.db
            .write(&[meta, sheets, visits, outbox, log, CATALOGUE], async |tx| {
                let known = require_replica(tx).await?;
                let at: Option<String> = tx.get(META, CURSOR).await?;
                if at.as_deref() != asked {
                    return Err(TakeError::Elsewhere.into());
                }
                let (edition, catalogue) = next_catalogue(tx, page).await?;
                let arrivals = Arrivals::read(page, edition, known.user)?;
                let files = match page.reset || known.recovering {
                    true => all_files(tx, arrivals.sheets()).await?,
                    false => files(tx, arrivals.sheets()).await?,
                };
                let waiting: Vec<OutboxRecord> = tx.get_all(OUTBOX).await?;
                let replica::Taken { mut changes, forked } = replica::take(&known, arrivals, page, &waiting, files);
                if forked {
                    return Ok(Taken { forked, ..Taken::default() });
                }
                changes.catalogue = catalogue;
                carry_out(tx, &changes)?;
                let waits = !changes.outbox.is_empty();
                let replica::Changes { replica, catalogue, sheets, visits, .. } = changes;
                Ok(Taken { replica, catalogue, sheets, visits, forked, waits })
            })
            .await
    }
}

/// The edition, and the catalogue if it is another one now.
async fn next_catalogue(tx: &Tx<'_>, page: &Pulled) -> Result<(EditionId, Option<Catalogue>), PullProblem> {
    if page.edition.is_none() && page.removed.is_empty() {
        let known: Option<KnownEdition> = tx.get(CATALOGUE, CURRENT).await?;
        let edition = known.and_then(|known| known.edition).ok_or(TakeError::Unreadable)?;
        return Ok((edition.id, None));
    }
    let before: Catalogue = tx.get(CATALOGUE, CURRENT).await?.unwrap_or_default();
    let after = before.clone().updated(page);
    let edition = after.edition.as_ref().ok_or(TakeError::Unreadable)?.id;
    Ok((edition, (after != before).then_some(after)))
}
