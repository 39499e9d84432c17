//! Photos in the tablet's store (S5): their bytes are saved with the operation that names them, and brought to the server.

use crate::edition::stop;
use crate::server::{TestServer, Weather, refuse};
use crate::support::*;
use crate::turns::{Shared, TestHost};
use app::net::Reply;
use app::store::{SaveProblem, Store, TakenPhoto, VisitOrder};
use app::sync::{News, Turn, Want, Worker};
use domain::api::ErrorBody;
use domain::ids::{SheetId, UserId};
use domain::photo::{Mime, Photo};
use domain::sheet::Act;
use domain::sync::chain::{Envelope, OpHash, Task, sha256};
use domain::sync::replica::{WaitingPhoto, waiting_photos};
use domain::sync::turn::Link;
use domain::sync::wire::{AskPhotos, PhotoStored, PhotosWanted};
use domain::visit::{VisitAct, VisitKey};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

impl TestServer {
    /// Whether an operation of this user names the photo.
    fn is_named(&self, user: UserId, sha256: OpHash) -> bool {
        self.log.borrow().iter().filter(|(writer, ..)| *writer == user).any(|(.., op)| {
            let task = serde_json::from_str::<Envelope>(&op.envelope).unwrap().task();
            match task.unwrap() {
                Task::Sheet(work) => matches!(work.act, Act::Attach(photo) if photo.sha256 == sha256),
                Task::Visit(work) => matches!(work.act, VisitAct::Attach(photo) if photo.sha256 == sha256),
            }
        })
    }

    pub async fn wanted(&self, ask: &AskPhotos) -> Option<Reply> {
        self.answer(|user| {
            let named = ask.photos.iter().copied().filter(|sha256| self.is_named(user, *sha256));
            let (stored, wanted) = named.partition(|sha256| self.photos.borrow().contains_key(&(user, *sha256)));
            Ok(PhotosWanted { user, wanted, stored })
        })
        .await
    }

    pub async fn keep(&self, sha256: OpHash, bytes: Vec<u8>) -> Option<Reply> {
        self.answer(|user| {
            self.photos_brought.set(self.photos_brought.get() + 1);
            let problem = match self.is_named(user, sha256) {
                false => Some((404, "unknown_photo")),
                true if self.refuses.get() == Some(sha256) => Some((400, "not_a_photo")),
                true => None,
            };
            if let Some((status, code)) = problem {
                return Err::<_, (u16, ErrorBody)>(refuse(status, code));
            }
            self.photos.borrow_mut().insert((user, sha256), bytes);
            Ok(PhotoStored { user, sha256 })
        })
        .await
    }
}

fn photo(n: u8) -> TakenPhoto {
    let bytes = vec![n; 1_000 + usize::from(n)];
    TakenPhoto {
        photo: Photo { sha256: sha256(&bytes), size: bytes.len() as u32, mime: Mime::Jpeg },
        bytes: bytes.into(),
    }
}

async fn waiting(store: &Store) -> Vec<WaitingPhoto> {
    let loaded = store.load().await.unwrap();
    waiting_photos(&loaded.sheets, &loaded.visits)
}

async fn sync(store: &Store, server: &TestServer) -> Link {
    let loaded = store.load().await.unwrap();
    let records = RefCell::new((loaded.sheets, loaded.visits));
    let photos_waiting = || waiting_photos(&records.borrow().0, &records.borrow().1);
    let news = |news| match news {
        News::Sheets(sheets) if !sheets.is_empty() => records.borrow_mut().0 = sheets,
        News::Visits(visits) if !visits.is_empty() => records.borrow_mut().1 = visits,
        _ => {}
    };
    Turn { store, server, everything: true, unsent_after: &|_| 0, photos_waiting: &photos_waiting, news: &news }
        .run()
        .await
}

fn has(server: &TestServer, user: UserId, taken: &TakenPhoto) -> bool {
    server.photos.borrow().get(&(user, taken.photo.sha256)).is_some_and(|bytes| bytes[..] == taken.bytes[..])
}

/// S8: bytes and operation are written together, and are there after a reload; what is saved counts as unsent.
#[wasm_bindgen_test]
async fn s8_a_photo_is_saved_with_its_operation() {
    let store = fresh_store().await;
    let (record, _) = attach(&store, 1, &photo(1)).await.unwrap();
    assert_eq!(record.photos.waiting, [photo(1).photo]);
    let reopened = Store::open(store.name()).await.unwrap();
    assert_eq!(reopened.photo(photo(1).photo.sha256).await.unwrap().as_deref(), Some(&photo(1).bytes[..]));
    assert_eq!((outbox(&reopened).await.len(), sheet(&reopened, 1).await.sheet.photos()), (1, vec![photo(1).photo]));
    assert!(sheet(&reopened, 1).await.is_unsent(1), "its bytes are only here");
}

/// S8: where the bytes don't fit, no operation says that they are there.
#[wasm_bindgen_test]
async fn s8_a_photo_that_does_not_fit_leaves_no_operation() {
    let store = fresh_store().await;
    let wrap = "function (value, key) {
        if (value.length > 900) throw new DOMException('no room', 'QuotaExceededError');
        return original.call(this, value, key);
    }";
    let patched = Patched::new("IDBObjectStore", "put", wrap);
    let failed = attach(&store, 1, &photo(1)).await;
    drop(patched);
    assert_eq!(save_problem(failed), Some(SaveProblem::Full));
    assert!(outbox(&store).await.is_empty() && store.load().await.unwrap().sheets.is_empty());
    assert_eq!(store.photo(photo(1).photo.sha256).await, Ok(None));
}

