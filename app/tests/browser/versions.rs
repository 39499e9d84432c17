//! Stores that earlier versions of the app left behind, with unsent work (S21). `stores/` keeps what each of them wrote, word
//! for word: a file, once there, is never edited.

use crate::support::*;
use app::store::{DraftCell, Store, TakenPhoto, VisitOrder};
use domain::photo::{Mime, Photo};
use domain::points::Points;
use domain::sync::chain::sha256;
use domain::sync::wire::RejectedCode;
use domain::visit::{TimeOfDay, VisitAct};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// As the first app wrote it: two operations that the server has (one of them rejected), two that wait, two drafts.
const V1: &str = include_str!("stores/v1.json");
/// A secretary's, as the second version wrote it: two operations that wait, a fact half typed.
const V2: &str = include_str!("stores/v2.json");

/// Writes a database as that version of the app did.
async fn left_behind(version: u32, records: &str) -> String {
    let name = fresh_name();
    let write = js_sys::Function::new_with_args(
        "name, version, text",
        "return new Promise((done, fail) => {
           const stores = JSON.parse(text);
           const open = indexedDB.open(name, version);
           open.onerror = () => fail(open.error);
           open.onupgradeneeded = () => Object.keys(stores).forEach((store) => open.result.createObjectStore(store));
           open.onsuccess = () => {
             const writing = open.result.transaction(Object.keys(stores), 'readwrite');
             for (const [store, records] of Object.entries(stores))
               for (const [key, record] of records) {
                 const json = new TextEncoder().encode(JSON.stringify(record));
                 writing.objectStore(store).put(Uint8Array.of(1, ...json), key);
               }
             writing.oncomplete = () => { open.result.close(); done(); };
             writing.onabort = () => fail(writing.error);
           };
         })",
    );
    let written = write.call3(&JsValue::NULL, &name.as_str().into(), &version.into(), &records.into()).unwrap();
    JsFuture::from(written.dyn_into::<Promise>().unwrap()).await.unwrap();
    name
}

/// S11, S21: what the first version had not sent goes out as it was written, and what was typed is still typed.
#[wasm_bindgen_test]
async fn s21_a_store_of_the_first_version_is_opened_with_its_unsent_work() {
    let store = Store::open(&left_behind(1, V1).await).await.unwrap();
    let loaded = store.load().await.unwrap();
    assert_eq!((loaded.catalogue.products.len(), loaded.catalogue.assignments.len(), loaded.sheets.len()), (1, 1, 1));
    let record = sheet(&store, 1).await;
    let marks: Vec<_> = record.sheet.marks().map(|(code, points)| (code.to_string(), points)).collect();
    assert_eq!(marks, [("1".to_owned(), Points(300)), ("2".to_owned(), Points(600))]);
    assert_eq!(record.rejected, Some(RejectedCode::OverMaximum));
    let drafts = [(DraftCell::Mark(code("1")), "3,2".to_owned()), (DraftCell::Remark, "Sạch sẽ, bao bì".to_owned())];
    assert_eq!(record.drafts, drafts);

    assert!(loaded.visits.is_empty(), "what came later is there, and empty");

    let before = outbox(&store).await;
    let batch = store.batch().await.unwrap();
    assert_eq!((batch.first_seq, batch.ops.len()), (3, 2));
    assert!(V1.contains(&serde_json::to_string(&batch.ops[0].envelope).unwrap()), "word for word");

    let (record, replica) = act(&store, 1, mark("1", 250)).await.unwrap();
    assert_eq!(replica.chain.seq, 5, "the chain goes on");
    assert_eq!(record.sheet.mark(&code("1")), Some(Points(250)));
    let after = outbox(&store).await;
    assert_eq!(after[..2], before[..]);
    let envelope: domain::sync::chain::Envelope = serde_json::from_str(&after[2].op.envelope).unwrap();
    assert_eq!(envelope.prev, Some(after[1].op.hash));
}

/// S11, S21: the same of a secretary's store of the second version, which knew no photos.
#[wasm_bindgen_test]
async fn s21_a_store_of_the_second_version_is_opened_with_its_unsent_work() {
    let store = Store::open(&left_behind(2, V2).await).await.unwrap();
    let record = store.load().await.unwrap().visits.remove(0);
    assert_eq!(record.visit.arrived(), [TimeOfDay::new(8, 10).unwrap()]);
    assert_eq!(record.drafts, [(None, "Nhà xưởng mới".to_owned())]);
    assert!(record.photos.is_empty() && record.is_unsent(0));
    let before = outbox(&store).await;
    assert!(before.len() == 2 && V2.contains(&serde_json::to_string(&before[0].op.envelope).unwrap()), "word for word");

    let photo = Photo { sha256: sha256(b"jpeg"), size: 4, mime: Mime::Jpeg };
    let (key, act) = (record.key.clone(), VisitAct::Attach(photo));
    let order = VisitOrder { id: record.id, key: &key, act: &act, epoch: 1, seen: None, now: NOW };
    let taken = TakenPhoto { photo, bytes: b"jpeg"[..].into() };
    let (record, replica) = store.write_visit(&order, Some(&taken)).await.unwrap();
    assert_eq!((replica.chain.seq, record.photos.waiting), (3, vec![photo]), "the chain goes on");
    assert_eq!(store.photo(photo.sha256).await.unwrap().as_deref(), Some(&b"jpeg"[..]));
    assert_eq!(outbox(&store).await[..2], before[..]);
}
