//! One replica (S1): what a juror's tablet keeps, and what it decides when the juror writes or the server answers. Nothing
//! here reads or writes the device: the caller hands in what it has read, and carries out the [`Changes`] in the same
//! transaction, all of them or none (S8, S9). The tablet does so on IndexedDB, the simulation on a disk that breaks.

mod catalogue;
mod changes;
mod fold;
mod photos;
mod records;
mod send;
mod take;
mod typed;
mod visits;
mod write;

pub use catalogue::Catalogue;
pub use changes::{Changes, SheetFile};
pub use fold::{changes_nothing, refold};
pub use photos::{
    PhotosHere, WaitingPhoto, photos_given_up, photos_sent, visit_photos_given_up, visit_photos_sent, waiting_photos,
};
pub use records::{DraftCell, LogRecord, OutboxRecord, Received, ReplicaRecord, SheetKey, SheetRecord};
pub use send::{Batch, Settling, Unreadable, batch, refolds, reissue, rewind, settle, touched_by};
pub use take::{Arrivals, TakeError, Taken, take};
pub use visits::{VisitOrder, VisitRecord, VisitWritten, draft_fact, write_visit};
pub use write::{Order, WorkError, Written, act, draft};
