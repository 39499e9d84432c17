//! The server's side of a push as a pure decision (S16–S18, S20, S26): given what is stored, what to append and what to
//! answer. Loading and storing is the caller's, in one transaction.

use crate::access::{Actor, Request, may};
use crate::ids::{ProductId, ReplicaId, RoundCode, UserId};
use crate::jury::{Standing, StopKey};
use crate::round::{RoundMode, RoundState};
use crate::rubric::{MarkError, Rubric};
use crate::sheet::{SheetError, Work, check_act};
use crate::sync::body::BodyError;
use crate::sync::chain::{Envelope, OpHash, Task, WireOp, sha256};
use crate::sync::wire::{HeldCode, Push, RejectedCode, Status};
use crate::sync::{MAX_PUSH_OPS, PROTOCOL, SCHEMA};
use crate::visit::{VisitAct, VisitError, VisitWork};
use std::collections::BTreeSet;

/// What the server has stored of a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaState {
    /// Who registered it.
    pub user: UserId,
    /// Number of its last stored operation; 0 if there is none.
    pub seq: u64,
    /// Its hash.
    pub head: Option<OpHash>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What an edition says about a round.
#[derive(Clone, Copy, Debug)]
pub struct RoundRules<'a> {
    /// Where it is.
    pub state: RoundState,
    /// How often it was reopened, from 1.
    pub epoch: u32,
    /// What jurors do in it.
    pub mode: &'a RoundMode,
    /// Its scoring frame.
    pub rubric: &'a Rubric,
}

/// What an edition says about a round and a juror's part in it, as of now (S20).
pub trait Rules {
    /// State, epoch, mode and rubric of a round.
    fn round(&self, round: &RoundCode) -> Option<RoundRules<'_>>;
    /// Whether the edition has the product.
    fn has_product(&self, product: ProductId) -> bool;
    /// The juror's standing for a product; none if it isn't assigned.
    fn standing(&self, round: &RoundCode, juror: UserId, product: ProductId) -> Option<&Standing>;
    /// Whether a juror of the round is expected at the stop; whether anybody is, without one.
    fn is_expected(&self, round: &RoundCode, stop: &StopKey, juror: Option<UserId>) -> bool;
}

/// A push that is refused whole: nothing is stored, and the tablet keeps all of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A protocol that this server doesn't speak.
    #[error("unsupported protocol {0}")]
    UnsupportedProtocol(u32),
    /// An operation of a newer form than this server knows.
    #[error("unsupported schema {0}")]
    UnsupportedSchema(u32),
    /// The replica belongs to another user (S13).
    #[error("the replica belongs to another user")]
    OtherUsersReplica,
    /// Operations are missing in between.
    #[error("expected sequence number {expected_seq}")]
    Gap {
        /// What should come next.
        expected_seq: u64,
    },
    /// The chain isn't the one that is stored: a cloned or restored device (S17).
    #[error("the chain forks at {seq}")]
    Fork {
        /// The first operation that differs.
        seq: u64,
    },
    /// More than [`MAX_PUSH_OPS`].
    #[error("too many operations")]
    TooManyOps,
    /// Not an operation of this replica, or not the bytes of its hash.
    #[error("operation {seq} is malformed: {why}")]
    Malformed {
        /// Its number by its place in the push.
        seq: u64,
        /// For the log; names no content.
        why: &'static str,
    },
}

impl Refusal {
    /// HTTP status and stable code of the answer.
    pub fn status_and_code(&self) -> (u16, &'static str) {
        match self {
            Self::UnsupportedProtocol(_) => (400, "unsupported_protocol"),
            Self::UnsupportedSchema(_) => (400, "unsupported_schema"),
            Self::OtherUsersReplica => (403, "other_users_replica"),
            Self::Gap { .. } => (409, "gap"),
            Self::Fork { .. } => (409, "fork"),
            Self::TooManyOps => (400, "too_many_ops"),
            Self::Malformed { .. } => (400, "malformed_operation"),
        }
    }

