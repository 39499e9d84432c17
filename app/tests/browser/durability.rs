//! What a transaction is, as the browser sees it.

use crate::edition::stop;
use crate::support::*;
use app::store::{ActProblem, DraftCell, SaveProblem, Store};
use domain::ids::SheetId;
use domain::visit::VisitKey;
use wasm_bindgen_test::wasm_bindgen_test;

const NOTE_TRANSACTIONS: &str = "function (stores, mode, options) {
    const transaction = original.call(this, stores, mode, options);
    if (mode === 'readwrite' && this.name === extra.database) extra.push(`${transaction.durability}: ${[].concat(stores).sort().join(' ')}`);
    return transaction;
}";

/// S8: strict, as the real transaction says it, for drafts and acts alike; and an act is one transaction over operation,
/// sheet and end of the chain.
#[wasm_bindgen_test]
async fn s8_every_write_is_one_strict_transaction() {
    let store = fresh_store().await;
    let seen = notes_about(&store);
    let patched = Patched::with("IDBDatabase", "transaction", NOTE_TRANSACTIONS, &seen);
    let cell = DraftCell::Mark(code("1"));
    store.draft(sheet_id(JUROR, &visit(1)), &visit(1), &cell, Some("3"), None, NOW).await.unwrap();
    act(&store, 1, mark("1", 300)).await.unwrap();
    drop(patched);
    assert_eq!(notes(&seen), ["strict: meta sheets", "strict: meta outbox sheets"]);
}

/// S8, I1: a failure in the middle leaves nothing of it, and the next act takes the number that the failed one would have.
#[wasm_bindgen_test]
async fn s8_a_failure_in_the_middle_leaves_nothing() {
    for broken in ["meta", "sheets", "outbox"] {
        let store = fresh_store().await;
        act(&store, 1, mark("1", 300)).await.unwrap();
        let before = store.load().await.unwrap();
        let wrap = "function (value, key) {
            if (this.name === extra) throw new DOMException('out of order', 'DataError');
            return original.call(this, value, key);
        }";
        let patched = Patched::with("IDBObjectStore", "put", wrap, &broken.into());
        let failed = act(&store, 1, mark("2", 600)).await;
        drop(patched);
        assert!(matches!(save_problem(failed), Some(SaveProblem::Failed(_))), "{broken}");
        let after = store.load().await.unwrap();
        assert_eq!(after.replica, before.replica, "{broken}");
        assert_eq!(after.sheets, before.sheets, "{broken}");
        assert_eq!(outbox(&store).await.len(), 1, "{broken}");
        let (_, replica) = act(&store, 1, mark("2", 600)).await.unwrap();
        assert_eq!(replica.chain.seq, 2, "{broken}");
    }
}

/// S8: the answer comes after `complete`, not before.
#[wasm_bindgen_test]
async fn s8_saved_is_said_after_complete() {
    let store = fresh_store().await;
    let seen = notes_about(&store);
    let wrap = "function (stores, mode, options) {
        const transaction = original.call(this, stores, mode, options);
        if (this.name === extra.database) transaction.addEventListener('complete', () => extra.push('complete'));
        return transaction;
    }";
    let patched = Patched::with("IDBDatabase", "transaction", wrap, &seen);
    act(&store, 1, mark("1", 300)).await.unwrap();
    seen.push(&"saved".into());
    drop(patched);
    assert_eq!(notes(&seen), ["complete", "saved"]);
}

/// S8: a full disk is named, at once.
#[wasm_bindgen_test]
async fn s8_a_full_disk_is_said_so() {
    let store = fresh_store().await;
    let wrap = "function () { throw new DOMException('no room', 'QuotaExceededError'); }";
    let patched = Patched::new("IDBObjectStore", "put", wrap);
    let failed = act(&store, 1, mark("1", 300)).await;
    drop(patched);
    assert_eq!(failed.unwrap_err(), ActProblem::Save(SaveProblem::Full));
}

/// S14: the browser has closed the connection (iOS does, in the background): it is opened again, and the value is saved.
#[wasm_bindgen_test]
async fn s14_a_dead_connection_is_opened_again() {
    let store = fresh_store().await;
    close_at_next_transaction(&store, async || {
        act(&store, 1, mark("1", 300)).await.unwrap();
    })
    .await;
    assert_eq!(store.load().await.unwrap().sheets.len(), 1);
    assert_eq!(outbox(&store).await.len(), 1);
}

