//! A secretary's tablet: writing, sending, hearing what others wrote.

use super::super::{Arrivals, Changes, Settling, SheetFile, refolds, reissue, settle, take, touched_by};
use super::*;
use crate::ids::{EditionId, UserId};
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
        let order = VisitOrder { id: id(), key: &key(), act: &act, epoch: 1, now: 0 };
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
        let visits = visit.into_iter().map(|visit| VisitState { key: key(), visit }).collect();
        let page = Pulled { ops, visits, ..Pulled::without_news(SECRETARY) };
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
        self.log.extend(changes.log.into_iter().map(|(_, _, entry)| entry));
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
    assert_eq!(record.known, record.visit, "the server has it");
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
    let mut server = tablet.record().known.clone();
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
    let record = draft_fact(None, id(), &key(), None, Some("Lò m"), 3);
    assert!(record.is_unsent(0));
    let order = VisitOrder {
        id: id(),
        key: &key(),
        act: &VisitAct::SetFact { product: None, text: "Lò mới".into() },
        epoch: 1,
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
    let typed = draft_fact(tablet.record.take(), id(), &key(), None, Some("Lò"), 1);
    tablet.record = Some(typed);
    let mut server = Visit::default();
    let fact = VisitAct::SetFact { product: None, text: "12 lao động".into() };
    let hash = crate::sync::chain::sha256(b"other");
    let other = Origin::first(ReplicaId(Uuid::from_u128(8)), 1, hash, Bases::new());
    server.apply(&other, &fact);
    tablet.told(vec![], Some(server));
    tablet.record = Some(draft_fact(tablet.record.take(), id(), &key(), None, Some("Lò mới"), 2));
    tablet.act(VisitAct::SetFact { product: None, text: "Lò mới".into() });
    let mut lines: Vec<String> = tablet.record().visit.fact(None).lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["12 lao động", "Lò mới"]);
    assert!(tablet.record().drafts.is_empty() && tablet.record().began_on.is_empty());
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
