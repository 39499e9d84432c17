//! One transaction for a group of pushes: lock, decide, take positions, write, commit (S16, S18, S19).

use super::{Job, Tools};
use crate::db::ops::{self, Known, Place};
use crate::db::replicas::{self, Progress};
use crate::db::{DbResult, Tx, log, quarantine, receipts};
use crate::error::{ApiError, ApiResult};
use domain::catalog::Catalog;
use domain::ids::ReplicaId;
use domain::sync::chain::OpHash;
use domain::sync::inbox::{self, Judged, Refusal};
use domain::sync::receipt::{Receipt, Statement};
use domain::sync::wire::{OpStatus, Status};

/// Longest app version that is kept.
const VERSION_CHARS: usize = 64;

/// What is stored of a push's replica once it is committed.
pub struct Stored {
    /// Of the operations of this push, those held or rejected.
    pub statuses: Vec<OpStatus>,
    /// The server's word for all that it has of the replica.
    pub receipt: Receipt,
}

/// A push that can be stored: what it adds, and what it leaves behind.
struct Decided {
    new: Vec<Judged>,
    statuses: Vec<OpStatus>,
    replica: ReplicaId,
    /// Number and hash of the replica's last operation.
    end: (u64, Option<OpHash>),
}

/// Stores all pushes of the group that can be stored, and says of each what became of it, after COMMIT.
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
            results.push(decide(&mut tx, job, &catalog, now).await?);
        }

        let held = log::hold(&mut tx, head.edition).await?;
        if held.catalog_version != catalog.version {
            // Another process changed the settings since: decide anew by those.
            tx.rollback().await?;
            continue;
        }
        let mut end = held.end;
        let mut stored = Vec::with_capacity(results.len());
        for result in results {
            let decided = match result {
                Ok(decided) => decided,
                Err(error) => {
                    stored.push(Err(error));
                    continue;
                }
            };
            let place = Place { edition: head.edition, first_position: end.position + 1, received_at: now };
            ops::append(&mut tx, place, &decided.new).await?;
            end = decided.new.iter().fold(end, |end, op| end.with_op(op.wire.hash, &op.status));
            stored.push(Ok(decided.receipted(tools, end.position, now)));
        }
        if end.position > held.end.position {
            log::seal(&mut tx, head.edition, &end.sign(head.edition, &tools.key)).await?;
            receipts::keep(&mut tx, stored.iter().flatten().map(|stored| &stored.receipt)).await?;
        }
        log::announce(&mut tx).await?;
        tx.commit().await?;
        return Ok(stored);
    }
}

impl Decided {
    /// Signs for what is about to be committed: the receipt leaves after COMMIT, or never.
    fn receipted(self, tools: &Tools, position: u64, received_at: i64) -> Stored {
        let (acked_seq, acked_hash) = self.end;
        let statement = Statement { replica: self.replica, acked_seq, acked_hash, position, received_at };
        Stored { statuses: self.statuses, receipt: tools.key.sign(statement) }
    }
}

/// Locks the push's replica, asks `domain` and moves the end of the chain. The rows of the log follow later: their
/// positions are taken last, and held as briefly as can be.
async fn decide(tx: &mut Tx, job: &Job, catalog: &Catalog, now: i64) -> DbResult<ApiResult<Decided>> {
    let push = &job.push;
    let Some(state) = replicas::lock(tx, push.replica, job.actor, now).await? else {
        return Ok(Err(ApiError::UnknownReplica));
    };
    let known = match inbox::known_range(push, &state) {
        Some((first, last)) if state.user == job.actor => ops::known(tx, push.replica, first, last).await?,
        _ => Vec::new(),
    };
    let hashes: Vec<OpHash> = known.iter().map(|op| op.hash).collect();
    let again = ops::stored_among(tx, job.actor, &inbox::writings(push)).await?;
    let new = match inbox::decide(push, job.actor, &state, &hashes, &again, catalog) {
        Ok(new) => new,
        Err(refusal) => {
            if let Refusal::Fork { seq } = refusal {
                tracing::warn!(replica = %push.replica, seq, "a fork is quarantined");
                quarantine::insert(tx, push, seq, &state, now).await?;
            }
            return Ok(Err(refusal.into()));
        }
    };
    let statuses = statuses(&known, &new);
    let end = new.last().map_or((state.seq, state.head), |last| (last.envelope.seq, Some(last.wire.hash)));
    let app_version: String = push.app_version.chars().filter(|c| !c.is_control()).take(VERSION_CHARS).collect();
    let (seq, head, unsent) = (end.0, end.1, push.unsent);
    replicas::advance(tx, push.replica, &Progress { seq, head, unsent, app_version: &app_version }).await?;
    Ok(Ok(Decided { new, statuses, replica: push.replica, end }))
}

/// All statuses of the push, also of what was known: its first answer may never have arrived.
fn statuses(known: &[Known], new: &[Judged]) -> Vec<OpStatus> {
    let known = known.iter().map(|op| (op.seq, &op.status));
    let all = known.chain(new.iter().map(|op| (op.envelope.seq, &op.status)));
    let unusual = all.filter(|(_, status)| **status != Status::Accepted);
    unusual.map(|(seq, status)| OpStatus { seq, status: status.clone() }).collect()
}
