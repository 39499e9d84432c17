//! Which photos wait, from the moment at which they are written down.

use super::*;
use crate::ids::{EditionId, ProductId, ReplicaId, UserId};
use crate::jury::StopKey;
use crate::photo::{MAX_PHOTOS, Mime};
use crate::round::{RoundMode, RoundState};
use crate::rubric::tests::small;
use crate::sheet::{Act, SheetError};
use crate::sync::chain::{Chain, sha256};
use crate::sync::replica::{
    Arrivals, Changes, Order, ReplicaRecord, SheetFile, SheetKey, VisitOrder, WorkError, act, reissue, take,
    write_visit,
};
use crate::sync::wire::Pulled;
use crate::visit::{VisitAct, VisitError, VisitKey};
use uuid::Uuid;

const EDITION: EditionId = EditionId(Uuid::from_u128(7));
const USER: UserId = UserId(Uuid::from_u128(2));

fn photo(name: &str) -> Photo {
    Photo { sha256: sha256(name.as_bytes()), size: 9, mime: Mime::Jpeg }
}

fn sheet_key() -> SheetKey {
    SheetKey { round: "visit".parse().unwrap(), product: ProductId(Uuid::from_u128(3)) }
}

fn sheet_id() -> SheetId {
    SheetId::of(EDITION, &sheet_key().round, USER, sheet_key().product)
}

fn visit_key() -> VisitKey {
    let stop = StopKey { delegation: "1".into(), date: "2024-08-26".into(), ordinal: 1 };
    VisitKey { round: "visit".parse().unwrap(), stop }
}

fn visit_id() -> SheetId {
    SheetId::of_visit(EDITION, &visit_key().round, &visit_key().stop)
}

/// A tablet with one sheet and one stop's record; what waits in its outbox is nobody's business here.
struct Tablet {
    replica: ReplicaRecord,
    sheet: Option<SheetRecord>,
    visit: Option<VisitRecord>,
}

impl Tablet {
    fn new() -> Self {
        let replica = ReplicaRecord::new(USER, ReplicaId(Uuid::from_u128(1)));
        Self { replica, sheet: None, visit: None }
    }

    fn act(&mut self, what: Act) -> Result<(), WorkError> {
        let (key, rubric) = (sheet_key(), small());
        let order = Order {
            id: sheet_id(),
            key: &key,
            act: &what,
            state: RoundState::Open,
            epoch: 1,
            mode: &RoundMode::Rescore,
            rubric: &rubric,
            earlier: None,
            seen: None,
            now: 0,
        };
        let written = act(self.replica.clone(), self.sheet.clone(), None, &order)?;
        (self.replica, self.sheet) = (written.replica, Some(written.record));
        Ok(())
    }

    fn visit(&mut self, what: VisitAct) -> Result<(), VisitError> {
        let order = VisitOrder { id: visit_id(), key: &visit_key(), act: &what, epoch: 1, seen: None, now: 0 };
        let written = write_visit(self.replica.clone(), self.visit.clone(), &order)?;
        (self.replica, self.visit) = (written.replica, Some(written.record));
        Ok(())
    }

    /// One photo on the sheet and one of the stop.
    fn with_photos() -> Self {
        let mut tablet = Self::new();
        tablet.act(Act::Attach(photo("a"))).unwrap();
        tablet.visit(VisitAct::Attach(photo("b"))).unwrap();
        tablet
    }

    fn waiting(&self) -> Vec<WaitingPhoto> {
        waiting_photos(&self.sheet, &self.visit)
    }

    /// The server has the bytes of these.
    fn sent(&mut self, sent: &[WaitingPhoto]) {
        self.sheet = self.sheet.take().map(|record| photos_sent(record, sent));
        self.visit = self.visit.take().map(|record| visit_photos_sent(record, sent));
    }

    fn files(&self) -> Vec<SheetFile> {
        let of_sheet = SheetFile { id: sheet_id(), record: self.sheet.clone(), visit: None, log: vec![] };
        let of_visit = SheetFile { id: visit_id(), record: None, visit: self.visit.clone(), log: vec![] };
        vec![of_sheet, of_visit]
    }

    /// Takes in a page without any news.
    fn pulled(&mut self, reset: bool) {
        let page = Pulled { reset, ..Pulled::without_news(USER) };
        let arrivals = Arrivals::read(&page, EDITION, USER).unwrap();
        let taken = take(&self.replica, arrivals, &page, &[], self.files());
        self.write_down(taken.changes);
    }

    fn write_down(&mut self, changes: Changes) {
        self.replica = changes.replica.unwrap_or(self.replica.clone());
        self.sheet = changes.sheets.into_iter().next().or(self.sheet.take());
        self.visit = changes.visits.into_iter().next().or(self.visit.take());
    }
}

