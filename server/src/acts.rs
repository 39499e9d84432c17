//! What organisers do (S31): the settings change and the log says so, in one transaction.

use crate::catalogs::Catalogs;
use crate::db::log::{self, Head};
use crate::db::{DbError, DbResult, Tx, acts as db_acts, catalog};
use domain::ids::{EditionId, UserId};
use domain::log::{ActEnvelope, Fingerprints, OrganiserAct};
use domain::sync::receipt::ReceiptKey;

/// Who acts, and when: milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who.
    pub user: UserId,
    /// When.
    pub at: i64,
}

/// Who it is when the program itself acts, such as on a log that an older version wrote.
pub const PROGRAM: UserId = UserId(uuid::Uuid::nil());

/// What acts mean for the settings (S31).
pub enum OnSettings {
    /// They are there.
    Founded,
    /// They stay. Rulings reach tablets and totals through the log, the plan is nobody's rule.
    Kept,
    /// They were changed in this transaction; before, they were so.
    Changed(Fingerprints),
}

/// The settings as they stand in the database, for an act that is about to change them.
pub async fn settings(tx: &mut Tx, head: &Head) -> DbResult<Fingerprints> {
    Ok(catalog::load(tx, head).await?.fingerprints())
}

/// Puts an act that keeps the settings at the end of the current edition's log and signs that end. Returns its position; the log
/// is held until the transaction ends.
pub async fn record(tx: &mut Tx, catalogs: &Catalogs, key: &ReceiptKey, by: By, act: OrganiserAct) -> DbResult<u64> {
    let edition = log::head(tx).await?.ok_or(DbError::Corrupt("edition"))?.edition;
    record_all(tx, catalogs, key, edition, vec![(by, act)], OnSettings::Kept).await
}

/// The same of several acts, and whatever they mean for the settings; each names them as all of them together leave them, and if
/// they changed tablets are told. Returns the last one's position.
pub async fn record_all(
    tx: &mut Tx,
    catalogs: &Catalogs,
    key: &ReceiptKey,
    edition: EditionId,
    acts: Vec<(By, OrganiserAct)>,
    settings: OnSettings,
) -> DbResult<u64> {
    let held = log::hold(tx, edition, &key.public()).await?;
    let head = log::head(tx).await?.ok_or(DbError::Corrupt("edition"))?;
    let (mut before, after) = match settings {
        OnSettings::Founded => (None, changed(tx, head).await?),
        OnSettings::Changed(before) => (Some(before), changed(tx, head).await?),
        OnSettings::Kept => {
            let kept = catalogs.at(tx, &head).await?.fingerprints();
            (Some(kept.clone()), kept)
        }
    };
    let mut end = held.end;
    for (by, act) in acts {
        let (settings, before) = (after.clone(), before.take());
        let envelope = ActEnvelope { edition, user: by.user, at: by.at, act, settings, before };
        end = end.with_act(db_acts::append(tx, end.position + 1, &envelope).await?);
    }
    log::seal(tx, edition, &end.sign(edition, key)).await?;
    log::announce(tx).await?;
    Ok(end.position)
}

async fn changed(tx: &mut Tx, head: Head) -> DbResult<Fingerprints> {
    let catalog_version = log::raise_catalog_version(tx, head.edition).await?;
    settings(tx, &Head { catalog_version, ..head }).await
}
