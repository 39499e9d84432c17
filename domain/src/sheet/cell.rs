//! One cell of a sheet (a mark, a note, the remark, the lock) and its heads: the unit in which two tablets can conflict (S23).

use crate::ids::ReplicaId;
use crate::sync::chain::OpHash;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Which cell an act writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellKey {
    /// The mark of a criterion.
    Mark(crate::ids::CriterionCode),
    /// The note of a criterion.
    Note(crate::ids::CriterionCode),
    /// The general remark.
    Remark,
    /// Confirmed, reopened, recused.
    Lock,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who wrote it.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// Its hash.
    pub hash: OpHash,
    /// Hash of the last operation that its writer had seen in this cell.
    pub base: Option<OpHash>,
}

/// A value that nothing has superseded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head<T> {
    /// Who wrote it.
    pub replica: ReplicaId,
    /// Its number there.
    pub seq: u64,
    /// Its hash: the `base` of what follows it.
    pub hash: OpHash,
    /// The value.
    pub value: T,
}

/// The heads of one cell. An operation supersedes everything earlier of its own replica and what its base names; what
/// remains side by side is concurrent. The result doesn't depend on the order in which replicas' operations arrive.
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
    /// Bases named before their operation arrived (or after it was superseded); if one arrives later, it is not a head.
    dangling: Vec<OpHash>,
    /// Operations that don't count (rejected or held) and what they were based on: a base resolves through them.
    skipped: Vec<(OpHash, Option<OpHash>)>,
}

/// A cell as the tablet keeps it.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Stored<T> {
    #[serde(rename = "h")]
    heads: Vec<Head<T>>,
    #[serde(rename = "d", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    dangling: Vec<OpHash>,
    #[serde(rename = "s", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<(OpHash, Option<OpHash>)>,
}

impl<T> From<Stored<T>> for Cell<T> {
    fn from(Stored { heads, dangling, skipped }: Stored<T>) -> Self {
        let past = (!dangling.is_empty() || !skipped.is_empty()).then(|| Box::new(Past { dangling, skipped }));
        Self { heads: heads.into_iter().collect(), past }
    }
}

impl<T> From<Cell<T>> for Stored<T> {
    fn from(Cell { heads, past }: Cell<T>) -> Self {
        let Past { dangling, skipped } = past.map(|past| *past).unwrap_or_default();
        Self { heads: heads.into_iter().collect(), dangling, skipped }
    }
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Self { heads: SmallVec::new(), past: None }
    }
}

impl<T: Clone + PartialEq> Cell<T> {
    /// Takes in an operation that counts.
    pub fn apply(&mut self, origin: &Origin, value: T) {
        if let Some(base) = self.resolve(origin.base) {
            let before = self.heads.len();
            self.heads.retain(|head| head.hash != base);
            if self.heads.len() == before && !self.dangles(base) {
                self.past.get_or_insert_default().dangling.push(base);
            }
        }
        self.heads.retain(|head| head.replica != origin.replica || head.seq > origin.seq);
        let overtaken = self.heads.iter().any(|head| head.replica == origin.replica);
        if overtaken || self.dangles(origin.hash) {
            return;
        }
        let head = Head { replica: origin.replica, seq: origin.seq, hash: origin.hash, value };
        let place = self.heads.partition_point(|other| (other.replica, other.seq) < (head.replica, head.seq));
        self.heads.insert(place, head);
    }

