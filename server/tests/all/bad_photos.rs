//! What is kept of a photo is a picture and nothing else, and what is no photo isn't kept (S5, S18, S32).

use crate::edition::{PASSWORD, START, edition_id, user};
use crate::on_both_engines;
use crate::pictures::{LATITUDE, exif_with_place, markers, path, photo_of, picture, pixels, with_segment};
use crate::program::Program;
use crate::tablet::Tablet;
use crate::visits::found;
use crate::world::{World, request};
use axum::body::{Body, Bytes};
use axum::http::header;
use domain::photo::{MAX_PHOTO_BYTES, MAX_PHOTO_SIDE, Photo};
use domain::sheet::Act;
use domain::sync::MAX_ASKED_PHOTOS;
use domain::sync::chain::{Envelope, sha256};
use domain::sync::inbox::Judged;
use domain::sync::wire::{RejectedCode, Status};
use futures_util::stream;
use serde_json::json;
use server::db::ops::Place;
use server::db::replicas::Progress;
use server::db::{self, Db};
use server::evidence::verify::{Finding, Witnesses, verify};
use std::io;

/// A juror's tablet on which these bytes were attached, and the photo as its operation names it.
async fn attached(world: &World, tablet: &mut Tablet, cookie: &str, bytes: &[u8]) -> Photo {
    let photo = photo_of(bytes);
    tablet.act("visit", 1, Act::Attach(photo));
    world.pushed(cookie, &tablet.push_from(tablet.chain.seq)).await;
    photo
}

/// What `verify` finds.
async fn findings(world: &World) -> Vec<String> {
    let report = verify(&world.app.db, Witnesses::default()).await.unwrap().unwrap();
    report.findings.iter().map(Finding::to_string).collect()
}

