//! Photos are what the log names, and their bytes what was kept.

use super::findings::Finding;
use super::replay::Replay;
use crate::db::photos::{self, Stored};
use crate::db::{DbResult, Tx};
use domain::ids::EditionId;
use domain::sync::chain::sha256;

/// Compares the rows of photos with what the log names, and what is kept of each with the hash that it had.
pub async fn check(tx: &mut Tx, edition: EditionId, replay: &mut Replay) -> DbResult<()> {
    for row in photos::all(tx, edition).await? {
        let named = replay.photos.0.remove(&(row.owner, row.sha256));
        if named != Some(row.named) {
            let why = "no operation names it as its row does";
            replay.findings.push(Finding::Photo(row.owner, row.sha256, why));
        }
        // One after the other: together they are far larger than the log.
        if let Some(why) = wrong_bytes(tx, edition, &row).await? {
            replay.findings.push(Finding::Photo(row.owner, row.sha256, why));
        }
    }
    let missing = std::mem::take(&mut replay.photos).0;
    let found = missing.into_keys().map(|(owner, sha256)| Finding::Photo(owner, sha256, "its row is missing"));
    replay.findings.extend(found);
    Ok(())
}

async fn wrong_bytes(tx: &mut Tx, edition: EditionId, row: &Stored) -> DbResult<Option<&'static str>> {
    let kept = photos::bytes(tx, edition, row.owner, row.sha256).await?;
    let found = kept.map(|bytes| sha256(&bytes).to_string());
    Ok(match (&found, row.stored) {
        (None, true) => Some("its bytes are missing"),
        (Some(_), false) => Some("its row says that its bytes never came"),
        _ if found != row.kept_sha256 => Some("its bytes were changed"),
        _ => None,
    })
}
