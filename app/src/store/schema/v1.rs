//! Version 1. Keys are opaque: ids and numbers. Values are the codec's bytes.

use super::Schema;
use crate::store::SaveProblem;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;

/// Device: user id → who they are and which database is theirs.
pub const PEOPLE: &str = "people";

/// Juror: fixed names → the replica with the end of its chain, the cursor.
pub const META: &str = "meta";
/// Juror: one record, the catalogue.
pub const CATALOGUE: &str = "catalogue";
/// Juror: sheet id → folded sheet and drafts.
pub const SHEETS: &str = "sheets";
/// Juror: seq → operation without an acknowledgement.
pub const OUTBOX: &str = "outbox";
/// Juror: [sheet id, replica id, seq] → operation that the server has, with its status.
pub const LOG: &str = "log";

/// Creates the stores of a new database.
pub fn create(schema: Schema, db: &Database) -> Result<(), SaveProblem> {
    let stores: &[&str] = match schema {
        Schema::Device => &[PEOPLE],
        Schema::Juror => &[META, CATALOGUE, SHEETS, OUTBOX, LOG],
    };
    for name in stores {
        db.create_object_store(*name).build()?;
    }
    Ok(())
}
