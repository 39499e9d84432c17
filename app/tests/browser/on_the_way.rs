//! Photos on their way into the store, through the handle that the screens hold: whose they are, and that none is lost (S8).

use crate::behind_fetch::{Fetch, sign_in, tablet, until};
use crate::server::{TestServer, Weather};
use crate::support::*;
use app::store::DraftCell;
use app::store::device::{DEVICE, Device};
use app::sync::tabs::{Message, Tabs};
use app::tablet::{
    ActProblem, Album, Link, OnTheWay, Phase, SaveProblem, SaveState, ServerState, SheetView, Tablet, TakenPhoto,
};
use domain::photo::Photo;
use domain::sheet::Act;
use domain::sync::wire::HeldCode;
use js_sys::{Function, Promise};
use leptos::prelude::{GetUntracked, WithUntracked};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

const FULL: &str = "function () { throw new DOMException('', 'QuotaExceededError'); }";

/// I7, S1: one juror signs out while photos are made small, by this tab or by another, and the next one signs in: they are
/// the first one's, on the first one's sheet.
#[wasm_bindgen_test]
async fn i7_a_photo_stays_its_jurors_who_took_it() {
    let Day { server, tablet, _fetch } = begin("gk07").await;
    server.weather.set(Weather::NoNetwork);
    let sheet = Album::Sheet(visit(1));
    let pictures = [picture(10).await, picture(20).await, picture(30).await];

    // Signing out here waits for them.
    tablet.take_photos(&sheet, pictures.to_vec());
    tablet.sign_out().await.unwrap();
    server.weather.set(Weather::Fine);
    sign_in(tablet, "gk08").await.unwrap();
    assert_eq!((photos(tablet, 1), tablet.unsent().get_untracked()), (vec![], 0));
    sign_in(tablet, "gk07").await.unwrap();
    assert_eq!(photos(tablet, 1).len(), 3);

    // Another tab signs out, and doesn't wait.
    let more = [picture(40).await, picture(50).await, picture(60).await];
    tablet.take_photos(&sheet, more.to_vec());
    let device = Device::open(DEVICE).await.unwrap();
    device.mark_signed_in(None).await.unwrap();
    Tabs::open(|_| {}).tell(&Message::People);
    until("signed out", || tablet.phase().get_untracked() == Phase::SignedOut).await;
    sign_in(tablet, "gk08").await.unwrap();
    assert_eq!((photos(tablet, 1), tablet.unsent().get_untracked()), (vec![], 0));
    sign_in(tablet, "gk07").await.unwrap();
    assert_eq!(photos(tablet, 1).len(), 6);
    tablet.sign_out().await.unwrap();
}

/// S8, S10, S24: a photo that doesn't fit stays, counted as unsent, whatever page is open and whoever signs in meanwhile; its
/// sheet isn't confirmed without it; once there is room it is saved.
#[wasm_bindgen_test]
async fn s8_a_photo_that_does_not_fit_is_kept_until_it_does() {
    let Day { server, tablet, _fetch } = begin("gk04").await;
    server.weather.set(Weather::NoNetwork);
    let sheet = Album::Sheet(visit(2));
    let on_the_way = tablet.photos_on_the_way(&sheet);
    let full = Patched::new("IDBObjectStore", "put", FULL);
    tablet.take_photos(&sheet, vec![picture(70).await, picture(70).await]);
    assert_eq!((on_the_way.with_untracked(|photos| photos.preparing), tablet.unsent().get_untracked()), (2, 1));
    assert_eq!(tablet.sheet(&visit(2)).get_untracked().save, SaveState::Saving);
    tablet.written().await;
    let problems: Vec<_> =
        on_the_way.with_untracked(|photos| photos.unsaved.iter().map(|one| one.problem.clone()).collect());
    assert_eq!(problems, [ActProblem::Save(SaveProblem::Full)], "the same photo once");
    assert_eq!((photos(tablet, 2), tablet.unsent().get_untracked()), (vec![], 1));

    let state_hash = tablet.sheet(&visit(2)).get_untracked().sheet.state_hash();
    let confirmed = tablet.act(&visit(2), Act::Confirm { state_hash }).await;
    assert_eq!(confirmed, Err(ActProblem::PhotosNotSaved));
    let of = on_the_way.with_untracked(|photos| photos.unsaved[0].taken.photo.sha256);
    tablet.save_photo_again(&sheet, of);
    assert_eq!(on_the_way.with_untracked(|photos| photos.unsaved.len()), 1, "on screen until it is saved");
    tablet.written().await;
    assert_eq!((on_the_way.with_untracked(OnTheWay::count), tablet.unsaved().get_untracked()), (1, 1));
    drop(full);
    // What is typed beside it is saved, and not called unsaved.
    let cell = DraftCell::Mark(code("1"));
    tablet.draft(&visit(2), cell.clone(), Some("3".into())).await.unwrap();
    let SheetView { drafts, unsaved, save, .. } = tablet.sheet(&visit(2)).get_untracked();
    assert_eq!((drafts.contains_key(&cell), unsaved.len()), (true, 0));
    assert_eq!(save, SaveState::Failed { reason: SaveProblem::Full }, "of the photo");
    tablet.draft(&visit(2), cell, None).await.unwrap();

    tablet.sign_out().await.unwrap();
    assert_eq!(tablet.unsent().get_untracked(), 0);
    server.weather.set(Weather::Fine);
    sign_in(tablet, "gk02").await.unwrap();
    assert_eq!(tablet.unsent().get_untracked(), 0);
    sign_in(tablet, "gk04").await.unwrap();
    assert_eq!((tablet.unsent().get_untracked(), tablet.unsaved().get_untracked()), (1, 1));
    let full = SaveState::Failed { reason: SaveProblem::Full };
    assert_eq!(tablet.sheet(&visit(2)).get_untracked().save, full);
    server.weather.set(Weather::NoNetwork);
    web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    tablet.written().await;
    assert_eq!((on_the_way.with_untracked(OnTheWay::count), photos(tablet, 2).len()), (0, 1));
    assert_eq!(tablet.unsaved().get_untracked(), 0);
    tablet.sign_out().await.unwrap();
}

