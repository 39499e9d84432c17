//! How photos are brought, and what becomes of those that are not.

use super::*;
use crate::ids::SheetId;
use crate::photo::{Mime, Photo};
use crate::sync::chain::{OpHash, WireOp, sha256};
use crate::sync::turn::Reply;
use crate::sync::turn::tests::{USER, acked, nothing_waits, ok, refusal};
use crate::sync::wire::Pulled;
use uuid::Uuid;

fn waiting(n: u32) -> WaitingPhoto {
    let photo = Photo { sha256: sha256(&n.to_be_bytes()), size: 4, mime: Mime::Jpeg };
    WaitingPhoto { of: SheetId(Uuid::from_u128(u128::from(n))), photo }
}

fn all(count: u32) -> Vec<WaitingPhoto> {
    (0..count).map(waiting).collect()
}

fn names(photos: &[WaitingPhoto]) -> Vec<OpHash> {
    photos.iter().map(|waiting| waiting.photo.sha256).collect()
}

/// A conversation in which no operation waits, with these photos.
fn begun(photos: Vec<WaitingPhoto>) -> (Turn, Step) {
    let (mut turn, _) = Turn::begin("1", false);
    let step = turn.hear(nothing_waits());
    assert!(matches!(step, Step::Photos));
    let step = turn.hear(Event::Photos(photos));
    (turn, step)
}

fn said(wanted: &[WaitingPhoto], stored: &[WaitingPhoto]) -> Event {
    ok(&PhotosWanted { user: USER, wanted: names(wanted), stored: names(stored) })
}

fn stored(photo: WaitingPhoto) -> Event {
    ok(&PhotoStored { user: USER, sha256: photo.photo.sha256 })
}

/// Which photo is put now.
fn put(step: &Step) -> WaitingPhoto {
    let Step::PutPhoto(photo) = step else { panic!("{step:?}") };
    *photo
}

fn settled(step: &Step) -> &[WaitingPhoto] {
    let Step::SettlePhotos(photos) = step else { panic!("{step:?}") };
    photos
}

fn asked(step: &Step) -> &[OpHash] {
    let Step::AskPhotos(AskPhotos { photos }) = step else { panic!("{step:?}") };
    photos
}

fn end(step: &Step) -> &Link {
    let Step::End(link) = step else { panic!("{step:?}") };
    link
}

/// What comes before the next photo: a report, what was written meanwhile, and news.
fn others_first(turn: &mut Turn, step: &Step) -> Step {
    assert!(matches!(step, Step::Batch));
    let Step::Push(push) = turn.hear(nothing_waits()) else { panic!("no report") };
    assert!(push.ops.is_empty() && push.unsent == 3);
    assert!(matches!(turn.hear(acked(&push)), Step::Settle(..)));
    assert!(matches!(turn.hear(Event::Settled), Step::Batch));
    assert!(matches!(turn.hear(nothing_waits()), Step::Position));
    assert!(matches!(turn.hear(Event::Position(None)), Step::Pull(None)));
    assert!(matches!(turn.hear(ok(&Pulled::without_news(USER))), Step::Take(..)));
    turn.hear(Event::Taken { forked: false, waits: false })
}

/// The server has the photo that is put now.
fn brought(turn: &mut Turn, photo: WaitingPhoto) -> Step {
    let step = turn.hear(stored(photo));
    assert_eq!(settled(&step), [photo]);
    let step = turn.hear(Event::PhotosSettled);
    others_first(turn, &step)
}

#[test]
fn without_photos_nothing_is_asked() {
    assert_eq!(end(&begun(vec![]).1), &Link::Online);
}

#[test]
fn s10_only_what_the_server_said_it_has_is_written_down() {
    let photos = all(4);
    let (mut turn, step) = begun(photos.clone());
    assert_eq!(asked(&step), names(&photos));
    // The third it has, the fourth nobody has named yet.
    let step = turn.hear(said(&photos[..2], &photos[2..3]));
    assert_eq!(settled(&step), &photos[2..3]);
    let step = turn.hear(Event::PhotosSettled);
    assert_eq!(put(&others_first(&mut turn, &step)), photos[0]);
    assert_eq!(put(&brought(&mut turn, photos[0])), photos[1]);
    assert_eq!(end(&turn.hear(stored(photos[0]))), &Link::WrongVersion, "an answer about another one");
}

/// S30: the server hears how much is unsent after the photos have come, not before alone.
#[test]
fn s30_what_is_unsent_is_reported_once_more_after_photos_were_brought() {
    let (mut turn, _) = begun(all(1));
    turn.hear(said(&all(1), &[]));
    assert_eq!(end(&brought(&mut turn, waiting(0))), &Link::Online);
}

/// S5: a mark that is written while photos go out doesn't wait for them.
#[test]
fn s5_operations_go_out_between_photos() {
    let (mut turn, _) = begun(all(2));
    turn.hear(said(&all(2), &[]));
    turn.hear(stored(waiting(0)));
    assert!(matches!(turn.hear(Event::PhotosSettled), Step::Batch));
    let Event::Batch(mut batch, unsent) = nothing_waits() else { unreachable!() };
    batch.ops = vec![WireOp { envelope: String::new(), hash: sha256(b"") }];
    let Step::Push(push) = turn.hear(Event::Batch(batch, unsent)) else { panic!("it waits") };
    assert_eq!(push.ops.len(), 1);
}