/// Stores the tablet's last operation as a server did that couldn't read what it does.
async fn stored_unread(world: &World, tablet: &Tablet, code: RejectedCode) {
    let wire = tablet.ops.last().unwrap();
    let envelope: Envelope = serde_json::from_str(&wire.envelope).unwrap();
    let op = Judged { wire, envelope: &envelope, task: None, status: Status::Rejected(code) };
    let mut tx = world.app.db.write().await.unwrap();
    let end = db::log::hold(&mut tx, edition_id(), &world.app.receipt_key.public()).await.unwrap().end;
    let place = Place { edition: edition_id(), first_position: end.position + 1, received_at: START };
    let end = end.with_op(wire.hash, &op.status).sign(edition_id(), &world.app.receipt_key);
    db::ops::append(&mut tx, place, std::slice::from_ref(&op)).await.unwrap();
    db::photos::name(&mut tx, place, &[op]).await.unwrap();
    db::log::seal(&mut tx, edition_id(), &end).await.unwrap();
    let progress = Progress { replica: envelope.replica, seq: envelope.seq, head: Some(wire.hash), said: None };
    db::replicas::advance(&mut tx, &[progress], START).await.unwrap();
    tx.commit().await.unwrap();
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The same picture, whose header says other sides.
fn claiming(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

on_both_engines! {
    /// Where and with what it was taken, and whatever else travels in the file, stays behind; the picture is the same.
    async fn s5_what_is_kept_is_the_picture_alone(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let plain = picture(160, 120, 2);
        let exif = with_segment(&plain, 0xe1, &exif_with_place());
        let xmp = with_segment(&exif, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>owner</x:xmpmeta>");
        let comment = with_segment(&xmp, 0xfe, b"<script>alert(1)</script>");
        let full = [&comment[..], b"PK\x03\x04 hidden behind the picture"].concat();
        let place = LATITUDE.map(u32::to_le_bytes).concat();
        let secrets: [&[u8]; 5] = [&place, b"Exif", b"xmpmeta", b"<script>", b"hidden behind"];
        assert!(secrets.iter().all(|secret| holds(&full, secret)), "all of it was uploaded");
        assert_eq!(markers(&full)[..3], [0xfe, 0xe1, 0xe1]);
        let photo = attached(&world, &mut tablet, &cookie, &full).await;
        assert_eq!(world.put_photo(&cookie, &photo, full).await.status, 200);
        let mut tx = world.app.db.read().await.unwrap();
        let kept = db::photos::bytes(&mut tx, edition_id(), user(1), photo.sha256).await.unwrap().unwrap();
        tx.rollback().await.unwrap();
        assert!(secrets.iter().all(|secret| !holds(&kept, secret)), "none of it was kept");
        let of_pictures = [0xe0, 0xdb, 0xc0, 0xc4, 0xda];
        assert!(markers(&kept).iter().all(|marker| of_pictures.contains(marker)), "{:x?}", markers(&kept));
        assert_eq!(world.get(&cookie, &path(&photo)).await.bytes, kept, "what is kept is what is handed out");
        assert!(kept.ends_with(&[0xff, 0xd9]), "nothing is behind its end");
        let [before, after] = [&plain, &kept].map(|bytes| pixels(bytes));
        assert_eq!(after.len(), 160 * 120 * 3);
        let differences = before.iter().zip(after.iter()).map(|(before, after)| before.abs_diff(*after));
        assert!(differences.max().unwrap() < 24, "it is the same picture");
    }

    /// Whatever else is sent: a coded refusal, and nothing is stored. The operation names just these bytes, so that it is
    /// the picture that is judged.
    async fn s18_what_is_no_photo_is_refused_and_not_stored(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let whole = picture(200, 150, 2);
        let page = b"<!doctype html><script>alert(1)</script>";
        let cases: [(&str, Vec<u8>); 9] = [
            ("cut off", whole[..whole.len() / 2].to_vec()),
            ("its header alone", whole[..200].to_vec()),
            ("a PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec()),
            ("a page", page.to_vec()),
            ("a page before a picture", [page, &whole[..]].concat()),
            ("a picture's first bytes before a page", [&whole[..3], page].concat()),
            ("a picture that claims to be enormous", claiming(whole.clone(), u16::MAX, u16::MAX)),
            ("a picture wider than tablets make", picture(MAX_PHOTO_SIDE + 1, 16, 1)),
            ("one byte", vec![0]),
        ];
        for (what, bytes) in cases {
            let photo = attached(&world, &mut tablet, &cookie, &bytes).await;
            let answer = world.put_photo(&cookie, &photo, bytes).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "not_a_photo"), "{what}");
        }
        let photo = attached(&world, &mut tablet, &cookie, &whole).await;
        let other = world.put_photo(&cookie, &photo, picture(200, 150, 3)).await;
        assert_eq!((other.status.as_u16(), other.code().as_str()), (400, "photo_differs"));
        let lied = Photo { size: 5, ..photo_of(&picture(9, 9, 1)) };
        tablet.act("visit", 1, Act::Attach(lied));
        world.pushed(&cookie, &tablet.push_from(tablet.chain.seq)).await;
        assert_eq!(world.put_photo(&cookie, &lied, picture(9, 9, 1)).await.code(), "photo_differs", "another size");
        assert_eq!(world.count("SELECT COUNT(*) FROM photo_bytes").await, 0);
        assert_eq!(world.count("SELECT COUNT(*) FROM photos WHERE stored_at IS NOT NULL").await, 0);
        assert_eq!(world.put_photo(&cookie, &photo, whole).await.status, 200, "and the good one still goes in");
    }

    /// S21: what an older server stored without reading it names no photo, however well it can be read by now: the log
    /// verifies, and the photo is asked for once another operation names it.
    async fn s21_what_was_stored_unread_names_no_photo(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let [first, second] = [1, 2].map(|shade| picture(32, 32, shade));
        let [unknown, malformed] = [&first, &second].map(|bytes| photo_of(bytes));
        tablet.act("visit", 1, Act::Attach(unknown));
        stored_unread(&world, &tablet, RejectedCode::UnknownKind).await;
        tablet.act("visit", 1, Act::Attach(malformed));
        stored_unread(&world, &tablet, RejectedCode::MalformedBody).await;
        assert_eq!(findings(&world).await, Vec::<String>::new());
        let asked = json!({ "photos": [unknown.sha256, malformed.sha256] });
        let answer = world.post(&cookie, "/api/v1/photos/wanted", &asked).await.json();
        assert_eq!((&answer["wanted"], &answer["stored"]), (&json!([]), &json!([])));
        assert_eq!(world.put_photo(&cookie, &unknown, first.clone()).await.code(), "unknown_photo");

        attached(&world, &mut tablet, &cookie, &first).await;
        assert_eq!(world.put_photo(&cookie, &unknown, first).await.status, 200);
        assert_eq!(findings(&world).await, Vec::<String>::new());
    }

    /// S32: a changed byte is named, and so is a row that says something else than the log.
    async fn s32_a_changed_photo_is_named(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(32, 32, 1);
        let photo = attached(&world, &mut tablet, &cookie, &bytes).await;
        world.put_photo(&cookie, &photo, bytes).await;
        attached(&world, &mut tablet, &cookie, &picture(32, 32, 2)).await;
        assert_eq!(findings(&world).await, Vec::<String>::new());

        let (untie, other_bytes) = match world.app.db {
            Db::Sqlite { .. } => {
                (["DROP TRIGGER photo_bytes_no_update", "DROP TRIGGER photo_bytes_no_delete", "DROP TRIGGER photos_no_delete"], "X'ffd8'")
            }
            Db::Postgres(_) => (
                ["ALTER TABLE photo_bytes DISABLE TRIGGER USER", "ALTER TABLE photos DISABLE TRIGGER USER", "SELECT 1"],
                "'\\xffd8'",
            ),
        };
        assert!(world.refuses("DELETE FROM photo_bytes").await && world.refuses("DELETE FROM photos").await);
        assert!(world.refuses("UPDATE photo_bytes SET user_id = 'x'").await);
        for statement in untie {
            world.run(statement).await;
        }
        let first = format!("photo {} of user {}: ", photo.sha256, user(1));
        let steps = [
            (format!("UPDATE photo_bytes SET bytes = {other_bytes}"), format!("{first}its bytes were changed")),
            ("UPDATE photos SET stored_at = NULL WHERE stored_at = 1724634000000".into(), format!("{first}its row says that its bytes never came")),
            ("UPDATE photos SET of_visit = TRUE WHERE position = 2".into(), format!("{first}no operation names it as its row does")),
            ("UPDATE photos SET stored_at = 1 WHERE position = 2".into(), format!("{first}no operation names it as its row does")),
            ("DELETE FROM photo_bytes".into(), format!("{first}its bytes are missing")),
            ("DELETE FROM photos WHERE position = 3".into(), "its row is missing".into()),
        ];
        for (change, expected) in steps {
            assert!(world.run(&change).await > 0, "{change}");
            let found = findings(&world).await;
            assert!(found.iter().any(|found| found.contains(&expected)), "{change}: {found:?}");
        }
    }
}

/// Whether a photo is awaited is asked before anything of its body: of one that isn't, nothing is judged, nor kept.
#[tokio::test]
async fn s5_whether_a_photo_is_awaited_is_asked_before_its_bytes() {
    let world = World::on_sqlite().await;
    let (_, cookie) = Tablet::registered(&world, 1).await;
    let unawaited = path(&photo_of(b"unawaited"));
    let put = async |path: &str, media_type: &str, body: Body| {
        let request = request("PUT", &cookie, path).header(header::CONTENT_TYPE, media_type);
        let answer = world.send(request.body(body).unwrap()).await;
        (answer.status.as_u16(), answer.code())
    };
    let unknown = (404, "unknown_photo".to_owned());
    for path in [&unawaited[..], "/api/v1/photos/no-hash"] {
        let cut_off = stream::iter([Ok(Bytes::from_static(&[0xff; 9])), Err(io::Error::other("cut off"))]);
        assert_eq!(put(path, "application/json", Body::from("{}")).await, unknown);
        assert_eq!(put(path, "image/jpeg", Body::from(vec![0xff; MAX_PHOTO_BYTES as usize + 1])).await, unknown);
        assert_eq!(put(path, "image/jpeg", Body::from_stream(cut_off)).await, unknown);
    }
}

/// Who sends all of it before they listen, as browsers do, is answered all the same, and goes on over the same connection.
#[tokio::test]
async fn s5_whoever_sends_an_unawaited_photo_hears_so() {
    let (url, folder) = World::close(World::on_sqlite().await).await;
    let program = Program::start(Some(url), folder);
    let cookie = program.sign_in("user1", PASSWORD).await;
    let unawaited = path(&photo_of(b"unawaited"));
    for answer in program.put_before_listening(&cookie, &unawaited, &vec![0xff; 8 * 1024 * 1024], 2) {
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    }
}

/// The form of a request: whose page asks, what it says that it brings, and how much.
#[tokio::test]
async fn a_photos_request_is_bounded_and_says_what_it_brings() {
    let world = World::on_sqlite().await;
    let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
    let bytes = picture(64, 64, 1);
    let photo = attached(&world, &mut tablet, &cookie, &bytes).await;
    let put = async |name: &'static str, value: &'static str, bytes: Vec<u8>| {
        let mut request = request("PUT", &cookie, &path(&photo)).header(header::CONTENT_TYPE, "image/jpeg");
        request.headers_mut().unwrap().insert(name, value.parse().unwrap());
        let answer = world.send(request.body(Body::from(bytes)).unwrap()).await;
        (answer.status.as_u16(), answer.code())
    };
    let no_media = (415, "unsupported_media_type".to_owned());
    assert_eq!(put("content-type", "application/json", bytes.clone()).await, no_media);
    assert_eq!(put("content-type", "image/png", bytes.clone()).await, no_media);
    assert_eq!(put("content-encoding", "gzip", bytes.clone()).await, no_media);
    assert_eq!(put("x-binhchon", "0", bytes.clone()).await, (403, "missing_header".to_owned()));
    assert_eq!(put("sec-fetch-site", "cross-site", bytes.clone()).await, (403, "cross_site".to_owned()));
    let limit = MAX_PHOTO_BYTES as usize;
    assert_eq!(put("x-a", "b", vec![0xff; limit]).await, (400, "photo_differs".to_owned()));
    assert_eq!(put("x-a", "b", vec![0xff; limit + 1]).await, (413, "body_too_large".to_owned()));
    assert_eq!(world.count("SELECT COUNT(*) FROM photo_bytes").await, 0);

    assert_eq!(world.put_photo(&cookie, &photo, bytes).await.status, 200);
    let again = request("PUT", &cookie, &path(&photo)).body(Body::from(vec![0xff; limit + 1])).unwrap();
    assert_eq!(world.send(again).await.status, 200, "what is stored is stored, whatever comes again");

    let hashes: Vec<_> = (0..=MAX_ASKED_PHOTOS).map(|n| sha256(&n.to_be_bytes())).collect();
    let many = world.post(&cookie, "/api/v1/photos/wanted", &json!({ "photos": hashes })).await;
    assert_eq!((many.status.as_u16(), many.code().as_str()), (400, "too_many_photos"));
    let most = world.post(&cookie, "/api/v1/photos/wanted", &json!({ "photos": hashes[1..] })).await;
    assert_eq!(most.status, 200);
}
