//! `binhchon verify`: replays the log of the current edition, checks every chain and signature, and counts all totals anew.

pub use super::findings::{Finding, Report};
use super::replay::{Replay, Written};
use super::{PAGE, beside, chain, photos};
use crate::db::log::Head;
use crate::db::ops::{self, Span};
use crate::db::{Db, DbResult, Tx, catalog, keys, log};
use domain::catalog::Catalog;
use domain::log::LogEnd;
use domain::sync::chain::{OpHash, sha256};
use domain::sync::receipt::{PublicKey, Receipt, Statement};
use domain::tally::Projection;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What somebody kept apart from the database: an end that was cut off and signed anew shows by it alone.
#[derive(Clone, Copy, Default)]
pub struct Witnesses<'a> {
    /// An end that was written down earlier, such as a published result's.
    pub end: Option<LogEnd>,
    /// Receipts, as tablets have them.
    pub receipts: &'a [Receipt],
    /// The keys that the master key opens, if it is at hand: any other may be somebody else's who could write into the database.
    pub own_keys: Option<&'a [String]>,
}

/// Verifies. None in an empty database.
pub async fn verify(db: &Db, witnesses: Witnesses<'_>) -> DbResult<Option<Report>> {
    let mut tx = db.snapshot().await?;
    let Some(head) = log::head(&mut tx).await? else {
        return Ok(None);
    };
    let catalog = Arc::new(catalog::load(&mut tx, &head).await?);
    let mut projection = Projection::new(Arc::clone(&catalog));
    let mut replay = Replay::new(LogEnd::start(head.edition));
    walk(&mut tx, &head, &mut replay, &mut projection).await?;
    let misplaced = ops::misplaced(&mut tx, head.edition).await?;
    replay.findings.extend(misplaced.into_iter().map(Finding::Misplaced));
    let known = known_keys(&mut tx, &mut replay).await?;
    let signer = check_end(&mut tx, &head, &known, witnesses.own_keys, &mut replay).await?;
    for receipt in witnesses.receipts {
        if let Some(why) = wrong_receipt(receipt, &known, &replay) {
            replay.findings.push(Finding::Receipt(receipt.statement.replica.to_string(), why));
        }
    }
    check_settings(&catalog, &mut replay);
    beside::check(&mut tx, &catalog, &mut replay).await?;
    photos::check(&mut tx, head.edition, &mut replay).await?;
    if let Some(expected) = witnesses.end {
        check_expected(&mut tx, &head, expected, &mut replay).await?;
    }
    tx.rollback().await?;
    Ok(Some(report(&catalog, projection, replay, signer)))
}

async fn walk(tx: &mut Tx, head: &Head, replay: &mut Replay, projection: &mut Projection) -> DbResult<()> {
    let mut after = 0;
    loop {
        let span = Span { after, up_to: i64::MAX as u64, limit: PAGE };
        let rows = ops::rows(tx, head.edition, span).await?;
        let Some(last) = rows.last() else { break };
        after = u64::try_from(last.position).unwrap_or(after + 1);
        rows.into_iter().for_each(|row| replay.entry(row, projection));
    }
    let mut after = 0;
    loop {
        let span = Span { after, up_to: i64::MAX as u64, limit: PAGE };
        let rows = ops::columns(tx, head.edition, span).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = u64::try_from(last.position).unwrap_or(after + 1);
        rows.iter().for_each(|row| replay.columns(row));
    }
}

async fn known_keys(tx: &mut Tx, replay: &mut Replay) -> DbResult<BTreeMap<String, PublicKey>> {
    let stored = keys::all(tx).await?.into_iter().map(|key| key.public);
    let (sound, changed): (Vec<_>, Vec<_>) = stored.partition(PublicKey::is_named_after_itself);
    replay.findings.extend(changed.into_iter().map(|key| Finding::Key(key.key_id)));
    Ok(sound.into_iter().map(|key| (key.key_id.clone(), key)).collect())
}

