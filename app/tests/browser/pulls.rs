//! What the server tells (S27, S28), and what must never come in by that way.

use crate::server::{TestServer, sync};
use crate::support::*;
use app::store::{PullProblem, SheetKey, Store, TakeError, Taken, WorkError};
use app::tablet::Link;
use domain::points::Points;
use domain::sync::wire::{Pulled, RemovedAssignment};
use wasm_bindgen_test::wasm_bindgen_test;

/// A page that was asked for from where the store is.
async fn take(store: &Store, page: &Pulled) -> Result<Taken, PullProblem> {
    let at = store.cursor().await.unwrap();
    store.take(page, at.as_deref()).await
}

/// S15, S27: the catalogue comes whole and is there without a network.
#[wasm_bindgen_test]
async fn s15_the_catalogue_is_on_the_device() {
    let (store, server) = (fresh_store().await, TestServer::new());
    assert_eq!(sync(&store, &server).await, Link::Online);
    let loaded = Store::open(store.name()).await.unwrap().load().await.unwrap();
    let catalogue = loaded.catalogue;
    assert_eq!((catalogue.products.len(), catalogue.assignments.len()), (300, 300));
    assert_eq!(catalogue.sheet_id(JUROR, &visit(7)), Some(sheet_id(JUROR, &visit(7))));
    assert_eq!(catalogue.rubric(&visit(7).round), Some(&rubric()));
    let unassigned = SheetKey { round: "direct".parse().unwrap(), product: product(7) };
    assert!(catalogue.scorable(&unassigned).is_ok(), "a round whose opening the tablet could not hear of");
    assert!(loaded.replica.unwrap().receipt_key.is_some());
}

/// S27: another conversation, perhaps in another tab, has pulled in between: to a tablet that asks for everything anew the rest of an
/// old pull would look like all that the server has.
#[wasm_bindgen_test]
async fn s27_a_page_from_elsewhere_is_not_taken_in() {
    let (store, server) = (fresh_store().await, TestServer::new());
    assert_eq!(sync(&store, &server).await, Link::Online);
    let page = server.page_for(JUROR, "");
    assert_eq!(store.take(&page, None).await.unwrap_err(), PullProblem::Take(TakeError::Elsewhere));
    take(&store, &page).await.unwrap();
}

/// S10, S27: the server has lost what it had acknowledged: it waits again, and whoever shows what is received hears of it.
#[wasm_bindgen_test]
async fn s27_what_a_restored_server_has_lost_is_unsent_again() {
    let (store, server) = (fresh_store().await, TestServer::new());
    act(&store, 1, mark("1", 300)).await.unwrap();
    assert_eq!(sync(&store, &server).await, Link::Online);
    assert!(outbox(&store).await.is_empty());
    let page = Pulled { reset: true, ..TestServer::new().page_for(JUROR, "") };
    let taken = take(&store, &page).await.unwrap();
    assert!(taken.waits);
    assert_eq!(taken.replica.unwrap().acked_seq, 0);
    assert_eq!(outbox(&store).await.len(), 1);
    assert_eq!(sheet(&store, 1).await.sheet.total(), Points(300));
}

/// S28: what another tablet of the juror wrote, and under it what waits here.
#[wasm_bindgen_test]
async fn s28_the_local_view_is_what_was_pulled_and_what_waits() {
    let server = TestServer::new();
    let (here, there) = (fresh_store().await, fresh_store().await);
    act(&there, 1, mark("1", 300)).await.unwrap();
    act(&there, 2, mark("1", 100)).await.unwrap();
    sync(&there, &server).await;
    act(&here, 1, mark("2", 450)).await.unwrap();
    take(&here, &server.page_for(JUROR, "")).await.unwrap();
    assert_eq!(outbox(&here).await.len(), 1);
    assert_eq!(sheet(&here, 1).await.sheet.total(), Points(750));
    assert_eq!(sheet(&here, 2).await.sheet.total(), Points(100));
    assert!(!sheet(&here, 2).await.is_unsent(0));
    act(&here, 2, mark("1", 150)).await.unwrap();
    assert_eq!(sheet(&here, 2).await.sheet.total(), Points(150), "it names the other tablet's mark as its base");
}

/// S23: two tablets that could not know of each other: both values are kept, and neither is shown as the mark.
#[wasm_bindgen_test]
async fn s23_concurrent_marks_meet_as_a_conflict() {
    let server = TestServer::new();
    let (here, there) = (fresh_store().await, fresh_store().await);
    act(&there, 1, mark("1", 300)).await.unwrap();
    sync(&there, &server).await;
    act(&here, 1, mark("1", 200)).await.unwrap();
    sync(&here, &server).await;
    let record = sheet(&here, 1).await;
    assert_eq!(record.sheet.mark(&code("1")), None);
    assert_eq!(record.sheet.mark_heads(&code("1")).len(), 2);
    act(&here, 1, mark("1", 300)).await.unwrap();
    sync(&here, &server).await;
    sync(&there, &server).await;
    for store in [&here, &there] {
        assert_eq!(sheet(store, 1).await.sheet.mark(&code("1")), Some(Points(300)));
    }
}

