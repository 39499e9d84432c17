//! What a replica keeps on its device: the records of one juror's database.

use super::photos::PhotosHere;
use super::typed;
use crate::ids::{CriterionCode, ProductId, ReplicaId, RoundCode, SheetId, UserId};
use crate::sheet::{Bases, CellKey, Sheet};
use crate::sync::chain::{Chain, WireOp};
use crate::sync::receipt::{PublicKey, Receipt};
use crate::sync::wire::{HeldCode, RejectedCode, Status};
use crate::visit::DESK;
use serde::{Deserialize, Serialize};

/// Which of the juror's sheets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SheetKey {
    /// Round.
    pub round: RoundCode,
    /// Product.
    pub product: ProductId,
}

/// A cell that is being typed into (S6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftCell {
    /// The mark of a criterion, as typed.
    Mark(CriterionCode),
    /// The note of a criterion.
    Note(CriterionCode),
    /// The general remark.
    Remark,
}

impl DraftCell {
    /// The cell that what is typed becomes a value of.
    pub fn cell(&self) -> CellKey {
        match self.clone() {
            Self::Mark(code) => CellKey::Mark(code),
            Self::Note(code) => CellKey::Note(code),
            Self::Remark => CellKey::Remark,
        }
    }

    /// The draft that an act on this cell makes an end of.
    pub fn of(cell: &CellKey) -> Option<Self> {
        match cell {
            CellKey::Mark(code) => Some(Self::Mark(code.clone())),
            CellKey::Note(code) => Some(Self::Note(code.clone())),
            CellKey::Remark => Some(Self::Remark),
            CellKey::Photo(_) | CellKey::Lock => None,
        }
    }
}

/// Who writes here, how far, and how far the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaRecord {
    /// The juror.
    pub user: UserId,
    /// The end of the chain (S2).
    pub chain: Chain,
    /// The server's key, pinned at registration (S19); none while the replica isn't registered.
    pub receipt_key: Option<PublicKey>,
    /// The server has everything up to here.
    pub acked_seq: u64,
    /// The newest receipt.
    pub receipt: Option<Receipt>,
    /// The server's log is another one since (S27): once it is pulled whole, what it has lost is written anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovering: bool,
}

impl ReplicaRecord {
    /// A new, unregistered replica.
    pub fn new(user: UserId, replica: ReplicaId) -> Self {
        Self { user, chain: Chain::new(replica), receipt_key: None, acked_seq: 0, receipt: None, recovering: false }
    }
}

/// One sheet: the fold, and what is typed beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetRecord {
    /// Identity.
    pub id: SheetId,
    /// What it is about.
    pub key: SheetKey,
    /// The fold of the log and of the outbox (S28).
    pub sheet: Sheet,
    /// What is typed and not an operation yet.
    pub drafts: Vec<(DraftCell, String)>,
    /// What stood in the cell of each when its typing began: what its writer had on the screen (S23).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub began_on: Vec<(DraftCell, Bases)>,
    /// Number of this replica's last operation on it; 0 if there is none.
    pub last_seq: u64,
    /// The tablet's clock at the last write, milliseconds since 1970.
    pub saved_at: Option<i64>,
    /// The last acknowledgement.
    pub received: Option<Received>,
    /// Something that still stands on the sheet is held.
    pub held: Option<HeldCode>,
    /// Something that was last written in its cell is rejected.
    pub rejected: Option<RejectedCode>,
    /// Its photos whose bytes are here.
    #[serde(default, skip_serializing_if = "PhotosHere::is_empty")]
    pub photos: PhotosHere,
}

/// What the juror is told of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The server's clock, milliseconds since 1970.
    pub at_ms: i64,
    /// The eight characters.
    pub code: String,
}

impl SheetRecord {
    /// A blank sheet.
    pub fn new(id: SheetId, key: SheetKey) -> Self {
        Self {
            id,
            key,
            sheet: Sheet::default(),
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

    /// Puts, replaces or removes a draft.
    pub(super) fn set_draft(&mut self, cell: &DraftCell, text: Option<String>, seen: Option<&Bases>) {
        // Whose heads come first is nothing to an operation that names them all.
        let now = || seen.cloned().unwrap_or_else(|| self.sheet.bases_for(&cell.cell(), DESK, None));
        typed::put(&mut self.drafts, &mut self.began_on, cell, text, now);
    }

    /// Ends a draft, and says what its writer had on the screen; none if there was none.
    pub(super) fn end_draft(&mut self, cell: &DraftCell) -> Option<Bases> {
        typed::end(&mut self.drafts, &mut self.began_on, cell)
    }
}

/// An operation that waits for its acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxRecord {
    /// The sheet that it is about.
    pub sheet: SheetId,
    /// Its number.
    pub seq: u64,
    /// Verbatim.
    pub op: WireOp,
}

/// An operation that the server has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// The sheet that it is about.
    pub sheet: SheetId,
    /// Verbatim.
    pub op: WireOp,
    /// What became of it.
    pub status: Status,
    /// Whether the server still has it is being asked: its log is another one since, or our chain is (S17, S27).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
    /// The server has lost it, and it was written anew: kept, but not shown beside its second writing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
    /// Whether what is known of the stop's record has it otherwise than its status says: the status is the newer word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ahead: bool,
}

impl LogRecord {
    /// As the server has told of it, and the record of its stop with it.
    pub(super) fn told(sheet: SheetId, op: WireOp, status: Status) -> Self {
        Self { sheet, op, status, unproven: false, void: false, ahead: false }
    }

    /// Whether what is known of the stop's record has it: mostly if it counts.
    pub(super) fn is_known(&self) -> bool {
        (self.status == Status::Accepted) != self.ahead
    }

    /// The record of its stop is yet to be told: that has it still as it had it before.
    pub(super) fn with_what_was_known(mut self, before: Option<&Self>) -> Self {
        let is_known = before.is_some_and(|before| !before.void && before.is_known());
        self.ahead = is_known != (self.status == Status::Accepted);
        self
    }
}
