//! The score sheet (phiếu chấm điểm): the fold of its operations, the same on the tablet and on the server (S7).

mod act;
mod cell;
mod frame;

pub use act::{Act, MAX_TEXT_CHARS, Work};
pub use cell::{Bases, Cell, CellKey, Head, Origin};
pub use frame::{Frame, check_act};

use crate::ids::{CriterionCode, ReplicaId};
use crate::photo::Photo;
use crate::points::Points;
use crate::rubric::{MarkError, Rubric};
use crate::sync::chain::{OpHash, sha256};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// SHA-256 of all that a juror confirms.
pub type StateHash = OpHash;

/// What the lock cell holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lock", rename_all = "snake_case")]
pub enum Lock {
    /// Confirmed in exactly this state.
    Confirmed {
        /// What was confirmed.
        state_hash: StateHash,
    },
    /// Opened again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// Refused by its juror.
    Recused {
        /// Why.
        reason: String,
    },
}

/// A folded sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    marks: LiteMap<CriterionCode, Cell<Option<Points>>>,
    notes: LiteMap<CriterionCode, Cell<String>>,
    remark: Cell<String>,
    /// Under the photo's hash; none once it is taken away.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    photos: LiteMap<OpHash, Cell<Option<Photo>>>,
    lock: Cell<Lock>,
}

/// Where a sheet stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetState {
    /// Nothing written.
    NotScored,
    /// Something written, nothing confirmed.
    Scoring,
    /// Confirmed, complete and unchanged since: this alone counts.
    Confirmed {
        /// Sum of all marks.
        total: Points,
    },
    /// Confirmed in a round or on a frame that asks for no marks.
    Remarked,
    /// Refused by its juror.
    Recused,
    /// Two tablets of the juror disagree; only the juror chooses (S23).
    Conflict,
    /// Confirmed, but changed by another tablet since; to be confirmed again (S24).
    Outdated,
}

impl SheetState {
    /// Whether the sheet is finished and goes into the round's totals.
    pub fn counts(&self) -> bool {
        matches!(self, Self::Confirmed { .. } | Self::Remarked)
    }
}

/// Why an act can't be done to a sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The criterion is not in the rubric.
    #[error("unknown criterion {0}")]
    UnknownCriterion(CriterionCode),
    /// The points don't fit the criterion.
    #[error(transparent)]
    Mark(#[from] MarkError),
    /// The round asks for no marks, or there is no earlier sheet to adjust.
    #[error("no marks here")]
    NoMarks,
    /// Only other criteria may be adjusted in this round.
    #[error("criterion {0} may not be adjusted")]
    NotAdjustable(CriterionCode),
    /// Longer than [`MAX_TEXT_CHARS`].
    #[error("text too long")]
    TextTooLong,
    /// A photo without bytes, or with more than [`crate::photo::MAX_PHOTO_BYTES`].
    #[error("photo too large")]
    PhotoTooLarge,
    /// The sheet has [`crate::photo::MAX_PHOTOS`] already.
    #[error("too many photos")]
    TooManyPhotos,
    /// A reason must be given.
    #[error("reason missing")]
    ReasonMissing,
    /// Confirmed or recused: reopen it first.
    #[error("sheet locked")]
    Locked,
    /// Neither confirmed nor recused.
    #[error("sheet not locked")]
    NotLocked,
    /// These criteria have no mark yet.
    #[error("incomplete")]
    Incomplete(Vec<CriterionCode>),
    /// A cell with two values.
    #[error("in conflict")]
    InConflict,
    /// Something typed is not a mark or note yet (S6).
    #[error("unfinished drafts")]
    UnfinishedDrafts,
    /// The confirmation is about another state than the sheet's.
    #[error("state changed")]
    StateChanged,
}

impl Act {
    /// The cell that the act writes.
    pub fn cell(&self) -> CellKey {
        match self {
            Self::SetMark { criterion, .. } => CellKey::Mark(criterion.clone()),
            Self::SetNote { criterion, .. } => CellKey::Note(criterion.clone()),
            Self::SetRemark { .. } => CellKey::Remark,
            Self::Attach(Photo { sha256, .. }) | Self::Detach(sha256) => CellKey::Photo(*sha256),
            Self::Confirm { .. } | Self::Reopen { .. } | Self::Recuse { .. } => CellKey::Lock,
        }
    }
}

