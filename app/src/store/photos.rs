//! The bytes of photos. They are written down in the same transaction as the operation that names them (S8), and stay.

use super::Store;
use super::carry_out::require_replica;
use super::problem::SaveProblem;
use super::schema::v1::{META, SHEETS};
use super::schema::v2::VISITS;
use super::schema::v3::PHOTOS;
use super::tx::Tx;
use domain::photo::Photo;
use domain::sync::chain::OpHash;
use domain::sync::replica::{self, SheetRecord, VisitRecord, WaitingPhoto};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A photo, ready to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPhoto {
    /// As operations name it.
    pub photo: Photo,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// What is changed by bytes that the server has.
pub type Settled = (Vec<SheetRecord>, Vec<VisitRecord>);

impl Store {
    /// A photo's bytes; none if another of the juror's tablets took it.
    pub async fn photo(&self, sha256: OpHash) -> Result<Option<Vec<u8>>, SaveProblem> {
        self.db.read(&[PHOTOS], async |tx| tx.get_raw(PHOTOS, sha256.to_string()).await).await
    }

    /// Writes down that the server has the bytes of these.
    pub async fn settle_photos(&self, sent: &[WaitingPhoto]) -> Result<Settled, SaveProblem> {
        self.end_waiting(sent, replica::photos_sent, replica::visit_photos_sent).await
    }

    /// Those of these refused photos that are on their sheets no more wait no more. Their bytes stay.
    pub async fn give_up_photos(&self, refused: &[WaitingPhoto]) -> Result<Settled, SaveProblem> {
        self.end_waiting(refused, replica::photos_given_up, replica::visit_photos_given_up).await
    }

    async fn end_waiting(
        &self,
        photos: &[WaitingPhoto],
        of_sheet: fn(SheetRecord, &[WaitingPhoto]) -> SheetRecord,
        of_visit: fn(VisitRecord, &[WaitingPhoto]) -> VisitRecord,
    ) -> Result<Settled, SaveProblem> {
        let of: BTreeSet<_> = photos.iter().map(|photo| photo.of).collect();
        self.db
            .write(&[META, SHEETS, VISITS], async |tx| {
                require_replica(tx).await?;
                let (mut sheets, mut visits) = Settled::default();
                for id in &of {
                    let name = id.to_string();
                    if let Some(record) = tx.get(SHEETS, name.as_str()).await? {
                        let record = of_sheet(record, photos);
                        tx.put(SHEETS, name.as_str(), &record)?;
                        sheets.push(record);
                    } else if let Some(record) = tx.get(VISITS, name.as_str()).await? {
                        let record = of_visit(record, photos);
                        tx.put(VISITS, name.as_str(), &record)?;
                        visits.push(record);
                    }
                }
                Ok((sheets, visits))
            })
            .await
    }
}

/// What a transaction writes to, with the photos where one is written.
pub fn with_photos<'a>(stores: &[&'a str; 3], taken: Option<&TakenPhoto>) -> Vec<&'a str> {
    stores.iter().copied().chain(taken.map(|_| PHOTOS)).collect()
}

/// Writes a photo's bytes beside the operation that names it.
pub fn put_photo(tx: &Tx<'_>, taken: Option<&TakenPhoto>) -> Result<(), SaveProblem> {
    taken.map_or(Ok(()), |taken| tx.put_raw(PHOTOS, taken.photo.sha256.to_string(), &taken.bytes))
}
