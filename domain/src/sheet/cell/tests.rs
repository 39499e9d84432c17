//! Heads, bases and what doesn't count, whatever the order of arrival.

use super::*;
use proptest::prelude::*;

fn origin(replica: u8, seq: u64, base: Option<OpHash>) -> Origin {
    let mut bytes = [replica; 32];
    bytes[0] = seq as u8;
    let replica = ReplicaId(uuid::Uuid::from_u128(u128::from(replica)));
    Origin::first(replica, seq, OpHash::from_bytes(bytes), base.into_iter().collect())
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
    let bases = cell.bases_for(a.replica, None);
    assert_eq!(bases.as_slice(), [b.hash, a.hash]);
    cell.apply(&Origin { bases, ..origin(1, 2, None) }, 20);
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

#[test]
fn s21_a_cell_that_the_first_version_kept_is_read() {
    let (a, b, c) = (origin(1, 1, None).hash, origin(2, 1, None).hash, origin(3, 1, None).hash);
    let kept = format!(r#"{{"h":[],"d":["{a}"],"s":[["{a}",null],["{b}","{a}"],["{c}",["{a}","{b}"]]]}}"#);
    let cell: Cell<i32> = serde_json::from_str(&kept).unwrap();
    let past = cell.past.as_ref().unwrap();
    let bases: Vec<_> = past.skipped.iter().map(|(hash, bases)| (*hash, bases.to_vec())).collect();
    assert_eq!((bases, past.superseded.clone()), (vec![(a, vec![]), (b, vec![a]), (c, vec![a, b])], vec![a]));
    let again: Cell<i32> = serde_json::from_str(&serde_json::to_string(&cell).unwrap()).unwrap();
    assert_eq!(again, cell);
}

#[test]
fn s23_a_third_tablet_settles_a_conflict_between_two_others() {
    let (a, b, mut cell) = (origin(1, 1, None), origin(2, 1, None), Cell::default());
    cell.apply(&a, 10);
    cell.apply(&b, 20);
    let third = origin(3, 1, None);
    let bases = cell.bases_for(third.replica, None);
    assert_eq!(bases.as_slice(), [a.hash, b.hash]);
    cell.apply(&Origin { bases, ..third }, 10);
    assert_eq!(values(&cell), [10]);
}

#[test]
fn i4_what_does_not_count_may_come_after_its_successor() {
    let (a, skipped) = (origin(1, 1, None), origin(2, 1, Some(origin(1, 1, None).hash)));
    let successor = origin(3, 1, Some(skipped.hash));
    let mut cell = Cell::default();
    cell.apply(&a, 10);
    cell.apply(&successor, 30);
    cell.skip(&skipped);
    assert_eq!(values(&cell), [30]);
}

#[test]
fn s25_what_is_admitted_after_its_successor_came_is_no_head() {
    let (a, mut cell) = (origin(1, 1, None), Cell::default());
    cell.apply(&a, 10);
    let held = origin(2, 1, Some(a.hash));
    cell.skip(&held);
    let successor = origin(1, 2, Some(held.hash));
    cell.apply(&successor, 30);
    cell.apply(&held, 20);
    assert_eq!(values(&cell), [30]);
}

#[test]
fn s25_what_is_admitted_counts_as_if_it_had_counted_from_the_start() {
    let (a, mut cell) = (origin(1, 1, None), Cell::default());
    cell.apply(&a, 10);
    let held = origin(2, 1, Some(a.hash));
    cell.skip(&held);
    assert_eq!(values(&cell), [10]);
    cell.apply(&held, 20);
    assert_eq!(values(&cell), [20]);
    cell.apply(&origin(1, 2, Some(held.hash)), 30);
    assert_eq!(values(&cell), [30], "a base that counts again is itself superseded");
}

/// What `replica` writes anew of `first` as its number `seq`.
fn reissue(replica: u8, seq: u64, first: &Origin) -> Origin {
    Origin { bases: first.bases.clone(), reissue_of: Some(first.hash), ..origin(replica, seq, None) }
}

/// Applies in both orders; the heads must be the same.
fn either_way(one: (&Origin, i32), other: (&Origin, i32)) -> Vec<i32> {
    let [forth, back] = [[one, other], [other, one]].map(|pair| {
        let mut cell = Cell::default();
        pair.iter().for_each(|(op, value)| cell.apply(op, *value));
        values(&cell)
    });
    assert_eq!(sorted(forth.clone()), sorted(back));
    forth
}

fn sorted(mut values: Vec<i32>) -> Vec<i32> {
    values.sort_unstable();
    values
}

#[test]
fn s17_a_reissue_is_as_old_as_its_first_writing() {
    let lost = origin(2, 1, None);
    let corrected = origin(1, 5, Some(lost.hash));
    assert_eq!(either_way((&corrected, 30), (&reissue(1, 6, &lost), 40)), [30]);
}

#[test]
fn s17_a_reissue_of_what_its_tablet_had_not_seen_is_no_last_word() {
    let lost = origin(2, 1, None);
    let blind = origin(1, 5, None);
    assert_eq!(sorted(either_way((&blind, 30), (&reissue(1, 6, &lost), 40))), [30, 40]);
}

#[test]
fn s17_what_follows_a_first_writing_follows_its_reissue() {
    let lost = origin(2, 1, None);
    let again = reissue(1, 6, &lost);
    let mut cell = Cell::default();
    cell.apply(&again, 40);
    assert_eq!(cell.bases_for(again.replica, None).as_slice(), [lost.hash]);
    assert!(cell.bases_for(again.replica, Some(&Bases::new())).is_empty(), "another tablet's word, not seen yet");
    assert!(
        cell.heads()[0].is_by(again.replica) && !cell.heads()[0].is_by(lost.replica),
        "this tablet's, for its juror"
    );
    assert_eq!(either_way((&again, 40), (&origin(2, 2, Some(lost.hash)), 50)), [50]);
    // Where it doesn't count, what it was based on is superseded.
    let before = origin(3, 1, None);
    let refused = reissue(1, 7, &origin(2, 3, Some(before.hash)));
    let mut cell = Cell::default();
    cell.apply(&before, 10);
    cell.skip(&refused);
    cell.apply(&origin(3, 2, refused.reissue_of), 60);
    assert_eq!(values(&cell), [60]);
}

#[test]
fn s21_an_earlier_version_named_a_reissue_by_its_own_hash() {
    let again = reissue(1, 6, &origin(2, 1, None));
    assert_eq!(either_way((&again, 40), (&origin(3, 1, Some(again.hash)), 50)), [50]);
}

/// Two replicas that see each other's work at random moments: `(who writes, does it see the other's head)`.
fn history() -> impl Strategy<Value = Vec<(bool, bool)>> {
    prop::collection::vec((any::<bool>(), any::<bool>()), 1..12)
}

/// What they write, each in its own order, with its step as the value.
fn written(history: &[(bool, bool)]) -> [Vec<(Origin, i32)>; 2] {
    let mut seen = [Cell::<i32>::default(), Cell::<i32>::default()];
    let mut ops: [Vec<(Origin, i32)>; 2] = [vec![], vec![]];
    for (step, (first, looks)) in history.iter().enumerate() {
        let me = usize::from(!first);
        if *looks {
            for (other, value) in ops[1 - me].clone() {
                seen[me].apply(&other, value);
            }
        }
        let op = origin(me as u8 + 1, ops[me].len() as u64 + 1, None);
        let op = Origin { bases: seen[me].bases_for(op.replica, None), ..op };
        seen[me].apply(&op, step as i32);
        ops[me].push((op, step as i32));
    }
    ops
}

/// Three replicas of one juror: `(who writes, whose work it takes in first, whether the server holds it at first)`.
fn held_history() -> impl Strategy<Value = Vec<(u8, u8, bool)>> {
    prop::collection::vec((0..3_u8, 0..8_u8, any::<bool>()), 1..14)
}

proptest! {
    /// S25, I4: held work that is admitted at any later time counts as if it had never been held.
    #[test]
    fn s25_admitting_late_is_as_if_it_had_counted_at_once(history in held_history(), late in prop::collection::vec(0..20_usize, 14)) {
        let mut seen = [Cell::<i32>::default(), Cell::default(), Cell::default()];
        let mut written: Vec<(Origin, i32, bool)> = Vec::new();
        let mut taken_in = [0_usize; 3];
        let mut seqs = [0_u64; 3];
        for (step, (who, looks, held)) in history.iter().enumerate() {
            let me = usize::from(*who);
            if looks & 1 == 1 {
                for (op, value, _) in &written[taken_in[me]..] {
                    if op.replica != origin(*who + 1, 1, None).replica {
                        seen[me].apply(op, *value);
                    }
                }
                taken_in[me] = written.len();
            }
            seqs[me] += 1;
            let op = origin(*who + 1, seqs[me], None);
            let op = Origin { bases: seen[me].bases_for(op.replica, None), ..op };
            seen[me].apply(&op, step as i32);
            written.push((op, step as i32, *held));
        }
        let (mut at_once, mut late_server) = (Cell::default(), Cell::default());
        for (op, value, _) in &written {
            at_once.apply(op, *value);
        }
        let mut admitted = vec![false; written.len()];
        for now in 0..written.len() + 20 {
            if let Some((op, value, held)) = written.get(now) {
                if *held { late_server.skip(op) } else { late_server.apply(op, *value) }
            }
            for (index, (op, value, held)) in written.iter().enumerate().take(now + 1) {
                if *held && !admitted[index] && index + late[index] <= now {
                    admitted[index] = true;
                    late_server.apply(op, *value);
                }
            }
        }
        prop_assert_eq!(values(&at_once), values(&late_server));
    }

    /// S17, S27: what the first replica writes anew at its end counts as the second's own writings would have.
    #[test]
    fn s17_reissues_fold_to_what_was_written(history in history(), lost in prop::collection::vec(any::<bool>(), 12)) {
        let ops = written(&history);
        let (mut whole, mut restored) = (Cell::default(), Cell::default());
        ops.iter().flatten().for_each(|(op, value)| whole.apply(op, *value));
        ops[0].iter().for_each(|(op, value)| restored.apply(op, *value));
        for ((op, value), lost) in ops[1].iter().zip(&lost) {
            let again = reissue(1, 100 + op.seq, op);
            if *lost {
                restored.apply(&again, *value);
            } else {
                restored.skip(&again);
                restored.apply(op, *value);
            }
        }
        prop_assert_eq!(sorted(values(&whole)), sorted(values(&restored)));
    }

    /// I4: any order in which each replica's own order holds ends in the same heads.
    #[test]
    fn i4_arrival_order_does_not_matter(history in history(), shuffle in prop::collection::vec(any::<bool>(), 24)) {
        let ops = written(&history);
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
