//! What is read of a sheet before deciding, and what is written afterwards.

use super::catalogue::Catalogue;
use super::records::{LogRecord, OutboxRecord, ReplicaRecord, SheetRecord};
use super::visits::VisitRecord;
use crate::ids::{ReplicaId, SheetId};

/// All that a replica has of one sheet, or of one stop's record, but what waits in the outbox.
#[derive(Clone, Debug)]
pub struct SheetFile {
    /// Which one.
    pub id: SheetId,
    /// Fold and drafts; none if nothing was ever written on it here.
    pub record: Option<SheetRecord>,
    /// The same of a stop's record.
    pub visit: Option<VisitRecord>,
    /// Its operations that the server has.
    pub log: Vec<LogRecord>,
}

/// What one decision writes. All of it goes into one strict transaction, in which nothing but what the decision was made
/// from has been read (S8).
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The end of the chain, and how far the server has it.
    pub replica: Option<ReplicaRecord>,
    /// Where the next pull begins.
    pub cursor: Option<String>,
    /// The settings.
    pub catalogue: Option<Catalogue>,
    /// Sheets as they are now.
    pub sheets: Vec<SheetRecord>,
    /// Records of stops as they are now.
    pub visits: Vec<VisitRecord>,
    /// Operations that the server has, under writer and number.
    pub log: Vec<(ReplicaId, u64, LogRecord)>,
    /// Before anything is put into it: everything up to this number leaves the outbox. It is in `log`, or written anew.
    pub outbox_gone: Option<u64>,
    /// Operations that wait from now on.
    pub outbox: Vec<OutboxRecord>,
}