impl Sheet {
    /// Takes in one operation that counts.
    pub fn apply(&mut self, origin: &Origin, act: &Act) {
        match act.clone() {
            Act::SetMark { criterion, points } => self.marks.entry(criterion).or_default().apply(origin, points),
            Act::SetNote { criterion, text } => self.notes.entry(criterion).or_default().apply(origin, text),
            Act::SetRemark { text } => self.remark.apply(origin, text),
            Act::Attach(photo) => self.photos.entry(photo.sha256).or_default().apply(origin, Some(photo)),
            Act::Detach(sha256) => self.photos.entry(sha256).or_default().apply(origin, None),
            Act::Confirm { state_hash } => {
                self.lock.apply(origin, Lock::Confirmed { state_hash });
                self.shrink();
            }
            Act::Reopen { reason } => self.lock.apply(origin, Lock::Reopened { reason }),
            Act::Recuse { reason } => self.lock.apply(origin, Lock::Recused { reason }),
        }
    }

    /// Most sheets stay as they were confirmed, and a server keeps tens of thousands: they give back the room to grow.
    fn shrink(&mut self) {
        let mut marks = std::mem::take(&mut self.marks).into_tuple_vec();
        marks.shrink_to_fit();
        self.marks = LiteMap::from_sorted_store_unchecked(marks);
    }

    /// Takes note of one that doesn't count, since later ones may be based on it.
    pub fn skip(&mut self, origin: &Origin, act: &Act) {
        match act.cell() {
            CellKey::Mark(criterion) => self.marks.entry(criterion).or_default().skip(origin),
            CellKey::Note(criterion) => self.notes.entry(criterion).or_default().skip(origin),
            CellKey::Remark => self.remark.skip(origin),
            CellKey::Photo(sha256) => self.photos.entry(sha256).or_default().skip(origin),
            CellKey::Lock => self.lock.skip(origin),
        }
    }

    /// What the next operation of `replica` in this cell is based on, if its writer had all of it on the screen, or only `seen`;
    /// nothing in a cell that nobody has written.
    pub fn bases_for(&self, cell: &CellKey, replica: ReplicaId, seen: Option<&Bases>) -> Bases {
        let bases = match cell {
            CellKey::Mark(criterion) => self.marks.get(criterion).map(|cell| cell.bases_for(replica, seen)),
            CellKey::Note(criterion) => self.notes.get(criterion).map(|cell| cell.bases_for(replica, seen)),
            CellKey::Remark => Some(self.remark.bases_for(replica, seen)),
            CellKey::Photo(sha256) => self.photos.get(sha256).map(|cell| cell.bases_for(replica, seen)),
            CellKey::Lock => Some(self.lock.bases_for(replica, seen)),
        };
        bases.or_else(|| seen.cloned()).unwrap_or_default()
    }

    /// Every cell that was written, with the hashes of its heads.
    pub fn cells(&self) -> impl Iterator<Item = (CellKey, impl Iterator<Item = OpHash>)> {
        let marks = self.marks.iter().map(|(code, cell)| (CellKey::Mark(code.clone()), hashes(cell.heads())));
        let notes = self.notes.iter().map(|(code, cell)| (CellKey::Note(code.clone()), hashes(cell.heads())));
        let photos = self.photos.iter().map(|(sha256, cell)| (CellKey::Photo(*sha256), hashes(cell.heads())));
        let rest = [(CellKey::Remark, hashes(self.remark.heads())), (CellKey::Lock, hashes(self.lock.heads()))];
        marks.chain(notes).chain(photos).chain(rest).map(|(key, hashes)| (key, hashes.into_iter()))
    }

    /// The mark of a criterion; none if it has none or two tablets disagree.
    pub fn mark(&self, criterion: &CriterionCode) -> Option<Points> {
        self.marks.get(criterion).and_then(Cell::value).copied().flatten()
    }

    /// All marks about which nobody disagrees.
    pub fn marks(&self) -> impl Iterator<Item = (&CriterionCode, Points)> {
        self.marks.iter().filter_map(|(code, cell)| Some((code, cell.value().copied().flatten()?)))
    }

    /// All heads of a criterion's mark: more than one value is a conflict.
    pub fn mark_heads(&self, criterion: &CriterionCode) -> &[Head<Option<Points>>] {
        self.marks.get(criterion).map_or(&[], Cell::heads)
    }

    /// The note of a criterion. Of concurrent notes both are kept, one under the other (S23).
    pub fn note(&self, criterion: &CriterionCode) -> String {
        self.notes.get(criterion).map(merged_text).unwrap_or_default()
    }

    /// The general remark; concurrent ones one under the other.
    pub fn remark(&self) -> String {
        merged_text(&self.remark)
    }

    /// The photos on it, in the order in which each tablet put them there. Where one tablet took a photo away and another put
    /// it there, not knowing of each other, it stays (S23).
    pub fn photos(&self) -> Vec<Photo> {
        let there = |cell: &Cell<Option<Photo>>| {
            cell.heads().iter().find_map(|head| Some((head.replica, head.seq, head.value?)))
        };
        in_order(self.photos.values().filter_map(there))
    }

