//! A secretary's tablet: writing, sending, hearing what others wrote.

use super::super::{Arrivals, Changes, Settling, SheetFile, refolds, reissue, settle, take, touched_by};
use super::*;
use crate::ids::{EditionId, ReplicaId, UserId};
use crate::jury::{Presence, StopKey};
use crate::sync::PROTOCOL;
use crate::sync::receipt::{ReceiptKey, Statement};
use crate::sync::wire::{OpStatus, Pulled, PulledOp, Push, Pushed};
use crate::visit::{TimeOfDay, VisitState};
use uuid::Uuid;

const EDITION: EditionId = EditionId(Uuid::from_u128(7));
const SECRETARY: UserId = UserId(Uuid::from_u128(1));
const JUROR: UserId = UserId(Uuid::from_u128(2));

fn key() -> VisitKey {
    let stop = StopKey { delegation: "1".into(), date: "2024-08-26".into(), ordinal: 1 };
    VisitKey { round: "visit".parse().unwrap(), stop }
}

fn id() -> SheetId {
    SheetId::of_visit(EDITION, &key().round, &key().stop)
}

fn absent() -> VisitAct {
    VisitAct::Presence { juror: JUROR, presence: Presence::Absent { reason: "Ốm".into() } }
}

fn states(visit: Option<Visit>) -> Vec<VisitState> {
    visit.into_iter().map(|visit| VisitState { key: key(), visit }).collect()
}

/// A tablet with one stop: what a disk holds of it.
struct Tablet {
    replica: ReplicaRecord,
    record: Option<VisitRecord>,
    outbox: Vec<OutboxRecord>,
    log: Vec<LogRecord>,
}

impl Tablet {
    fn new(replica: u128) -> Self {
        let replica = ReplicaRecord::new(SECRETARY, ReplicaId(Uuid::from_u128(replica)));
        Self { replica, record: None, outbox: Vec::new(), log: Vec::new() }
    }

    fn act(&mut self, act: VisitAct) {
        let order = VisitOrder { id: id(), key: &key(), act: &act, epoch: 1, seen: None, now: 0 };
        let written = write_visit(self.replica.clone(), self.record.clone(), &order).unwrap();
        (self.replica, self.record) = (written.replica, Some(written.record));
        self.outbox.extend(written.entry);
    }

    fn file(&self) -> SheetFile {
        SheetFile { id: id(), record: None, visit: self.record.clone(), log: self.log.clone() }
    }

    /// The server has stored everything that waits, and says this of it.
    fn acknowledged(&mut self, statuses: Vec<OpStatus>) {
        let covered = std::mem::take(&mut self.outbox);
        assert_eq!(touched_by(&covered).into_iter().collect::<Vec<_>>(), [id()]);
        let (replica, acked_seq, acked_hash) =
            (self.replica.chain.replica, self.replica.chain.seq, self.replica.chain.head);
        let sent = Push {
            protocol: PROTOCOL,
            app_version: String::new(),
            replica,
            first_seq: 1,
            ops: covered.iter().map(|entry| entry.op.clone()).collect(),
            unsent: 0,
        };
        let statement = Statement { replica, acked_seq, acked_hash, position: 9, received_at: 5 };
        let receipt = ReceiptKey::from_seed([1; 32]).sign(statement);
        let pushed = Pushed { protocol: PROTOCOL, acked_seq, acked_hash, statuses, receipt };
        let files = vec![self.file()];
        assert!(refolds(&files, &pushed), "what waits behind is asked for");
        let Settling::Settled(changes) = settle(self.replica.clone(), &covered, &[], files, (&sent, &pushed)) else {
            panic!("not settled");
        };
        self.write_down(*changes);
    }

    fn told(&mut self, ops: Vec<PulledOp>, visit: Option<Visit>) {
        self.take(Pulled { ops, visits: states(visit), ..Pulled::without_news(SECRETARY) });
    }

