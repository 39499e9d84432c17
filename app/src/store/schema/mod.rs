//! The forms of the databases. A version, once shipped, is never edited: the next one migrates (S11).

pub mod v1;
pub mod v2;
pub mod v3;

use super::SaveProblem;
use indexed_db_futures::database::{Database, VersionChangeEvent};

/// What a database is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Who has signed in on this device.
    Device,
    /// One juror's work (S1).
    Juror,
}

/// The newest version.
pub const VERSION: u8 = 3;

/// Brings a database from its version to the newest.
pub fn upgrade(schema: Schema, event: &VersionChangeEvent, db: &Database) -> Result<(), SaveProblem> {
    // Versions are small whole numbers that JavaScript hands over as a double.
    if event.old_version() < 1.0 {
        v1::create(schema, db)?;
    }
    if event.old_version() < 2.0 {
        v2::upgrade(schema, db)?;
    }
    if event.old_version() < 3.0 {
        v3::upgrade(schema, db)?;
    }
    Ok(())
}