/// Returns the name of the key that signed the end.
async fn check_end(
    tx: &mut Tx,
    head: &Head,
    known: &BTreeMap<String, PublicKey>,
    own: Option<&[String]>,
    replay: &mut Replay,
) -> DbResult<Option<String>> {
    let signed = log::signed_end(tx, head.edition).await?;
    let signer = signed.as_ref().map(|signed| signed.key_id.clone());
    let is_others = |key: &String| own.is_some_and(|own| !own.contains(key));
    let found = match signed {
        None => Some(Finding::Signature("it was never signed")),
        Some(signed) if signed.end != replay.end => Some(Finding::Head(replay.end)),
        Some(signed) => match known.get(&signed.key_id).map(|key| signed.verify(head.edition, key)) {
            None => Some(Finding::Signature("it is signed with an unknown key")),
            Some(Err(_)) => Some(Finding::Signature("its signature doesn't fit")),
            Some(Ok(())) if is_others(&signed.key_id) => {
                Some(Finding::Signature("it is signed with a key that the master key doesn't open"))
            }
            Some(Ok(())) => None,
        },
    };
    replay.findings.extend(found);
    Ok(signer)
}

/// Whether the log still has what the server once said, in a receipt that somebody kept, that it has.
fn wrong_receipt(receipt: &Receipt, known: &BTreeMap<String, PublicKey>, replay: &Replay) -> Option<&'static str> {
    let Some(key) = known.get(&receipt.key_id) else {
        return Some("it is signed with an unknown key");
    };
    if receipt.verify(key).is_err() {
        return Some("its signature doesn't fit");
    }
    let Statement { replica, acked_seq, acked_hash, position, .. } = &receipt.statement;
    let chain = replay.replicas.get(replica).map_or(&[][..], |Written { chain, .. }| chain);
    if (chain.len() as u64) < *acked_seq || replay.end.position < *position {
        return Some("it speaks of more than the log has: the end was cut off");
    }
    let last = acked_seq.checked_sub(1).and_then(|place| chain.get(usize::try_from(place).ok()?));
    let is_it = last.map(|(hash, _)| *hash) == *acked_hash && last.is_none_or(|(_, at)| at <= position);
    (!is_it).then_some("it speaks of another operation than the log has")
}

fn check_settings(catalog: &Catalog, replay: &mut Replay) {
    match &replay.settings {
        None => replay.findings.push(Finding::NoFoundation),
        Some((position, settings)) => {
            let changed = settings.differences(&catalog.fingerprints());
            let found: Vec<_> = changed.into_iter().map(|part| Finding::Settings(*position, part)).collect();
            replay.findings.extend(found);
        }
    }
}

async fn check_expected(tx: &mut Tx, head: &Head, expected: LogEnd, replay: &mut Replay) -> DbResult<()> {
    let found = if replay.end.position < expected.position {
        replay.end
    } else {
        chain(tx, head.edition, expected.position).await?
    };
    if found != expected {
        replay.findings.push(Finding::Expected(expected, found));
    }
    Ok(())
}

fn report(catalog: &Catalog, mut projection: Projection, replay: Replay, signer: Option<String>) -> Report {
    let mut totals = Vec::new();
    for round in &catalog.rounds {
        projection.refresh(&round.code);
        if let Some(page) = projection.totals(&round.code, 0) {
            totals.push((round.code.to_string(), page.rows.len(), digest(&page.rows)));
        }
    }
    Report {
        edition: catalog.edition.name.clone(),
        end: replay.end,
        signer,
        ops: replay.counts.0,
        acts: replay.counts.1,
        totals,
        result: digest(&projection.outcomes()),
        findings: replay.findings,
    }
}

fn digest(rows: &impl Serialize) -> OpHash {
    // Plain structs with text keys: serde_json has no error for them.
    sha256(&serde_json::to_vec(rows).unwrap_or_default())
}