    /// The lock, unless two tablets disagree about it.
    pub fn lock(&self) -> Option<&Lock> {
        self.lock.value()
    }

    /// Whether marks and notes can be written: neither confirmed nor recused.
    pub fn is_editable(&self) -> bool {
        !self.lock.heads().iter().any(|head| matches!(head.value, Lock::Confirmed { .. } | Lock::Recused { .. }))
    }

    /// Sum of the marks given so far.
    pub fn total(&self) -> Points {
        self.marks().map(|(_, points)| points).sum()
    }

    /// How many of the rubric's criteria have a mark.
    pub fn scored(&self, rubric: &Rubric) -> usize {
        rubric.criteria.iter().filter(|criterion| self.mark(&criterion.code).is_some()).count()
    }

    /// The rubric's criteria without a mark, in order.
    pub fn missing(&self, rubric: &Rubric) -> Vec<CriterionCode> {
        let codes = rubric.criteria.iter().map(|criterion| &criterion.code);
        codes.filter(|code| self.mark(code).is_none()).cloned().collect()
    }

    /// SHA-256 over the canonical JSON of all marks, notes, photos and the remark, keys sorted, nothing empty. Without photos it
    /// is what it was before sheets had any.
    pub fn state_hash(&self) -> StateHash {
        #[derive(Serialize)]
        struct State<'a> {
            marks: BTreeMap<&'a CriterionCode, Vec<Points>>,
            notes: BTreeMap<&'a CriterionCode, String>,
            remark: String,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            photos: Vec<OpHash>,
        }
        let given = |cell: &Cell<Option<Points>>| cell.heads().iter().filter_map(|head| head.value).collect::<Vec<_>>();
        // Extending, not collecting: that would bring a sorting algorithm of its own along to the tablet.
        let mut marks = BTreeMap::new();
        marks.extend(self.marks.iter().map(|(code, cell)| (code, given(cell))));
        for points in marks.values_mut() {
            points.sort_unstable();
            points.dedup();
        }
        marks.retain(|_, points| !points.is_empty());
        let mut notes = BTreeMap::new();
        notes.extend(self.notes.iter().map(|(code, cell)| (code, merged_text(cell))));
        notes.retain(|_, text| !text.is_empty());
        let there = self.photos.iter().filter(|(_, cell)| cell.heads().iter().any(|head| head.value.is_some()));
        let photos = there.map(|(sha256, _)| *sha256).collect();
        let state = State { marks, notes, remark: self.remark(), photos };
        // Maps with string keys, integers and strings: serde_json has no error for them.
        sha256(&serde_json::to_vec(&state).unwrap_or_default())
    }

    /// The sheet as it stands where it starts from an earlier one: its own marks of the criteria that may change, the
    /// earlier marks everywhere else. Notes, remark and lock are its own alone.
    fn over(&self, earlier: &Self, adjustable: &[CriterionCode]) -> Self {
        let mut whole = self.clone();
        whole
            .marks
            .retain(|code, cell| adjustable.contains(code) && cell.heads().iter().any(|head| head.value.is_some()));
        for (code, cell) in earlier.marks.iter() {
            whole.marks.entry(code.clone()).or_insert_with(|| cell.clone());
        }
        whole
    }

    /// Nothing is written, or nothing of it stands any more.
    fn is_blank(&self) -> bool {
        let marked = self.marks.values().any(|cell| cell.heads().iter().any(|head| head.value.is_some()));
        !marked
            && self.photos().is_empty()
            && self.remark().is_empty()
            && self.notes.values().all(|cell| merged_text(cell).is_empty())
    }
}

fn hashes<T>(heads: &[Head<T>]) -> Vec<OpHash> {
    heads.iter().map(|head| head.hash).collect()
}

/// Photos in the order in which each replica put them there.
pub(crate) fn in_order(heads: impl Iterator<Item = (ReplicaId, u64, Photo)>) -> Vec<Photo> {
    let mut placed: Vec<_> = heads.collect();
    placed.sort_unstable_by_key(|(replica, seq, _)| (*replica, *seq));
    placed.into_iter().map(|(_, _, photo)| photo).collect()
}

fn merged_text(cell: &Cell<String>) -> String {
    merged(cell.heads().iter().map(|head| head.value.as_str()))
}

/// Of concurrent texts all are kept, one under the other (S23): in an order of their own, so that a confirmation of them
/// outlives the re-issue of one (S17, S24).
pub(crate) fn merged<'a>(heads: impl Iterator<Item = &'a str>) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for text in heads {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.sort_unstable();
    texts.join("\n")
}

#[cfg(test)]
mod tests;