#[test]
fn s10_a_photo_is_unsent_work_until_the_server_has_its_bytes() {
    let mut tablet = Tablet::with_photos();
    let waiting = tablet.waiting();
    let named = |(of, photo)| WaitingPhoto { of, photo };
    assert_eq!(waiting, [(sheet_id(), photo("a")), (visit_id(), photo("b"))].map(named));
    let unsent = |tablet: &Tablet| {
        // Every operation is acknowledged.
        let all = tablet.replica.chain.seq;
        [tablet.sheet.as_ref().unwrap().is_unsent(all), tablet.visit.as_ref().unwrap().is_unsent(all)]
    };
    assert_eq!(unsent(&tablet), [true, true]);
    tablet.sent(&waiting[..1]);
    assert_eq!(
        (unsent(&tablet), tablet.waiting()),
        ([false, true], waiting[1..].to_vec()),
        "another sheet's still waits"
    );
    tablet.sent(&waiting);
    assert_eq!((unsent(&tablet), tablet.waiting()), ([false, false], vec![]));
    let here = &tablet.sheet.as_ref().unwrap().photos;
    assert_eq!((&here.waiting[..], &here.sent[..]), (&[][..], &[photo("a")][..]), "the bytes stay (S11)");
}

#[test]
fn s11_a_photo_that_is_taken_away_keeps_its_bytes_and_is_sent_once() {
    let mut tablet = Tablet::with_photos();
    tablet.act(Act::Detach(photo("a").sha256)).unwrap();
    assert_eq!(tablet.waiting().len(), 2, "an operation names it");
    tablet.sent(&tablet.waiting());
    tablet.act(Act::Attach(photo("a"))).unwrap();
    assert_eq!(tablet.waiting(), [], "the server has it");
}

/// S18: only its juror ends the waiting of a photo that the server refuses; put back, it waits again.
#[test]
fn s18_a_refused_photo_that_is_taken_off_waits_no_more() {
    let mut tablet = Tablet::with_photos();
    let waiting = tablet.waiting();
    tablet.sheet = tablet.sheet.take().map(|record| photos_given_up(record, &waiting));
    assert_eq!(tablet.waiting(), waiting, "it is still there to be seen");
    tablet.act(Act::Detach(photo("a").sha256)).unwrap();
    tablet.sheet = tablet.sheet.take().map(|record| photos_given_up(record, &waiting));
    assert_eq!(tablet.waiting(), waiting[1..], "the record's is another one");
    tablet.act(Act::Attach(photo("a"))).unwrap();
    assert_eq!(tablet.waiting(), waiting);
    tablet.visit(VisitAct::Detach(photo("b").sha256)).unwrap();
    tablet.visit = tablet.visit.take().map(|record| visit_photos_given_up(record, &waiting[1..]));
    assert_eq!(tablet.waiting(), waiting[..1]);
}

/// The other tablet may be lost before it has sent the bytes.
#[test]
fn s11_a_photo_that_another_tablet_put_there_is_put_there_again() {
    let (other, mut tablet) = (Tablet::with_photos(), Tablet::new());
    tablet.replica.chain = Chain::new(ReplicaId(Uuid::from_u128(2)));
    let without_bytes = |record: &mut PhotosHere| *record = PhotosHere::default();
    (tablet.sheet, tablet.visit) = (other.sheet.clone(), other.visit.clone());
    tablet.sheet.iter_mut().for_each(|record| without_bytes(&mut record.photos));
    tablet.visit.iter_mut().for_each(|record| without_bytes(&mut record.photos));
    tablet.act(Act::Attach(photo("a"))).unwrap();
    tablet.visit(VisitAct::Attach(photo("b"))).unwrap();
    assert_eq!((tablet.replica.chain.seq, tablet.waiting()), (2, other.waiting()));
    tablet.act(Act::Attach(photo("a"))).unwrap();
    tablet.visit(VisitAct::Attach(photo("b"))).unwrap();
    assert_eq!(tablet.replica.chain.seq, 2, "once is enough");
}

#[test]
fn s27_after_a_reset_the_server_is_asked_again() {
    let mut tablet = Tablet::with_photos();
    let waiting = tablet.waiting();
    tablet.sent(&waiting);
    tablet.pulled(false);
    assert_eq!(tablet.waiting(), []);
    tablet.pulled(true);
    assert_eq!(tablet.waiting(), waiting);
}

/// Under a new name everything is pulled from the beginning, and whether the server's log is still the one that it was isn't
/// said.
#[test]
fn s17_s27_under_a_new_name_the_server_is_asked_again() {
    let mut tablet = Tablet::with_photos();
    let waiting = tablet.waiting();
    tablet.sent(&waiting);
    tablet.write_down(reissue(tablet.replica.clone(), &[], tablet.files(), ReplicaId(Uuid::from_u128(9))).unwrap());
    tablet.pulled(false);
    assert_eq!(tablet.waiting(), waiting);
}

#[test]
fn a_tablet_takes_no_more_photos_than_it_has_room_for() {
    let mut tablet = Tablet::new();
    for n in 0..MAX_PHOTOS {
        tablet.act(Act::Attach(photo(&n.to_string()))).unwrap();
        tablet.visit(VisitAct::Attach(photo(&n.to_string()))).unwrap();
    }
    assert_eq!(tablet.act(Act::Attach(photo("more"))), Err(SheetError::TooManyPhotos.into()));
    assert_eq!(tablet.visit(VisitAct::Attach(photo("more"))), Err(VisitError::TooManyPhotos));
    assert_eq!(tablet.waiting().len(), 2 * MAX_PHOTOS);
}