#[test]
fn s18_one_refused_photo_does_not_keep_the_others_back() {
    for status in [400, 409, 413] {
        let photos = all(2);
        let (mut turn, _) = begun(photos.clone());
        assert_eq!(put(&turn.hear(said(&photos, &[]))), photos[0]);
        assert_eq!(put(&turn.hear(refusal(status, "not_a_photo"))), photos[1], "{status}");
        // The refusal is what the turn ends with.
        assert_eq!(end(&brought(&mut turn, photos[1])), &Link::Refused("not_a_photo".into()));
    }
}

/// S13: what was this user's a moment ago is another's sign-in now: not one photo more goes out under it.
#[test]
fn s13_a_photo_that_nobody_here_named_ends_the_turn() {
    for (status, code) in [(404, "unknown_photo"), (403, "forbidden")] {
        let (mut turn, _) = begun(all(2));
        turn.hear(said(&all(2), &[]));
        assert_eq!(end(&turn.hear(refusal(status, code))), &Link::Refused(OTHER_USER.into()));
    }
}

#[test]
fn bytes_that_are_gone_are_named_and_the_others_brought() {
    let photos = all(2);
    let (mut turn, _) = begun(photos.clone());
    turn.hear(said(&photos, &[]));
    assert_eq!(put(&turn.hear(Event::NoBytes)), photos[1]);
    assert!(matches!(turn.hear(Event::StorageFailed), Step::End(Link::Refused(code)) if code == "storage_failed"));
}

/// S11, S22: nothing more is asked of a network, a session or a server that isn't there, and nothing is written down.
#[test]
fn s11_s22_whatever_is_no_answer_ends_the_turn_and_all_of_them_wait() {
    let page = || Event::Reply(Some(Reply { status: 200, marked: false, body: b"<form>Wi-Fi</form>".to_vec() }));
    let proxy = || Event::Reply(Some(Reply { status: 502, marked: false, body: Vec::new() }));
    let cut = || Event::Reply(Some(Reply { status: 200, marked: true, body: b"{\"user\":".to_vec() }));
    let refused = |code: &str| Link::Refused(code.into());
    let table: [(&dyn Fn() -> Event, Link); 8] = [
        (&|| Event::Reply(None), Link::Offline),
        (&page, Link::CaptivePortal),
        (&proxy, Link::Offline),
        (&cut, Link::WrongVersion),
        (&|| refusal(401, "not_signed_in"), Link::SignedOut),
        (&|| refusal(429, "slow_down"), refused("slow_down")),
        (&|| refusal(503, "busy"), refused("busy")),
        (&|| refusal(507, "server_full"), refused("server_full")),
    ];
    for (answer, link) in table {
        let (mut turn, _) = begun(all(2));
        assert_eq!(end(&turn.hear(answer())), &link, "asking");
        let (mut turn, _) = begun(all(2));
        turn.hear(said(&all(2), &[]));
        assert_eq!(end(&turn.hear(answer())), &link, "putting");
    }
}

/// S13: two may have been sent the same photo. What another's sign-in has stored is not stored for us.
#[test]
fn s13_what_is_said_of_another_user_is_not_believed() {
    let other = UserId(Uuid::from_u128(9));
    let (mut turn, _) = begun(all(1));
    let step = turn.hear(ok(&PhotosWanted { user: other, wanted: vec![], stored: names(&all(1)) }));
    assert_eq!(end(&step), &Link::Refused(OTHER_USER.into()));
    let (mut turn, _) = begun(all(1));
    turn.hear(said(&all(1), &[]));
    let step = turn.hear(ok(&PhotoStored { user: other, sha256: waiting(0).photo.sha256 }));
    assert_eq!(end(&step), &Link::Refused(OTHER_USER.into()));
}

#[test]
fn many_photos_are_asked_about_in_several_requests() {
    let photos = all(MAX_ASKED_PHOTOS as u32 + 1);
    let (first, second) = photos.split_at(MAX_ASKED_PHOTOS);
    let (mut turn, step) = begun(photos.clone());
    assert_eq!(asked(&step), names(first));
    let step = turn.hear(said(&[], first));
    assert_eq!(settled(&step), first);
    let step = turn.hear(Event::PhotosSettled);
    let step = others_first(&mut turn, &step);
    assert_eq!(asked(&step), names(second));
    assert_eq!(end(&turn.hear(said(&[], &[]))), &Link::Online);
}

#[test]
fn a_photo_on_two_sheets_travels_once() {
    let twice = [waiting(0), waiting(1), WaitingPhoto { of: waiting(7).of, ..waiting(0) }];
    let (mut turn, _) = begun(twice.to_vec());
    assert_eq!(put(&turn.hear(said(&twice[..2], &[]))), twice[0]);
    let step = turn.hear(stored(twice[0]));
    let mut both = settled(&step).to_vec();
    both.sort_by_key(|one| one.of);
    assert_eq!(both, [twice[0], twice[2]]);
    let step = turn.hear(Event::PhotosSettled);
    assert_eq!(put(&others_first(&mut turn, &step)), twice[1]);
}

#[test]
fn s21_a_server_that_does_not_know_the_request_is_an_older_one() {
    let (mut turn, _) = begun(all(1));
    assert_eq!(end(&turn.hear(refusal(404, "not_found"))), &Link::WrongVersion);
}
