//! The records of stops on a secretary's tablet (S5). They are everybody's who may write them: what others wrote comes as
//! the server's fold, and the view is that fold with one's own waiting operations on top (S28).

use super::photos::PhotosHere;
use super::records::{LogRecord, OutboxRecord, Received, ReplicaRecord};
use super::typed;
use crate::ids::{ProductId, SheetId};
use crate::photo::MAX_PHOTOS;
use crate::sheet::{Bases, Origin};
use crate::sync::chain::{Context, Envelope, Task, WireOp};
use crate::sync::wire::{HeldCode, RejectedCode, Status};
use crate::visit::{DESK, Visit, VisitAct, VisitCell, VisitError, VisitKey, VisitWork};
use serde::{Deserialize, Serialize};

/// One stop's record on the tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRecord {
    /// Identity.
    pub id: SheetId,
    /// What it is about.
    pub key: VisitKey,
    /// As the server has it, as far as the tablet has heard.
    pub known: Visit,
    /// With what waits here.
    pub visit: Visit,
    /// What is typed and not an operation yet (S6): about a product, or the stop.
    pub drafts: Vec<(Option<ProductId>, String)>,
    /// What stood in the cell of each when its typing began: the words that its writer had on the screen (S23).
    pub began_on: Vec<(Option<ProductId>, Bases)>,
    /// Number of this replica's last operation on it; 0 if there is none.
    pub last_seq: u64,
    /// The tablet's clock at the last write, milliseconds since 1970.
    pub saved_at: Option<i64>,
    /// The last acknowledgement.
    pub received: Option<Received>,
    /// Something that was last written in its cell is held.
    pub held: Option<HeldCode>,
    /// … or rejected.
    pub rejected: Option<RejectedCode>,
    /// Its photos whose bytes are here.
    #[serde(default, skip_serializing_if = "PhotosHere::is_empty")]
    pub photos: PhotosHere,
}

impl VisitRecord {
    /// A blank record.
    pub fn new(id: SheetId, key: VisitKey) -> Self {
        Self {
            id,
            key,
            known: Visit::default(),
            visit: Visit::default(),
            drafts: Vec::new(),
            began_on: Vec::new(),
            last_seq: 0,
            saved_at: None,
            received: None,
            held: None,
            rejected: None,
            photos: PhotosHere::default(),
        }
    }

    /// Whether it has work that the server doesn't (S10).
    pub fn is_unsent(&self, acked_seq: u64) -> bool {
        self.has_unsent_words(acked_seq) || !self.photos.waiting.is_empty()
    }

    /// The same, apart from the bytes of photos.
    pub fn has_unsent_words(&self, acked_seq: u64) -> bool {
        !self.drafts.is_empty() || self.last_seq > acked_seq
    }

    fn set_draft(&mut self, product: Option<ProductId>, text: Option<String>, seen: Option<&Bases>) {
        let now = || seen.cloned().unwrap_or_else(|| self.visit.bases_for(&VisitCell::Fact(product), DESK, None));
        typed::put(&mut self.drafts, &mut self.began_on, &product, text, now);
    }

    /// Ends a draft, and says what its writer had on the screen; none if there was none.
    fn end_draft(&mut self, product: Option<ProductId>) -> Option<Bases> {
        typed::end(&mut self.drafts, &mut self.began_on, &product)
    }
}

/// An act on a record, and what the tablet knows of its round.
#[derive(Clone, Debug)]
pub struct VisitOrder<'a> {
    /// The record's identity.
    pub id: SheetId,
    /// What it is about.
    pub key: &'a VisitKey,
    /// What is done.
    pub act: &'a VisitAct,
    /// The round's epoch as the tablet knows it.
    pub epoch: u32,
    /// What the act's cell had on the screen when it was asked for (S23); all that stands there if that isn't known.
    pub seen: Option<&'a Bases>,
    /// The tablet's clock, milliseconds since 1970.
    pub now: i64,
}

/// What an act leaves behind.
#[derive(Clone, Debug)]
pub struct VisitWritten {
    /// The end of the chain.
    pub replica: ReplicaRecord,
    /// The record.
    pub record: VisitRecord,
    /// The operation; none if the act changed nothing.
    pub entry: Option<OutboxRecord>,
}

/// Keeps what is being typed; `None` discards it (S6). `seen` as on a sheet.
pub fn draft_fact(
    found: Option<VisitRecord>,
    id: SheetId,
    key: &VisitKey,
    product: Option<ProductId>,
    text: Option<&str>,
    seen: Option<&Bases>,
    now: i64,
) -> VisitRecord {
    let mut record = found.unwrap_or_else(|| VisitRecord::new(id, key.clone()));
    record.set_draft(product, text.map(str::to_owned), seen);
    record.saved_at = Some(now);
    record
}