/// S8, S21: a newer version of the app waits also while something could not be saved: it would be lost with the page.
#[wasm_bindgen_test]
async fn s21_a_new_version_waits_for_what_is_not_saved() {
    let Day { server, tablet, _fetch } = begin("gk09").await;
    server.weather.set(Weather::NoNetwork);
    let started = Rc::new(Cell::new(0));
    let count = started.clone();
    let listener = Closure::<dyn FnMut()>::new(move || count.set(count.get() + 1));
    let window = web_sys::window().unwrap();
    let event = "binhchon:activate-update";
    window.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()).unwrap();
    let full = Patched::new("IDBObjectStore", "put", FULL);
    let remark = tablet.draft(&visit(5), DraftCell::Remark, Some("Sạch".into())).await;
    assert_eq!((remark, tablet.unsaved().get_untracked()), (Err(SaveProblem::Full), 1));
    assert_eq!(tablet.sheet(&visit(5)).get_untracked().unsaved, [DraftCell::Remark]);
    tablet.accept_update();
    let sheet = Album::Sheet(visit(6));
    tablet.take_photos(&sheet, vec![picture(110).await]);
    tablet.written().await;
    drop(full);
    assert_eq!((tablet.unsaved().get_untracked(), started.get()), (2, 0));
    tablet.draft(&visit(5), DraftCell::Remark, Some("Sạch".into())).await.unwrap();

    // Also while somebody else is signed in: the photo would be lost with the page.
    tablet.sign_out().await.unwrap();
    server.weather.set(Weather::Fine);
    sign_in(tablet, "gk10").await.unwrap();
    assert_eq!((tablet.unsaved().get_untracked(), tablet.others_have_unsaved()), (0, true));
    tablet.accept_update();
    tablet.written().await;
    sign_in(tablet, "gk09").await.unwrap();
    assert_eq!((tablet.unsaved().get_untracked(), tablet.others_have_unsaved(), started.get()), (1, false, 0));
    let photo = tablet.photos_on_the_way(&sheet).with_untracked(|photos| photos.unsaved[0].taken.photo);
    tablet.let_photo_go(&sheet, photo.sha256);
    assert_eq!(tablet.unsaved().get_untracked(), 0);
    tablet.accept_update();
    until("the new version", || started.get() == 1).await;
    window.remove_event_listener_with_callback(event, listener.as_ref().unchecked_ref()).unwrap();
    tablet.sign_out().await.unwrap();
}

/// S8: what is no picture is counted; what the sheet doesn't allow is kept with its reason until its juror lets go of it.
#[wasm_bindgen_test]
async fn s8_a_photo_that_is_not_allowed_waits_for_its_jurors_word() {
    let Day { server, tablet, _fetch } = begin("gk05").await;
    server.weather.set(Weather::NoNetwork);
    let sheet = Album::Sheet(visit(3));
    let on_the_way = tablet.photos_on_the_way(&sheet);
    let text = Blob::new_with_str_sequence(&js_sys::Array::of1(&"no picture".into())).unwrap();
    tablet.take_photos(&sheet, vec![text, picture(80).await]);
    tablet.written().await;
    assert_eq!((on_the_way.with_untracked(|photos| photos.unreadable), photos(tablet, 3).len()), (1, 1));

    tablet.act(&visit(3), Act::Recuse { reason: "Họ hàng".into() }).await.unwrap();
    tablet.take_photos(&sheet, vec![picture(90).await]);
    tablet.written().await;
    let refused = on_the_way.get_untracked().unsaved;
    assert!(matches!(refused[0].problem, ActProblem::Work(_)), "{:?}", refused[0].problem);
    web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    tablet.written().await;
    assert_eq!(on_the_way.with_untracked(OnTheWay::count), 1);
    tablet.let_photo_go(&sheet, refused[0].taken.photo.sha256);
    assert_eq!((on_the_way.with_untracked(OnTheWay::count), photos(tablet, 3).len()), (0, 1));
    tablet.sign_out().await.unwrap();
}

