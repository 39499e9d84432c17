//! The photos whose bytes this tablet has, beside the sheets and records that name them. A photo counts as unsent work until
//! the server has its bytes; the bytes stay here ever after, for the server may be restored from an older backup (S11, S27).

use super::records::SheetRecord;
use super::visits::VisitRecord;
use crate::ids::SheetId;
use crate::photo::Photo;
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};

/// The photos of one sheet or record whose bytes are here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotosHere {
    /// The server hasn't got these bytes, as far as is known.
    pub waiting: Vec<Photo>,
    /// The server said that it has these.
    pub sent: Vec<Photo>,
}

impl PhotosHere {
    /// Whether nothing is here.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.sent.is_empty()
    }

    /// Whether the bytes of this one are here.
    pub(super) fn have(&self, sha256: OpHash) -> bool {
        self.waiting.iter().chain(&self.sent).any(|photo| photo.sha256 == sha256)
    }

    /// A photo was written down with its bytes.
    pub(super) fn put(&mut self, photo: Photo) {
        if !self.have(photo.sha256) {
            self.waiting.push(photo);
        }
    }

    /// The server has the bytes.
    fn settle(&mut self, sha256: OpHash) {
        if let Some(place) = self.waiting.iter().position(|photo| photo.sha256 == sha256) {
            self.sent.push(self.waiting.remove(place));
        }
    }

    /// What the server refused and nobody sees any more is waited for no more.
    fn give_up(&mut self, of: SheetId, refused: &[WaitingPhoto], shown: &[Photo]) {
        let is_refused = |photo: &Photo| refused.contains(&WaitingPhoto { of, photo: *photo });
        self.waiting.retain(|photo| shown.contains(photo) || !is_refused(photo));
    }

    /// The server's log is another one since: whether it has them is asked again. Whether there were any.
    pub(super) fn ask_again(&mut self) -> bool {
        let some = !self.sent.is_empty();
        self.waiting.append(&mut self.sent);
        some
    }
}

/// A photo whose bytes the server should get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingPhoto {
    /// The sheet or record that names it.
    pub of: SheetId,
    /// The photo.
    pub photo: Photo,
}

/// All photos of these sheets and records that wait.
pub fn waiting_photos<'a>(
    sheets: impl IntoIterator<Item = &'a SheetRecord>,
    visits: impl IntoIterator<Item = &'a VisitRecord>,
) -> Vec<WaitingPhoto> {
    let sheets = sheets.into_iter().map(|record| (record.id, &record.photos));
    let visits = visits.into_iter().map(|record| (record.id, &record.photos));
    let of = |(of, here): (SheetId, &'a PhotosHere)| here.waiting.iter().map(move |&photo| WaitingPhoto { of, photo });
    sheets.chain(visits).flat_map(of).collect()
}

/// Writes down that the server has the bytes of some photos of a sheet.
pub fn photos_sent(mut record: SheetRecord, sent: &[WaitingPhoto]) -> SheetRecord {
    sent.iter().filter(|one| one.of == record.id).for_each(|one| record.photos.settle(one.photo.sha256));
    record
}

/// The same of a stop's record.
pub fn visit_photos_sent(mut record: VisitRecord, sent: &[WaitingPhoto]) -> VisitRecord {
    sent.iter().filter(|one| one.of == record.id).for_each(|one| record.photos.settle(one.photo.sha256));
    record
}

/// Photos that the server refused and that are on the sheet no more wait no more, unless they are put back.
pub fn photos_given_up(mut record: SheetRecord, refused: &[WaitingPhoto]) -> SheetRecord {
    let shown = record.sheet.photos();
    record.photos.give_up(record.id, refused, &shown);
    record
}

/// The same of a stop's record.
pub fn visit_photos_given_up(mut record: VisitRecord, refused: &[WaitingPhoto]) -> VisitRecord {
    let shown = record.visit.photos();
    record.photos.give_up(record.id, refused, &shown);
    record
}

#[cfg(test)]
mod tests;
