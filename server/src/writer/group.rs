//! One transaction for a group of pushes: lock, read, decide, write at the end of the log, sign that end, commit (S16, S18, S19, S31).

use super::{Job, Tools};
use crate::db::log::Head;
use crate::db::ops::{self, Known, Place};
use crate::db::replicas::{self, Progress, Said};
use crate::db::{DbResult, Tx, log, photos, quarantine, users};
use crate::error::{ApiError, ApiResult};
use crate::visits::{Effects, Touched};
use domain::catalog::Catalog;
use domain::ids::{ReplicaId, UserId};
use domain::sync::chain::{OpHash, Task};
use domain::sync::inbox::{self, Delivery, Judged, Refusal, ReplicaState};
use domain::sync::wire::{OpStatus, Push, RejectedCode, Status};
use domain::visit::{VisitAct, VisitKey, VisitWork};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

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

/// By what a group is judged: the settings, and what is stored of its replicas, which are locked.
struct Grounds {
    catalog: Arc<Catalog>,
    replicas: HashMap<ReplicaId, ReplicaState>,
    /// Users who have re-issued operations (S17).
    reissuers: HashSet<UserId>,
    /// Milliseconds since 1970.
    now: i64,
}

/// What a group adds to the log, and what it leaves behind on its replicas.
#[derive(Default)]
struct Decided<'a> {
    new: Vec<Judged<'a>>,
    progress: Vec<Progress>,
}

/// Stores all pushes of the group that can be stored, and says of each what became of it, after COMMIT. No two pushes may
/// be of one user: each is judged by the log before the group.
pub async fn store(tools: &Tools, group: &[Job]) -> DbResult<Vec<ApiResult<Stored>>> {
    let people: Vec<UserId> = group.iter().map(|job| job.delivery.actor.user).collect();
    loop {
        let mut tx = tools.db.write().await?;
        // First of all: another process's push of one of them, which may be the same work under another name (S17), is in the log
        // by then, or waits for this one.
        users::lock(&mut tx, &people).await?;
        let Some(head) = log::head(&mut tx).await? else {
            return Ok(group.iter().map(|_| Err(ApiError::NoEdition)).collect());
        };
        let grounds = Grounds::read(&mut tx, tools, &head, group, &people).await?;
        let mut decided = Decided::default();
        let mut results = Vec::with_capacity(group.len());
        for job in group {
            results.push(decided.add(&mut tx, &job.delivery, &grounds).await?);
        }
        replicas::advance(&mut tx, &decided.progress, grounds.now).await?;

        // The log is held last, and as briefly as can be.
        let held = log::hold(&mut tx, head.edition, &tools.key.public()).await?;
        if held.catalog_version != grounds.catalog.version {
            // Another process changed the settings since: decide anew by those.
            tx.rollback().await?;
            continue;
        }
        let before = held.end.position;
        let place = Place { edition: head.edition, first_position: before + 1, received_at: grounds.now };
        ops::append(&mut tx, place, &decided.new).await?;
        photos::name(&mut tx, place, &decided.new).await?;
        if !decided.new.is_empty() {
            let end = decided.new.iter().fold(held.end, |end, op| end.with_op(op.wire.hash, &op.status));
            log::seal(&mut tx, head.edition, &end.sign(head.edition, &tools.key)).await?;
        }
        log::announce(&mut tx).await?;
        let touched = decided.presences();
        if !touched.is_empty() {
            grounds.effects(tools).of_writings(&mut tx, &touched).await?;
        }
        tx.commit().await?;
        // Until now each was counted from the first of the group.
        results.iter_mut().flatten().for_each(|stored| stored.position += before);
        return Ok(results);
    }
}

impl Grounds {
    /// Locks the group's replicas until the transaction ends.
    async fn read(tx: &mut Tx, tools: &Tools, head: &Head, group: &[Job], people: &[UserId]) -> DbResult<Self> {
        let replicas: Vec<ReplicaId> = group.iter().map(|job| job.delivery.push.replica).collect();
        Ok(Self {
            catalog: tools.catalogs.at(tx, head).await?,
            replicas: replicas::lock(tx, &replicas).await?,
            reissuers: ops::with_reissues(tx, people).await?,
            now: tools.nature.now(),
        })
    }

    fn effects<'a>(&'a self, tools: &'a Tools) -> Effects<'a> {
        Effects { catalog: &self.catalog, catalogs: &tools.catalogs, key: &tools.key, now: self.now }
    }
}

impl<'a> Decided<'a> {
    /// Asks `domain` about a push and notes what it adds and leaves behind; its position is counted from the first of the
    /// group.
    async fn add(&mut self, tx: &mut Tx, delivery: &'a Delivery, grounds: &Grounds) -> DbResult<ApiResult<Stored>> {
        let (push, user) = (&delivery.push, delivery.actor.user);
        let Some(state) = grounds.replicas.get(&push.replica) else {
            return Ok(Err(ApiError::UnknownReplica));
        };
        if state.user != user {
            // Nobody else's push leaves a trace on a replica.
            return Ok(Err(Refusal::OtherUsersReplica.into()));
        }
        let known = match delivery.known_range(state) {
            Some((first, last)) => ops::known(tx, push.replica, first, last).await?,
            None => Vec::new(),
        };
        let hashes: Vec<OpHash> = known.iter().map(|op| op.hash).collect();
        let has_reissues = grounds.reissuers.contains(&user);
        let again = ops::stored_among(tx, user, &delivery.writings(), has_reissues).await?;
        match inbox::decide(delivery, state, &hashes, &again, &*grounds.catalog) {
            Ok(new) => {
                let stored = after(state, &known, &new);
                self.leave(push, stored.acked_seq, stored.acked_hash, Some(said(push)));
                self.new.extend(new);
                Ok(Ok(Stored { position: self.new.len() as u64, ..stored }))
            }
            Err(refusal) => {
                if let Refusal::Fork { seq } = refusal {
                    tracing::warn!(replica = %push.replica, seq, "a fork is quarantined");
                    quarantine::insert(tx, push, seq, state, grounds.now).await?;
                }
                // A contact all the same.
                self.leave(push, state.seq, state.head, None);
                Ok(Err(refusal.into()))
            }
        }
    }

    /// About whose presence somebody wrote, and who did.
    fn presences(&self) -> Touched {
        let presences = self.new.iter().filter_map(|op| match op.task {
            Some(Task::Visit(VisitWork { stop, act: VisitAct::Presence { juror, .. } }))
                // One that doesn't count may have come behind what is based on it, and clear away what that one followed (S23).
                if op.status != Status::Rejected(RejectedCode::OtherOffice) =>
            {
                let key = VisitKey { round: op.envelope.round.clone(), stop: stop.clone() };
                Some(((key, *juror), op.envelope.user))
            }
            _ => None,
        });
        presences.collect()
    }

    fn leave(&mut self, push: &Push, seq: u64, head: Option<OpHash>, said: Option<Said>) {
        self.progress.push(Progress { replica: push.replica, seq, head, said });
    }
}

fn said(push: &Push) -> Said {
    let app_version = push.app_version.chars().filter(|c| !c.is_control()).take(VERSION_CHARS).collect();
    Said { unsent: push.unsent, app_version }
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
