//! Texts that people write, on their way into the database.

/// As every database takes it: PostgreSQL's texts have no U+0000, which JSON's do. An operation's envelope stays as it was written.
pub fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
