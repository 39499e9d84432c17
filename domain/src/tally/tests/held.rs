//! Work that is held, and what becomes of it once organisers rule (S25, S30).

use super::*;
use crate::jury::{Stop, StopKey};

/// S25: what is admitted counts as if it had never been held, what is denied never; both are held no more.
#[test]
fn s25_held_work_counts_once_it_is_admitted() {
    for (verdict, confirmed) in [(Verdict::Admit, 1), (Verdict::Deny, 0)] {
        let mut log = Log::new();
        for (criterion, points) in [("1.1", 400), ("1.2", 200), ("2", 400)] {
            let act = Act::SetMark { criterion: criterion.parse().unwrap(), points: Some(Points(points)) };
            log.held(1, 1, act);
        }
        let state_hash = log.sheets[&(1, 1)].state_hash();
        log.held(1, 1, Act::Confirm { state_hash });
        let names = log.entries.iter().filter_map(|entry| match &entry.what {
            Logged::Op(op) => Some(OpName { replica: op.origin.replica, seq: op.origin.seq, hash: op.origin.hash }),
            _ => None,
        });
        let ruling = Logged::Ruling(verdict, names.collect());
        let mut before = Projection::new(Arc::new(catalog(1)));
        log.entries.iter().for_each(|entry| before.apply(entry));
        before.refresh(&visit());
        assert_eq!(before.frame(&visit(), 0).unwrap().missing.held, 1);
        log.entries.push(LogEntry { position: log.entries.len() as u64 + 1, what: ruling });
        before.apply(log.entries.last().unwrap());
        before.refresh(&visit());
        let totals = before.totals(&visit(), 0).unwrap();
        let row = totals.rows.iter().find(|row| row.confirmed == 1);
        assert_eq!((row.is_some(), totals.missing.held), (confirmed == 1, 0), "{verdict:?}");
        // S29: the same as a full replay.
        let mut replay = Projection::new(Arc::new(catalog(1)));
        log.entries.iter().for_each(|entry| replay.apply(entry));
        replay.refresh(&visit());
        assert_eq!(replay.totals(&visit(), 0), Some(totals));
    }
}

/// S25: a sheet without an assignment, of a product that the round doesn't take in, and one of a juror recorded absent: once
/// admitted, each counts like any other; the product has a line, and is no longer "Không đi thực tế".
#[test]
fn s25_an_admitted_sheet_counts_without_a_seat() {
    let mut settings = catalog(3);
    let panels = settings.panels.get_mut(&visit()).unwrap();
    panels.remove(&product(2));
    panels.get_mut(&product(3)).unwrap().get_mut(&juror(1)).unwrap().standing =
        Standing::Absent { reason: "Ốm".into() };
    panels.get_mut(&product(1)).unwrap().remove(&juror(9));
    let settings = Arc::new(settings);
    let mut log = Log::new();
    let mut names = Vec::new();
    for (user, about) in [(9, 1), (1, 2), (1, 3)] {
        for (criterion, points) in [("1.1", 400), ("1.2", 200), ("2", 400)] {
            log.held(user, about, Act::SetMark { criterion: criterion.parse().unwrap(), points: Some(Points(points)) });
        }
        let state_hash = log.sheets[&(user, about)].state_hash();
        log.held(user, about, Act::Confirm { state_hash });
    }
    names.extend(log.entries.iter().filter_map(|entry| match &entry.what {
        Logged::Op(op) => Some(OpName { replica: op.origin.replica, seq: op.origin.seq, hash: op.origin.hash }),
        _ => None,
    }));
    let mut live = Projection::new(Arc::clone(&settings));
    log.entries.iter().for_each(|entry| live.apply(entry));
    live.refresh(&visit());
    let before = live.totals(&visit(), 0).unwrap();
    assert_eq!((before.rows.len(), before.not_visited, before.missing.held), (2, 1, 3));
    assert_eq!(before.rows.iter().map(|row| row.confirmed).sum::<u32>(), 0);

    log.entries.push(LogEntry { position: log.entries.len() as u64 + 1, what: Logged::Ruling(Verdict::Admit, names) });
    live.apply(log.entries.last().unwrap());
    let changed = live.refresh(&visit()).unwrap();
    assert!(changed.iter().any(|row| row.code.as_str() == "AGI-002"), "the new line is among what changed");
    let after = live.totals(&visit(), 0).unwrap();
    let lines: Vec<_> =
        after.rows.iter().map(|row| (row.code.as_str(), row.confirmed, row.assigned, row.absent)).collect();
    assert_eq!(lines, [("AGI-001", 1, 6, 0), ("AGI-002", 1, 1, 0), ("AGI-003", 1, 5, 0)]);
    assert_eq!((after.not_visited, after.missing.held, after.rows[1].complete), (0, 0, true));
    let figure = &live.outcomes()[1].rounds[0];
    assert_eq!((figure.confirmed, figure.assigned, figure.mean), (1, 1, Mean::of([Points(1_000)])));

    // S29: the same as a full replay, and over settings that changed since.
    let mut replay = Projection::new(Arc::clone(&settings));
    log.entries.iter().for_each(|entry| replay.apply(entry));
    replay.refresh(&visit());
    assert_eq!(replay.totals(&visit(), 0).as_ref(), Some(&after));
    live.set_catalog(settings);
    live.refresh(&visit());
    assert_eq!(live.totals(&visit(), 0), Some(after));
}

/// S25, S30: of an admission and an absence the later word decides; what was admitted for another reason is no shield.
#[test]
fn s25_an_absence_after_the_admission_sets_the_sheet_aside() {
    let stop = Stop {
        delegation: "1".into(),
        date: "2024-08-26".into(),
        ordinal: 1,
        time: String::new(),
        place: String::new(),
        address: String::new(),
    };
    let mut settings = catalog(1);
    let seat = settings.panels.get_mut(&visit()).unwrap().get_mut(&product(1)).unwrap().get_mut(&juror(1)).unwrap();
    (seat.stop, seat.standing) = (Some(stop.clone()), Standing::Absent { reason: "Ốm".into() });
    let mut log = Log::new();
    log.held(1, 1, Act::SetNote { criterion: "1.1".parse().unwrap(), text: "Ồn".into() });
    let Logged::Op(held) = &log.entries[0].what else { unreachable!() };
    let name = OpName { replica: held.origin.replica, seq: held.origin.seq, hash: held.origin.hash };
    log.score(1, 1, 800);
    let mut live = Projection::new(Arc::new(settings));
    let mut put = |live: &mut Projection, what: Logged| {
        log.entries.push(LogEntry { position: log.entries.len() as u64 + 1, what });
        log.entries.iter().for_each(|entry| live.apply(entry));
        live.refresh(&visit());
        let row = &live.totals(&visit(), 0).unwrap().rows[0];
        (row.confirmed, row.set_aside)
    };
    assert_eq!(put(&mut live, Logged::Ruling(Verdict::Admit, vec![name])), (1, 0));
    let other = StopKey { ordinal: 2, ..stop.key() };
    assert_eq!(put(&mut live, Logged::Absence(visit(), other, juror(1))), (1, 0));
    assert_eq!(put(&mut live, Logged::Absence(visit(), stop.key(), juror(1))), (0, 1));
}

#[test]
fn s30_held_work_does_not_count_and_is_named() {
    let mut log = Log::new();
    let act = Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(100)) };
    log.write(1, 1, act, Status::Held(HeldCode::RoundClosed));
    let totals = log.totals(catalog(1));
    assert_eq!((totals.rows[0].scoring, totals.missing.held), (0, 1));
}