    /// The same from a server that a backup was put back into.
    fn restored(&mut self, ops: Vec<PulledOp>, visit: Option<Visit>) {
        self.take(Pulled { ops, visits: states(visit), reset: true, ..Pulled::without_news(SECRETARY) });
    }

    fn take(&mut self, page: Pulled) {
        let arrivals = Arrivals::read(&page, EDITION, SECRETARY).unwrap();
        let taken = take(&self.replica, arrivals, &page, &self.outbox, vec![self.file()]);
        assert!(!taken.forked);
        self.write_down(taken.changes);
    }

    fn write_down(&mut self, changes: Changes) {
        if let Some(gone) = changes.outbox_gone {
            self.outbox.retain(|entry| entry.seq > gone);
        }
        self.outbox.extend(changes.outbox);
        self.outbox.sort_by_key(|entry| entry.seq);
        for (_, _, entry) in changes.log {
            self.log.retain(|known| known.op.hash != entry.op.hash);
            self.log.push(entry);
        }
        self.replica = changes.replica.unwrap_or(self.replica.clone());
        self.record = changes.visits.into_iter().next().or(self.record.take());
    }

    fn record(&self) -> &VisitRecord {
        self.record.as_ref().unwrap()
    }
}

#[test]
fn s5_s10_what_a_secretary_writes_is_kept_sent_and_counted_as_sent() {
    let mut tablet = Tablet::new(1);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    tablet.act(absent());
    tablet.act(absent());
    assert_eq!(tablet.outbox.len(), 2, "what changes nothing is no operation");
    assert!(tablet.record().is_unsent(0));
    tablet.acknowledged(vec![]);
    let record = tablet.record();
    assert!(!record.is_unsent(tablet.replica.acked_seq) && record.received.is_some());
    assert_eq!((record.held, record.rejected), (None, None));
    assert_eq!(record.visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    assert_eq!(tablet.log.len(), 2, "acknowledged, not gone (S11)");
}

#[test]
fn s18_of_a_refused_one_the_secretary_hears_and_what_stood_before_stands() {
    let mut tablet = Tablet::new(1);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    tablet.acknowledged(vec![]);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(9, 0)));
    tablet.acknowledged(vec![OpStatus { seq: 2, status: Status::Rejected(RejectedCode::UnknownStop) }]);
    assert_eq!(tablet.record().rejected, Some(RejectedCode::UnknownStop));
    assert_eq!(tablet.record().visit.arrived(), [TimeOfDay::new(8, 30).unwrap()]);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(9, 5)));
    tablet.acknowledged(vec![OpStatus { seq: 3, status: Status::Held(HeldCode::RoundClosed) }]);
    assert_eq!((tablet.record().rejected, tablet.record().held), (None, Some(HeldCode::RoundClosed)));
    assert_eq!(tablet.record().visit.arrived(), [TimeOfDay::new(9, 5).unwrap()], "held work shows on its tablet");
}

#[test]
fn s28_the_view_is_what_the_server_told_and_what_waits() {
    let mut tablet = Tablet::new(1);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    let mut server = Visit::default();
    let hash = crate::sync::chain::sha256(b"desk");
    server.record(JUROR, Presence::Late { reason: "Kẹt phà".into() }, 4, hash);
    tablet.told(vec![], Some(server.clone()));
    let record = tablet.record();
    assert_eq!(record.visit.presence(JUROR), server.presence(JUROR));
    assert_eq!(record.visit.arrived(), [TimeOfDay::new(8, 30).unwrap()]);
    assert!(record.known.arrived().is_empty());
    tablet.act(absent());
    let last: Envelope = serde_json::from_str(&tablet.outbox[1].op.envelope).unwrap();
    assert_eq!(last.base, Some(hash), "it corrects the desk's word, having seen it (S23)");
}

/// The desk corrected what the tablet had sent, and the tablet's own word comes with the same page: it is not put on top.
#[test]
fn s28_what_the_desk_has_superseded_stays_so() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let op = tablet.outbox[0].op.clone();
    tablet.acknowledged(vec![]);
    let mut server = tablet.record().visit.clone();
    server.record(JUROR, Presence::Present, 2, crate::sync::chain::sha256(b"desk"));
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    tablet.told(vec![pulled], Some(server));
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Present));
    assert!(!tablet.record().visit.is_doubtful(JUROR));
}