/// S18: a photo that the server refuses is brought once, and again when its juror says so; meanwhile its sheet says what the
/// server made of the words. Taken off, it is waited for no more; put back, it is.
#[wasm_bindgen_test]
async fn s18_a_refused_photo_is_not_brought_with_every_mark() {
    let Day { server, tablet, _fetch } = begin("gk06").await;
    server.weather.set(Weather::NoNetwork);
    let (key, sheet) = (visit(4), Album::Sheet(visit(4)));
    tablet.take_photos(&sheet, vec![picture(100).await]);
    tablet.written().await;
    let photo = photos(tablet, 4)[0];
    let bytes = tablet.photo(photo.sha256).await.unwrap();
    server.refuses.set(Some(photo.sha256));
    server.weather.set(Weather::Fine);
    let refused = Link::Refused("not_a_photo".to_owned());
    tablet.sync_now();
    until("the refusal", || tablet.link().get_untracked() == refused).await;
    assert_eq!(server.photos_brought.get(), 1);
    assert_eq!(tablet.refused_photos().get_untracked().keys().copied().collect::<Vec<_>>(), [photo.sha256]);

    // Nobody assigned this juror: what became of the words is said, though a photo waits.
    tablet.act(&key, mark("1", 300)).await.unwrap();
    let held = ServerState::Held(HeldCode::NotAssigned);
    until("the mark", || tablet.sheet(&key).get_untracked().server == held && !tablet.syncing().get_untracked()).await;
    assert_eq!((server.photos_brought.get(), tablet.link().get_untracked()), (1, refused.clone()));
    assert_eq!(tablet.unsent().get_untracked(), 1);
    tablet.sync_now();
    until("the second attempt", || server.photos_brought.get() == 2 && !tablet.syncing().get_untracked()).await;

    tablet.detach(&sheet, photo.sha256).await.unwrap();
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    assert_eq!(tablet.unsent().get_untracked(), 0);
    server.refuses.set(None);
    tablet.put_photo_back(&sheet, TakenPhoto { photo, bytes: bytes.into() });
    assert_eq!(
        (tablet.unsent().get_untracked(), tablet.photos_on_the_way(&sheet).with_untracked(OnTheWay::count)),
        (1, 1)
    );
    tablet.written().await;
    assert_eq!(photos(tablet, 4), [photo]);
    tablet.sync_now();
    until("all sent", || tablet.unsent().get_untracked() == 0).await;

    // Taken off before the server has refused it.
    server.weather.set(Weather::NoNetwork);
    tablet.take_photos(&sheet, vec![picture(120).await]);
    tablet.written().await;
    let next = photos(tablet, 4).into_iter().find(|one| *one != photo).unwrap();
    server.refuses.set(Some(next.sha256));
    tablet.detach(&sheet, next.sha256).await.unwrap();
    assert_eq!(tablet.unsent().get_untracked(), 1);
    server.weather.set(Weather::Fine);
    tablet.sync_now();
    until("nothing waits", || tablet.unsent().get_untracked() == 0).await;
    until("the refusal's end", || tablet.link().get_untracked() == Link::Online).await;
    tablet.sign_out().await.unwrap();
}

struct Day {
    server: Rc<TestServer>,
    tablet: Tablet,
    _fetch: Fetch,
}

async fn begin(name: &str) -> Day {
    let server = Rc::new(TestServer::new());
    let (fetch, tablet) = (Fetch::from(server.clone()), tablet().await);
    sign_in(tablet, name).await.unwrap();
    until("online", || tablet.link().get_untracked() == Link::Online).await;
    Day { server, tablet, _fetch: fetch }
}

fn photos(tablet: Tablet, n: u32) -> Vec<Photo> {
    tablet.sheet(&visit(n)).with_untracked(|view| view.sheet.photos())
}

/// A picture of one colour.
async fn picture(hue: u32) -> Blob {
    let draw = Function::new_with_args(
        "hue",
        "return new Promise((done) => {
           const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
           const pen = canvas.getContext('2d');
           pen.fillStyle = `hsl(${hue} 60% 50%)`;
           pen.fillRect(0, 0, 40, 30);
           canvas.toBlob(done, 'image/png');
         })",
    );
    let drawn: Promise = draw.call1(&JsValue::NULL, &hue.into()).unwrap().dyn_into().unwrap();
    JsFuture::from(drawn).await.unwrap().dyn_into().unwrap()
}
