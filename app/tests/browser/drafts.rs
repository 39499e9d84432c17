//! What is being typed (S6).

use crate::support::*;
use app::store::{ActProblem, DraftCell, Store};
use domain::sheet::{Act, SheetError};
use wasm_bindgen_test::wasm_bindgen_test;

async fn draft(store: &Store, n: u32, cell: &DraftCell, text: Option<&str>) {
    store.draft(sheet_id(JUROR, &visit(n)), &visit(n), cell, text, None, NOW).await.unwrap();
}

/// S6: drafts survive a crash, also invalid ones, and count as unsent though the outbox is empty.
#[wasm_bindgen_test]
async fn s6_drafts_survive_reopening_and_count_as_unsent() {
    let store = fresh_store().await;
    let (one, note) = (DraftCell::Mark(code("1")), DraftCell::Note(code("2")));
    draft(&store, 1, &one, Some("4")).await;
    draft(&store, 1, &one, Some("4,")).await;
    draft(&store, 1, &one, Some("4,7")).await;
    draft(&store, 1, &note, Some("Máy mới")).await;
    let again = Store::open(store.name()).await.unwrap();
    let record = sheet(&again, 1).await;
    assert_eq!(record.drafts, [(one, "4,7".to_owned()), (note, "Máy mới".to_owned())]);
    assert!(record.is_unsent(0));
    assert!(outbox(&again).await.is_empty());
    assert_eq!(again.load().await.unwrap().replica.unwrap().chain.seq, 0);
}

/// S6: the act ends its own cell's draft, in the same transaction, and no other's.
#[wasm_bindgen_test]
async fn s6_an_act_ends_the_draft_of_its_cell() {
    let store = fresh_store().await;
    draft(&store, 1, &DraftCell::Mark(code("1")), Some("3")).await;
    draft(&store, 1, &DraftCell::Remark, Some("Sạch")).await;
    let (record, _) = act(&store, 1, mark("1", 300)).await.unwrap();
    assert_eq!(record.drafts, [(DraftCell::Remark, "Sạch".to_owned())]);
}

/// S6: also an act that changes nothing (the old mark typed again) ends it.
#[wasm_bindgen_test]
async fn s6_typing_the_same_mark_again_ends_the_draft() {
    let store = fresh_store().await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    draft(&store, 1, &DraftCell::Mark(code("1")), Some("3,0")).await;
    let (record, replica) = act(&store, 1, mark("1", 300)).await.unwrap();
    assert!(record.drafts.is_empty());
    assert_eq!(replica.chain.seq, 1);
}

/// S6: nothing half typed is confirmed; discarding the draft makes way.
#[wasm_bindgen_test]
async fn s6_confirming_asks_that_no_draft_is_left() {
    let store = fresh_store().await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    let (record, _) = act(&store, 1, mark("2", 600)).await.unwrap();
    let confirm = Act::Confirm { state_hash: record.sheet.state_hash() };
    draft(&store, 1, &DraftCell::Note(code("1")), Some("M")).await;
    let refused = act(&store, 1, confirm.clone()).await.unwrap_err();
    assert_eq!(refused, ActProblem::from(SheetError::UnfinishedDrafts));
    draft(&store, 1, &DraftCell::Note(code("1")), None).await;
    act(&store, 1, confirm).await.unwrap();
}
