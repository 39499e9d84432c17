//! The record of a stop: what its operations come to, whoever wrote them.

use super::*;
use crate::sync::body::BodyError;
use crate::sync::chain::sha256;

fn juror(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn stop() -> StopKey {
    StopKey { delegation: "Đoàn 1".into(), date: "2024-08-26".into(), ordinal: 2 }
}

fn absent() -> Presence {
    Presence::Absent { reason: "Ốm".into() }
}

fn late() -> Presence {
    Presence::Late { reason: "Kẹt phà".into() }
}

fn name(text: &str) -> OpHash {
    sha256(text.as_bytes())
}

/// An operation of a tablet that had seen these.
fn origin(replica: u128, seq: u64, hash: &str, seen: &[&str]) -> Origin {
    let bases = seen.iter().map(|seen| name(seen)).collect();
    Origin::first(ReplicaId(Uuid::from_u128(replica)), seq, name(hash), bases)
}

fn is(presence: Presence) -> VisitAct {
    VisitAct::Presence { juror: juror(1), presence }
}

#[test]
fn s5_every_act_on_a_visit_survives_the_wire() {
    let acts = [
        VisitAct::Arrive(TimeOfDay::new(8, 5)),
        VisitAct::Depart(None),
        is(Presence::Present),
        is(late()),
        VisitAct::SetFact { product: None, text: "Xưởng đang mở rộng\n".into() },
        VisitAct::SetFact { product: Some(ProductId(Uuid::from_u128(3))), text: String::new() },
    ];
    for act in acts {
        let work = VisitWork { stop: stop(), act };
        assert_eq!(VisitWork::parse(work.kind(), &work.body()), Ok(work));
    }
    let body = VisitWork { stop: stop(), act: VisitAct::Arrive(TimeOfDay::new(8, 5)) }.body();
    assert!(body.contains("\"08:05\""), "{body}");
    assert!(matches!(VisitWork::parse("arrive", &body.replace("08:05", "8:5")), Err(BodyError::Malformed(_))));
    assert!(matches!(VisitWork::parse("set_mark", &body), Err(BodyError::UnknownKind(_))));
    let endless = body.replace("Đoàn 1", &"Đ".repeat(201));
    assert!(matches!(VisitWork::parse("arrive", &endless), Err(BodyError::Malformed(_))), "no stop is named so");
    let newer = body.replacen('{', "{\"colour\":1,", 1);
    assert!(matches!(VisitWork::parse("arrive", &newer), Err(BodyError::Malformed(_))));
}

#[test]
fn a_time_is_hours_and_minutes() {
    for text in ["00:00", "08:05", "23:59"] {
        assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
    }
    for text in ["", "8:05", "24:00", "12:60", "12:5", "12:05:00", "-1:00", "１２:００"] {
        assert_eq!(text.parse::<TimeOfDay>(), Err(NoTime), "{text}");
    }
}

#[test]
fn s5_late_and_absent_have_a_reason() {
    let without = |presence| is(presence).check();
    assert_eq!(without(Presence::Present), Ok(()));
    assert_eq!(without(absent()), Ok(()));
    assert_eq!(without(Presence::Late { reason: " ".into() }), Err(VisitError::ReasonMissing));
    assert_eq!(without(Presence::Absent { reason: String::new() }), Err(VisitError::ReasonMissing));
    let long = VisitAct::SetFact { product: None, text: "ệ".repeat(4_001) };
    assert_eq!(long.check(), Err(VisitError::TextTooLong));
}

/// Whoever wrote last with the other's word on the screen has corrected it.
#[test]
fn s23_a_presence_that_was_seen_is_corrected() {
    let mut visit = Visit::default();
    visit.apply(&origin(1, 1, "a", &[]), &is(absent()));
    visit.apply(&origin(2, 1, "b", &["a"]), &is(late()));
    assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&late()), false));
    visit.apply(&origin(2, 2, "c", &["b"]), &is(absent()));
    assert_eq!(visit.presence(juror(1)), Some(&absent()), "by the same hand, too");
}

/// Of two words that didn't know of each other the more present one holds, in any order, until somebody who sees both decides.
#[test]
fn s23_of_two_presences_the_most_present_holds_until_somebody_chooses() {
    let writings = [(origin(1, 1, "a", &[]), absent()), (origin(2, 1, "b", &[]), late())];
    for order in [[0, 1], [1, 0]] {
        let mut visit = Visit::default();
        for n in order {
            visit.apply(&writings[n].0, &is(writings[n].1.clone()));
        }
        assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&late()), true));
        assert_eq!(visit.presence(juror(2)), None, "nobody else is touched");
        let seen = visit.bases_for(&VisitCell::Presence(juror(1)), ReplicaId(Uuid::from_u128(1)), None);
        assert_eq!(seen.len(), 2);
        let chosen = Origin { bases: seen, ..origin(1, 2, "c", &[]) };
        visit.apply(&chosen, &is(absent()));
        assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&absent()), false));
    }
}

/// The desk sees all that stands in the log, so it corrects that; a tablet that was told so corrects the desk.
#[test]
fn s23_desk_and_tablet_correct_what_they_have_seen_of_each_other() {
    let mut visit = Visit::default();
    visit.apply(&origin(1, 1, "a", &[]), &is(absent()));
    visit.record(juror(1), Presence::Present, 7, name("desk"));
    assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&Presence::Present), false));
    let told = visit.bases_for(&VisitCell::Presence(juror(1)), ReplicaId(Uuid::from_u128(1)), None);
    visit.apply(&Origin { bases: told, ..origin(1, 2, "b", &[]) }, &is(late()));
    assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&late()), false));

    let mut visit = Visit::default();
    visit.record(juror(1), absent(), 7, name("desk"));
    visit.apply(&origin(1, 1, "a", &[]), &is(late()));
    assert_eq!((visit.presence(juror(1)), visit.is_doubtful(juror(1))), (Some(&late()), true), "not told of the desk");
    assert_eq!(visit.grounds(juror(1)), [name("desk"), name("a")]);
}

#[test]
fn s23_texts_and_times_of_two_tablets_are_both_kept() {
    let mut visit = Visit::default();
    let fact = |text: &str| VisitAct::SetFact { product: None, text: text.into() };
    visit.apply(&origin(1, 1, "a", &[]), &fact("Lò mới"));
    visit.apply(&origin(2, 1, "b", &[]), &fact("12 lao động"));
    assert_eq!(visit.fact(None), "12 lao động\nLò mới");
    assert!(visit.says(&fact("12 lao động\nLò mới")) && !visit.says(&fact("Lò mới")));
    visit.apply(&origin(1, 2, "c", &[]), &VisitAct::Arrive(TimeOfDay::new(8, 0)));
    visit.apply(&origin(2, 2, "d", &[]), &VisitAct::Arrive(TimeOfDay::new(8, 10)));
    assert_eq!(visit.arrived(), [TimeOfDay::new(8, 0).unwrap(), TimeOfDay::new(8, 10).unwrap()]);
    assert!(visit.departed().is_empty() && visit.says(&VisitAct::Depart(None)));
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let mut visit = Visit::default();
    visit.apply(&origin(1, 1, "a", &[]), &is(late()));
    visit.apply(&origin(1, 2, "b", &[]), &VisitAct::SetFact { product: None, text: "Lò mới".into() });
    visit.skip(&origin(1, 3, "c", &["b"]), &VisitAct::Arrive(None));
    let key = VisitKey { round: "visit".parse().unwrap(), stop: stop() };
    let state = VisitState { key, visit };
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<VisitState>(&text).unwrap(), state);
}
