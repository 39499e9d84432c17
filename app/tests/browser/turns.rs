//! Conversations with the server, in all weathers.

use crate::server::{TestServer, Weather, sync};
use crate::support::*;
use app::net::Reply;
use app::store::{SheetRecord, Store, WaitingPhoto};
use app::sync::{Host, News, Server, Turn, Want, Worker};
use app::tablet::Link;
use domain::ids::ReplicaId;
use domain::points::Points;
use domain::sheet::Act;
use domain::sync::chain::{Envelope, OpHash};
use domain::sync::wire::{AskPhotos, HeldCode, Push, RegisterReplica, RejectedCode};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tokio::sync::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

async fn replica_of(store: &Store) -> ReplicaId {
    store.load().await.unwrap().replica.unwrap().chain.replica
}

fn is_received(record: &SheetRecord, acked_seq: u64) -> bool {
    !record.is_unsent(acked_seq) && record.received.is_some()
}

/// S16, S19, I8: everything that waits is sent, in bounded pushes, and settled by receipts.
#[wasm_bindgen_test]
async fn s16_the_outbox_drains_in_bounded_pushes() {
    let (store, server) = (fresh_store().await, TestServer::new());
    for n in 0..250 {
        act(&store, n, mark("1", 300)).await.unwrap();
    }
    assert_eq!(sync(&store, &server).await, Link::Online);
    let lengths: Vec<_> = server.pushes.borrow().iter().map(|push| push.ops.len()).collect();
    assert_eq!(lengths, [200, 50]);
    assert_eq!(server.seqs_of(replica_of(&store).await), (1..=250).collect::<Vec<_>>());
    assert!(outbox(&store).await.is_empty());
    assert_eq!(log(&store).await.len(), 250);
    let replica = store.load().await.unwrap().replica.unwrap();
    assert_eq!(replica.acked_seq, 250);
    assert!(replica.receipt.is_some());
    assert!(is_received(&sheet(&store, 0).await, 250));
}

/// S11, S22: no answer, a lost one, half a one, somebody else's, a refusal: all of the outbox stays, and is sent once.
#[wasm_bindgen_test]
async fn s11_nothing_that_goes_wrong_loses_or_doubles_work() {
    let troubles = [
        (Weather::NoNetwork, Link::Offline),
        (Weather::AnswerLost, Link::Offline),
        (Weather::CutOff, Link::Offline),
        (Weather::CaptivePortal, Link::CaptivePortal),
        (Weather::BadGateway, Link::Offline),
    ];
    for (weather, link) in troubles {
        let (store, server) = (fresh_store().await, TestServer::new());
        sync(&store, &server).await;
        act(&store, 1, mark("1", 300)).await.unwrap();
        act(&store, 1, mark("2", 450)).await.unwrap();
        server.weather.set(weather);
        assert_eq!(sync(&store, &server).await, link, "{weather:?}");
        assert_eq!(outbox(&store).await.len(), 2, "{weather:?}");
        assert!(sheet(&store, 1).await.is_unsent(0), "{weather:?}");
        server.weather.set(Weather::Fine);
        assert_eq!(sync(&store, &server).await, Link::Online, "{weather:?}");
        assert_eq!(server.seqs_of(replica_of(&store).await), [1, 2], "{weather:?}");
        assert!(outbox(&store).await.is_empty(), "{weather:?}");
    }
}

/// S11: 401 asks to sign in again, deletes nothing, and scoring goes on; signing in again drains.
#[wasm_bindgen_test]
async fn s11_a_lost_session_keeps_everything() {
    let (store, server) = (fresh_store().await, TestServer::new());
    sync(&store, &server).await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    server.session.set(None);
    assert_eq!(sync(&store, &server).await, Link::SignedOut);
    act(&store, 1, mark("2", 450)).await.unwrap();
    assert_eq!(outbox(&store).await.len(), 2);
    server.session.set(Some(JUROR));
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert_eq!(server.accepted(), 2);
}