    /// The number that should come next, where operations are missing in between.
    pub fn expected_seq(&self) -> Option<u64> {
        match self {
            Self::Gap { expected_seq } => Some(*expected_seq),
            _ => None,
        }
    }
}

/// A push and who delivers it, with its operations read. Reading needs nothing that is stored: it is done while others
/// are decided on and stored.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The push.
    pub push: Push,
    /// Who delivers it.
    pub actor: Actor,
    /// Up to and with the first one that must be refused.
    read: Vec<Result<Read, Refusal>>,
}

/// An authentic operation.
#[derive(Clone, Debug)]
struct Read {
    envelope: Envelope,
    task: Result<Task, BodyError>,
}

/// An operation to store.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// Verbatim.
    pub wire: &'a WireOp,
    /// Read.
    pub envelope: &'a Envelope,
    /// What it does, where the body could be read.
    pub task: Option<&'a Task>,
    /// What becomes of it.
    pub status: Status,
}

/// What the operations of a push are first writings of, or repeat (S17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writings {
    /// Their own hashes: a clone may have re-issued one of them already.
    pub first: Vec<OpHash>,
    /// First writings that re-issues in the push name: the log may have them, or another re-issue of them.
    pub repeated: Vec<OpHash>,
}

impl Delivery {
    /// Reads the operations of a push.
    pub fn read(push: Push, actor: Actor) -> Self {
        let mut read = Vec::with_capacity(push.ops.len().min(MAX_PUSH_OPS));
        for (place, op) in (0..).zip(push.ops.iter().take(MAX_PUSH_OPS)) {
            let one = read_op(push.replica, actor.user, push.first_seq.saturating_add(place), op);
            let refused = one.is_err();
            read.push(one);
            if refused {
                break;
            }
        }
        Self { push, actor, read }
    }

    /// What the server needs to look up before it can decide: hashes it has for the numbers of the push that it knows
    /// already.
    pub fn known_range(&self, state: &ReplicaState) -> Option<(u64, u64)> {
        let first = self.push.first_seq;
        let last = first.saturating_add(self.push.ops.len() as u64).saturating_sub(1);
        let end = last.min(state.seq);
        (first >= 1 && first <= end).then_some((first, end))
    }

    /// Which writings the push brings. The caller looks up which of them the log has among the actor's operations: any of
    /// `repeated` as an operation or under another re-issue, any of `first` under a re-issue.
    pub fn writings(&self) -> Writings {
        Writings {
            first: self.push.ops.iter().map(|op| op.hash).collect(),
            repeated: self.read.iter().flatten().filter_map(|op| op.envelope.reissue_of).collect(),
        }
    }
}

/// Decides on a push. `known` are the stored hashes of [`Delivery::known_range`], in order; `already_stored` those of
/// [`Delivery::writings`] that the log has, so that of a writing and all its re-issues one alone counts. The result holds
/// the new operations alone: those known with the same hash are a no-op.
pub fn decide<'a>(
    delivery: &'a Delivery,
    state: &ReplicaState,
    known: &[OpHash],
    already_stored: &[OpHash],
    rules: &impl Rules,
) -> Result<Vec<Judged<'a>>, Refusal> {
    let Delivery { push, actor, read } = delivery;
    check_frame(push, actor.user, state)?;
    let mut head = if push.first_seq == state.seq + 1 { Some(state.head) } else { None };
    let mut judged = Vec::with_capacity(push.ops.len());
    let mut stored: BTreeSet<OpHash> = already_stored.iter().copied().collect();
    for (op, read) in push.ops.iter().zip(read) {
        let Read { envelope, task } = read.as_ref().map_err(Clone::clone)?;
        let seq = envelope.seq;
        if head.is_some_and(|head| head != envelope.prev) {
            return Err(Refusal::Fork { seq });
        }
        head = Some(Some(op.hash));
        if seq <= state.seq {
            let stored = known.get((seq - push.first_seq) as usize);
            if stored != Some(&op.hash) {
                return Err(Refusal::Fork { seq });
            }
            continue;
        }
        let again = !stored.insert(envelope.reissue_of.unwrap_or(op.hash));
        let status = judge(envelope, task, *actor, (state, again), rules);
        judged.push(Judged { wire: op, envelope, task: task.as_ref().ok(), status });
    }
    Ok(judged)
}

