//! A secretary's records of stops in the tablet's store (S5).

use crate::behind_fetch::{Fetch, sign_in, tablet, taken_in_unseen, until};
use crate::edition::stop;
use crate::server::{TestServer, Weather, sync};
use crate::support::*;
use app::store::{ActProblem, Store, VisitOrder, VisitRecord};
use domain::ids::SheetId;
use domain::jury::Presence;
use domain::sync::chain::Envelope;
use domain::sync::turn::Link;
use domain::sync::wire::{RejectedCode, Status};
use domain::visit::{TimeOfDay, VisitAct, VisitError, VisitKey};
use leptos::prelude::GetUntracked;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

fn key() -> VisitKey {
    VisitKey { round: "visit".parse().unwrap(), stop: stop().key() }
}

fn id() -> SheetId {
    SheetId::of_visit(EDITION, &key().round, &key().stop)
}

fn absent(reason: &str) -> VisitAct {
    VisitAct::Presence { juror: JUROR, presence: Presence::Absent { reason: reason.into() } }
}

async fn write(store: &Store, act: VisitAct) -> Result<VisitRecord, ActProblem> {
    let order = VisitOrder { id: id(), key: &key(), act: &act, epoch: 1, seen: None, now: NOW };
    store.write_visit(&order, None).await.map(|(record, _)| record)
}

async fn record(store: &Store) -> VisitRecord {
    store.load().await.unwrap().visits.remove(0)
}

async fn secretarys() -> Store {
    store_of(SECRETARY, fresh_replica()).await
}

fn server() -> TestServer {
    let server = TestServer::new();
    server.session.set(Some(SECRETARY));
    server
}

