//! The fold, its states, and what may be done in each.

use super::*;
use crate::round::RoundMode;
use crate::rubric::tests::small;
use proptest::prelude::*;

/// A replica that numbers its own operations, as a tablet does.
struct Writer {
    replica: ReplicaId,
    seq: u64,
}

impl Writer {
    fn new(n: u8) -> Self {
        Self { replica: ReplicaId(uuid::Uuid::from_u128(u128::from(n))), seq: 0 }
    }

    fn origin(&mut self, sheet: &Sheet, act: &Act) -> Origin {
        self.seq += 1;
        let hash = sha256(format!("{}/{}", self.replica, self.seq).as_bytes());
        Origin::first(self.replica, self.seq, hash, sheet.bases_for(&act.cell(), self.replica, None))
    }

    fn write(&mut self, sheet: &mut Sheet, act: Act) {
        let origin = self.origin(sheet, &act);
        sheet.apply(&origin, &act);
    }
}

fn mark(code: &str, points: i32) -> Act {
    Act::SetMark { criterion: code.parse().unwrap(), points: Some(Points(points)) }
}

fn clear(code: &str) -> Act {
    Act::SetMark { criterion: code.parse().unwrap(), points: None }
}

fn complete(tablet: &mut Writer) -> Sheet {
    let mut sheet = Sheet::default();
    for act in [mark("1.1", 400), mark("1.2", 0), mark("2", 350)] {
        tablet.write(&mut sheet, act);
    }
    sheet
}

#[test]
fn zero_is_a_mark_and_none_is_not() {
    let (mut tablet, rubric, mut sheet) = (Writer::new(1), small(), Sheet::default());
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::NotScored);
    tablet.write(&mut sheet, mark("1.1", 0));
    assert_eq!((sheet.scored(&rubric), sheet.total()), (1, Points(0)));
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Scoring);
    tablet.write(&mut sheet, clear("1.1"));
    assert_eq!(sheet.scored(&rubric), 0);
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::NotScored);
}

#[test]
fn only_a_complete_sheet_can_be_confirmed() {
    let (mut tablet, rubric) = (Writer::new(1), small());
    let mut sheet = Sheet::default();
    tablet.write(&mut sheet, mark("1.1", 400));
    let confirm = Act::Confirm { state_hash: sheet.state_hash() };
    let missing = vec!["1.2".parse().unwrap(), "2".parse().unwrap()];
    assert_eq!(Frame::new(&rubric).check(&sheet, &confirm), Err(SheetError::Incomplete(missing)));

    let mut sheet = complete(&mut tablet);
    let confirm = Act::Confirm { state_hash: sheet.state_hash() };
    assert_eq!(Frame::new(&rubric).check(&sheet, &confirm), Ok(()));
    tablet.write(&mut sheet, confirm.clone());
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Confirmed { total: Points(750) });
    assert_eq!(Frame::new(&rubric).check(&sheet, &mark("2", 400)), Err(SheetError::Locked));
    assert_eq!(Frame::new(&rubric).check(&sheet, &confirm), Err(SheetError::Locked));
}

#[test]
fn an_incomplete_sheet_does_not_count_even_if_it_says_confirmed() {
    let (mut tablet, mut sheet) = (Writer::new(1), Sheet::default());
    tablet.write(&mut sheet, mark("1.1", 400));
    let state_hash = sheet.state_hash();
    tablet.write(&mut sheet, Act::Confirm { state_hash });
    assert_eq!(Frame::new(&small()).state(&sheet), SheetState::Scoring);
}

#[test]
fn s24_a_confirmation_covers_exactly_its_state() {
    let (mut tablet, mut second, rubric) = (Writer::new(1), Writer::new(2), small());
    let mut sheet = complete(&mut tablet);
    let before = sheet.clone();
    let state_hash = sheet.state_hash();
    tablet.write(&mut sheet, Act::Confirm { state_hash });
    let note = Act::SetNote { criterion: "2".parse().unwrap(), text: "Mẫu đẹp".into() };
    let origin = second.origin(&before, &note);
    sheet.apply(&origin, &note);
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Outdated);
    let again = Act::Confirm { state_hash: sheet.state_hash() };
    assert_eq!(Frame::new(&rubric).check(&sheet, &again), Ok(()));
    tablet.write(&mut sheet, again);
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Confirmed { total: Points(750) });
}

#[test]
fn reopening_needs_a_reason_and_a_lock() {
    let (mut tablet, rubric) = (Writer::new(1), small());
    let mut sheet = complete(&mut tablet);
    let reopen = |reason: &str| Act::Reopen { reason: reason.into() };
    assert_eq!(Frame::new(&rubric).check(&sheet, &reopen("Nhầm")), Err(SheetError::NotLocked));
    let state_hash = sheet.state_hash();
    tablet.write(&mut sheet, Act::Confirm { state_hash });
    assert_eq!(Frame::new(&rubric).check(&sheet, &reopen("  ")), Err(SheetError::ReasonMissing));
    assert_eq!(Frame::new(&rubric).check(&sheet, &reopen("Nhầm")), Ok(()));
    tablet.write(&mut sheet, reopen("Nhầm"));
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Scoring);
    assert!(sheet.is_editable());
}

