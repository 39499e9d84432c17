//! The handle that the screens hold, with a server behind `fetch`: two jurors share a tablet, and the disk gives trouble.

use crate::behind_fetch::{Fetch, sign_in, tablet, taken_in_unseen, until};
use crate::server::{TestServer, Weather, sync};
use crate::support::*;
use app::store::{ActProblem, DraftCell, SaveProblem};
use app::tablet::{Link, Phase, Problem, SaveState, ServerState, SheetView, Tablet};
use domain::access::Role;
use domain::points::Points;
use leptos::prelude::GetUntracked;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// S1, S8, S10, S11, S13: a whole day of two jurors on one tablet, most of it without a network.
#[wasm_bindgen_test]
async fn s11_two_jurors_share_a_tablet_and_nobody_loses_anything() {
    let server = Rc::new(TestServer::new());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;

    // The first sign-in wants the network, and says so; the second time it is there.
    server.weather.set(Weather::NoNetwork);
    assert_eq!(sign_in(tablet, "gk01").await.unwrap_err(), Problem::NoNetwork);
    server.weather.set(Weather::CaptivePortal);
    assert_eq!(sign_in(tablet, "gk01").await.unwrap_err(), Problem::CaptivePortal);
    server.weather.set(Weather::Fine);
    assert_eq!(sign_in(tablet, "gk01").await.unwrap().user, JUROR);
    assert_eq!(tablet.phase().get_untracked(), Phase::Ready);
    assert_eq!(tablet.catalogue().get_untracked().assignments.len(), 300);
    until("online", || tablet.link().get_untracked() == Link::Online).await;

    // Without a network: a mark and a draft are saved, and counted as one unsent sheet each.
    server.weather.set(Weather::NoNetwork);
    let view = tablet.sheet(&visit(1));
    assert_eq!(view.get_untracked(), SheetView::default());
    let written = tablet.act(&visit(1), mark("1", 300));
    assert_eq!(view.get_untracked().save, SaveState::Saving, "at once");
    written.await.unwrap();
    assert!(matches!(view.get_untracked().save, SaveState::Saved { .. }));
    assert_eq!(view.get_untracked().server, ServerState::Unsent);
    tablet.draft(&visit(2), DraftCell::Remark, Some("Sạch".into())).await.unwrap();
    assert_eq!(tablet.unsent().get_untracked(), 2);
    until("offline", || tablet.link().get_untracked() == Link::Offline).await;

    // Signing out keeps it; the second juror sees none of it, and it is not sent under their name.
    tablet.sign_out().await.unwrap();
    assert_eq!((tablet.phase().get_untracked(), tablet.unsent().get_untracked()), (Phase::SignedOut, 0));
    server.weather.set(Weather::Fine);
    assert_eq!(sign_in(tablet, "gk02").await.unwrap().user, OTHER);
    assert_eq!(view.get_untracked(), SheetView::default());
    assert_eq!(tablet.unsent().get_untracked(), 0);
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    assert_eq!(server.accepted(), 0);

    // The first comes back: everything is there, and what is an operation is sent; what is a draft stays one.
    assert_eq!(sign_in(tablet, "gk01").await.unwrap().user, JUROR);
    assert_eq!(view.get_untracked().sheet.total(), Points(300));
    until("received", || matches!(view.get_untracked().server, ServerState::Received { .. })).await;
    assert_eq!(server.accepted(), 1);
    assert_eq!(tablet.unsent().get_untracked(), 1);
    let drafts = tablet.sheet(&visit(2)).get_untracked().drafts;
    assert_eq!(drafts.get(&DraftCell::Remark).map(String::as_str), Some("Sạch"));

    // A session that the server ended: scoring goes on, and signing in again sends.
    server.session.set(None);
    tablet.act(&visit(1), mark("2", 450)).await.unwrap();
    until("the end of the session", || tablet.link().get_untracked() == Link::SignedOut).await;
    assert_eq!((tablet.phase().get_untracked(), tablet.unsent().get_untracked()), (Phase::Ready, 2));
    sign_in(tablet, "gk01").await.unwrap();
    until("the second mark", || server.accepted() == 2).await;

    the_disk_is_full(tablet).await;

    // An organiser on this tablet opens no store, and leaves the juror's alone.
    assert_eq!(sign_in(tablet, "tochuc").await.unwrap().role, Role::Organiser);
    assert_eq!(tablet.phase().get_untracked(), Phase::SignedOut);
    drop(fetch);
}