#[test]
fn s17_a_cloned_tablet_writes_its_waiting_records_anew_word_for_word() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let first = tablet.outbox[0].op.clone();
    let files = vec![tablet.file()];
    let changes =
        reissue(tablet.replica.clone(), &tablet.outbox.clone(), files, ReplicaId(Uuid::from_u128(9))).unwrap();
    tablet.write_down(changes);
    let again: Envelope = serde_json::from_str(&tablet.outbox[0].op.envelope).unwrap();
    assert_eq!(again.reissue_of, Some(first.hash));
    assert_eq!(again.task(), serde_json::from_str::<Envelope>(&first.envelope).unwrap().task());
    assert_eq!(tablet.record().visit.grounds(JUROR), [first.hash], "it stands for its first writing");
    assert_eq!(tablet.record().last_seq, 1);
}

#[test]
fn s6_what_is_typed_about_a_stop_is_a_draft_until_it_is_written() {
    let record = draft_fact(None, id(), &key(), None, Some("Lò m"), None, 3);
    assert!(record.is_unsent(0));
    let order = VisitOrder {
        id: id(),
        key: &key(),
        act: &VisitAct::SetFact { product: None, text: "Lò mới".into() },
        epoch: 1,
        seen: None,
        now: 4,
    };
    let tablet = Tablet::new(1);
    let written = write_visit(tablet.replica, Some(record), &order).unwrap();
    assert!(written.record.drafts.is_empty() && written.entry.is_some());
    assert_eq!(written.record.visit.fact(None), "Lò mới");
}

/// Another device writes under our name and numbers: its work is taken in under the new name that we give ourselves, never as
/// acknowledged work of our own.
#[test]
fn s17_a_clones_work_under_our_name_is_not_taken_in() {
    let (tablet, mut clone) = (Tablet::new(1), Tablet::new(1));
    clone.act(absent());
    let op = clone.outbox[0].op.clone();
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    let page = Pulled { ops: vec![pulled], ..Pulled::without_news(SECRETARY) };
    let arrivals = Arrivals::read(&page, EDITION, SECRETARY).unwrap();
    let file = SheetFile { id: id(), record: None, visit: None, log: Vec::new() };
    let taken = take(&tablet.replica, arrivals, &page, &[], vec![file]);
    assert!(taken.forked);
    let Changes { log, visits, cursor, .. } = taken.changes;
    assert!(log.is_empty() && visits.is_empty() && cursor.is_none());
}

/// While one secretary typed, another one's words arrived: they were not on the screen, and both are kept.
#[test]
fn s23_what_came_while_a_text_was_typed_is_kept_beside_it() {
    let mut tablet = Tablet::new(1);
    let typed = draft_fact(tablet.record.take(), id(), &key(), None, Some("Lò"), None, 1);
    tablet.record = Some(typed);
    let mut server = Visit::default();
    let fact = VisitAct::SetFact { product: None, text: "12 lao động".into() };
    let hash = crate::sync::chain::sha256(b"other");
    let other = Origin::first(ReplicaId(Uuid::from_u128(8)), 1, hash, Bases::new());
    server.apply(&other, &fact);
    tablet.told(vec![], Some(server));
    tablet.record = Some(draft_fact(tablet.record.take(), id(), &key(), None, Some("Lò mới"), None, 2));
    tablet.act(VisitAct::SetFact { product: None, text: "Lò mới".into() });
    let mut lines: Vec<String> = tablet.record().visit.fact(None).lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["12 lao động", "Lò mới"]);
    assert!(tablet.record().drafts.is_empty() && tablet.record().began_on.is_empty());
}