#[test]
fn a_recused_sheet_is_neither_zero_nor_missing() {
    let (mut tablet, rubric, mut sheet) = (Writer::new(1), small(), Sheet::default());
    tablet.write(&mut sheet, Act::Recuse { reason: "Người thân".into() });
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Recused);
    assert_eq!(Frame::new(&rubric).check(&sheet, &mark("2", 100)), Err(SheetError::Locked));
}

#[test]
fn s23_two_tablets_with_two_values_are_a_conflict_until_the_juror_chooses() {
    let (mut first, mut second, rubric) = (Writer::new(1), Writer::new(2), small());
    let mut sheet = complete(&mut first);
    let seen = sheet.clone();
    first.write(&mut sheet, mark("2", 300));
    let other = mark("2", 200);
    let origin = second.origin(&seen, &other);
    sheet.apply(&origin, &other);
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Conflict);
    assert_eq!(sheet.mark_heads(&"2".parse().unwrap()).len(), 2);
    let confirm = Act::Confirm { state_hash: sheet.state_hash() };
    assert_eq!(Frame::new(&rubric).check(&sheet, &confirm), Err(SheetError::InConflict));
    first.write(&mut sheet, mark("2", 200));
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Scoring);
    assert_eq!(sheet.mark(&"2".parse().unwrap()), Some(Points(200)));
}

#[test]
fn s23_concurrent_texts_are_both_kept() {
    let (mut first, mut second) = (Writer::new(1), Writer::new(2));
    let blank = Sheet::default();
    let mut sheet = blank.clone();
    first.write(&mut sheet, Act::SetRemark { text: "Sạch".into() });
    let other = Act::SetRemark { text: "Gọn".into() };
    let origin = second.origin(&blank, &other);
    sheet.apply(&origin, &other);
    assert_eq!(sheet.remark(), "Gọn\nSạch", "whoever wrote which");
}

#[test]
fn s21_texts_are_bounded_in_characters_not_bytes() {
    let long = |n: usize| Act::SetRemark { text: "ệ".repeat(n) };
    assert_eq!(Frame::new(&small()).check(&Sheet::default(), &long(MAX_TEXT_CHARS)), Ok(()));
    assert_eq!(Frame::new(&small()).check(&Sheet::default(), &long(MAX_TEXT_CHARS + 1)), Err(SheetError::TextTooLong));
}

#[test]
fn a_folded_sheet_survives_storage() {
    let sheet = complete(&mut Writer::new(1));
    let stored = serde_json::to_string(&sheet).unwrap();
    assert_eq!(serde_json::from_str::<Sheet>(&stored).unwrap(), sheet);
}

proptest! {
    /// I4: different criteria written on two tablets merge without a question, in any order.
    #[test]
    fn i4_two_tablets_on_different_criteria_merge(points in 0..=8_i32, other in 0..=4_i32, first_arrives in any::<bool>()) {
        let (mut one, mut two) = (Writer::new(1), Writer::new(2));
        let blank = Sheet::default();
        let (a, b) = (mark("1.1", points * 50), mark("1.2", other * 50));
        let (oa, ob) = (one.origin(&blank, &a), two.origin(&blank, &b));
        let mut sheet = blank;
        if first_arrives {
            sheet.apply(&oa, &a);
            sheet.apply(&ob, &b);
        } else {
            sheet.apply(&ob, &b);
            sheet.apply(&oa, &a);
        }
        prop_assert_eq!(Frame::new(&small()).state(&sheet), SheetState::Scoring);
        prop_assert_eq!(sheet.total(), Points((points + other) * 50));
    }

    /// Whatever a juror does, a total never leaves 0..=max, and a confirmed sheet is complete.
    #[test]
    fn totals_stay_within_bounds(acts in prop::collection::vec((0..3_usize, -2..12_i32), 0..40)) {
        let (mut tablet, rubric, mut sheet) = (Writer::new(1), small(), Sheet::default());
        for (leaf, half_points) in acts {
            let criterion = rubric.criteria[leaf].code.clone();
            let act = Act::SetMark { criterion, points: Some(Points(half_points * 50)) };
            if Frame::new(&rubric).check(&sheet, &act).is_ok() {
                tablet.write(&mut sheet, act);
            }
            let confirm = Act::Confirm { state_hash: sheet.state_hash() };
            if half_points == 3 && Frame::new(&rubric).check(&sheet, &confirm).is_ok() {
                tablet.write(&mut sheet, confirm);
            }
            prop_assert!((0..=rubric.max().0).contains(&sheet.total().0));
            if let SheetState::Confirmed { total } = Frame::new(&rubric).state(&sheet) {
                prop_assert_eq!(sheet.scored(&rubric), rubric.criteria.len());
                prop_assert_eq!(total, sheet.total());
            }
        }
    }
}

fn codes(list: &[&str]) -> Vec<CriterionCode> {
    list.iter().map(|code| code.parse().unwrap()).collect()
}