/// S13: one user's outbox never leaves under another's sign-in.
#[wasm_bindgen_test]
async fn s13_nothing_is_pushed_under_another_sign_in() {
    let (store, server) = (fresh_store().await, TestServer::new());
    sync(&store, &server).await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    server.session.set(Some(OTHER));
    assert_eq!(sync(&store, &server).await, Link::Refused("other_users_replica".into()));
    assert_eq!(server.accepted(), 0);
    assert_eq!(outbox(&store).await.len(), 1);
}

/// S13: nor is a catalogue of somebody without any work taken for one's own.
#[wasm_bindgen_test]
async fn s13_an_empty_catalogue_is_checked_for_its_owner() {
    let (store, server) = (fresh_store().await, TestServer::new());
    server.session.set(Some(OTHER));
    server.catalog.borrow_mut().panels.clear();
    assert_eq!(sync(&store, &server).await, Link::Refused("other_users_replica".into()));
    assert!(store.load().await.unwrap().catalogue.edition.is_none());
}

/// S18: an operation that breaks a rule is acknowledged like any other and blocks nothing; the juror sees what became of it.
#[wasm_bindgen_test]
async fn s18_held_and_rejected_work_blocks_nothing() {
    let (store, server) = (fresh_store().await, TestServer::new());
    sync(&store, &server).await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    act(&store, 1, mark("2", 600)).await.unwrap();
    act(&store, 2, mark("1", 300)).await.unwrap();
    server.catalog.borrow_mut().panels.get_mut(&visit(2).round).unwrap().remove(&product(2));
    server.catalog.borrow_mut().rubrics[0].criteria[1].max = Points(500);
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert!(outbox(&store).await.is_empty());
    let (rejected, held) = (sheet(&store, 1).await, sheet(&store, 2).await);
    assert_eq!(rejected.rejected, Some(RejectedCode::OverMaximum));
    assert_eq!(rejected.sheet.total(), Points(300), "what never counts is not shown as a mark");
    assert_eq!(held.held, Some(HeldCode::NotAssigned));
    assert_eq!(held.sheet.total(), Points(300), "what may still be admitted is");
    act(&store, 1, mark("2", 450)).await.unwrap();
    sync(&store, &server).await;
    assert_eq!(sheet(&store, 1).await.rejected, None, "a right mark in its place settles it");
}

/// S17: two devices with one identity: the second takes a new one and writes its waiting work anew; both are in the log
/// once, each replica's chain without gaps (I3).
#[wasm_bindgen_test]
async fn s17_a_cloned_device_goes_on_under_a_new_identity() {
    let server = TestServer::new();
    let replica = fresh_replica();
    let (first, clone) = (store_of(JUROR, replica).await, store_of(JUROR, replica).await);
    act(&first, 1, mark("1", 300)).await.unwrap();
    sync(&first, &server).await;
    act(&clone, 2, mark("1", 100)).await.unwrap();
    act(&clone, 2, mark("2", 200)).await.unwrap();
    let first_writings: Vec<_> = outbox(&clone).await.into_iter().map(|entry| entry.op.hash).collect();
    assert_eq!(sync(&clone, &server).await, Link::Online);
    let fresh = replica_of(&clone).await;
    assert_ne!(fresh, replica);
    assert_eq!((server.seqs_of(replica), server.seqs_of(fresh)), (vec![1], vec![1, 2]));
    let reissued: Vec<_> = server.log.borrow().iter().map(|(.., op)| envelope(&op.envelope).reissue_of).collect();
    assert_eq!(reissued[1..], first_writings.into_iter().map(Some).collect::<Vec<_>>());
    assert!(outbox(&clone).await.is_empty());
    assert_eq!(sheet(&clone, 2).await.sheet.total(), Points(300));
    assert_eq!(sheet(&clone, 1).await.sheet.total(), Points(300), "and has what the first wrote");
}

