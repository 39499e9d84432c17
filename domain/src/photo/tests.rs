//! Photos on sheets and in the records of stops: their form on the wire, and what the folds make of them.

use super::*;
use crate::ids::{ProductId, ReplicaId, UserId};
use crate::jury::StopKey;
use crate::points::Points;
use crate::rubric::tests::small;
use crate::sheet::{Act, Bases, Frame, Origin, Sheet, SheetError, SheetState, Work};
use crate::sync::body::BodyError;
use crate::sync::chain::{Chain, Context, Envelope, Task, WireOp, sha256};
use crate::visit::{Visit, VisitAct, VisitError, VisitWork};
use uuid::Uuid;

fn photo(name: &str) -> Photo {
    Photo { sha256: sha256(name.as_bytes()), size: 320_000, mime: Mime::Jpeg }
}

fn product() -> ProductId {
    ProductId(Uuid::from_u128(3))
}

fn stop() -> StopKey {
    StopKey { delegation: "1".into(), date: "2024-08-26".into(), ordinal: 2 }
}

fn context() -> Context {
    let user = UserId(Uuid::from_u128(2));
    Context { user, round: "visit".parse().unwrap(), epoch: 1, bases: Bases::new(), claimed_at: 0, reissue_of: None }
}

fn chain() -> Chain {
    Chain::new(ReplicaId(Uuid::from_u128(1)))
}

fn envelope(op: &WireOp) -> Envelope {
    serde_json::from_str(&op.envelope).unwrap()
}

/// A tablet's next operation, which has seen the heads that `bases` names.
fn origin(tablet: u128, seq: u64, bases: Bases) -> Origin {
    let hash = sha256(format!("{tablet}/{seq}").as_bytes());
    Origin::first(ReplicaId(Uuid::from_u128(tablet)), seq, hash, bases)
}

/// Writes acts on a sheet one after the other, on one tablet that sees them all.
fn written(acts: &[Act]) -> Sheet {
    let mut sheet = Sheet::default();
    for (seq, act) in (1..).zip(acts) {
        let bases = sheet.bases_for(&act.cell(), ReplicaId(Uuid::from_u128(1)), None);
        sheet.apply(&origin(1, seq, bases), act);
    }
    sheet
}

fn marks() -> Vec<Act> {
    let mark =
        |(code, points): (&str, i32)| Act::SetMark { criterion: code.parse().unwrap(), points: Some(Points(points)) };
    [("1.1", 400), ("1.2", 0), ("2", 350)].map(mark).to_vec()
}

#[test]
fn s5_a_photo_on_a_sheet_has_this_form() {
    let works = [Act::Attach(photo("a")), Act::Detach(photo("a").sha256)].map(|act| Work { product: product(), act });
    let bodies = [
        r#"{"product":"00000000-0000-0000-0000-000000000003","sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","size":320000,"mime":"image/jpeg"}"#,
        r#"{"product":"00000000-0000-0000-0000-000000000003","sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}"#,
    ];
    for ((work, kind), body) in works.into_iter().zip(["attach", "detach"]).zip(bodies) {
        let op = envelope(&chain().append(context(), &work));
        assert_eq!((op.kind.as_str(), op.body.get()), (kind, body));
        assert_eq!(op.task(), Ok(Task::Sheet(work)));
    }
}

#[test]
fn s5_a_photo_of_a_stop_has_this_form() {
    let works =
        [VisitAct::Attach(photo("a")), VisitAct::Detach(photo("a").sha256)].map(|act| VisitWork { stop: stop(), act });
    let bodies = [
        r#"{"stop":{"delegation":"1","date":"2024-08-26","ordinal":2},"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","size":320000,"mime":"image/jpeg"}"#,
        r#"{"stop":{"delegation":"1","date":"2024-08-26","ordinal":2},"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}"#,
    ];
    for ((work, kind), body) in works.into_iter().zip(["attach", "detach"]).zip(bodies) {
        let op = envelope(&chain().append_visit(context(), &work));
        assert_eq!((op.kind.as_str(), op.body.get()), (kind, body));
        assert_eq!(op.task(), Ok(Task::Visit(work)));
    }
}

#[test]
fn s5_a_photo_is_of_one_thing_and_a_jpeg() {
    let mut op = envelope(&chain().append(context(), &Work { product: product(), act: Act::Attach(photo("a")) }));
    let body = op.body.get().to_owned();
    let stop = serde_json::to_string(&stop()).unwrap();
    for (what, body) in [
        ("product and stop", body.replacen('{', &format!("{{\"stop\":{stop},"), 1)),
        ("product and no stop", body.replacen('{', "{\"stop\":null,", 1)),
        ("nothing", body.replacen("product", "thing", 1)),
        ("another format", body.replace("image/jpeg", "image/heic")),
        ("a place", body.replacen('{', "{\"place\":\"10.5, 105.1\",", 1)),
    ] {
        op.body = serde_json::value::RawValue::from_string(body).unwrap();
        assert!(matches!(op.task(), Err(BodyError::Malformed(_))), "{what}");
    }
}