/// S13, I7: somebody else signed in between two requests: nothing of theirs is written here.
#[wasm_bindgen_test]
async fn s13_another_users_data_never_comes_in() {
    let server = TestServer::new();
    let other = store_of(OTHER, fresh_replica()).await;
    server.session.set(Some(OTHER));
    act_as(&other, OTHER, 1, mark("1", 300)).await.unwrap();
    sync(&other, &server).await;
    let store = fresh_store().await;
    assert_eq!(take(&store, &server.page_for(OTHER, "")).await.unwrap_err(), PullProblem::Take(TakeError::OtherUser));
    let mut only_assignments = server.page_for(OTHER, "");
    only_assignments.ops.clear();
    assert_eq!(take(&store, &only_assignments).await.unwrap_err(), PullProblem::Take(TakeError::OtherUser));
    let mut only_ops = server.page_for(OTHER, "");
    only_ops.assignments.clear();
    assert_eq!(take(&store, &only_ops).await.unwrap_err(), PullProblem::Take(TakeError::OtherUser));
    let loaded = store.load().await.unwrap();
    assert!(loaded.cursor.is_none() && loaded.catalogue.edition.is_none() && loaded.sheets.is_empty());
    assert!(log(&store).await.is_empty());
}

/// S11, S27: a withdrawn assignment locks the sheet; what was written stays, and is still sent.
#[wasm_bindgen_test]
async fn s27_a_withdrawn_sheet_stays_and_is_locked() {
    let (store, server) = (fresh_store().await, TestServer::new());
    sync(&store, &server).await;
    act(&store, 1, mark("1", 300)).await.unwrap();
    let mut page = server.page_for(JUROR, "");
    page.edition = None;
    page.assignments.clear();
    page.removed = vec![RemovedAssignment { round: visit(1).round, product: product(1) }];
    let catalogue = take(&store, &page).await.unwrap().catalogue.unwrap();
    assert_eq!(catalogue.assignments.len(), 299);
    assert_eq!(catalogue.scorable(&visit(1)).unwrap_err(), WorkError::Withdrawn);
    assert_eq!(outbox(&store).await.len(), 1);
    assert_eq!(sheet(&store, 1).await.sheet.total(), Points(300));
    let given_again = take(&store, &server.page_for(JUROR, "")).await.unwrap().catalogue.unwrap();
    assert!(given_again.scorable(&visit(1)).is_ok());
}

/// S27: an assignment that is gone from a whole catalogue counts as withdrawn, also where nobody says so.
#[wasm_bindgen_test]
async fn s27_a_catalogue_without_an_assignment_withdraws_it() {
    let (store, server) = (fresh_store().await, TestServer::new());
    sync(&store, &server).await;
    server.catalog.borrow_mut().panels.get_mut(&visit(1).round).unwrap().remove(&product(1));
    sync(&store, &server).await;
    let catalogue = store.load().await.unwrap().catalogue;
    assert_eq!(catalogue.scorable(&visit(1)).unwrap_err(), WorkError::Withdrawn);
}

/// S27, S17, S11: the server was restored from a backup: what it lost of this tablet is sent again, and what it lost of
/// another one of the juror's, too; nothing leaves the screen meanwhile, and nothing counts twice when the other comes.
#[wasm_bindgen_test]
async fn s27_a_restored_server_gets_everything_again() {
    let server = TestServer::new();
    let (here, there) = (fresh_store().await, fresh_store().await);
    act(&here, 1, mark("1", 300)).await.unwrap();
    sync(&here, &server).await;
    act(&there, 2, mark("1", 100)).await.unwrap();
    sync(&there, &server).await;
    act(&here, 1, mark("2", 450)).await.unwrap();
    sync(&here, &server).await;
    assert_eq!(sheet(&here, 2).await.sheet.total(), Points(100));
    server.restore(1);
    assert_eq!(sync(&here, &server).await, Link::Online);
    assert_eq!(sheet(&here, 2).await.sheet.total(), Points(100));
    assert_eq!(sheet(&here, 1).await.sheet.total(), Points(750));
    let replica = here.load().await.unwrap().replica.unwrap();
    assert_eq!(server.seqs_of(replica.chain.replica), [1, 2, 3], "in the same conversation");
    assert!(outbox(&here).await.is_empty());
    let accepted = server.accepted();
    sync(&there, &server).await;
    sync(&here, &server).await;
    assert_eq!(server.accepted(), accepted, "the other tablet's own writing comes second");
    assert_eq!(sheet(&here, 2).await.sheet.total(), Points(100));
    assert_eq!(sheet(&there, 2).await.sheet.total(), Points(100));
}

/// S27, S23: what a restored server lost of another tablet, and this one has corrected since, comes again and changes nothing:
/// neither here nor there, nor once the other tablet comes.
#[wasm_bindgen_test]
async fn s27_what_was_corrected_stays_corrected() {
    let server = TestServer::new();
    let (here, there) = (fresh_store().await, fresh_store().await);
    act(&there, 1, mark("1", 400)).await.unwrap();
    act(&there, 1, mark("2", 100)).await.unwrap();
    sync(&there, &server).await;
    sync(&here, &server).await;
    act(&here, 1, mark("1", 300)).await.unwrap();
    sync(&here, &server).await;
    server.restore(0);
    assert_eq!(sync(&here, &server).await, Link::Online);
    assert_eq!(server.accepted(), 3);
    assert_eq!(sheet(&here, 1).await.sheet.total(), Points(400), "3 as corrected, and 1");
    let third = fresh_store().await;
    sync(&third, &server).await;
    assert_eq!(sheet(&third, 1).await.sheet.total(), Points(400));
    sync(&there, &server).await;
    act(&there, 1, mark("2", 200)).await.unwrap();
    sync(&there, &server).await;
    sync(&here, &server).await;
    for store in [&here, &there] {
        assert_eq!(sheet(store, 1).await.sheet.total(), Points(500), "and goes on from there");
    }
}