/// S18: once its operation is acknowledged a photo goes out, a sheet's and a stop's; one that is refused keeps no other back.
#[wasm_bindgen_test]
async fn s18_photos_follow_their_operations_and_a_refused_one_keeps_none_back() {
    let (server, store) = (TestServer::new(), fresh_store().await);
    for n in 1..=3 {
        attach(&store, 1, &photo(n)).await.unwrap();
    }
    server.refuses.set(Some(photo(2).photo.sha256));
    assert_eq!(sync(&store, &server).await, Link::Refused("not_a_photo".to_owned()));
    assert!(has(&server, JUROR, &photo(1)) && has(&server, JUROR, &photo(3)));
    assert_eq!(waiting(&store).await.iter().map(|one| one.photo).collect::<Vec<_>>(), [photo(2).photo]);
    server.refuses.set(None);
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert!(has(&server, JUROR, &photo(2)) && waiting(&store).await.is_empty());
    assert!(!sheet(&store, 1).await.is_unsent(3));

    let (server, store) = (TestServer::new(), store_of(SECRETARY, fresh_replica()).await);
    server.session.set(Some(SECRETARY));
    let key = VisitKey { round: "visit".parse().unwrap(), stop: stop().key() };
    let id = SheetId::of_visit(EDITION, &key.round, &key.stop);
    let act = VisitAct::Attach(photo(4).photo);
    let order = VisitOrder { id, key: &key, act: &act, epoch: 1, seen: None, now: NOW };
    store.write_visit(&order, Some(&photo(4))).await.unwrap();
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert!(has(&server, SECRETARY, &photo(4)) && waiting(&store).await.is_empty());
}

/// S11, S22: whatever comes in between, a photo waits until our own server has said that it has it; it isn't sent twice.
#[wasm_bindgen_test]
async fn s22_only_our_own_server_s_word_ends_a_photo_s_waiting() {
    for weather in
        [Weather::NoNetwork, Weather::AnswerLost, Weather::CaptivePortal, Weather::BadGateway, Weather::CutOff]
    {
        let (server, store) = (TestServer::new(), fresh_store().await);
        attach(&store, 1, &photo(1)).await.unwrap();
        server.weather_of_photos.set(Some(weather));
        assert_ne!(sync(&store, &server).await, Link::Online, "{weather:?}");
        assert_eq!(waiting(&store).await.len(), 1, "{weather:?}");
        assert!(outbox(&store).await.is_empty(), "{weather:?}: the operation is acknowledged all the same");
        server.weather_of_photos.set(None);
        assert_eq!(sync(&store, &server).await, Link::Online, "{weather:?}");
        assert!(has(&server, JUROR, &photo(1)) && waiting(&store).await.is_empty(), "{weather:?}");
        assert_eq!(server.photos_brought.get(), 1, "{weather:?}");
    }
}

/// S12, S18: one that never gets through keeps the others back only once: after a failure another one is the first.
#[wasm_bindgen_test]
async fn s18_after_a_failure_another_photo_is_the_first() {
    let (server, store) = (Rc::new(TestServer::new()), Rc::new(fresh_store().await));
    for n in 1..=3 {
        attach(&store, 1, &photo(n)).await.unwrap();
    }
    server.weather_of_photos.set(Some(Weather::NoNetwork));
    let photos = waiting(&store).await;
    let host = TestHost::with_photos(photos.clone());
    let worker = Worker::new(store.clone(), Shared(server.clone()), host.clone());
    for _ in 1..=4 {
        let rest = host.rest();
        worker.poke(Want::Everything);
        rest.await.unwrap();
    }
    worker.stop();
    assert_eq!(host.links.borrow().to_vec(), vec![Link::Offline; 4]);
    let expected = [0, 1, 2, 0].map(|n: usize| photos[n].photo.sha256);
    assert_eq!(server.photos_tried.borrow().to_vec(), expected);
}

/// S13: once somebody else has signed in, also while photos are brought, no more of them go out, and none counts as brought.
#[wasm_bindgen_test]
async fn s13_photos_are_not_brought_under_another_sign_in() {
    let (server, store) = (TestServer::new(), fresh_store().await);
    attach(&store, 1, &photo(1)).await.unwrap();
    attach(&store, 1, &photo(2)).await.unwrap();
    server.signs_in_after_asking.set(Some(OTHER));
    assert_eq!(sync(&store, &server).await, Link::Refused("other_users_replica".to_owned()));
    assert_eq!((server.photos_brought.get(), server.photos.borrow().len()), (1, 0), "the second isn't tried");
    assert_ne!(sync(&store, &server).await, Link::Online);
    assert_eq!((server.photos_brought.get(), waiting(&store).await.len()), (1, 2));
}

/// S27: a server that was restored from a backup gets the photos again that it has lost; the bytes never left the tablet.
#[wasm_bindgen_test]
async fn s27_a_restored_server_gets_its_lost_photos_again() {
    let (server, store) = (TestServer::new(), fresh_store().await);
    attach(&store, 1, &photo(1)).await.unwrap();
    attach(&store, 1, &photo(2)).await.unwrap();
    assert_eq!(sync(&store, &server).await, Link::Online);
    server.restore(1);
    server.photos.borrow_mut().remove(&(JUROR, photo(2).photo.sha256));
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert!(has(&server, JUROR, &photo(1)) && has(&server, JUROR, &photo(2)) && waiting(&store).await.is_empty());
    assert_eq!(server.photos_brought.get(), 3, "the one that it still had isn't sent again");
}

async fn attach(
    store: &Store,
    n: u32,
    taken: &TakenPhoto,
) -> Result<(app::store::SheetRecord, app::store::ReplicaRecord), app::store::ActProblem> {
    act_with(store, JUROR, n, Act::Attach(taken.photo), Some(taken)).await
}