/// S2, S8: two tabs write into one record and a sheet's chain: one chain without gaps, nothing lost, all there after a reload.
#[wasm_bindgen_test]
async fn s2_s8_two_tabs_write_one_record() {
    let first = Rc::new(secretarys().await);
    let second = Rc::new(Store::open(first.name()).await.unwrap());
    let (one, two) = (first.clone(), second.clone());
    both(
        async move {
            write(&one, VisitAct::Arrive(TimeOfDay::new(8, 10))).await.unwrap();
        },
        async move {
            write(&two, absent("Ốm")).await.unwrap();
        },
    )
    .await;
    let reopened = Store::open(first.name()).await.unwrap();
    let record = record(&reopened).await;
    assert_eq!(record.visit.arrived(), [TimeOfDay::new(8, 10).unwrap()]);
    assert_eq!(record.visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    let seqs: Vec<u64> = outbox(&reopened).await.iter().map(|entry| entry.seq).collect();
    assert_eq!((seqs, record.last_seq), (vec![1, 2], 2));
}

/// S5: what can't be is refused before it is an operation, and nothing is changed.
#[wasm_bindgen_test]
async fn s5_an_absence_without_a_reason_is_no_operation() {
    let store = secretarys().await;
    assert_eq!(write(&store, absent(" ")).await, Err(ActProblem::Visit(VisitError::ReasonMissing)));
    assert!(outbox(&store).await.is_empty() && store.load().await.unwrap().visits.is_empty());
}

/// S6: what is typed about a product is kept beside what is typed about the stop, and ends with its own act alone.
#[wasm_bindgen_test]
async fn s6_a_draft_about_a_stop_survives_and_ends_with_its_act() {
    let store = secretarys().await;
    store.draft_fact(id(), &key(), None, Some("Lò m"), None, NOW).await.unwrap();
    store.draft_fact(id(), &key(), Some(product(1)), Some("Đang ph"), None, NOW).await.unwrap();
    let reopened = Store::open(store.name()).await.unwrap();
    assert_eq!(record(&reopened).await.drafts, [(None, "Lò m".to_owned()), (Some(product(1)), "Đang ph".to_owned())]);
    let written = write(&reopened, VisitAct::SetFact { product: None, text: "Lò mới".into() }).await.unwrap();
    assert_eq!(written.drafts, [(Some(product(1)), "Đang ph".to_owned())]);
    assert_eq!(written.visit.fact(None), "Lò mới");
}

/// S11, S19, I8: through every trouble of the network the records stay, and reach the server once.
#[wasm_bindgen_test]
async fn s11_records_wait_through_every_trouble_and_arrive_once() {
    let (store, server) = (secretarys().await, server());
    write(&store, absent("Ốm")).await.unwrap();
    for weather in [Weather::NoNetwork, Weather::AnswerLost, Weather::CutOff, Weather::CaptivePortal] {
        server.weather.set(weather);
        assert_ne!(sync(&store, &server).await, Link::Online);
        assert_eq!(outbox(&store).await.len(), 1, "{weather:?}");
    }
    server.weather.set(Weather::Fine);
    assert_eq!(sync(&store, &server).await, Link::Online);
    let record = record(&store).await;
    assert!(outbox(&store).await.is_empty() && !record.is_unsent(1) && record.received.is_some());
    assert_eq!(record.known.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    assert_eq!(server.accepted(), 1);
}

/// S23, S27: another tablet's word arrives, and what is written then names it.
#[wasm_bindgen_test]
async fn s23_what_another_tablet_wrote_is_seen_and_corrected() {
    let server = server();
    let (one, other) = (secretarys().await, secretarys().await);
    write(&one, absent("Ốm")).await.unwrap();
    assert_eq!(sync(&one, &server).await, Link::Online);
    assert_eq!(sync(&other, &server).await, Link::Online);
    assert_eq!(record(&other).await.visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    let here = VisitAct::Presence { juror: JUROR, presence: Presence::Present };
    let corrected = write(&other, here).await.unwrap();
    assert!(!corrected.visit.is_doubtful(JUROR));
    let waiting: Envelope = serde_json::from_str(&outbox(&other).await[0].op.envelope).unwrap();
    assert_eq!(waiting.bases().len(), 1);
    assert_eq!(sync(&other, &server).await, Link::Online);
    assert_eq!(sync(&one, &server).await, Link::Online);
    assert_eq!(record(&one).await.visit.presence(JUROR), Some(&Presence::Present));
}

/// S23: another tablet's word is being taken in while the finger comes down: it isn't on the screen yet, and what is written then
/// corrects nothing of it. The own word of a moment ago is corrected all the same.
#[wasm_bindgen_test]
async fn s23_what_is_not_on_the_screen_yet_of_a_stop_is_not_corrected() {
    let server = Rc::new(server());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;
    sign_in(tablet, "thuky").await.unwrap();
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    let there = secretarys().await;
    let fact = |text: &str| VisitAct::SetFact { product: None, text: text.into() };
    for act in [absent("Ốm"), VisitAct::Arrive(TimeOfDay::new(8, 10)), fact("Lò cũ")] {
        write(&there, act).await.unwrap();
    }
    assert_eq!(sync(&there, &server).await, Link::Online);
    let here = taken_in_unseen(&server).await;
    assert_eq!(record(&here).await.visit.fact(None), "Lò cũ");

    // All asked for before any is written: what is written shows what else stands on the record.
    let present = VisitAct::Presence { juror: JUROR, presence: Presence::Present };
    let acts = [present, VisitAct::Arrive(TimeOfDay::new(8, 5)), VisitAct::Arrive(TimeOfDay::new(8, 20))];
    let acts = acts.map(|act| tablet.act_on_visit(&key(), act));
    let typed = tablet.draft_fact(&key(), None, Some("Lò m".into()));
    let finished = tablet.act_on_visit(&key(), fact("Lò mới"));
    for act in acts {
        act.await.unwrap();
    }
    typed.await.unwrap();
    finished.await.unwrap();
    let visit = record(&here).await.visit;
    assert!(visit.is_doubtful(JUROR));
    assert_eq!(visit.arrived(), [(8, 10), (8, 20)].map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap()));
    assert_eq!(visit.fact(None), "Lò cũ\nLò mới");
    server.weather.set(Weather::Fine);
    drop(fetch);
}

/// S18: the server refuses one: it is said, what stood before stands, and the next goes through.
#[wasm_bindgen_test]
async fn s18_a_refused_record_says_so_and_blocks_nothing() {
    let (store, server) = (secretarys().await, server());
    write(&store, VisitAct::Presence { juror: SECRETARY, presence: Presence::Present }).await.unwrap();
    write(&store, VisitAct::Arrive(TimeOfDay::new(8, 10))).await.unwrap();
    assert_eq!(sync(&store, &server).await, Link::Online);
    let record = record(&store).await;
    assert_eq!(record.rejected, Some(RejectedCode::UnknownJuror));
    assert_eq!((record.visit.presence(SECRETARY), record.visit.arrived().len()), (None, 1));
    let counting = log(&store).await.into_iter().filter(|entry| entry.status == Status::Accepted).count();
    assert_eq!((counting, outbox(&store).await.len()), (1, 0));
}

/// S17: a cloned tablet's waiting records go out once, under a new name.
#[wasm_bindgen_test]
async fn s17_a_cloned_tablets_records_count_once() {
    let server = server();
    let replica = fresh_replica();
    let (one, clone) = (store_of(SECRETARY, replica).await, store_of(SECRETARY, replica).await);
    write(&one, VisitAct::Arrive(TimeOfDay::new(8, 10))).await.unwrap();
    write(&clone, absent("Ốm")).await.unwrap();
    assert_eq!(sync(&one, &server).await, Link::Online);
    assert_eq!(sync(&clone, &server).await, Link::Online);
    assert_eq!(sync(&one, &server).await, Link::Online);
    assert!(outbox(&clone).await.is_empty());
    for store in [&one, &clone] {
        let record = record(store).await;
        assert_eq!(record.visit.arrived(), [TimeOfDay::new(8, 10).unwrap()]);
        assert_eq!(record.visit.presence(JUROR), Some(&Presence::Absent { reason: "Ốm".into() }));
    }
}
