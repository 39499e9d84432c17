//! Between the domain's decisions and the database: reads what a decision asks for, and writes what it says (S8).

use super::problem::SaveProblem;
use super::schema::v1::{CATALOGUE, LOG, META, OUTBOX, SHEETS};
use super::schema::v2::VISITS;
use super::tx::{Tx, compound_key, number_key};
use super::{CURRENT, CURSOR, REPLICA};
use domain::ids::{ReplicaId, SheetId};
use domain::sync::replica::{Changes, LogRecord, OutboxRecord, ReplicaRecord, SheetFile, SheetRecord, VisitRecord};
use indexed_db_futures::KeyRange;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// The stores that [`Changes`] may go to, apart from the catalogue.
pub const WORK: [&str; 5] = [META, SHEETS, VISITS, OUTBOX, LOG];

/// The replica, which is there from enrolment on.
pub async fn require_replica(tx: &Tx<'_>) -> Result<ReplicaRecord, SaveProblem> {
    tx.get(META, REPLICA).await?.ok_or(SaveProblem::Unreadable)
}

/// The outbox from its start, up to and with this number.
pub async fn outbox_up_to(tx: &Tx<'_>, seq: u64) -> Result<Vec<OutboxRecord>, SaveProblem> {
    tx.get_range(OUTBOX, KeyRange::UpperBound(number_key(seq), false), u32::MAX).await
}

/// The outbox behind this number.
pub async fn outbox_after(tx: &Tx<'_>, seq: u64) -> Result<Vec<OutboxRecord>, SaveProblem> {
    tx.get_range(OUTBOX, KeyRange::LowerBound(number_key(seq), true), u32::MAX).await
}

/// The files of these sheets and records of stops.
pub async fn files(tx: &Tx<'_>, ids: impl IntoIterator<Item = SheetId>) -> Result<Vec<SheetFile>, SaveProblem> {
    let mut visits = visits(tx).await?;
    let mut files = Vec::new();
    for id in ids {
        let visit = visits.remove(&id);
        let record = if visit.is_some() { None } else { tx.get(SHEETS, id.to_string()).await? };
        files.push(SheetFile { id, record, visit, log: tx.get_range(LOG, log_range(id), u32::MAX).await? });
    }
    Ok(files)
}

/// All records of stops: a dozen on a secretary's tablet, none on a juror's.
async fn visits(tx: &Tx<'_>) -> Result<BTreeMap<SheetId, VisitRecord>, SaveProblem> {
    let records: Vec<VisitRecord> = tx.get_all(VISITS).await?;
    let mut visits = BTreeMap::new();
    visits.extend(records.into_iter().map(|record| (record.id, record)));
    Ok(visits)
}

/// The files of all that the replica has, and of these.
pub async fn all_files(tx: &Tx<'_>, ids: impl IntoIterator<Item = SheetId>) -> Result<Vec<SheetFile>, SaveProblem> {
    let empty = |id| SheetFile { id, record: None, visit: None, log: Vec::new() };
    let mut files: BTreeMap<SheetId, SheetFile> = BTreeMap::new();
    files.extend(ids.into_iter().map(|id| (id, empty(id))));
    let (records, log): (Vec<SheetRecord>, Vec<LogRecord>) = (tx.get_all(SHEETS).await?, tx.get_all(LOG).await?);
    for record in records {
        let id = record.id;
        files.entry(id).or_insert_with(|| empty(id)).record = Some(record);
    }
    for (id, visit) in visits(tx).await? {
        files.entry(id).or_insert_with(|| empty(id)).visit = Some(visit);
    }
    for entry in log {
        files.entry(entry.sheet).or_insert_with(|| empty(entry.sheet)).log.push(entry);
    }
    Ok(files.into_values().collect())
}

/// Writes a decision down.
pub fn carry_out(tx: &Tx<'_>, changes: &Changes) -> Result<(), SaveProblem> {
    if let Some(seq) = changes.outbox_gone {
        // A sequence number is a whole number far below 2⁵³; the largest stands for all.
        tx.delete(OUTBOX, KeyRange::UpperBound(number_key(seq), false))?;
    }
    for entry in &changes.outbox {
        tx.put(OUTBOX, number_key(entry.seq), entry)?;
    }
    for (replica, seq, entry) in &changes.log {
        tx.put(LOG, log_key(entry.sheet, *replica, *seq), entry)?;
    }
    for record in &changes.sheets {
        tx.put(SHEETS, record.id.to_string(), record)?;
    }
    for record in &changes.visits {
        tx.put(VISITS, record.id.to_string(), record)?;
    }
    if let Some(replica) = &changes.replica {
        tx.put(META, REPLICA, replica)?;
    }
    if let Some(cursor) = &changes.cursor {
        tx.put(META, CURSOR, cursor)?;
    }
    if let Some(catalogue) = &changes.catalogue {
        tx.put(CATALOGUE, CURRENT, catalogue)?;
    }
    Ok(())
}

fn log_key(sheet: SheetId, replica: ReplicaId, seq: u64) -> JsValue {
    compound_key([sheet.to_string().into(), replica.to_string().into(), number_key(seq)])
}

/// All of a sheet's log: an array key sorts after every text key, so the upper bound is behind every replica.
fn log_range(sheet: SheetId) -> KeyRange<JsValue> {
    let name = JsValue::from(sheet.to_string());
    let end = compound_key([name.clone(), compound_key([])]);
    KeyRange::Bound(compound_key([name]), false, end, true)
}
