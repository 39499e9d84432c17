//! The messages of `/api/v1/sync`: the same types on both sides. Unknown fields are refused in what a client sends, so
//! that a newer client is told so, and ignored in what the server answers, so that it may grow.

use crate::edition::Edition;
use crate::ids::{ProductId, ReplicaId, RoundCode, UserId};
use crate::jury::Assignment;
use crate::registration::Product;
use crate::round::Round;
use crate::rubric::Rubric;
use crate::sync::chain::{OpHash, WireOp};
use crate::sync::receipt::{PublicKey, Receipt};
use crate::visit::{VisitPlan, VisitState};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/replicas`: a new installation says which id it drew. Repeating it is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterReplica {
    /// Random, 128 bits.
    pub replica: ReplicaId,
    /// Whose store it is. Registering gives it to whoever is signed in, so that nobody else must be (S13); tablets before
    /// this field didn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// [`crate::sync::PROTOCOL`].
    pub protocol: u32,
    /// As asked.
    pub replica: ReplicaId,
    /// The key with which the server signs receipts, pinned by the tablet (S19).
    pub receipt_key: PublicKey,
}

/// `POST /api/v1/sync/push`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// [`crate::sync::PROTOCOL`] of the tablet.
    pub protocol: u32,
    /// The app's version, for the organisers' list of tablets.
    pub app_version: String,
    /// Whose chain.
    pub replica: ReplicaId,
    /// Number of the first operation in `ops`; with none, of the next to come.
    pub first_seq: u64,
    /// Consecutive operations.
    pub ops: Vec<WireOp>,
    /// Sheets with unsent work on the tablet once this push is in (S30).
    pub unsent: u32,
}

/// What became of an operation (S18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "code", rename_all = "snake_case")]
pub enum Status {
    /// Stored, and counts.
    Accepted,
    /// Stored; counts once somebody with the right to do so admits it.
    Held(HeldCode),
    /// Stored as evidence; never counts.
    Rejected(RejectedCode),
}

impl Status {
    /// Whether the server that stored the operation could read what it does. What it couldn't, a newer one may be able to
    /// read; what follows from it stays as it was all the same (S21).
    pub fn was_read(&self) -> bool {
        !matches!(self, Self::Rejected(RejectedCode::UnknownKind | RejectedCode::MalformedBody))
    }
}

/// Why an operation is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldCode {
    /// The round isn't open yet.
    RoundPlanned,
    /// The round is closed.
    RoundClosed,
    /// Made in another epoch of the round.
    OtherEpoch,
    /// Ngoài phân công: the product isn't assigned to this juror in this round.
    NotAssigned,
    /// The assignment carries a recusal (conflict of interest) or an absence.
    NotExpected,
    /// The replica was revoked, such as a lost tablet's (S26).
    ReplicaRevoked,
    /// For a reason that this version doesn't know: the server is newer (S21).
    #[serde(other)]
    Other,
}

/// Why an operation is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectedCode {
    /// A kind that this server doesn't know.
    UnknownKind,
    /// Not the fields of its kind.
    MalformedBody,
    /// No such round in the edition.
    UnknownRound,
    /// No such product in the edition.
    UnknownProduct,
    /// Not a leaf of the round's rubric.
    UnknownCriterion,
    /// Below 0.
    Negative,
    /// Above the maximum.
    OverMaximum,
    /// Not a multiple of the step.
    OffStep,
    /// The round asks for no marks.
    NoMarks,
    /// Only other criteria may be adjusted in the round.
    NotAdjustable,
    /// Longer than 4,000 characters.
    TextTooLong,
    /// A photo without bytes, or with more than 768 KB.
    PhotoTooLarge,
    /// Reopening and recusing need a reason.
    ReasonMissing,
    /// Its first writing is in the log already (S17).
    AlreadyStored,
    /// It was held, and an organiser decided that it doesn't count (S25).
    Denied,
    /// No such stop in the round.
    UnknownStop,
    /// The juror isn't expected at the stop.
    UnknownJuror,
    /// Not what people of the writer's office write: a secretary's mark, a juror's record of a stop.
    OtherOffice,
    /// For a reason that this version doesn't know: the server is newer (S21).
    #[serde(other)]
    Other,
}

/// The status of one operation of this replica, where it is not simply accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpStatus {
    /// Its number.
    pub seq: u64,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

/// The answer to a push: all up to `acked_seq` is stored for good (S18, S19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// [`crate::sync::PROTOCOL`].
    pub protocol: u32,
    /// Number of the last stored operation of the replica; 0 if there is none.
    pub acked_seq: u64,
    /// Its hash.
    pub acked_hash: Option<OpHash>,
    /// Of the operations of this push, those held or rejected.
    pub statuses: Vec<OpStatus>,
    /// Proof for the juror.
    pub receipt: Receipt,
}

/// The answer to `GET /api/v1/sync/pull?cursor=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    /// [`crate::sync::PROTOCOL`].
    pub protocol: u32,
    /// Whose work this is: nobody else's tablet takes it in, nor moves its cursor for it (S13).
    pub user: UserId,
    /// Opaque; handed in with the next pull (S27).
    pub cursor: String,
    /// Whether to pull again at once.
    pub more: bool,
    /// The cursor was from another incarnation of the log: what was pulled before is void (own unsent work never is).
    pub reset: bool,
    /// The catalogue, whole, when it has changed since the cursor; its parts stay empty when not.
    pub edition: Option<Edition>,
    /// All rounds, with their states.
    pub rounds: Vec<Round>,
    /// The rubrics that the rounds use.
    pub rubrics: Vec<Rubric>,
    /// All products of the edition (S15).
    pub products: Vec<Product>,
    /// The actor's own assignments.
    pub assignments: Vec<Assignment>,
    /// The actor's own operations since the cursor, from all of their replicas.
    pub ops: Vec<PulledOp>,
    /// Assignments withdrawn since the cursor.
    pub removed: Vec<RemovedAssignment>,
    /// The stops of the visits, for whoever writes their records: a part of the catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<VisitPlan>,
    /// Those of their records that have changed since the cursor, as they stand now; on the last page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<VisitState>,
}

