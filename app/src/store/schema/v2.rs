//! Version 2: what a secretary writes down of the stops.

use super::Schema;
use crate::store::SaveProblem;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;

/// Juror: record id → a stop's record and drafts.
pub const VISITS: &str = "visits";

/// Adds what version 1 lacks; nothing that is there is touched.
pub fn upgrade(schema: Schema, db: &Database) -> Result<(), SaveProblem> {
    if schema == Schema::Juror {
        db.create_object_store(VISITS).build()?;
    }
    Ok(())
}
