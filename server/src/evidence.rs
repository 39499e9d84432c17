//! The log as evidence (S31, S32): its chain is begun where an older version wrote the log, and verified from end to end.

mod beside;
mod findings;
mod photos;
mod replay;
pub mod verify;

use crate::acts::{self, By, OnSettings, PROGRAM};
use crate::catalogs::Catalogs;
use crate::db::log::{self, Head};
use crate::db::ops::{self, Span};
use crate::db::{Db, DbError, DbResult, Tx, acts as db_acts, keys, read};
use domain::ids::EditionId;
use domain::log::{LogEnd, OrganiserAct};
use domain::sync::receipt::ReceiptKey;

/// Entries read at once.
const PAGE: u32 = 5_000;

/// Gives logs of an older version their chain, and an act that says how the settings stand: from there on every change is
/// an act. Where the key was `replaced`, ends that an earlier one signed are signed with the new one.
pub async fn begin(db: &Db, catalogs: &Catalogs, key: &ReceiptKey, replaced: bool, now: i64) -> DbResult<()> {
    let mut tx = db.write().await?;
    let current = log::head(&mut tx).await?;
    if replaced {
        sign_anew(&mut tx, key).await?;
    }
    for edition in log::without_end(&mut tx).await? {
        // An older version's log has no acts: from this one somebody took the end.
        if db_acts::any(&mut tx, edition).await? {
            return Err(DbError::ForeignEnd);
        }
        let position = log::last_position(&mut tx, edition).await?;
        let end = chain(&mut tx, edition, position).await?;
        log::seal(&mut tx, edition, &end.sign(edition, key)).await?;
        if current.as_ref().is_some_and(|head: &Head| head.edition == edition) {
            let found = vec![(By { user: PROGRAM, at: now }, OrganiserAct::Found {})];
            acts::record_all(&mut tx, catalogs, key, edition, found, OnSettings::Founded).await?;
        }
    }
    if let Some(head) = current {
        log::hold(&mut tx, head.edition, &key.public()).await?;
    }
    tx.commit().await
}

/// Whoever replaces the key vouches for what an earlier one signed.
async fn sign_anew(tx: &mut Tx, key: &ReceiptKey) -> DbResult<()> {
    let known = keys::all(tx).await?;
    for edition in log::editions(tx).await? {
        let Some(signed) = log::signed_end(tx, edition).await? else { continue };
        if known.iter().any(|earlier| signed.verify(edition, &earlier.public).is_ok()) {
            log::seal(tx, edition, &signed.end.sign(edition, key)).await?;
        }
    }
    Ok(())
}

/// The end that the operations of a log give, up to a position.
async fn chain(tx: &mut Tx, edition: EditionId, up_to: u64) -> DbResult<LogEnd> {
    let mut end = LogEnd::start(edition);
    while end.position < up_to {
        let rows = ops::rows(tx, edition, Span { after: end.position, up_to, limit: PAGE }).await?;
        if rows.is_empty() {
            return Err(DbError::Corrupt("log: it has gaps"));
        }
        for row in rows {
            let hash = read(&row.hash, "hash")?;
            end = match row.status()? {
                Some(status) => end.with_op(hash, &status),
                None => end.with_act(hash),
            };
        }
    }
    Ok(end)
}