#[test]
fn a_photo_has_bytes_and_not_too_many() {
    for (size, fair) in [(0, false), (1, true), (MAX_PHOTO_BYTES, true), (MAX_PHOTO_BYTES + 1, false)] {
        let photo = Photo { size, ..photo("a") };
        assert_eq!(photo.has_fair_size(), fair, "{size}");
        let on_sheet = Frame::new(&small()).check(&Sheet::default(), &Act::Attach(photo));
        assert_eq!(on_sheet, if fair { Ok(()) } else { Err(SheetError::PhotoTooLarge) });
        assert_eq!(VisitAct::Attach(photo).check(), if fair { Ok(()) } else { Err(VisitError::PhotoTooLarge) });
    }
}

#[test]
fn a_sheet_is_full_of_photos_on_the_tablet_alone() {
    let mut acts: Vec<Act> = (0..MAX_PHOTOS).map(|n| Act::Attach(photo(&n.to_string()))).collect();
    let (rubric, more) = (small(), Act::Attach(photo("more")));
    assert_eq!(Frame::new(&rubric).check(&written(&acts[1..]), &more), Ok(()));
    assert_eq!(Frame::new(&rubric).check(&written(&acts), &more), Err(SheetError::TooManyPhotos));
    acts.push(Act::Detach(photo("0").sha256));
    assert_eq!(Frame::new(&rubric).check(&written(&acts), &more), Ok(()), "one was taken away");
}

#[test]
fn photos_stand_in_the_order_in_which_they_came() {
    let sheet = written(&["b", "a", "c"].map(|name| Act::Attach(photo(name))));
    assert_eq!(sheet.photos(), ["b", "a", "c"].map(photo));
    assert_eq!(Frame::new(&small()).state(&sheet), SheetState::Scoring, "not blank");
}

/// S23: one tablet took it away, another put it there again meanwhile: nothing is lost.
#[test]
fn s23_a_photo_that_one_tablet_takes_away_and_another_puts_there_stays() {
    let (attach, detach) = (Act::Attach(photo("a")), Act::Detach(photo("a").sha256));
    let first = origin(1, 1, Bases::new());
    let seen = Bases::from_iter([first.hash]);
    let (away, back) = (origin(1, 2, seen.clone()), origin(2, 2, Bases::from_iter([origin(2, 1, seen.clone()).hash])));
    // The second tablet takes it away, too, and puts it back.
    let steps = [(away, &detach), (origin(2, 1, seen), &detach), (back, &attach)];
    for order in [[0, 1, 2], [1, 0, 2], [1, 2, 0]] {
        let mut sheet = Sheet::default();
        sheet.apply(&first, &attach);
        order.iter().for_each(|step| sheet.apply(&steps[*step].0, steps[*step].1));
        assert_eq!(sheet.photos(), [photo("a")], "{order:?}");
        let bases = sheet.bases_for(&detach.cell(), ReplicaId(Uuid::from_u128(1)), None);
        sheet.apply(&origin(1, 3, bases), &detach);
        assert!(sheet.photos().is_empty(), "whoever sees both settles it");
    }
}

#[test]
fn s23_of_a_stop_too() {
    let (attach, detach) = (VisitAct::Attach(photo("a")), VisitAct::Detach(photo("a").sha256));
    let mut visit = Visit::default();
    assert!(visit.says(&detach) && !visit.says(&attach));
    let first = origin(1, 1, Bases::new());
    visit.apply(&first, &attach);
    assert!(visit.says(&attach) && !visit.says(&detach));
    visit.apply(&origin(1, 2, Bases::from_iter([first.hash])), &detach);
    assert!(visit.photos().is_empty());
    visit.apply(&origin(2, 1, Bases::from_iter([first.hash])), &attach);
    assert_eq!(visit.photos(), [photo("a")]);
}

#[test]
fn s24_a_photo_after_the_confirmation_unsettles_it() {
    let rubric = small();
    let mut sheet = written(&marks());
    let confirm = Act::Confirm { state_hash: sheet.state_hash() };
    sheet.apply(&origin(1, 9, Bases::new()), &confirm);
    assert!(matches!(Frame::new(&rubric).state(&sheet), SheetState::Confirmed { .. }));
    let attach = Act::Attach(photo("a"));
    assert_eq!(Frame::new(&rubric).check(&sheet, &attach), Err(SheetError::Locked), "on a tablet that knows of it");
    let other = origin(2, 1, Bases::new());
    sheet.apply(&other, &attach);
    assert_eq!(Frame::new(&rubric).state(&sheet), SheetState::Outdated);
    sheet.apply(&origin(2, 2, Bases::from_iter([other.hash])), &Act::Detach(photo("a").sha256));
    assert!(matches!(Frame::new(&rubric).state(&sheet), SheetState::Confirmed { .. }), "as it was confirmed");
}

/// What was confirmed before there were photos stays confirmed.
#[test]
fn s24_without_photos_the_state_is_what_it_was() {
    let (mut acts, known) = (marks(), "d78392df57c193cc674a6370689c6321c7bfb12fac5315688fd685a8df301ee2");
    assert_eq!(written(&acts).state_hash().to_string(), known);
    acts.extend([Act::Attach(photo("a")), Act::Detach(photo("a").sha256)]);
    assert_eq!(written(&acts).state_hash().to_string(), known, "taken away again");
}
