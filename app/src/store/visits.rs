//! What a secretary writes down of the stops. As with sheets each act is one strict transaction (S8), within which the end
//! of the chain is read and written (S2).

use super::carry_out::require_replica;
use super::photos::{TakenPhoto, put_photo, with_photos};
use super::problem::SaveProblem;
use super::schema::v1::{META, OUTBOX};
use super::schema::v2::VISITS;
use super::sheets::ActProblem;
use super::tx::number_key;
use super::{REPLICA, Store};
use domain::ids::{ProductId, SheetId};
use domain::sheet::Bases;
use domain::sync::replica::{self, ReplicaRecord, VisitOrder, VisitRecord};
use domain::visit::VisitKey;

impl Store {
    /// One record, with the replica that its state is read against.
    pub async fn visit(&self, id: SheetId) -> Result<(Option<VisitRecord>, ReplicaRecord), SaveProblem> {
        self.db
            .read(&[META, VISITS], async |tx| Ok((tx.get(VISITS, id.to_string()).await?, require_replica(tx).await?)))
            .await
    }

    /// Saves what is being typed about a product at a stop, or about the stop; `None` discards it (S6). `seen` as in
    /// [`replica::draft_fact`].
    pub async fn draft_fact(
        &self,
        id: SheetId,
        key: &VisitKey,
        product: Option<ProductId>,
        text: Option<&str>,
        seen: Option<&Bases>,
        now: i64,
    ) -> Result<VisitRecord, SaveProblem> {
        let name = id.to_string();
        self.db
            .write(&[META, VISITS], async |tx| {
                require_replica(tx).await?;
                let found = tx.get(VISITS, name.as_str()).await?;
                let record = replica::draft_fact(found, id, key, product, text, seen, now);
                tx.put(VISITS, name.as_str(), &record)?;
                Ok(record)
            })
            .await
    }

    /// Does an act on a record. It also ends the draft of its cell.
    pub async fn write_visit(
        &self,
        order: &VisitOrder<'_>,
        taken: Option<&TakenPhoto>,
    ) -> Result<(VisitRecord, ReplicaRecord), ActProblem> {
        let name = order.id.to_string();
        self.db
            .write(&with_photos(&[META, VISITS, OUTBOX], taken), async |tx| {
                let known = require_replica(tx).await?;
                let written = replica::write_visit(known, tx.get(VISITS, name.as_str()).await?, order)?;
                if let Some(entry) = &written.entry {
                    tx.put(OUTBOX, number_key(entry.seq), entry)?;
                    tx.put(META, REPLICA, &written.replica)?;
                    put_photo(tx, taken)?;
                }
                tx.put(VISITS, name.as_str(), &written.record)?;
                Ok((written.record, written.replica))
            })
            .await
    }
}