/// S8: what can't be saved stays on screen as not saved, and is saved as soon as it can be.
async fn the_disk_is_full(tablet: Tablet) {
    let (key, cell) = (visit(3), DraftCell::Mark(code("1")));
    let view = tablet.sheet(&key);
    let full =
        Patched::new("IDBObjectStore", "put", "function () { throw new DOMException('', 'QuotaExceededError'); }");
    let failed = tablet.draft(&key, cell.clone(), Some("3,5".into())).await;
    assert_eq!(failed, Err(SaveProblem::Full));
    assert_eq!(view.get_untracked().save, SaveState::Failed { reason: SaveProblem::Full });
    assert_eq!(view.get_untracked().drafts.get(&cell).map(String::as_str), Some("3,5"));
    // An act that fails leaves nothing that could be saved later.
    let acted = tablet.act(&visit(4), mark("1", 300)).await;
    assert_eq!((acted, tablet.unsaved().get_untracked()), (Err(ActProblem::Save(SaveProblem::Full)), 2));
    drop(full);
    web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    until("saved", || matches!(view.get_untracked().save, SaveState::Saved { .. })).await;
    assert_eq!(view.get_untracked().drafts.get(&cell).map(String::as_str), Some("3,5"));
    assert_eq!(tablet.unsaved().get_untracked(), 0);
    tablet.draft(&key, cell, None).await.unwrap();
}

/// S6: keys typed faster than the disk writes: the newest is what is saved, and every caller hears of it.
#[wasm_bindgen_test]
async fn s6_the_newest_of_many_keys_is_saved() {
    let server = Rc::new(TestServer::new());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;
    sign_in(tablet, "gk03").await.unwrap();
    let (key, cell) = (visit(9), DraftCell::Mark(code("1")));
    let writes: Vec<_> = ["3", "3,", "3,5"].map(|text| tablet.draft(&key, cell.clone(), Some(text.into()))).into();
    for write in writes {
        write.await.unwrap();
    }
    let view = tablet.sheet(&key).get_untracked();
    assert!(matches!(view.save, SaveState::Saved { .. }));
    assert_eq!(view.drafts.get(&cell).map(String::as_str), Some("3,5"));
    let late = tablet.draft(&key, cell.clone(), Some("3".into()));
    tablet.act(&key, mark("1", 350)).await.unwrap();
    late.await.unwrap();
    let view = tablet.sheet(&key).get_untracked();
    assert_eq!((view.sheet.mark(&code("1")), view.drafts.len()), (Some(Points(350)), 0));
    // What is typed after an act that is still queued is newer than the act: it must not end with it.
    let before = tablet.draft(&key, cell.clone(), Some("3".into()));
    let act = tablet.act(&key, mark("1", 300));
    let after = tablet.draft(&key, cell.clone(), Some("2,5".into()));
    before.await.unwrap();
    act.await.unwrap();
    after.await.unwrap();
    let view = tablet.sheet(&key).get_untracked();
    assert_eq!(view.sheet.mark(&code("1")), Some(Points(300)));
    assert_eq!(view.drafts.get(&cell).map(String::as_str), Some("2,5"));
    tablet.sign_out().await.unwrap();
    drop(fetch);
}

/// S23: what another tablet wrote is being taken in while the finger comes down: it isn't on the screen yet, and stands beside
/// what is written then, typed or chosen. The own mark of a moment ago is superseded all the same.
#[wasm_bindgen_test]
async fn s23_what_is_not_on_the_screen_yet_is_not_superseded() {
    let server = Rc::new(TestServer::new());
    let fetch = Fetch::from(server.clone());
    let tablet = tablet().await;
    let user = sign_in(tablet, "gk61").await.unwrap().user;
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    let there = store_of(user, fresh_replica()).await;
    for n in [1, 2] {
        act_as(&there, user, n, mark("1", 300)).await.unwrap();
    }
    assert_eq!(sync(&there, &server).await, Link::Online);
    let here = taken_in_unseen(&server).await;

    let (key, cell) = (visit(1), DraftCell::Mark(code("1")));
    tablet.draft(&key, cell, Some("2".into())).await.unwrap();
    tablet.act(&key, mark("1", 200)).await.unwrap();
    let first = tablet.act(&visit(2), mark("1", 150));
    tablet.act(&visit(2), mark("1", 200)).await.unwrap();
    first.await.unwrap();
    for n in [1, 2] {
        let heads =
            here.sheet(sheet_id(user, &visit(n))).await.unwrap().0.unwrap().sheet.mark_heads(&code("1")).to_vec();
        let mut marks: Vec<_> = heads.iter().map(|head| head.value).collect();
        marks.sort_unstable();
        assert_eq!(marks, [Some(Points(200)), Some(Points(300))], "product {n}");
    }
    server.weather.set(Weather::Fine);
    drop(fetch);
}