/// Does an act. It also ends the draft of its cell.
pub fn write_visit(
    mut replica: ReplicaRecord,
    found: Option<VisitRecord>,
    order: &VisitOrder<'_>,
) -> Result<VisitWritten, VisitError> {
    order.act.check()?;
    let mut record = found.unwrap_or_else(|| VisitRecord::new(order.id, order.key.clone()));
    if matches!(order.act, VisitAct::Attach(_)) && record.visit.photos().len() >= MAX_PHOTOS {
        return Err(VisitError::TooManyPhotos);
    }
    let cell = order.act.cell();
    let began = match cell {
        VisitCell::Fact(product) => record.end_draft(product),
        _ => None,
    };
    record.saved_at = Some(order.now);
    // As on a sheet.
    let brings_bytes = matches!(order.act, VisitAct::Attach(photo) if !record.photos.have(photo.sha256));
    if !brings_bytes && record.visit.says(order.act) {
        return Ok(VisitWritten { replica, record, entry: None });
    }
    // What came while it was typed, or before it could be written, its writer hasn't seen: of both nothing is lost.
    let bases = record.visit.bases_for(&cell, replica.chain.replica, began.as_ref().or(order.seen));
    let context = Context {
        user: replica.user,
        round: order.key.round.clone(),
        epoch: order.epoch,
        bases: bases.clone(),
        claimed_at: order.now,
        reissue_of: None,
    };
    let work = VisitWork { stop: order.key.stop.clone(), act: order.act.clone() };
    let op = replica.chain.append_visit(context, &work);
    let seq = replica.chain.seq;
    record.visit.apply(&Origin::first(replica.chain.replica, seq, op.hash, bases), order.act);
    record.last_seq = seq;
    if let VisitAct::Attach(photo) = order.act {
        record.photos.put(*photo);
    }
    Ok(VisitWritten { replica, record, entry: Some(OutboxRecord { sheet: order.id, seq, op }) })
}

/// The view anew: what is known, and on top of it what the record doesn't have yet. `log` are the secretary's own operations that the
/// server has.
pub(super) fn refold_visit(record: &mut VisitRecord, log: &[LogRecord], waiting: &[OutboxRecord]) {
    record.visit = record.known.clone();
    let there = log.iter().filter(|entry| !entry.void).map(|entry| (&entry.op, Some(entry)));
    let steps: Vec<(Step, Option<&LogRecord>)> = there
        .chain(waiting.iter().map(|entry| (&entry.op, None)))
        .filter_map(|(op, entry)| Some((step(op)?, entry)))
        .collect();
    let mut folded = Vec::new();
    for (Step { origin, act }, entry) in &steps {
        let first = origin.root();
        // Of several writings that are one, the first stands for all, unless one is known or was refused (S17). Held work may still
        // be admitted: on its own tablet it shows. So does what is stored under a name that this tablet has yet to hear of (S28).
        let is_judged = steps.iter().any(|(other, entry)| other.origin.root() == first && entry.is_some_and(is_judged));
        if !is_judged && !folded.contains(&first) {
            folded.push(first);
            record.visit.apply(origin, act);
        } else if !entry.is_some_and(LogRecord::is_known) {
            record.visit.skip(origin, act);
        }
    }
    (record.held, record.rejected) = (None, None);
    for (place, (Step { origin, act }, entry)) in steps.iter().enumerate() {
        let is_later = |other: &Origin, cell: VisitCell| other.replica == origin.replica && cell == act.cell();
        if steps[place + 1..].iter().any(|(later, _)| is_later(&later.origin, later.act.cell())) {
            continue;
        }
        match entry.map(|entry| &entry.status) {
            Some(Status::Held(code)) => record.held = Some(*code),
            Some(Status::Rejected(code)) if *code != RejectedCode::AlreadyStored => record.rejected = Some(*code),
            _ => {}
        }
    }
}

/// Whether it stands in what is known already, or was refused.
fn is_judged(entry: &LogRecord) -> bool {
    let was_refused = matches!(entry.status, Status::Rejected(code) if code != RejectedCode::AlreadyStored);
    was_refused || entry.is_known()
}

/// An operation as the fold needs it.
struct Step {
    origin: Origin,
    act: VisitAct,
}

fn step(op: &WireOp) -> Option<Step> {
    let envelope: Envelope = serde_json::from_slice(op.envelope.as_bytes()).ok()?;
    match envelope.task().ok()? {
        Task::Visit(work) => Some(Step { origin: envelope.origin(op.hash), act: work.act }),
        Task::Sheet(_) => None,
    }
}

#[cfg(test)]
mod tests;
