//! Version 3: the photos on sheets and records.

use super::Schema;
use crate::store::SaveProblem;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;

/// Juror: a photo's SHA-256 → its bytes.
pub const PHOTOS: &str = "photos";

/// Adds what version 2 lacks; nothing that is there is touched.
pub fn upgrade(schema: Schema, db: &Database) -> Result<(), SaveProblem> {
    if schema == Schema::Juror {
        db.create_object_store(PHOTOS).build()?;
    }
    Ok(())
}
