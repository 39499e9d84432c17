//! What a juror writes: drafts at every key, and acts. Each is one transaction, within which the end of the chain is read
//! and written, so that two tabs of one replica never take the same number (S2).

use super::fold::changes_nothing;
use super::records::{DraftCell, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use crate::ids::SheetId;
use crate::round::{RoundMode, RoundState};
use crate::rubric::Rubric;
use crate::sheet::{Act, Bases, Frame, Origin, Sheet, SheetError, Work};
use crate::sync::chain::Context;

/// Why an act can't be done on this tablet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    /// The sheet doesn't allow it.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The catalogue has no such round or product.
    #[error("unknown round or product")]
    Unknown,
    /// The juror may not score this product: a recusal recorded beforehand.
    #[error("recused beforehand")]
    Recused,
    /// The assignment was withdrawn; what was written stays, locked (S27).
    #[error("assignment withdrawn")]
    Withdrawn,
    /// The round is about to close: sheets that were begun may be finished, no new one begins (S25).
    #[error("round closing")]
    RoundClosing,
}

/// An act and all that it is judged by.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The sheet's identity.
    pub id: SheetId,
    /// What it is about.
    pub key: &'a SheetKey,
    /// What is done.
    pub act: &'a Act,
    /// The round's state as the tablet knows it.
    pub state: RoundState,
    /// The round's epoch as the tablet knows it.
    pub epoch: u32,
    /// What jurors do in the round.
    pub mode: &'a RoundMode,
    /// The round's scoring frame.
    pub rubric: &'a Rubric,
    /// The sheet that it starts from, where the mode has one.
    pub earlier: Option<SheetId>,
    /// What the act's cell had on the screen when it was asked for (S23); all that stands there if that isn't known.
    pub seen: Option<&'a Bases>,
    /// The tablet's clock, milliseconds since 1970.
    pub now: i64,
}

/// What an act leaves behind.
#[derive(Clone, Debug)]
pub struct Written {
    /// The end of the chain.
    pub replica: ReplicaRecord,
    /// The sheet.
    pub record: SheetRecord,
    /// The operation; none if the act changed nothing.
    pub entry: Option<OutboxRecord>,
}

/// Keeps what is being typed; `None` discards it (S6). `seen` is what its cell had on the screen when the key was touched (S23); all
/// that stands there if that isn't known.
pub fn draft(
    found: Option<SheetRecord>,
    id: SheetId,
    key: &SheetKey,
    cell: &DraftCell,
    text: Option<&str>,
    seen: Option<&Bases>,
    now: i64,
) -> SheetRecord {
    let mut record = found.unwrap_or_else(|| SheetRecord::new(id, key.clone()));
    record.set_draft(cell, text.map(str::to_owned), seen);
    record.saved_at = Some(now);
    record
}

/// Does an act. It also ends the draft of its cell, and confirming asks that no other is left. `earlier` is the sheet that
/// this one starts from.
pub fn act(
    mut replica: ReplicaRecord,
    found: Option<SheetRecord>,
    earlier: Option<&Sheet>,
    order: &Order<'_>,
) -> Result<Written, WorkError> {
    let begun = found.as_ref().is_some_and(|record| record.sheet != Sheet::default() || !record.drafts.is_empty());
    if order.state == RoundState::Closing && !begun {
        return Err(WorkError::RoundClosing);
    }
    let mut record = found.unwrap_or_else(|| SheetRecord::new(order.id, order.key.clone()));
    let frame = Frame::of(order.mode, order.rubric, earlier);
    frame.check(&record.sheet, order.act)?;
    if matches!(order.act, Act::Confirm { .. }) && !record.drafts.is_empty() {
        return Err(SheetError::UnfinishedDrafts.into());
    }
    let cell = order.act.cell();
    let began = DraftCell::of(&cell).and_then(|draft| record.end_draft(&draft));
    record.saved_at = Some(order.now);
    // A photo that another tablet put there is put there again: that tablet may have lost its bytes.
    let brings_bytes = matches!(order.act, Act::Attach(photo) if !record.photos.have(photo.sha256));
    if !brings_bytes && changes_nothing(&record.sheet, order.act) {
        return Ok(Written { replica, record, entry: None });
    }
    // What came while it was typed, or before it could be written, its writer hasn't seen, and doesn't supersede.
    let bases = record.sheet.bases_for(&cell, replica.chain.replica, began.as_ref().or(order.seen));
    let context = Context {
        user: replica.user,
        round: order.key.round.clone(),
        epoch: order.epoch,
        bases: bases.clone(),
        claimed_at: order.now,
        reissue_of: None,
    };
    let work = Work { product: order.key.product, act: order.act.clone() };
    let op = replica.chain.append(context, &work);
    let seq = replica.chain.seq;
    record.sheet.apply(&Origin::first(replica.chain.replica, seq, op.hash, bases), order.act);
    record.last_seq = seq;
    if let Act::Attach(photo) = order.act {
        record.photos.put(*photo);
    }
    Ok(Written { replica, record, entry: Some(OutboxRecord { sheet: order.id, seq, op }) })
}

#[cfg(test)]
mod tests;
