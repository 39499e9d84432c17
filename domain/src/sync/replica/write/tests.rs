//! A juror's tablets: what is typed on one while another one's word arrives.

use super::super::{Arrivals, Changes, LogRecord, SheetFile, take};
use super::*;
use crate::ids::{CriterionCode, EditionId, ProductId, ReplicaId, UserId};
use crate::points::Points;
use crate::rubric::tests::small;
use crate::sheet::CellKey;
use crate::sync::chain::Envelope;
use crate::sync::wire::{Pulled, PulledOp, Status};
use crate::visit::DESK;
use uuid::Uuid;

const EDITION: EditionId = EditionId(Uuid::from_u128(7));
const USER: UserId = UserId(Uuid::from_u128(2));

fn key() -> SheetKey {
    SheetKey { round: "visit".parse().unwrap(), product: ProductId(Uuid::from_u128(3)) }
}

fn id() -> SheetId {
    SheetId::of(EDITION, &key().round, USER, key().product)
}

fn code() -> CriterionCode {
    "1.1".parse().unwrap()
}

fn mark(points: i32) -> Act {
    Act::SetMark { criterion: code(), points: Some(Points(points)) }
}

/// A tablet with one sheet: what a disk holds of it.
struct Tablet {
    replica: ReplicaRecord,
    record: Option<SheetRecord>,
    outbox: Vec<OutboxRecord>,
    log: Vec<LogRecord>,
}

impl Tablet {
    fn new(replica: u128) -> Self {
        let replica = ReplicaRecord::new(USER, ReplicaId(Uuid::from_u128(replica)));
        Self { replica, record: None, outbox: Vec::new(), log: Vec::new() }
    }

    fn draft(&mut self, cell: &DraftCell, text: Option<&str>) {
        self.draft_seeing(cell, text, None);
    }

    fn draft_seeing(&mut self, cell: &DraftCell, text: Option<&str>, seen: Option<&Bases>) {
        self.record = Some(draft(self.record.take(), id(), &key(), cell, text, seen, 0));
    }

    /// What the mark has on the screen.
    fn sees(&self) -> Bases {
        let cell = CellKey::Mark(code());
        self.record.as_ref().map(|record| record.sheet.bases_for(&cell, DESK, None)).unwrap_or_default()
    }

    fn types(&mut self, text: &str) {
        self.draft(&DraftCell::Mark(code()), Some(text));
    }

    fn act(&mut self, what: Act) {
        self.act_seeing(what, None);
    }

    fn act_seeing(&mut self, what: Act, seen: Option<&Bases>) {
        let (key, rubric) = (key(), small());
        let order = Order {
            id: id(),
            key: &key,
            act: &what,
            state: RoundState::Open,
            epoch: 1,
            mode: &RoundMode::Rescore,
            rubric: &rubric,
            earlier: None,
            seen,
            now: 0,
        };
        let written = act(self.replica.clone(), self.record.clone(), None, &order).unwrap();
        (self.replica, self.record) = (written.replica, Some(written.record));
        self.outbox.extend(written.entry);
    }

    /// All that another tablet of the juror has written arrives.
    fn hears(&mut self, other: &Self) {
        let pulled = |entry: &OutboxRecord| PulledOp {
            position: entry.seq,
            envelope: entry.op.envelope.clone(),
            hash: entry.op.hash,
            status: Status::Accepted,
        };
        let page = Pulled { ops: other.outbox.iter().map(pulled).collect(), ..Pulled::without_news(USER) };
        let arrivals = Arrivals::read(&page, EDITION, USER).unwrap();
        let file = SheetFile { id: id(), record: self.record.clone(), visit: None, log: self.log.clone() };
        let Changes { sheets, log, .. } = take(&self.replica, arrivals, &page, &self.outbox, vec![file]).changes;
        self.log.extend(log.into_iter().map(|(_, _, entry)| entry));
        self.record = sheets.into_iter().next().or(self.record.take());
    }

    fn record(&self) -> &SheetRecord {
        self.record.as_ref().unwrap()
    }

    /// The values of the mark, in order.
    fn marks(&self) -> Vec<Option<i32>> {
        let heads = self.record().sheet.mark_heads(&code()).iter();
        let mut marks: Vec<_> = heads.map(|head| head.value.map(|points| points.0)).collect();
        marks.sort_unstable();
        marks
    }
}

/// A tablet was put away in mid-word, its juror went on with another one, and the first is opened again: what was typed there
/// was typed without having seen what stands there now.
#[test]
fn s23_what_was_typed_before_another_tablets_mark_came_stands_beside_it() {
    let (mut left, mut used) = (Tablet::new(1), Tablet::new(8));
    left.types("3");
    used.act(mark(400));
    left.hears(&used);
    left.types("3,5");
    left.act(mark(350));
    assert_eq!(left.marks(), [Some(350), Some(400)], "only the juror chooses");
    assert!(left.record().drafts.is_empty() && left.record().began_on.is_empty());
}