    /// Takes note of an operation that doesn't count.
    pub fn skip(&mut self, origin: &Origin) {
        self.past.get_or_insert_default().skipped.push((origin.hash, origin.base));
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

    /// What the next operation of `replica` in this cell names as its base. Its own earlier heads fall anyway, so
    /// another's head is the one worth naming.
    pub fn base_for(&self, replica: ReplicaId) -> Option<OpHash> {
        self.heads.iter().find(|head| head.replica != replica).or_else(|| self.heads.first()).map(|head| head.hash)
    }

    fn dangles(&self, hash: OpHash) -> bool {
        self.past.as_ref().is_some_and(|past| past.dangling.contains(&hash))
    }

    fn resolve(&self, mut base: Option<OpHash>) -> Option<OpHash> {
        let skipped = self.past.as_ref().map_or(&[][..], |past| &past.skipped);
        // Each step goes to an earlier operation of the log; the bound only guards against a forged circle.
        for _ in 0..=skipped.len() {
            match base.and_then(|hash| skipped.iter().find(|(skipped, _)| *skipped == hash)) {
                Some((_, before)) => base = *before,
                None => break,
            }
        }
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn origin(replica: u8, seq: u64, base: Option<OpHash>) -> Origin {
        let mut bytes = [replica; 32];
        bytes[0] = seq as u8;
        Origin {
            replica: ReplicaId(uuid::Uuid::from_u128(u128::from(replica))),
            seq,
            hash: OpHash::from_bytes(bytes),
            base,
        }
    }

    fn values(cell: &Cell<i32>) -> Vec<i32> {
        cell.heads().iter().map(|head| head.value).collect()
    }

    #[test]
    fn s23_a_successor_supersedes_its_base() {
        let (a, mut cell) = (origin(1, 1, None), Cell::default());
        cell.apply(&a, 10);
        cell.apply(&origin(2, 1, Some(a.hash)), 20);
        assert_eq!(cell.value(), Some(&20));
    }

    #[test]
    fn s23_concurrent_values_are_both_kept() {
        let (a, mut cell) = (origin(1, 1, None), Cell::default());
        cell.apply(&a, 10);
        cell.apply(&origin(1, 2, Some(a.hash)), 11);
        cell.apply(&origin(2, 1, Some(a.hash)), 20);
        assert_eq!(values(&cell), [11, 20]);
        assert!(cell.in_conflict());
        assert_eq!(cell.value(), None);
    }

    #[test]
    fn s23_equal_values_are_no_conflict() {
        let mut cell = Cell::default();
        cell.apply(&origin(1, 1, None), 10);
        cell.apply(&origin(2, 1, None), 10);
        assert_eq!(cell.value(), Some(&10));
    }

    #[test]
    fn s23_the_juror_settles_a_conflict_by_one_more_value() {
        let (a, b, mut cell) = (origin(1, 1, None), origin(2, 1, None), Cell::default());
        cell.apply(&a, 10);
        cell.apply(&b, 20);
        let base = cell.base_for(a.replica);
        assert_eq!(base, Some(b.hash));
        cell.apply(&origin(1, 2, base), 20);
        assert_eq!(values(&cell), [20]);
    }

    #[test]
    fn s23_a_base_resolves_through_what_does_not_count() {
        let (a, mut cell) = (origin(1, 1, None), Cell::default());
        cell.apply(&a, 10);
        let rejected = origin(2, 1, Some(a.hash));
        cell.skip(&rejected);
        cell.apply(&origin(2, 2, Some(rejected.hash)), 30);
        assert_eq!(values(&cell), [30]);
    }

    /// Two replicas that see each other's work at random moments: `(who writes, does it see the other's head)`.
    fn history() -> impl Strategy<Value = Vec<(bool, bool)>> {
        prop::collection::vec((any::<bool>(), any::<bool>()), 1..12)
    }

    proptest! {
        /// I4: any order in which each replica's own order holds ends in the same heads.
        #[test]
        fn i4_arrival_order_does_not_matter(history in history(), shuffle in prop::collection::vec(any::<bool>(), 24)) {
            let mut seen = [Cell::<i32>::default(), Cell::<i32>::default()];
            let mut ops: [Vec<(Origin, i32)>; 2] = [vec![], vec![]];
            for (step, (first, looks)) in history.iter().enumerate() {
                let me = usize::from(!first);
                if *looks {
                    for (other, value) in ops[1 - me].clone() {
                        seen[me].apply(&other, value);
                    }
                }
                let seq = ops[me].len() as u64 + 1;
                let base = seen[me].base_for(origin(me as u8 + 1, seq, None).replica);
                let op = origin(me as u8 + 1, seq, base);
                seen[me].apply(&op, step as i32);
                ops[me].push((op, step as i32));
            }
            let mut in_order = Cell::default();
            for (op, value) in ops[0].iter().chain(&ops[1]) {
                in_order.apply(op, *value);
            }
            let mut shuffled = Cell::default();
            let mut queues = ops.clone().map(|q| q.into_iter().collect::<std::collections::VecDeque<_>>());
            for pick in shuffle.iter().cycle() {
                let from = usize::from(*pick);
                let from = if queues[from].is_empty() { 1 - from } else { from };
                match queues[from].pop_front() {
                    Some((op, value)) => shuffled.apply(&op, value),
                    None => break,
                }
                if queues.iter().all(|q| q.is_empty()) {
                    break;
                }
            }
            prop_assert_eq!(values(&in_order), values(&shuffled));
        }
    }
}