impl Pulled {
    /// The last page, with nothing on it and no cursor yet.
    pub fn without_news(user: UserId) -> Self {
        Self {
            protocol: crate::sync::PROTOCOL,
            user,
            cursor: String::new(),
            more: false,
            reset: false,
            edition: None,
            rounds: Vec::new(),
            rubrics: Vec::new(),
            products: Vec::new(),
            assignments: Vec::new(),
            ops: Vec::new(),
            removed: Vec::new(),
            stops: Vec::new(),
            visits: Vec::new(),
        }
    }
}

/// `POST /api/v1/photos/wanted`: which of one's photos the server still needs. The operations that name them come first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskPhotos {
    /// At most [`crate::sync::MAX_ASKED_PHOTOS`].
    pub photos: Vec<OpHash>,
}

/// Its answer. A photo that stands in neither list no operation of this user has named yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotosWanted {
    /// Of whom this is said: nobody else's tablet believes it (S13). Two may have been sent the same photo.
    pub user: UserId,
    /// Named by an operation, and without bytes: `PUT /api/v1/photos/{sha256}`.
    pub wanted: Vec<OpHash>,
    /// Their bytes are stored for good.
    pub stored: Vec<OpHash>,
}

/// The answer to `PUT /api/v1/photos/{sha256}`, after COMMIT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoStored {
    /// Whose it is now, as in [`PhotosWanted`].
    pub user: UserId,
    /// Which one.
    pub sha256: OpHash,
}

/// One of the actor's own operations as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PulledOp {
    /// Its place in the edition's log.
    pub position: u64,
    /// Verbatim, as in [`WireOp`].
    pub envelope: String,
    /// Its SHA-256.
    pub hash: OpHash,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

/// A right that was withdrawn. What the juror wrote stays on the tablet, locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedAssignment {
    /// Round.
    pub round: RoundCode,
    /// Product.
    pub product: ProductId,
}