/// S14: if it won't open, that is said, and nothing pretends to be saved.
#[wasm_bindgen_test]
async fn s14_a_connection_that_stays_dead_is_said_so() {
    let store = fresh_store().await;
    let wrap = "function (name, version) {
        if (name === extra) throw new DOMException('forbidden', 'SecurityError');
        return original.call(this, name, version);
    }";
    let patched = Patched::with("IDBFactory", "open", wrap, &store.name().into());
    close_at_next_transaction(&store, async || {
        assert_eq!(save_problem(act(&store, 1, mark("1", 300)).await), Some(SaveProblem::NoStorage));
    })
    .await;
    drop(patched);
    assert!(outbox(&store).await.is_empty());
    act(&store, 1, mark("1", 300)).await.unwrap();
}

/// S8, I1: the site's data is cleared under an open page. The store that is opened then is a new one in which nobody would look
/// for what is typed: nothing pretends to be saved there.
#[wasm_bindgen_test]
async fn s8_nothing_is_saved_in_a_store_that_was_cleared() {
    let store = fresh_store().await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    clear(store.name()).await;
    let key = VisitKey { round: visit(1).round, stop: stop().key() };
    let (cell, id) = (DraftCell::Mark(code("1")), SheetId::of_visit(EDITION, &key.round, &key.stop));
    let typed = store.draft(sheet_id(JUROR, &visit(1)), &visit(1), &cell, Some("3"), None, NOW).await;
    assert_eq!(typed.err(), Some(SaveProblem::Unreadable));
    let typed = store.draft_fact(id, &key, None, Some("Lò m"), None, NOW).await;
    assert_eq!(typed.err(), Some(SaveProblem::Unreadable));
    assert_eq!(save_problem(act(&store, 1, mark("2", 600)).await), Some(SaveProblem::Unreadable));
    let loaded = store.load().await.unwrap();
    assert!(loaded.replica.is_none() && loaded.sheets.is_empty() && loaded.visits.is_empty());
}

async fn close_at_next_transaction(store: &Store, work: impl AsyncFnOnce()) {
    let wrap = "function (stores, mode, options) {
        if (this.name === extra.database && extra.length === 0) { extra.push('closed'); this.close(); }
        return original.call(this, stores, mode, options);
    }";
    let patched = Patched::with("IDBDatabase", "transaction", wrap, &notes_about(store));
    work().await;
    drop(patched);
}

/// Every record is opaque bytes behind the codec's version byte; a version that this app doesn't know is an error, not an
/// empty sheet (S11).
#[wasm_bindgen_test]
async fn s11_a_record_of_an_unknown_codec_is_not_overwritten() {
    let store = fresh_store().await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    for name in ["meta", "sheets", "outbox"] {
        assert!(raw_bytes(store.name(), name).await.iter().all(|bytes| bytes[0] == 1), "{name}");
    }
    let wrap = "function (value, key) { value[0] = 9; return original.call(this, value, key); }";
    let patched = Patched::new("IDBObjectStore", "put", wrap);
    act(&store, 1, mark("1", 250)).await.unwrap();
    drop(patched);
    assert_eq!(save_problem(act(&store, 1, mark("1", 200)).await), Some(SaveProblem::Unreadable));
    assert_eq!(raw_bytes(store.name(), "sheets").await[0][0], 9);
}

/// S11, S21: a store that a newer app has upgraded is left alone and named.
#[wasm_bindgen_test]
async fn s21_a_newer_store_is_left_alone() {
    let name = fresh_name();
    Store::open(&name).await.unwrap();
    upgrade_to(&name, 99).await;
    assert_eq!(Store::open(&name).await.err(), Some(SaveProblem::Newer));
}

/// S11: a tab with the old version lets go when a newer one upgrades the store, and then says why it can't save.
#[wasm_bindgen_test]
async fn s11_an_old_tab_makes_way_for_an_upgrade() {
    let store = fresh_store().await;
    upgrade_to(store.name(), 99).await;
    assert_eq!(save_problem(act(&store, 1, mark("1", 300)).await), Some(SaveProblem::Newer));
}