/// S17: work that both devices carried counts once: its second writing is rejected as already stored, which is no news
/// for the juror.
#[wasm_bindgen_test]
async fn s17_what_both_devices_carried_counts_once() {
    let server = TestServer::new();
    let replica = fresh_replica();
    let (first, clone) = (store_of(JUROR, replica).await, store_of(JUROR, replica).await);
    for store in [&first, &clone] {
        act(store, 1, mark("1", 300)).await.unwrap();
    }
    act(&first, 1, mark("2", 400)).await.unwrap();
    act(&clone, 1, mark("2", 600)).await.unwrap();
    sync(&first, &server).await;
    assert_eq!(sync(&clone, &server).await, Link::Online);
    assert_eq!(server.accepted(), 3);
    let record = sheet(&clone, 1).await;
    assert_eq!(record.rejected, None);
    assert_eq!(record.sheet.mark(&code("1")), Some(Points(300)));
    assert_eq!(record.sheet.mark_heads(&code("2")).len(), 2, "the two real choices stand side by side");
}

/// S17: a device restored from an old backup knows less of itself than the server does, and finds out before it writes
/// over a number that is taken.
#[wasm_bindgen_test]
async fn s17_a_restored_device_notices_that_it_is_behind() {
    let server = TestServer::new();
    let replica = fresh_replica();
    let (device, backup) = (store_of(JUROR, replica).await, store_of(JUROR, replica).await);
    act(&device, 1, mark("1", 300)).await.unwrap();
    sync(&device, &server).await;
    assert_eq!(sync(&backup, &server).await, Link::Online);
    assert_ne!(replica_of(&backup).await, replica);
    act(&backup, 1, mark("2", 600)).await.unwrap();
    sync(&backup, &server).await;
    assert_eq!(sheet(&backup, 1).await.sheet.total(), Points(900));
    assert_eq!(server.accepted(), 2);
}

/// S19: a server that was restored from before this tablet's registration is told of it again, and gets all of its work.
#[wasm_bindgen_test]
async fn s19_a_server_that_forgot_the_replica_is_told_again() {
    let (store, server) = (fresh_store().await, TestServer::new());
    act(&store, 1, mark("1", 300)).await.unwrap();
    sync(&store, &server).await;
    server.restore(0);
    server.replicas.borrow_mut().clear();
    act(&store, 1, mark("2", 600)).await.unwrap();
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert_eq!(server.seqs_of(replica_of(&store).await), [1, 2]);
}

/// S30: a report without operations says how many sheets wait.
#[wasm_bindgen_test]
async fn s30_unsent_drafts_are_reported() {
    let (store, server) = (fresh_store().await, TestServer::new());
    let turn = Turn {
        store: &store,
        server: &server,
        everything: true,
        unsent_after: &|_| 3,
        photos_waiting: &Vec::new,
        news: &|_| {},
    };
    turn.run().await;
    let pushes = server.pushes.borrow();
    assert_eq!((pushes[0].ops.len(), pushes[0].first_seq, pushes[0].unsent), (0, 1, 3));
}

/// S12: two tabs' workers at once: one conversation at a time, everything sent once.
#[wasm_bindgen_test]
async fn s12_two_tabs_take_turns() {
    let server = Rc::new(TestServer::new());
    let store = Rc::new(fresh_store().await);
    for n in 0..5 {
        act(&store, n, mark("1", 300)).await.unwrap();
    }
    let other_tab = Rc::new(Store::open(store.name()).await.unwrap());
    let (first, first_done) = host();
    let (second, second_done) = host();
    let workers = [
        Worker::new(store.clone(), Shared(server.clone()), first.clone()),
        Worker::new(other_tab, Shared(server.clone()), second.clone()),
    ];
    for worker in &workers {
        worker.poke(Want::Everything);
    }
    first_done.await.unwrap();
    second_done.await.unwrap();
    workers.iter().for_each(|worker| worker.stop());
    for host in [first, second] {
        assert!(host.links.borrow().iter().all(|link| *link == Link::Online));
    }
    assert_eq!(server.at_once.get(), (0, 1));
    assert_eq!(server.seqs_of(replica_of(&store).await), [1, 2, 3, 4, 5]);
    let pushed: usize = server.pushes.borrow().iter().map(|push| push.ops.len()).sum();
    assert_eq!(pushed, 5);
}

