//! A juror with a store of their own, products to score, and ways to look behind the store.

use app::store::{
    ActProblem, LogRecord, Order, OutboxRecord, ReplicaRecord, SaveProblem, SheetKey, SheetRecord, Store, TakenPhoto,
};
use domain::ids::{CriterionCode, EditionId, ProductId, ReplicaId, RubricId, SheetId, UserId};
use domain::points::Points;
use domain::round::{RoundMode, RoundState};
use domain::rubric::{Criterion, Rubric, Section};
use domain::sheet::Act;
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::future::Future;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

pub const EDITION: EditionId = EditionId(Uuid::from_u128(1));
pub const JUROR: UserId = UserId(Uuid::from_u128(2));
pub const OTHER: UserId = UserId(Uuid::from_u128(3));
pub const SECRETARY: UserId = UserId(Uuid::from_u128(6));
pub const NOW: i64 = 1_724_630_400_000;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
    static REPLACED: RefCell<Vec<Replaced>> = const { RefCell::new(Vec::new()) };
}

/// A number that no other test has.
pub fn unique() -> u32 {
    COUNT.set(COUNT.get() + 1);
    COUNT.get()
}

/// A database name that no other test has.
pub fn fresh_name() -> String {
    restore_methods();
    format!("test-{}", unique())
}

/// A replica that no other test has.
pub fn fresh_replica() -> ReplicaId {
    ReplicaId(Uuid::from_u128(0x1000 + u128::from(unique())))
}

/// An enrolled store without anything on it.
pub async fn fresh_store() -> Store {
    store_of(JUROR, fresh_replica()).await
}

/// An enrolled store of this user and replica, in a database of its own.
pub async fn store_of(user: UserId, replica: ReplicaId) -> Store {
    let store = Store::open(&fresh_name()).await.unwrap();
    store.enrol(user, replica).await.unwrap();
    store
}

/// Product number `n`, in the visit round.
pub fn visit(n: u32) -> SheetKey {
    SheetKey { round: "visit".parse().unwrap(), product: product(n) }
}

pub fn product(n: u32) -> ProductId {
    ProductId(Uuid::from_u128(0x100 + u128::from(n)))
}

pub fn sheet_id(user: UserId, key: &SheetKey) -> SheetId {
    SheetId::of(EDITION, &key.round, user, key.product)
}

pub fn code(text: &str) -> CriterionCode {
    text.parse().unwrap()
}

/// Two leaves of at most 4 and 6 points.
pub fn rubric() -> Rubric {
    let section = |text: &str, max| Section {
        code: code(text),
        name: text.to_owned(),
        short_name: text.to_owned(),
        max: Points(max),
    };
    let leaf = |text: &str, max| Criterion {
        code: code(text),
        section: code(text),
        heading: None,
        name: text.to_owned(),
        max: Points(max),
        step: Points(50),
        guide: String::new(),
    };
    Rubric {
        id: RubricId(Uuid::from_u128(9)),
        name: "Khung điểm".to_owned(),
        note: String::new(),
        sections: vec![section("1", 400), section("2", 600)],
        criteria: vec![leaf("1", 400), leaf("2", 600)],
    }
}

pub fn mark(criterion: &str, points: i32) -> Act {
    Act::SetMark { criterion: code(criterion), points: Some(Points(points)) }
}

/// Does an act on product `n` of the visit round, as the store's own user.
pub async fn act(store: &Store, n: u32, act: Act) -> Result<(SheetRecord, ReplicaRecord), ActProblem> {
    act_as(store, JUROR, n, act).await
}

pub async fn act_as(store: &Store, user: UserId, n: u32, act: Act) -> Result<(SheetRecord, ReplicaRecord), ActProblem> {
    act_with(store, user, n, act, None).await
}

/// The same with a photo's bytes.
pub async fn act_with(
    store: &Store,
    user: UserId,
    n: u32,
    act: Act,
    taken: Option<&TakenPhoto>,
) -> Result<(SheetRecord, ReplicaRecord), ActProblem> {
    let (key, rubric) = (visit(n), rubric());
    let mode = RoundMode::Rescore;
    let (id, epoch) = (sheet_id(user, &key), 1);
    let order = Order {
        id,
        key: &key,
        act: &act,
        state: RoundState::Open,
        epoch,
        mode: &mode,
        rubric: &rubric,
        earlier: None,
        seen: None,
        now: NOW,
    };
    store.act(&order, taken).await
}

/// The sheet of product `n` as the store has it.
pub async fn sheet(store: &Store, n: u32) -> SheetRecord {
    store.sheet(sheet_id(JUROR, &visit(n))).await.unwrap().0.unwrap()
}

/// All waiting operations.
pub async fn outbox(store: &Store) -> Vec<OutboxRecord> {
    raw(store.name(), "outbox").await
}

/// All operations that the server has.
pub async fn log(store: &Store) -> Vec<LogRecord> {
    raw(store.name(), "log").await
}

