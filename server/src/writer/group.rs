//! One transaction for a group of pushes: lock, decide, take positions, write, commit (S16, S18, S19).

use super::{Job, Tools};
use crate::db::ops::{self, Known, Place};
use crate::db::replicas::{self, Progress};
use crate::db::{DbResult, Tx, log, quarantine};
use crate::error::{ApiError, ApiResult};
use domain::catalog::Catalog;
use domain::sync::chain::OpHash;
use domain::sync::inbox::{self, Delivery, Judged, Refusal, ReplicaState};
use domain::sync::wire::{OpStatus, Status};

/// Longest app version that is kept.
const VERSION_CHARS: usize = 64;

/// What is stored of a push's replica once it is committed.
pub struct Stored {
    /// Number of its last operation.
    pub acked_seq: u64,
    /// Its hash.
    pub acked_hash: Option<OpHash>,
    /// Of the operations of this push, those held or rejected.
    pub statuses: Vec<OpStatus>,
    /// Position of the log after it.
    pub position: u64,
}

/// A push that can be stored: what it adds, and what it leaves behind.
struct Decided<'a> {
    new: Vec<Judged<'a>>,
    stored: Stored,
}

/// Stores all pushes of the group that can be stored, and says of each what became of it, after COMMIT. No two pushes may
/// be of one user: each is judged by the log before the group.
pub async fn store(tools: &Tools, group: &[Job]) -> DbResult<Vec<ApiResult<Stored>>> {
    loop {
        let mut tx = tools.db.write().await?;
        let Some(head) = log::head(&mut tx).await? else {
            return Ok(group.iter().map(|_| Err(ApiError::NoEdition)).collect());
        };
        let catalog = tools.catalogs.at(&mut tx, &head).await?;
        let now = tools.nature.now();
        let mut results = Vec::with_capacity(group.len());
        for job in group {
            results.push(decide(&mut tx, &job.delivery, &catalog, now).await?);
        }

        let count = results.iter().flatten().map(|decided| decided.new.len() as u64).sum();
        let (last, version) = log::take(&mut tx, head.edition, count).await?;
        if version != catalog.version {
            // Another process changed the settings since: decide anew by those.
            tx.rollback().await?;
            continue;
        }
        let mut position = last - count;
        for decided in results.iter_mut().flatten() {
            let place = Place { edition: head.edition, first_position: position + 1, received_at: now };
            ops::append(&mut tx, place, &decided.new).await?;
            position += decided.new.len() as u64;
            decided.stored.position = position;
        }
        log::announce(&mut tx).await?;
        tx.commit().await?;
        return Ok(results.into_iter().map(|result| result.map(|decided| decided.stored)).collect());
    }
}

/// Locks the push's replica, asks `domain` and moves the end of the chain. The rows of the log follow later: their
/// positions are taken last, and held as briefly as can be.
async fn decide<'a>(
    tx: &mut Tx,
    delivery: &'a Delivery,
    catalog: &Catalog,
    now: i64,
) -> DbResult<ApiResult<Decided<'a>>> {
    let (push, user) = (&delivery.push, delivery.actor);
    let Some(state) = replicas::lock(tx, push.replica, user, now).await? else {
        return Ok(Err(ApiError::UnknownReplica));
    };
    let known = match delivery.known_range(&state) {
        Some((first, last)) if state.user == user => ops::known(tx, push.replica, first, last).await?,
        _ => Vec::new(),
    };
    let hashes: Vec<OpHash> = known.iter().map(|op| op.hash).collect();
    let again = ops::stored_among(tx, user, &delivery.writings()).await?;
    let new = match inbox::decide(delivery, &state, &hashes, &again, catalog) {
        Ok(new) => new,
        Err(refusal) => {
            if let Refusal::Fork { seq } = refusal {
                tracing::warn!(replica = %push.replica, seq, "a fork is quarantined");
                quarantine::insert(tx, push, seq, &state, now).await?;
            }
            return Ok(Err(refusal.into()));
        }
    };
    let stored = after(&state, &known, &new);
    let app_version: String = push.app_version.chars().filter(|c| !c.is_control()).take(VERSION_CHARS).collect();
    let (seq, head, unsent) = (stored.acked_seq, stored.acked_hash, push.unsent);
    replicas::advance(tx, push.replica, &Progress { seq, head, unsent, app_version: &app_version }).await?;
    Ok(Ok(Decided { new, stored }))
}

/// The end of the chain with the new operations, and all statuses of the push, also of what was known: its first answer
/// may never have arrived.
fn after(state: &ReplicaState, known: &[Known], new: &[Judged<'_>]) -> Stored {
    let (acked_seq, acked_hash) = match new.last() {
        Some(last) => (last.envelope.seq, Some(last.wire.hash)),
        None => (state.seq, state.head),
    };
    let known = known.iter().map(|op| (op.seq, &op.status));
    let all = known.chain(new.iter().map(|op| (op.envelope.seq, &op.status)));
    let unusual = all.filter(|(_, status)| **status != Status::Accepted);
    let statuses = unusual.map(|(seq, status)| OpStatus { seq, status: status.clone() }).collect();
    Stored { acked_seq, acked_hash, statuses, position: 0 }
}