fn check_frame(push: &Push, actor: UserId, state: &ReplicaState) -> Result<(), Refusal> {
    if push.protocol != PROTOCOL {
        return Err(Refusal::UnsupportedProtocol(push.protocol));
    }
    if state.user != actor {
        return Err(Refusal::OtherUsersReplica);
    }
    if push.ops.len() > MAX_PUSH_OPS {
        return Err(Refusal::TooManyOps);
    }
    if push.first_seq == 0 {
        return Err(Refusal::Malformed { seq: 0, why: "numbers start at 1" });
    }
    if push.first_seq > state.seq + 1 {
        return Err(Refusal::Gap { expected_seq: state.seq + 1 });
    }
    Ok(())
}

fn read_op(replica: ReplicaId, actor: UserId, seq: u64, op: &WireOp) -> Result<Read, Refusal> {
    let envelope = read_envelope(replica, actor, seq, op)?;
    let task = envelope.task();
    Ok(Read { envelope, task })
}

fn read_envelope(replica: ReplicaId, actor: UserId, seq: u64, op: &WireOp) -> Result<Envelope, Refusal> {
    let malformed = |why| Refusal::Malformed { seq, why };
    if sha256(op.envelope.as_bytes()) != op.hash {
        return Err(malformed("the hash isn't the envelope's"));
    }
    let read = serde_json::from_str::<Envelope>(&op.envelope);
    // A newer form may have fields that this one refuses: its schema alone is looked for then.
    let schema = match &read {
        Ok(envelope) => Some(envelope.schema),
        Err(_) => serde_json::from_str::<SchemaOnly>(&op.envelope).ok().map(|only| only.schema),
    };
    if let Some(schema) = schema.filter(|schema| !(1..=SCHEMA).contains(schema)) {
        return Err(Refusal::UnsupportedSchema(schema));
    }
    let envelope = read.map_err(|_| malformed("not an envelope"))?;
    if envelope.replica != replica {
        return Err(malformed("another replica's operation"));
    }
    if envelope.user != actor {
        return Err(malformed("another user's operation"));
    }
    if envelope.seq != seq {
        return Err(malformed("not the number of its place"));
    }
    Ok(envelope)
}

#[derive(serde::Deserialize)]
struct SchemaOnly {
    schema: u32,
}

/// The status of an authentic operation. What breaks a rule is stored all the same (S18).
fn judge(
    envelope: &Envelope,
    task: &Result<Task, BodyError>,
    actor: Actor,
    (state, again): (&ReplicaState, bool),
    rules: &impl Rules,
) -> Status {
    let task = match task {
        Ok(task) => task,
        Err(BodyError::UnknownKind(_)) => return Status::Rejected(RejectedCode::UnknownKind),
        Err(BodyError::Malformed(_)) => return Status::Rejected(RejectedCode::MalformedBody),
    };
    if again {
        return Status::Rejected(RejectedCode::AlreadyStored);
    }
    let Some(round) = rules.round(&envelope.round) else {
        return Status::Rejected(RejectedCode::UnknownRound);
    };
    let rejected = match task {
        Task::Sheet(_) if !actor.role.scores() => Some(RejectedCode::OtherOffice),
        Task::Visit(_) if !may(actor, Request::WriteVisits) => Some(RejectedCode::OtherOffice),
        Task::Sheet(work) => sheet_rejection(work, round, rules),
        Task::Visit(work) => visit_rejection(work, &envelope.round, rules),
    };
    if let Some(code) = rejected {
        return Status::Rejected(code);
    }
    let held = hold(envelope, state, round).or_else(|| match task {
        Task::Sheet(work) => hold_sheet(envelope, work.product, rules),
        Task::Visit(_) => None,
    });
    held.map_or(Status::Accepted, Status::Held)
}