/// A pull was being taken in while the finger came down: what it brought was not on the screen yet, whether what follows is typed
/// or chosen.
#[test]
fn s23_what_came_before_a_touch_could_be_written_stands_beside_it() {
    for is_typed in [true, false] {
        let (mut left, mut used) = (Tablet::new(1), Tablet::new(8));
        used.act(mark(200));
        left.hears(&used);
        let seen = left.sees();
        used.act(mark(400));
        left.hears(&used);
        if is_typed {
            left.draft_seeing(&DraftCell::Mark(code()), Some("3"), Some(&seen));
        }
        left.act_seeing(mark(300), Some(&seen));
        assert_eq!(left.marks(), [Some(300), Some(400)], "only the juror chooses");
        left.act_seeing(mark(300), Some(&left.sees()));
        assert_eq!(left.marks(), [Some(300)], "both were on the screen");
    }
}

/// Two touches in a row, both before the first is written: the second knows of the first, also once both are written anew and
/// stand alone.
#[test]
fn s23_what_its_own_tablet_wrote_meanwhile_is_always_superseded() {
    let (mut left, mut used) = (Tablet::new(1), Tablet::new(8));
    used.act(mark(200));
    left.hears(&used);
    let seen = left.sees();
    left.act_seeing(mark(300), Some(&seen));
    left.act_seeing(mark(350), Some(&seen));
    let bases = |entry: &OutboxRecord| serde_json::from_str::<Envelope>(&entry.op.envelope).unwrap().bases().to_vec();
    let [first, second] = &left.outbox[..] else { panic!("{:?}", left.outbox) };
    assert_eq!((bases(first), bases(second)), (seen.to_vec(), vec![seen[0], first.op.hash]));
    assert_eq!(left.marks(), [Some(350)]);
}

/// The same over an own mark, which the other tablet had seen and superseded.
#[test]
fn s23_what_is_typed_over_an_own_mark_supersedes_that_alone() {
    let (mut left, mut used) = (Tablet::new(1), Tablet::new(8));
    left.act(mark(200));
    used.hears(&left);
    left.types("3");
    used.act(mark(400));
    left.hears(&used);
    assert_eq!(left.marks(), [Some(400)]);
    left.act(mark(300));
    assert_eq!(left.marks(), [Some(300), Some(400)]);
    used.hears(&left);
    assert_eq!(used.marks(), [Some(300), Some(400)], "on every tablet");
}

/// What is typed once it is there, and a choice between two values, supersede what stands there.
#[test]
fn s23_what_was_on_the_screen_when_typing_began_is_superseded() {
    let (mut one, mut other) = (Tablet::new(1), Tablet::new(8));
    one.types("3");
    other.act(mark(400));
    one.hears(&other);
    one.draft(&DraftCell::Mark(code()), None);
    one.types("2");
    one.act(mark(200));
    assert_eq!(one.marks(), [Some(200)], "what is typed anew has seen it");

    let (mut one, mut other) = (Tablet::new(1), Tablet::new(8));
    one.act(mark(300));
    other.act(mark(400));
    one.hears(&other);
    assert_eq!(one.marks(), [Some(300), Some(400)]);
    one.types("4");
    one.act(mark(400));
    assert_eq!(one.marks(), [Some(400)]);
    other.act(mark(350));
    one.hears(&other);
    one.act(mark(350));
    assert_eq!(one.marks(), [Some(350)], "an act that was not typed is about what stands there");
}

/// Of texts both are kept, and the same mark twice is no conflict.
#[test]
fn s23_texts_that_did_not_know_of_each_other_are_both_kept() {
    let (mut one, mut other) = (Tablet::new(1), Tablet::new(8));
    one.draft(&DraftCell::Remark, Some("Sạch"));
    one.types("4");
    other.act(Act::SetRemark { text: "Máy mới".into() });
    other.act(mark(400));
    one.hears(&other);
    one.act(Act::SetRemark { text: "Sạch".into() });
    one.act(mark(400));
    let remark = one.record().sheet.remark();
    let mut lines: Vec<_> = remark.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["Máy mới", "Sạch"]);
    assert_eq!(one.record().sheet.mark(&code()), Some(Points(400)));
    assert!(one.record().drafts.is_empty());
}

/// S21, S23: an earlier version of the app wrote down what was typed, and not what it was typed over.
#[test]
fn s23_a_draft_of_an_earlier_version_takes_nothing_of_another_tablet_for_seen() {
    let (mut left, mut used) = (Tablet::new(1), Tablet::new(8));
    left.act(mark(200));
    left.types("3");
    let mut stored = serde_json::to_value(left.record()).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("began_on").is_some());
    left.record = Some(serde_json::from_value(stored).unwrap());
    used.act(mark(400));
    left.hears(&used);
    left.act(mark(300));
    assert_eq!(left.marks(), [Some(300), Some(400)], "its own earlier mark is superseded all the same");
}
