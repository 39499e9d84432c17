//! What a server has committed: its disk.

use crate::edition::{EDITION, catalog};
use domain::catalog::Catalog;
use domain::ids::{ReplicaId, UserId};
use domain::jury::Presence;
use domain::log::{LogEnd, OpName, OrganiserAct, Verdict};
use domain::sync::chain::{Envelope, OpHash, Task, WireOp};
use domain::sync::inbox::ReplicaState;
use domain::sync::wire::{Push, RejectedCode, Status};
use domain::tally::{LogEntry, Logged, OpEntry};
use domain::visit::{VisitKey, VisitWork};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is committed.
#[derive(Clone)]
pub struct Committed {
    pub catalog: Catalog,
    pub replicas: BTreeMap<ReplicaId, ReplicaState>,
    pub log: Vec<Stored>,
    pub end: LogEnd,
    pub rulings: BTreeMap<OpHash, (u64, Verdict)>,
    /// How each juror was at each stop, as it was recorded last.
    pub recorded: BTreeMap<(VisitKey, UserId), Presence>,
    /// Those that operations name, by user, and their bytes once they have come.
    pub photos: BTreeMap<(UserId, OpHash), Option<Vec<u8>>>,
    /// Pushes of forked replicas, whole (S17).
    pub quarantine: Vec<Push>,
}

/// One entry of the log; its position is its place, from 1. Backups share it.
#[derive(Clone)]
pub enum Stored {
    Op(Arc<StoredOp>),
    Act(Arc<StoredAct>),
}

/// An operation as it came, and what was said of it then.
pub struct StoredOp {
    pub wire: WireOp,
    pub envelope: Envelope,
    /// What the envelope carries, if the server could read it.
    pub task: Option<Task>,
    pub status: Status,
}

/// An organisers' act as it was noted.
pub struct StoredAct {
    pub text: String,
    pub hash: OpHash,
    pub act: OrganiserAct,
}

impl StoredOp {
    pub fn name(&self) -> OpName {
        OpName { replica: self.envelope.replica, seq: self.envelope.seq, hash: self.wire.hash }
    }

    /// The operation, or the one that a re-issued one repeats.
    pub fn root(&self) -> OpHash {
        self.envelope.reissue_of.unwrap_or(self.wire.hash)
    }

    /// What it says about a stop, if it is about one.
    pub fn visit(&self) -> Option<(VisitKey, &VisitWork)> {
        match self.task.as_ref()? {
            Task::Visit(work) => Some((VisitKey { round: self.envelope.round.clone(), stop: work.stop.clone() }, work)),
            Task::Sheet(_) => None,
        }
    }
}

impl Committed {
    pub fn new() -> Self {
        Self {
            catalog: catalog(),
            replicas: BTreeMap::new(),
            log: Vec::new(),
            end: LogEnd::start(EDITION),
            rulings: BTreeMap::new(),
            recorded: BTreeMap::new(),
            photos: BTreeMap::new(),
            quarantine: Vec::new(),
        }
    }

    /// All operations of the log.
    pub fn ops(&self) -> impl Iterator<Item = &StoredOp> {
        self.log.iter().filter_map(|stored| match stored {
            Stored::Op(op) => Some(op.as_ref()),
            Stored::Act(_) => None,
        })
    }

    /// What became of an operation: what was said when it was stored, unless organisers have ruled on it since.
    pub fn status_of(&self, op: &StoredOp) -> Status {
        match self.rulings.get(&op.wire.hash) {
            Some((_, Verdict::Admit)) => Status::Accepted,
            Some((_, Verdict::Deny)) => Status::Rejected(RejectedCode::Denied),
            None => op.status.clone(),
        }
    }

    /// Where in the log the last word on an operation stands that itself is at a position.
    pub fn last_word_on(&self, position: u64, op: &StoredOp) -> u64 {
        self.rulings.get(&op.wire.hash).map_or(position, |(ruling, _)| position.max(*ruling))
    }

    pub fn stored_of(&self, replica: ReplicaId) -> Vec<(OpHash, Status)> {
        let own = self.ops().filter(|op| op.envelope.replica == replica);
        own.map(|op| (op.wire.hash, self.status_of(op))).collect()
    }

    pub fn has_op_of(&self, user: UserId, hash: OpHash) -> bool {
        self.ops().any(|op| op.wire.hash == hash && op.envelope.user == user) || self.has_reissue_of(user, hash)
    }

    pub fn has_reissue_of(&self, user: UserId, hash: OpHash) -> bool {
        self.ops().any(|op| op.envelope.reissue_of == Some(hash) && op.envelope.user == user)
    }

    /// What nobody has ruled on yet.
    pub fn held(&self) -> Vec<(UserId, OpName)> {
        let held = self.ops().filter(|op| matches!(self.status_of(op), Status::Held(_)));
        held.map(|op| (op.envelope.user, op.name())).collect()
    }

    /// The log as the totals read it.
    pub fn entries(&self) -> impl Iterator<Item = LogEntry> {
        (1..).zip(&self.log).map(|(position, stored)| LogEntry { position, what: logged(stored) })
    }
}

fn logged(stored: &Stored) -> Logged {
    match stored {
        Stored::Op(op) => Logged::Op(Box::new(OpEntry {
            user: op.envelope.user,
            round: op.envelope.round.clone(),
            origin: op.envelope.origin(op.wire.hash),
            status: op.status.clone(),
            work: op.task.as_ref().and_then(Task::sheet).cloned(),
        })),
        Stored::Act(noted) => Logged::of(noted.act.clone()),
    }
}
