//! What a juror writes: drafts at every key, and acts. Each is one strict transaction (S8), within which the end of the
//! chain is read and written, so that two tabs of one replica never take the same number (S2).

use super::connection::Failure;
use super::problem::SaveProblem;
use super::records::{DraftCell, OutboxRecord, ReplicaRecord, SheetKey, SheetRecord};
use super::refold::changes_nothing;
use super::schema::v1::{META, OUTBOX, SHEETS};
use super::tx::number_key;
use super::{REPLICA, Store};
use domain::ids::SheetId;
use domain::round::RoundMode;
use domain::rubric::Rubric;
use domain::sheet::{Act, Frame, Origin, SheetError, Work};
use domain::sync::chain::Context;

/// Why an act was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActProblem {
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
    /// It could not be saved.
    #[error(transparent)]
    Save(#[from] SaveProblem),
}

impl Failure for ActProblem {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Save(problem) if problem.is_lost())
    }
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
    /// The round's epoch as the tablet knows it.
    pub epoch: u32,
    /// What jurors do in the round.
    pub mode: &'a RoundMode,
    /// The round's scoring frame.
    pub rubric: &'a Rubric,
    /// The sheet that it starts from, where the mode has one.
    pub earlier: Option<SheetId>,
    /// The tablet's clock, milliseconds since 1970.
    pub now: i64,
}

impl Store {
    /// Saves what is being typed; `None` discards it (S6).
    pub async fn draft(
        &self,
        id: SheetId,
        key: &SheetKey,
        cell: &DraftCell,
        text: Option<&str>,
        now: i64,
    ) -> Result<SheetRecord, SaveProblem> {
        let name = id.to_string();
        self.db
            .write(&[SHEETS], async |tx| {
                let found = tx.get(SHEETS, name.as_str()).await?;
                let mut record = found.unwrap_or_else(|| SheetRecord::new(id, key.clone()));
                record.set_draft(cell, text.map(str::to_owned));
                record.saved_at = Some(now);
                tx.put(SHEETS, name.as_str(), &record)?;
                Ok(record)
            })
            .await
    }

    /// Does an act. It also ends the draft of its cell, and confirming asks that no other is left.
    pub async fn act(&self, order: &Order<'_>) -> Result<(SheetRecord, ReplicaRecord), ActProblem> {
        let name = order.id.to_string();
        self.db
            .write(&[META, SHEETS, OUTBOX], async |tx| {
                let found: Option<ReplicaRecord> = tx.get(META, REPLICA).await?;
                let mut replica = found.ok_or(SaveProblem::Unreadable)?;
                let found = tx.get(SHEETS, name.as_str()).await?;
                let mut record = found.unwrap_or_else(|| SheetRecord::new(order.id, order.key.clone()));
                let earlier: Option<SheetRecord> = match order.earlier {
                    Some(earlier) => tx.get(SHEETS, earlier.to_string().as_str()).await?,
                    None => None,
                };
                let frame = Frame::of(order.mode, order.rubric, earlier.as_ref().map(|earlier| &earlier.sheet));
                if let Some(entry) = write_act(&mut replica, &mut record, order, frame)? {
                    tx.put(OUTBOX, number_key(entry.seq), &entry)?;
                    tx.put(META, REPLICA, &replica)?;
                }
                tx.put(SHEETS, name.as_str(), &record)?;
                Ok((record, replica))
            })
            .await
    }
}

/// Pure: the domain judges and writes. No operation comes of an act that changes nothing.
fn write_act(
    replica: &mut ReplicaRecord,
    record: &mut SheetRecord,
    order: &Order<'_>,
    frame: Frame<'_>,
) -> Result<Option<OutboxRecord>, SheetError> {
    frame.check(&record.sheet, order.act)?;
    if matches!(order.act, Act::Confirm { .. }) && !record.drafts.is_empty() {
        return Err(SheetError::UnfinishedDrafts);
    }
    let cell = order.act.cell();
    if let Some(draft) = DraftCell::of(&cell) {
        record.set_draft(&draft, None);
    }
    record.saved_at = Some(order.now);
    if changes_nothing(&record.sheet, order.act) {
        return Ok(None);
    }
    let bases = record.sheet.bases_for(&cell, replica.chain.replica);
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
    record.sheet.apply(&Origin { replica: replica.chain.replica, seq, hash: op.hash, bases }, order.act);
    record.last_seq = seq;
    Ok(Some(OutboxRecord { sheet: order.id, seq, op }))
}
