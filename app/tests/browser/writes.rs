//! Acts: one chain without gaps, one fold, and nothing that the sheet forbids.

use crate::support::*;
use app::store::{ActProblem, Store, WorkError};
use domain::ids::SheetId;
use domain::points::Points;
use domain::sheet::{Act, Frame, SheetError, SheetState};
use domain::sync::chain::{Envelope, OpHash, sha256};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

async fn chain_of(store: &Store) -> Vec<Envelope> {
    let mut prev: Option<OpHash> = None;
    let mut envelopes = Vec::new();
    for (place, entry) in outbox(store).await.into_iter().enumerate() {
        let envelope: Envelope = serde_json::from_str(&entry.op.envelope).unwrap();
        assert_eq!(entry.op.hash, sha256(entry.op.envelope.as_bytes()));
        assert_eq!((envelope.seq, entry.seq), (place as u64 + 1, place as u64 + 1));
        assert_eq!(envelope.prev, prev);
        prev = Some(entry.op.hash);
        envelopes.push(envelope);
    }
    envelopes
}

/// S2: two tabs of one replica write at the same time, and the numbers have neither gap nor double.
#[wasm_bindgen_test]
async fn s2_two_tabs_number_without_gaps() {
    let first = Rc::new(fresh_store().await);
    let second = Rc::new(Store::open(first.name()).await.unwrap());
    let write = |store: Rc<Store>, products: std::ops::Range<u32>| async move {
        for n in products {
            act(&store, n, mark("1", 300)).await.unwrap();
            act(&store, n, mark("2", 450)).await.unwrap();
        }
    };
    both(write(first.clone(), 0..10), write(second.clone(), 10..20)).await;
    assert_eq!(chain_of(&first).await.len(), 40);
    assert_eq!(second.load().await.unwrap().replica.unwrap().chain.seq, 40);
    assert_eq!(first.load().await.unwrap().sheets.len(), 20);
}

/// S2: two tabs on the *same* sheet: neither's mark is lost.
#[wasm_bindgen_test]
async fn s2_two_tabs_on_one_sheet_lose_nothing() {
    let first = Rc::new(fresh_store().await);
    let second = Rc::new(Store::open(first.name()).await.unwrap());
    let (one, two) = (first.clone(), second.clone());
    both(
        async move {
            act(&one, 1, mark("1", 300)).await.unwrap();
        },
        async move {
            act(&two, 1, mark("2", 450)).await.unwrap();
        },
    )
    .await;
    assert_eq!(sheet(&first, 1).await.sheet.total(), Points(750));
    assert_eq!(chain_of(&first).await.len(), 2);
}

/// S3, S4, S5: what is written is the domain's operation, about the sheet whose id follows from what it is about.
#[wasm_bindgen_test]
async fn s4_an_operation_says_who_where_when_and_on_what() {
    let store = fresh_store().await;
    let (_, replica) = act(&store, 1, mark("1", 300)).await.unwrap();
    act(&store, 1, mark("1", 350)).await.unwrap();
    let entries = outbox(&store).await;
    let envelopes = chain_of(&store).await;
    assert_eq!(entries[0].sheet, SheetId::of(EDITION, &visit(1).round, JUROR, product(1)));
    let last = &envelopes[1];
    assert_eq!((last.replica, last.user, last.epoch), (replica.chain.replica, JUROR, 1));
    assert_eq!((last.claimed_at, last.round.as_str(), last.reissue_of), (NOW, "visit", None));
    assert_eq!(last.base, Some(entries[0].op.hash));
    assert_eq!(last.work().unwrap().act, mark("1", 350));
}

/// S7: what the store holds is the fold; reopening finds it.
#[wasm_bindgen_test]
async fn s7_the_folded_sheet_is_there_after_reopening() {
    let store = fresh_store().await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    act(&store, 1, mark("2", 600)).await.unwrap();
    let (record, _) = act(&store, 1, Act::SetRemark { text: "Sạch sẽ".into() }).await.unwrap();
    let confirm = Act::Confirm { state_hash: record.sheet.state_hash() };
    act(&store, 1, confirm).await.unwrap();
    let again = Store::open(store.name()).await.unwrap();
    let found = sheet(&again, 1).await;
    assert_eq!(Frame::new(&rubric()).state(&found.sheet), SheetState::Confirmed { total: Points(900) });
    assert_eq!(found.sheet.remark(), "Sạch sẽ");
    assert_eq!(found.last_seq, 4);
}

/// S5: what the sheet forbids is not written.
#[wasm_bindgen_test]
async fn s5_a_forbidden_act_writes_nothing() {
    let store = fresh_store().await;
    let (record, _) = act(&store, 1, mark("1", 300)).await.unwrap();
    let confirm = Act::Confirm { state_hash: record.sheet.state_hash() };
    let incomplete = act(&store, 1, confirm).await.unwrap_err();
    assert_eq!(incomplete, ActProblem::from(SheetError::Incomplete(vec![code("2")])));
    assert!(matches!(
        act(&store, 1, mark("1", 450)).await,
        Err(ActProblem::Work(WorkError::Sheet(SheetError::Mark(_))))
    ));
    assert_eq!(chain_of(&store).await.len(), 1);
    assert_eq!(sheet(&store, 1).await, record);
}

/// S5: an act that changes nothing makes no operation; taking a mark back is one, and is not 0.
#[wasm_bindgen_test]
async fn s5_no_operation_without_a_change() {
    let store = fresh_store().await;
    act(&store, 1, Act::SetMark { criterion: code("1"), points: None }).await.unwrap();
    act(&store, 1, mark("1", 300)).await.unwrap();
    act(&store, 1, mark("1", 300)).await.unwrap();
    act(&store, 1, Act::SetNote { criterion: code("1"), text: String::new() }).await.unwrap();
    assert_eq!(chain_of(&store).await.len(), 1);
    let (record, _) = act(&store, 1, Act::SetMark { criterion: code("1"), points: None }).await.unwrap();
    assert_eq!(chain_of(&store).await.len(), 2);
    assert_eq!(record.sheet.mark(&code("1")), None);
}