/// The same where they arrived while the finger came down.
#[test]
fn s23_what_came_before_a_touch_could_be_written_is_kept_beside_it() {
    let mut tablet = Tablet::new(1);
    let fact = |text: &str| VisitAct::SetFact { product: None, text: text.into() };
    let other = Origin::first(ReplicaId(Uuid::from_u128(8)), 1, crate::sync::chain::sha256(b"other"), Bases::new());
    let mut server = Visit::default();
    server.apply(&other, &fact("12 lao động"));
    tablet.told(vec![], Some(server));
    let nothing = Bases::new();
    let act = fact("Lò mới");
    let order = VisitOrder { id: id(), key: &key(), act: &act, epoch: 1, seen: Some(&nothing), now: 0 };
    let written = write_visit(tablet.replica.clone(), tablet.record.clone(), &order).unwrap();
    let mut lines: Vec<String> = written.record.visit.fact(None).lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["12 lao động", "Lò mới"]);
    let typed = draft_fact(tablet.record, id(), &key(), None, Some("Lò mới"), Some(&nothing), 1);
    let written = write_visit(tablet.replica, Some(typed), &VisitOrder { seen: None, ..order }).unwrap();
    assert_eq!(written.record.visit.fact(None).lines().count(), 2);
}

/// A re-issue asks for everything anew, and the server may have been restored since: what another tablet wrote, and only we
/// still have, is proven by nothing until it comes again.
#[test]
fn s17_s27_a_reissue_takes_nothing_of_the_log_for_proven() {
    let (mut tablet, mut other) = (Tablet::new(1), Tablet::new(2));
    other.act(absent());
    let op = other.outbox[0].op.clone();
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    tablet.told(vec![pulled], None);
    assert!(!tablet.log[0].unproven);
    let changes = reissue(tablet.replica.clone(), &[], vec![tablet.file()], ReplicaId(Uuid::from_u128(9))).unwrap();
    assert_eq!(changes.log.len(), 1);
    assert!(changes.log.iter().all(|(writer, _, entry)| writer.0.as_u128() == 2 && entry.unproven));
}

/// A backup is put back that never had the record. The page says so, the work waits again, and stands while it is brought anew,
/// under the desk's word where that came after it.
#[test]
fn s27_s28_what_a_restored_server_has_lost_waits_again_and_stays_on_the_screen() {
    let mut tablet = Tablet::new(1);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    tablet.act(absent());
    tablet.acknowledged(vec![]);
    tablet.act(VisitAct::Depart(TimeOfDay::new(9, 30)));
    let shown = tablet.record().visit.clone();
    tablet.restored(vec![], None);
    assert_eq!(tablet.record().known, Visit::default());
    assert_eq!(tablet.record().visit, shown);
    assert_eq!(tablet.outbox.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3], "in order, each once");
    assert!(tablet.replica.acked_seq == 0 && tablet.record().is_unsent(0));
    tablet.acknowledged(vec![]);
    assert_eq!(tablet.record().visit, shown);
    assert!(tablet.log.iter().all(|entry| !entry.void), "the server has it again");
}

/// The backup had the first operation, and the server lists it, be it that nobody can read it: what is sent anew has no gap.
#[test]
fn s27_what_waits_again_begins_where_the_server_has_lost_something() {
    let mut tablet = Tablet::new(1);
    tablet.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    tablet.act(absent());
    tablet.acknowledged(vec![]);
    let first = tablet.log[0].op.clone();
    let mut server = Visit::default();
    server.apply(
        &Origin::first(tablet.replica.chain.replica, 1, first.hash, Bases::new()),
        &VisitAct::Arrive(TimeOfDay::new(8, 30)),
    );
    let pulled = PulledOp { position: 1, envelope: first.envelope, hash: first.hash, status: Status::Accepted };
    tablet.restored(vec![pulled], Some(server));
    assert_eq!(tablet.outbox.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2]);
    assert_eq!(tablet.replica.acked_seq, 1);
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
}