/// S12: a save while the worker talks, and has nothing left to send, is sent right after, not at the next tick of a timer.
#[wasm_bindgen_test]
async fn s12_a_save_during_a_conversation_is_not_forgotten() {
    let server = Rc::new(TestServer::new());
    let store = Rc::new(fresh_store().await);
    sync(&store, &server).await;
    let (host, done) = host();
    let worker = Worker::new(store.clone(), Shared(server.clone()), host.clone());
    let pulling = server.tell_of_pull();
    worker.poke(Want::Everything);
    pulling.await.unwrap();
    act(&store, 1, mark("1", 300)).await.unwrap();
    worker.poke(Want::Send);
    done.await.unwrap();
    worker.stop();
    assert!(host.links.borrow().iter().all(|link| *link == Link::Online));
    assert_eq!(server.accepted(), 1);
    assert!(outbox(&store).await.is_empty());
}

/// S24: a confirmation goes out as what the juror saw.
#[wasm_bindgen_test]
async fn s24_a_confirmation_covers_the_state_that_was_confirmed() {
    let (store, server) = (fresh_store().await, TestServer::new());
    act(&store, 1, mark("1", 300)).await.unwrap();
    let (record, _) = act(&store, 1, mark("2", 600)).await.unwrap();
    let state_hash = record.sheet.state_hash();
    act(&store, 1, Act::Confirm { state_hash }).await.unwrap();
    sync(&store, &server).await;
    let log = server.log.borrow();
    assert_eq!(envelope(&log[2].3.envelope).work().unwrap().act, Act::Confirm { state_hash });
}

fn envelope(text: &str) -> Envelope {
    serde_json::from_str(text).unwrap()
}

/// One server for two workers.
pub struct Shared(pub Rc<TestServer>);

impl Server for Shared {
    async fn register(&self, register: &RegisterReplica) -> Option<Reply> {
        self.0.register(register).await
    }

    async fn push(&self, push: &Push) -> Option<Reply> {
        self.0.push(push).await
    }

    async fn pull(&self, cursor: Option<&str>) -> Option<Reply> {
        self.0.pull(cursor).await
    }

    async fn ask_photos(&self, ask: &AskPhotos) -> Option<Reply> {
        self.0.ask_photos(ask).await
    }

    async fn put_photo(&self, sha256: OpHash, bytes: Vec<u8>) -> Option<Reply> {
        self.0.put_photo(sha256, bytes).await
    }
}

/// A host that says when its worker comes to rest.
#[derive(Default)]
pub struct TestHost {
    working: Cell<bool>,
    done: RefCell<Option<oneshot::Sender<()>>>,
    /// What it says waits.
    photos: Vec<WaitingPhoto>,
    /// How each conversation ended.
    pub links: RefCell<Vec<Link>>,
}

impl TestHost {
    /// One for which these photos wait, and go on waiting.
    pub fn with_photos(photos: Vec<WaitingPhoto>) -> Rc<Self> {
        Rc::new(Self { photos, ..Self::default() })
    }

    /// Resolves when the worker rests next.
    pub fn rest(&self) -> oneshot::Receiver<()> {
        let (done, rest) = oneshot::channel();
        self.done.replace(Some(done));
        rest
    }
}

fn host() -> (Rc<TestHost>, oneshot::Receiver<()>) {
    let host = Rc::new(TestHost::default());
    let rest = host.rest();
    (host, rest)
}

impl Host for TestHost {
    fn unsent_after(&self, _: u64) -> u32 {
        0
    }

    fn photos_waiting(&self) -> Vec<WaitingPhoto> {
        self.photos.clone()
    }

    fn news(&self, _: News) {}

    fn link(&self, link: Link) {
        self.links.borrow_mut().push(link);
    }

    fn syncing(&self, syncing: bool) {
        if self.working.replace(syncing) && !syncing {
            self.done.take().unwrap().send(()).unwrap();
        }
    }
}
