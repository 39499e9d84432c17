//! A photo as operations name it (S5): by its content. The bytes travel apart, after the operation.

use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};

/// Most bytes of one photo: the tablet makes it fit, the server refuses more.
pub const MAX_PHOTO_BYTES: u32 = 768 * 1024;
/// Longest side of a photo, in pixels: enough to read a label on it.
pub const MAX_PHOTO_SIDE: u32 = 2_048;
/// Most photos on one sheet, or in one stop's record: a tablet's room is not endless.
pub const MAX_PHOTOS: usize = 12;

/// A photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// SHA-256 of its bytes as the tablet keeps and sends them.
    pub sha256: OpHash,
    /// How many bytes.
    pub size: u32,
    /// What they are.
    pub mime: Mime,
}

/// What a photo's bytes are. Tablets write one form whatever the camera gave, so that nothing of where and with what it was
/// taken travels along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mime {
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
}

impl Photo {
    /// Whether it can be one at all.
    pub fn has_fair_size(&self) -> bool {
        (1..=MAX_PHOTO_BYTES).contains(&self.size)
    }
}

#[cfg(test)]
mod tests;