/// Another tablet of the secretary had brought it anew before, and it was denied: the acknowledgement under its first name doesn't
/// put it back on the screen.
#[test]
fn s17_s28_what_was_denied_under_another_name_is_not_learnt() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let first = tablet.outbox[0].clone();
    let mut other = Tablet::new(9);
    other.write_down(
        reissue(
            tablet.replica.clone(),
            std::slice::from_ref(&first),
            vec![tablet.file()],
            ReplicaId(Uuid::from_u128(9)),
        )
        .unwrap(),
    );
    let again = other.outbox[0].op.clone();
    let denied = Status::Rejected(RejectedCode::Denied);
    let pulled = PulledOp { position: 1, envelope: again.envelope, hash: again.hash, status: denied };
    tablet.told(vec![pulled], Some(Visit::default()));
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) }]);
    assert_eq!(tablet.record().visit.presence(JUROR), None);
}

/// It was held, a backup was put back, and another tablet of the secretary brought it first: it stays until that is told.
#[test]
fn s28_held_work_that_is_stored_under_another_name_stays_on_the_screen() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let again = tablet.outbox.clone();
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Held(HeldCode::RoundClosed) }]);
    tablet.outbox = again;
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Rejected(RejectedCode::AlreadyStored) }]);
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
}

/// The page that says that it was admitted isn't the last, with which the record comes: it doesn't vanish in between.
#[test]
fn s28_what_was_admitted_stays_until_the_record_is_told() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let op = tablet.outbox[0].op.clone();
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Held(HeldCode::RoundClosed) }]);
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    tablet.told(vec![pulled], None);
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    assert_eq!(tablet.record().held, None);
}

/// The desk had corrected it, a backup was put back, and the server holds what is brought again: it isn't put on top of the
/// desk's word before the server tells what it has of that.
#[test]
fn s28_what_is_held_anew_is_not_put_on_top_of_what_is_known() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let again = tablet.outbox.clone();
    tablet.acknowledged(vec![]);
    let mut server = tablet.record().visit.clone();
    server.record(JUROR, Presence::Present, 2, crate::sync::chain::sha256(b"desk"));
    let op = again[0].op.clone();
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    tablet.told(vec![pulled], Some(server));
    tablet.outbox = again;
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Held(HeldCode::RoundClosed) }]);
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Present));
    assert!(!tablet.record().visit.is_doubtful(JUROR));
    tablet.told(vec![], Some(Visit::default()));
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
}

/// It had been denied, a backup from before was put back, and the server accepts it: what it said before is no longer true.
#[test]
fn s27_what_counts_after_a_restore_is_shown_whatever_was_said_before() {
    let mut tablet = Tablet::new(1);
    tablet.act(absent());
    let again = tablet.outbox.clone();
    tablet.acknowledged(vec![OpStatus { seq: 1, status: Status::Rejected(RejectedCode::Denied) }]);
    assert_eq!(tablet.record().visit.presence(JUROR), None);
    tablet.outbox = again;
    tablet.acknowledged(vec![]);
    assert_eq!(tablet.record().visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    assert_eq!(tablet.record().rejected, None);
}

/// The backup that was put back doesn't have what we brought, and a clone has brought its own under our number since: as ours it
/// would be lost, in the outbox each would take the other's place.
#[test]
fn s17_a_clones_work_in_the_place_of_what_was_acknowledged_is_a_fork() {
    let (mut tablet, mut clone) = (Tablet::new(1), Tablet::new(1));
    tablet.act(absent());
    tablet.acknowledged(vec![]);
    clone.act(VisitAct::Arrive(TimeOfDay::new(8, 30)));
    let op = clone.outbox[0].op.clone();
    let pulled = PulledOp { position: 1, envelope: op.envelope, hash: op.hash, status: Status::Accepted };
    let page = Pulled { ops: vec![pulled], reset: true, ..Pulled::without_news(SECRETARY) };
    let arrivals = Arrivals::read(&page, EDITION, SECRETARY).unwrap();
    assert!(take(&tablet.replica, arrivals, &page, &[], vec![tablet.file()]).forked);
}
