//! One cell of a sheet (a mark, a note, the remark, the lock) and its heads: the unit in which two tablets can conflict (S23).

mod stored;

use crate::ids::ReplicaId;
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use stored::Stored;

/// Which cell an act writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellKey {
    /// The mark of a criterion.
    Mark(crate::ids::CriterionCode),
    /// The note of a criterion.
    Note(crate::ids::CriterionCode),
    /// The general remark.
    Remark,
    /// Whether a photo is there.
    Photo(OpHash),
    /// Confirmed, reopened, recused.
    Lock,
}

/// The heads that the writer of an operation had seen in its cell: nearly always one.
pub type Bases = SmallVec<[OpHash; 1]>;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who wrote it.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// Its hash.
    pub hash: OpHash,
    /// Hashes of the operations that its writer had seen as heads of this cell.
    pub bases: Bases,
    /// The operation that it repeats, where it is a re-issue (S17).
    pub reissue_of: Option<OpHash>,
}

impl Origin {
    /// Of an operation that is written for the first time.
    pub fn first(replica: ReplicaId, seq: u64, hash: OpHash, bases: Bases) -> Self {
        Self { replica, seq, hash, bases, reissue_of: None }
    }

    /// Its hash, or that of the operation that it repeats.
    pub fn root(&self) -> OpHash {
        self.reissue_of.unwrap_or(self.hash)
    }

    /// In whose order it stands, and where. A re-issue stands alone: it is written behind what its tablet had written since,
    /// often with another tablet's words, and knows of no more than its first writing did.
    fn place(&self) -> (ReplicaId, u64) {
        let replica = if self.reissue_of.is_some() { self.replica.of_reissue(self.seq) } else { self.replica };
        (replica, self.seq)
    }
}

/// A value that nothing has superseded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head<T> {
    /// Who wrote it; of what was written anew a name of its own.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// The hash of its first writing: the base of what follows it.
    pub hash: OpHash,
    /// The value.
    pub value: T,
}

impl<T> Head<T> {
    /// Whether this replica wrote it, also where it was written anew.
    pub fn is_by(&self, replica: ReplicaId) -> bool {
        self.replica == replica || self.replica == replica.of_reissue(self.seq)
    }
}

/// The heads of one cell. An operation supersedes everything earlier of its own replica and all that its bases name; what
/// remains side by side is concurrent. A re-issue takes the place of its first writing, whoever writes it: it supersedes what its
/// bases name, and is superseded by what was based on the first. The result doesn't depend on the order in which replicas' operations arrive, nor
/// on whether one that was held is admitted before or after its successors came.
///
/// A server keeps half a million of them in memory, nearly all with one head and nothing else: that one lies in place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Stored<T>",
    into = "Stored<T>",
    bound(serialize = "T: Serialize + Clone", deserialize = "T: Deserialize<'de>")
)]
pub struct Cell<T> {
    heads: SmallVec<[Head<T>; 1]>,
    past: Option<Box<Past>>,
}

/// What few cells have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Past {
    /// Superseded without having been a head then: its own arrival comes later, or it didn't count. If it counts later, it
    /// is not a head.
    superseded: Vec<OpHash>,
    /// Operations that don't count (rejected or held) and what they were based on, re-issues and what they repeat: a base
    /// resolves through them.
    skipped: Vec<(OpHash, Bases)>,
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Self { heads: SmallVec::new(), past: None }
    }
}

impl<T: Clone + PartialEq> Cell<T> {
    /// Takes in an operation that counts; also one that was skipped before and has been admitted since.
    pub fn apply(&mut self, origin: &Origin, value: T) {
        self.name_again(origin);
        self.supersede(&origin.bases);
        let ((replica, seq), hash) = (origin.place(), origin.root());
        self.heads.retain(|head| head.replica != replica || head.seq > seq);
        let overtaken = self.heads.iter().any(|head| head.replica == replica);
        if overtaken || self.is_superseded(hash) {
            return;
        }
        let head = Head { replica, seq, hash, value };
        let place = self.heads.partition_point(|other| (other.replica, other.seq) < (head.replica, head.seq));
        self.heads.insert(place, head);
    }

    /// Takes note of an operation that doesn't count.
    pub fn skip(&mut self, origin: &Origin) {
        self.name_again(origin);
        self.resolve(origin.root(), origin.bases.clone());
    }

    /// The value, if there is one and nobody disagrees about it.
    pub fn value(&self) -> Option<&T> {
        if self.in_conflict() { None } else { self.heads.first().map(|head| &head.value) }
    }

    /// Several heads with different values.
    pub fn in_conflict(&self) -> bool {
        self.heads.windows(2).any(|pair| pair[0].value != pair[1].value)
    }

    /// All heads, ordered by replica.
    pub fn heads(&self) -> &[Head<T>] {
        &self.heads
    }

    /// What the next operation of `replica` in this cell names as its bases: every head, those of other replicas first. Whose
    /// screen had only `seen` names that, and what the replica itself has written since.
    pub fn bases_for(&self, replica: ReplicaId, seen: Option<&Bases>) -> Bases {
        // Not what it wrote anew: that may be another tablet's, and was never on the screen.
        bases(self.heads.iter().map(|head| (head.hash, head.replica == replica)).collect(), seen)
    }

    /// A tablet of an earlier version names a re-issue by its own hash: it means the first writing.
    fn name_again(&mut self, origin: &Origin) {
        if let Some(first) = origin.reissue_of {
            self.resolve(origin.hash, Bases::from_slice(&[first]));
        }
    }

    /// Behind this hash stand these bases.
    fn resolve(&mut self, hash: OpHash, bases: Bases) {
        // A successor may have come first, where a clone or a restored server mixed the order up.
        if self.is_superseded(hash) {
            self.supersede(&bases);
        }
        self.past.get_or_insert_default().skipped.push((hash, bases));
    }

    fn supersede(&mut self, bases: &Bases) {
        for base in self.resolved(bases) {
            let before = self.heads.len();
            self.heads.retain(|head| head.hash != base);
            if self.heads.len() == before && !self.is_superseded(base) {
                self.past.get_or_insert_default().superseded.push(base);
            }
        }
    }

    fn is_superseded(&self, hash: OpHash) -> bool {
        self.past.as_ref().is_some_and(|past| past.superseded.contains(&hash))
    }

    /// The bases, and behind each that doesn't count its own: all of them are superseded.
    fn resolved(&self, bases: &Bases) -> Bases {
        let mut all = bases.clone();
        let skipped = self.past.as_ref().map_or(&[][..], |past| &past.skipped);
        let mut next = 0;
        while next < all.len() {
            let before = skipped.iter().filter(|(hash, _)| *hash == all[next]).flat_map(|(_, bases)| bases);
            // Looked at once each, so that a forged circle ends.
            let new: Bases = before.filter(|base| !all.contains(base)).copied().collect();
            all.extend(new);
            next += 1;
        }
        all
    }
}

/// Of these heads, each with whether it is its writer's own. Not generic, as cells are: a tablet downloads it once.
fn bases(heads: Vec<(OpHash, bool)>, seen: Option<&Bases>) -> Bases {
    let own = heads.iter().filter(|(hash, is_own)| *is_own && seen.is_none_or(|seen| !seen.contains(hash)));
    let own: Vec<OpHash> = own.map(|(hash, _)| *hash).collect();
    let others = || heads.iter().filter(|(_, is_own)| !is_own).map(|(hash, _)| *hash).collect();
    let mut all = seen.cloned().unwrap_or_else(others);
    all.extend(own);
    all
}

#[cfg(test)]
mod tests;