fn adjusting(criteria: &[&str]) -> RoundMode {
    RoundMode::Adjust { from: "dossier".parse().unwrap(), criteria: codes(criteria) }
}

/// A confirmed sheet of 4 + 0 + 3,5.
fn confirmed(tablet: &mut Writer) -> Sheet {
    let mut sheet = complete(tablet);
    let state_hash = sheet.state_hash();
    tablet.write(&mut sheet, Act::Confirm { state_hash });
    sheet
}

#[test]
fn adjusting_starts_from_the_earlier_sheet_and_changes_only_what_it_may() {
    let (mut tablet, rubric, mode) = (Writer::new(1), small(), adjusting(&["2"]));
    let (earlier, mut own) = (confirmed(&mut tablet), Sheet::default());
    let frame = Frame::of(&mode, &rubric, Some(&earlier));
    assert_eq!(frame.state(&own), SheetState::NotScored, "the earlier marks are not this round's work");
    assert_eq!(frame.missing(&own), []);
    assert_eq!(frame.check(&own, &mark("1.1", 300)), Err(SheetError::NotAdjustable("1.1".parse().unwrap())));
    assert_eq!(frame.check(&own, &mark("2", 250)), Ok(()));
    tablet.write(&mut own, mark("2", 250));
    // What an older app wrote all the same stands in the log and changes nothing.
    tablet.write(&mut own, mark("1.1", 300));
    assert_eq!(frame.whole(&own).total(), Points(650));
    let confirm = Act::Confirm { state_hash: frame.state_hash(&own) };
    assert_eq!(frame.check(&own, &confirm), Ok(()));
    tablet.write(&mut own, confirm);
    assert_eq!(frame.state(&own), SheetState::Confirmed { total: Points(650) });
}

#[test]
fn an_adjusted_mark_that_is_taken_back_is_the_earlier_one_again() {
    let (mut tablet, rubric, mode) = (Writer::new(1), small(), adjusting(&["2"]));
    let (earlier, mut own) = (confirmed(&mut tablet), Sheet::default());
    tablet.write(&mut own, mark("2", 250));
    tablet.write(&mut own, clear("2"));
    let frame = Frame::of(&mode, &rubric, Some(&earlier));
    assert_eq!((frame.whole(&own).total(), frame.state(&own)), (Points(750), SheetState::NotScored));
}

/// S24: what was confirmed is the whole sheet; when the earlier one changes under it, it is confirmed again.
#[test]
fn s24_an_adjusted_confirmation_covers_the_earlier_marks_too() {
    let (mut tablet, rubric, mode) = (Writer::new(1), small(), adjusting(&["2"]));
    let (mut earlier, mut own) = (confirmed(&mut tablet), Sheet::default());
    let state_hash = Frame::of(&mode, &rubric, Some(&earlier)).state_hash(&own);
    tablet.write(&mut own, Act::Confirm { state_hash });
    assert_eq!(Frame::of(&mode, &rubric, Some(&earlier)).state(&own), SheetState::Confirmed { total: Points(750) });
    tablet.write(&mut earlier, Act::Reopen { reason: "Nhầm".into() });
    tablet.write(&mut earlier, mark("1.1", 350));
    let state_hash = earlier.state_hash();
    tablet.write(&mut earlier, Act::Confirm { state_hash });
    assert_eq!(Frame::of(&mode, &rubric, Some(&earlier)).state(&own), SheetState::Outdated);
}

#[test]
fn without_a_confirmed_earlier_sheet_there_is_nothing_to_adjust() {
    let (mut tablet, rubric, mode) = (Writer::new(1), small(), adjusting(&["2"]));
    let (open, mut own) = (complete(&mut tablet), Sheet::default());
    for earlier in [None, Some(&open)] {
        let frame = Frame::of(&mode, &rubric, earlier);
        assert_eq!(frame.check(&own, &mark("2", 100)), Err(SheetError::NoMarks));
    }
    tablet.write(&mut own, Act::SetRemark { text: "Đã xem xưởng".into() });
    let frame = Frame::of(&mode, &rubric, None);
    let confirm = Act::Confirm { state_hash: frame.state_hash(&own) };
    assert_eq!(frame.check(&own, &confirm), Ok(()));
    tablet.write(&mut own, confirm);
    assert_eq!(frame.state(&own), SheetState::Remarked);
}

#[test]
fn a_round_for_remarks_takes_no_marks_and_confirms_without_any() {
    let (mut tablet, rubric, mut own) = (Writer::new(1), small(), Sheet::default());
    let frame = Frame::of(&RoundMode::Remarks, &rubric, None);
    assert_eq!(frame.check(&own, &mark("2", 100)), Err(SheetError::NoMarks));
    assert_eq!(check_act(&mark("2", 100), &RoundMode::Remarks, &rubric), Err(SheetError::NoMarks));
    let confirm = Act::Confirm { state_hash: frame.state_hash(&own) };
    assert_eq!(frame.check(&own, &confirm), Ok(()));
    tablet.write(&mut own, confirm.clone());
    assert_eq!(frame.state(&own), SheetState::Remarked);
    assert_eq!(frame.check(&own, &confirm), Err(SheetError::Locked));
}