/// Everything that two futures do, interleaved.
pub async fn both(first: impl Future<Output = ()> + 'static, second: impl Future<Output = ()> + 'static) {
    let promise = |future: std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        future_to_promise(async move {
            future.await;
            Ok(JsValue::UNDEFINED)
        })
    };
    let all = Array::of2(&promise(Box::pin(first)), &promise(Box::pin(second)));
    JsFuture::from(Promise::all(&all)).await.unwrap();
}

/// The records of a store, past the app's own code.
pub async fn raw<T: serde::de::DeserializeOwned>(database: &str, store: &str) -> Vec<T> {
    let bytes = raw_bytes(database, store).await;
    bytes.iter().map(|bytes| serde_json::from_slice(&bytes[1..]).unwrap()).collect()
}

/// Their bytes.
pub async fn raw_bytes(database: &str, store: &str) -> Vec<Vec<u8>> {
    let read = Function::new_with_args(
        "name, store",
        "return new Promise((done, fail) => {
           const open = indexedDB.open(name);
           open.onerror = () => fail(open.error);
           open.onsuccess = () => {
             const all = open.result.transaction(store).objectStore(store).getAll();
             all.onsuccess = () => { open.result.close(); done(all.result); };
           };
         })",
    );
    let promise: Promise = read.call2(&JsValue::NULL, &database.into(), &store.into()).unwrap().dyn_into().unwrap();
    let records: Array = JsFuture::from(promise).await.unwrap().dyn_into().unwrap();
    records.iter().map(|record| record.dyn_into::<js_sys::Uint8Array>().unwrap().to_vec()).collect()
}

/// Replaces a method of a browser's prototype until it is dropped. A test that fails drops nothing: the next one that
/// asks for a name of its own cleans up.
pub struct Patched;

struct Replaced {
    prototype: JsValue,
    method: &'static str,
    original: JsValue,
}

fn restore_methods() {
    for Replaced { prototype, method, original } in REPLACED.take() {
        Reflect::set(&prototype, &method.into(), &original).unwrap();
    }
}

impl Patched {
    /// `wrap` gets the original and returns what takes its place, both as JavaScript.
    pub fn new(class: &str, method: &'static str, wrap: &str) -> Self {
        Self::with(class, method, wrap, &JsValue::NULL)
    }

    /// `wrap` also gets `extra`.
    pub fn with(class: &str, method: &'static str, wrap: &str, extra: &JsValue) -> Self {
        let class = Reflect::get(&js_sys::global(), &class.into()).unwrap();
        let prototype = Reflect::get(&class, &"prototype".into()).unwrap();
        let original = Reflect::get(&prototype, &method.into()).unwrap();
        let wrap = Function::new_with_args("original, extra", &format!("return {wrap}"));
        let patched = wrap.call2(&JsValue::NULL, &original, extra).unwrap();
        Reflect::set(&prototype, &method.into(), &patched).unwrap();
        REPLACED.with_borrow_mut(|all| all.push(Replaced { prototype, method, original }));
        Self
    }
}

impl Drop for Patched {
    fn drop(&mut self) {
        restore_methods();
    }
}

/// Where a replaced method notes what happens to this store: tablets of other tests may still be talking.
pub fn notes_about(store: &Store) -> Array {
    let notes = Array::new();
    Reflect::set(&notes, &"database".into(), &store.name().into()).unwrap();
    notes
}

/// What happened: each entry a text.
pub fn notes(array: &Array) -> Vec<String> {
    array.iter().filter_map(|note| note.as_string()).collect()
}

/// A save problem of an act.
pub fn save_problem<T>(result: Result<T, ActProblem>) -> Option<SaveProblem> {
    match result {
        Err(ActProblem::Save(problem)) => Some(problem),
        _ => None,
    }
}

/// What a newer version of the app would do.
pub async fn upgrade_to(database: &str, version: u32) {
    let upgrade = js_sys::Function::new_with_args(
        "name, version",
        "return new Promise((done, fail) => {
           const open = indexedDB.open(name, version);
           open.onerror = () => fail(open.error);
           open.onsuccess = () => { open.result.close(); done(); };
         })",
    );
    let promise = upgrade.call2(&JsValue::NULL, &database.into(), &version.into()).unwrap();
    JsFuture::from(promise.dyn_into::<Promise>().unwrap()).await.unwrap();
}

/// What a browser does that clears a site's data: the database goes, whoever has it open.
pub async fn clear(database: &str) {
    let clear = Function::new_with_args(
        "name",
        "return new Promise((done, fail) => {
           const gone = indexedDB.deleteDatabase(name);
           gone.onerror = () => fail(gone.error);
           gone.onsuccess = () => done();
         })",
    );
    let promise = clear.call1(&JsValue::NULL, &database.into()).unwrap();
    JsFuture::from(promise.dyn_into::<Promise>().unwrap()).await.unwrap();
}