fn visit_rejection(work: &VisitWork, round: &RoundCode, rules: &impl Rules) -> Option<RejectedCode> {
    if !rules.is_expected(round, &work.stop, None) {
        return Some(RejectedCode::UnknownStop);
    }
    match &work.act {
        VisitAct::Presence { juror, .. } if !rules.is_expected(round, &work.stop, Some(*juror)) => {
            return Some(RejectedCode::UnknownJuror);
        }
        VisitAct::SetFact { product: Some(product), .. } if !rules.has_product(*product) => {
            return Some(RejectedCode::UnknownProduct);
        }
        _ => {}
    }
    match work.act.check().err()? {
        VisitError::ReasonMissing => Some(RejectedCode::ReasonMissing),
        VisitError::TextTooLong => Some(RejectedCode::TextTooLong),
        VisitError::PhotoTooLarge => Some(RejectedCode::PhotoTooLarge),
        // How many there are depends on the record, and the check doesn't know it.
        VisitError::TooManyPhotos => None,
    }
}

fn sheet_rejection(work: &Work, round: RoundRules<'_>, rules: &impl Rules) -> Option<RejectedCode> {
    if !rules.has_product(work.product) {
        return Some(RejectedCode::UnknownProduct);
    }
    let RoundRules { mode, rubric, .. } = round;
    match check_act(&work.act, mode, rubric).err()? {
        SheetError::UnknownCriterion(_) => Some(RejectedCode::UnknownCriterion),
        SheetError::Mark(MarkError::Negative) => Some(RejectedCode::Negative),
        SheetError::Mark(MarkError::OverMaximum) => Some(RejectedCode::OverMaximum),
        SheetError::Mark(MarkError::OffStep) => Some(RejectedCode::OffStep),
        SheetError::NoMarks => Some(RejectedCode::NoMarks),
        SheetError::NotAdjustable(_) => Some(RejectedCode::NotAdjustable),
        SheetError::TextTooLong => Some(RejectedCode::TextTooLong),
        SheetError::PhotoTooLarge => Some(RejectedCode::PhotoTooLarge),
        SheetError::ReasonMissing => Some(RejectedCode::ReasonMissing),
        // These depend on the sheet, and `check_act` doesn't know it.
        SheetError::TooManyPhotos
        | SheetError::Locked
        | SheetError::NotLocked
        | SheetError::Incomplete(_)
        | SheetError::InConflict
        | SheetError::UnfinishedDrafts
        | SheetError::StateChanged => None,
    }
}

/// Why work on the round waits for somebody's word, whatever it is.
fn hold(envelope: &Envelope, state: &ReplicaState, round: RoundRules<'_>) -> Option<HeldCode> {
    match round.state {
        RoundState::Planned => return Some(HeldCode::RoundPlanned),
        RoundState::Closed | RoundState::Published => return Some(HeldCode::RoundClosed),
        // Which work was begun before the closing only its tablet knows: there no new sheet begins.
        RoundState::Open | RoundState::Closing => {}
    }
    if state.revoked {
        return Some(HeldCode::ReplicaRevoked);
    }
    (envelope.epoch != round.epoch).then_some(HeldCode::OtherEpoch)
}

fn hold_sheet(envelope: &Envelope, product: ProductId, rules: &impl Rules) -> Option<HeldCode> {
    match rules.standing(&envelope.round, envelope.user, product) {
        None => Some(HeldCode::NotAssigned),
        Some(Standing::Absent { .. } | Standing::Recused { .. }) => Some(HeldCode::NotExpected),
        Some(Standing::Active) => None,
    }
}

#[cfg(test)]
mod tests;
