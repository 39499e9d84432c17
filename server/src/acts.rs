//! What organisers do (S31): the settings change and the log says so, in one transaction.

use crate::catalogs::Catalogs;
use crate::db::{DbError, DbResult, Tx, acts as db_acts, catalog, log};
use domain::ids::{EditionId, UserId};
use domain::log::{ActEnvelope, OrganiserAct};
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

/// Puts an act at the end of the current edition's log, after the settings were changed in this transaction, and signs that
/// end. Returns its position; the log is held until the transaction ends.
pub async fn record(tx: &mut Tx, catalogs: &Catalogs, key: &ReceiptKey, by: By, act: OrganiserAct) -> DbResult<u64> {
    let edition = log::head(tx).await?.ok_or(DbError::Corrupt("edition"))?.edition;
    let changes_settings = changes_settings(&act);
    record_all(tx, catalogs, key, edition, vec![(by, act)], changes_settings).await
}

/// The same of several acts; each names the settings as all of them together leave them, and if they changed tablets are
/// told. Returns the last one's position.
pub async fn record_all(
    tx: &mut Tx,
    catalogs: &Catalogs,
    key: &ReceiptKey,
    edition: EditionId,
    acts: Vec<(By, OrganiserAct)>,
    changes_settings: bool,
) -> DbResult<u64> {
    let held = log::hold(tx, edition).await?;
    let head = log::head(tx).await?.ok_or(DbError::Corrupt("edition"))?;
    let settings = if changes_settings {
        let catalog_version = log::raise_catalog_version(tx, edition).await?;
        catalog::load(tx, &log::Head { catalog_version, ..head }).await?.fingerprints()
    } else {
        catalogs.at(tx, &head).await?.fingerprints()
    };
    let mut end = held.end;
    for (by, act) in acts {
        let envelope = ActEnvelope { edition, user: by.user, at: by.at, act, settings: settings.clone() };
        end = end.with_act(db_acts::append(tx, end.position + 1, &envelope).await?);
    }
    log::seal(tx, edition, &end.sign(edition, key)).await?;
    log::announce(tx).await?;
    Ok(end.position)
}

/// Whether tablets and totals go by something else afterwards. Rulings reach both through the log, the plan is nobody's rule.
fn changes_settings(act: &OrganiserAct) -> bool {
    match act {
        OrganiserAct::Found {} | OrganiserAct::MoveRound { .. } | OrganiserAct::RecordPresence { .. } => true,
        OrganiserAct::Rule { .. } | OrganiserAct::RevokeReplica { .. } | OrganiserAct::ChangePlan { .. } => false,
    }
}
