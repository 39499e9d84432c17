//! Photos (S5): an operation names one, its bytes follow, and whoever may look at it is handed a picture.

use crate::edition::{
    ADMINISTRATOR, COUNCIL_CHAIR, DEPARTMENT, JURY_DEPUTY, JURY_HEAD, ORGANISER, PASSWORD, SECRETARY, edition_id, stop,
    user,
};
use crate::full_disk::{fill, make_room};
use crate::on_both_engines;
use crate::pictures::{path, photo_of, picture};
use crate::program::Program;
use crate::session::{cookie_of, sign_in};
use crate::tablet::Tablet;
use crate::visits::{found, nothing_is_found};
use crate::world::World;
use axum::body::{Body, Bytes};
use domain::api::PresencePage;
use domain::log::{OpName, Verdict};
use domain::photo::{MAX_PHOTO_BYTES, Photo};
use domain::round::RoundMove;
use domain::sheet::Act;
use domain::sync::chain::{Context, OpHash};
use domain::sync::wire::{HeldCode, PhotoStored, PhotosWanted, Pulled, RejectedCode, Status};
use domain::visit::{VisitAct, VisitWork};
use futures_util::{StreamExt, stream};
use serde_json::json;
use server::photos::MAX_STORED;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Which of these the server wants and has, and of whom it says so.
async fn asked(world: &World, cookie: &str, photos: &[OpHash]) -> PhotosWanted {
    let answer = world.post(cookie, "/api/v1/photos/wanted", &json!({ "photos": photos })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

async fn stops(world: &World) -> PresencePage {
    let answer = world.get(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/presence").await;
    serde_json::from_slice(&answer.bytes).unwrap()
}

/// A secretary's photo of the world's stop, with its bytes.
async fn a_stop_with_a_photo(world: &World) -> (Tablet, String, Photo) {
    let (mut tablet, cookie) = Tablet::registered(world, SECRETARY).await;
    let bytes = picture(64, 48, 3);
    let photo = photo_of(&bytes);
    tablet.visit(VisitAct::Attach(photo));
    assert!(world.pushed(&cookie, &tablet.push()).await.statuses.is_empty());
    assert_eq!(world.put_photo(&cookie, &photo, bytes).await.status, 200);
    (tablet, cookie, photo)
}

async fn move_round(world: &World, step: RoundMove, seen: u32) {
    let asked = json!({ "step": step, "reason": "Đủ phiếu", "seen": seen });
    let answer = world.post(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/moves", &asked).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// What a person is told who asks for a photo: the status, and the code of a refusal.
async fn seen_by(world: &World, who: u128, photo: &Photo) -> (u16, String) {
    let answer = world.get(&world.cookie(who).await, &path(photo)).await;
    let code = if answer.status == 200 { String::new() } else { answer.code() };
    (answer.status.as_u16(), code)
}

on_both_engines! {
    /// From the operation to the picture; bytes that come before their operation find no place, those that come again change
    /// nothing.
    async fn s5_bytes_follow_the_operation_that_names_them(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(120, 80, 1);
        let photo = photo_of(&bytes);
        let hashes = [photo.sha256];
        tablet.act("visit", 1, Act::Attach(photo));
        let nothing = asked(&world, &cookie, &hashes).await;
        assert_eq!(nothing, PhotosWanted { user: user(1), wanted: vec![], stored: vec![] });
        let early = world.put_photo(&cookie, &photo, bytes.clone()).await;
        assert_eq!((early.status.as_u16(), early.code().as_str()), (404, "unknown_photo"));
        assert_eq!(world.count("SELECT COUNT(*) FROM photo_bytes").await, 0);
        assert_eq!(seen_by(&world, 1, &photo).await, (404, "unknown_photo".into()));

        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(asked(&world, &cookie, &hashes).await.wanted, hashes);
        assert_eq!(seen_by(&world, 1, &photo).await, (404, "photo_not_here_yet".into()));
        let put = || world.put_photo(&cookie, &photo, bytes.clone());
        let (answer, at_once) = tokio::join!(put(), put());
        assert_eq!((answer.status.as_u16(), &answer.bytes), (200, &at_once.bytes), "brought twice at once");
        let stored: PhotoStored = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(stored, PhotoStored { user: user(1), sha256: photo.sha256 });
        let all = asked(&world, &cookie, &hashes).await;
        assert_eq!((all.wanted.len(), all.stored), (0, hashes.to_vec()));

        let kept = world.get(&cookie, &path(&photo)).await;
        assert_eq!(kept.status, 200);
        let name = format!("inline; filename=\"{}.jpg\"", &photo.sha256.to_string()[..16]);
        for (header, value) in [
            ("content-type", "image/jpeg"),
            ("content-disposition", &name),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("x-binhchon", "1"),
        ] {
            assert_eq!(kept.headers[header], value, "{header}");
        }
        for again in [bytes, picture(8, 8, 2)] {
            assert_eq!(world.put_photo(&cookie, &photo, again).await.status, 200, "the first stays");
        }
        assert_eq!(world.get(&cookie, &path(&photo)).await.bytes, kept.bytes);
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM photos").await, 1, "the same push again names nothing new");
    }

    /// S18: an operation that doesn't count is evidence, and so is its photo; one that can be none has no place.
    async fn s18_held_and_rejected_operations_name_photos(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let pictures = [1, 2, 3].map(|shade| picture(16, 16, shade));
        let [held, rejected, large] = [0, 1, 2].map(|n| photo_of(&pictures[n]));
        tablet.act("direct", 1, Act::Attach(held));
        tablet.act("visit", 99, Act::Attach(rejected));
        tablet.act("visit", 1, Act::Attach(Photo { size: MAX_PHOTO_BYTES + 1, ..large }));
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        let statuses: Vec<_> = pushed.statuses.into_iter().map(|status| status.status).collect();
        let expected = [
            Status::Held(HeldCode::RoundPlanned),
            Status::Rejected(RejectedCode::UnknownProduct),
            Status::Rejected(RejectedCode::PhotoTooLarge),
        ];
        assert_eq!(statuses, expected);
        let named = asked(&world, &cookie, &[large, rejected, held].map(|photo| photo.sha256)).await;
        assert_eq!(named.wanted, [held.sha256, rejected.sha256]);
        assert_eq!(world.put_photo(&cookie, &rejected, pictures[1].clone()).await.status, 200);
        assert_eq!(world.put_photo(&cookie, &large, pictures[2].clone()).await.code(), "unknown_photo");
    }

    /// What is on a sheet is its juror's alone: nobody else sees the photo, is told of it, or brings its bytes.
    async fn s5_a_photo_on_a_sheet_is_its_jurors_alone(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(32, 32, 1);
        let photo = photo_of(&bytes);
        tablet.act("visit", 1, Act::Attach(photo));
        world.pushed(&cookie, &tablet.push()).await;
        let other = world.cookie(2).await;
        assert_eq!(world.put_photo(&other, &photo, bytes.clone()).await.code(), "unknown_photo");
        let told = asked(&world, &other, &[photo.sha256]).await;
        assert_eq!((told.user, told.wanted.len(), told.stored.len()), (user(2), 0, 0));
        assert_eq!(asked(&world, &cookie, &[photo.sha256]).await.wanted, [photo.sha256]);
        world.put_photo(&cookie, &photo, bytes).await;
        assert_eq!(seen_by(&world, 1, &photo).await.0, 200);
        for who in [2, JURY_HEAD, JURY_DEPUTY, COUNCIL_CHAIR, SECRETARY, ORGANISER, DEPARTMENT] {
            assert_eq!(seen_by(&world, who, &photo).await, (404, "unknown_photo".into()), "{who}");
        }
        assert_eq!(seen_by(&world, ADMINISTRATOR, &photo).await, (403, "forbidden".into()));
        assert!(asked(&world, &other, &[]).await.wanted.is_empty(), "who asks for nothing is told nothing");
    }

    /// S13: whoever signs in on the same tablet between the question and the bytes brings nothing of the one before; where
    /// both were sent the same picture, the answer says whose it is now.
    async fn s13_whoever_signs_in_between_the_question_and_the_bytes_brings_their_own(world) {
        let first = cookie_of(&sign_in(&world, "", "user1", PASSWORD).await);
        let (mut one, mut other) = (Tablet::new(1, 0x4001), Tablet::new(2, 0x4002));
        let [own, shared] = [1, 2].map(|shade| picture(16, 16, shade));
        let [own_photo, shared_photo] = [&own, &shared].map(|bytes| photo_of(bytes));
        let hashes = [own_photo.sha256, shared_photo.sha256];
        one.register(&world, &first).await;
        one.act("visit", 1, Act::Attach(own_photo));
        one.act("visit", 1, Act::Attach(shared_photo));
        world.pushed(&first, &one.push()).await;
        let told = asked(&world, &first, &hashes).await;
        assert_eq!((told.user, told.wanted), (user(1), hashes.to_vec()));

        let second = cookie_of(&sign_in(&world, &first, "user2", PASSWORD).await);
        other.register(&world, &second).await;
        other.act("visit", 1, Act::Attach(shared_photo));
        world.pushed(&second, &other.push()).await;
        assert_eq!(world.put_photo(&first, &own_photo, own.clone()).await.code(), "not_signed_in");
        assert_eq!(world.put_photo(&second, &own_photo, own.clone()).await.code(), "unknown_photo");
        assert_eq!(world.count("SELECT COUNT(*) FROM photo_bytes").await, 0);
        let stored: PhotoStored = serde_json::from_slice(&world.put_photo(&second, &shared_photo, shared).await.bytes).unwrap();
        assert_eq!(stored, PhotoStored { user: user(2), sha256: shared_photo.sha256 });

        let first = cookie_of(&sign_in(&world, &second, "user1", PASSWORD).await);
        assert_eq!(asked(&world, &first, &hashes).await.wanted, hashes, "of the first one's nothing was brought");
    }

    /// Photos of a stop are seen by those who read of stops, listed on their page and told to the other tablets of secretaries,
    /// until they are taken away.
    async fn s5_a_photo_of_a_stop_is_for_those_who_read_of_stops(world) {
        let (mut tablet, cookie, photo) = a_stop_with_a_photo(&world).await;
        for who in [JURY_HEAD, JURY_DEPUTY, COUNCIL_CHAIR, SECRETARY, ORGANISER, DEPARTMENT] {
            assert_eq!(seen_by(&world, who, &photo).await.0, 200, "{who}");
        }
        assert_eq!(seen_by(&world, 1, &photo).await, (404, "unknown_photo".into()));
        assert_eq!(seen_by(&world, ADMINISTRATOR, &photo).await.0, 403);
        assert_eq!(stops(&world).await.stops[0].photos, [photo.sha256]);

        let pull = async |cursor: &str| -> Pulled {
            let answer = world.get(&cookie, &format!("/api/v1/sync/pull?cursor={cursor}")).await;
            serde_json::from_slice(&answer.bytes).unwrap()
        };
        let told = pull("").await;
        assert_eq!(told.visits[0].visit.photos(), [photo]);
        tablet.visit(VisitAct::Detach(photo.sha256));
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(pull(&told.cursor).await.visits[0].visit.photos(), [], "a photo taken away is news of the stop");
        assert!(stops(&world).await.stops[0].photos.is_empty());

        // Whoever names the same photo has it theirs first, and still sees the stop's until they have brought their own.
        let (mut head, theirs) = Tablet::registered(&world, JURY_HEAD).await;
        head.act("visit", 1, Act::Attach(photo));
        world.pushed(&theirs, &head.push()).await;
        assert_eq!(seen_by(&world, JURY_HEAD, &photo).await.0, 200);
    }

    /// A juror's word about a stop is rejected: its photo is kept as evidence, and shown to nobody else.
    async fn s5_a_forged_photo_of_a_stop_is_seen_by_nobody_else(world) {
        let (mut juror, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(32, 32, 1);
        let photo = photo_of(&bytes);
        juror.visit(VisitAct::Attach(photo));
        let pushed = world.pushed(&cookie, &juror.push()).await;
        assert_eq!(pushed.statuses[0].status, Status::Rejected(RejectedCode::OtherOffice));
        assert_eq!(world.put_photo(&cookie, &photo, bytes).await.status, 200);
        assert_eq!(seen_by(&world, 1, &photo).await.0, 200);
        for who in [2, JURY_HEAD, COUNCIL_CHAIR, SECRETARY, ORGANISER] {
            assert_eq!(seen_by(&world, who, &photo).await, (404, "unknown_photo".into()), "{who}");
        }
        assert!(stops(&world).await.stops[0].photos.is_empty());
    }

    /// S25: what was denied is no word about a stop either: its photo is its owner's alone, until another word about it counts
    /// or may be admitted. The log verifies all along.
    async fn s25_a_photo_of_a_stop_that_was_denied_is_its_owners_alone(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        move_round(&world, RoundMove::Close, 1).await;
        let pictures = [1, 2, 3].map(|shade| picture(16, 16, shade));
        let [denied, admitted, twice] = [0, 1, 2].map(|n| photo_of(&pictures[n]));
        for photo in [denied, admitted, twice, twice] {
            tablet.visit(VisitAct::Attach(photo));
        }
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert!(pushed.statuses.iter().all(|status| status.status == Status::Held(HeldCode::RoundClosed)));
        for bytes in pictures {
            assert_eq!(world.put_photo(&cookie, &photo_of(&bytes), bytes).await.status, 200);
        }
        let seen = async |photo: &Photo| seen_by(&world, ORGANISER, photo).await.0;
        assert_eq!([seen(&denied).await, seen(&admitted).await, seen(&twice).await], [200; 3], "while somebody may admit it");

        let held: Vec<OpName> = tablet.ops.iter().zip(1..).map(|(op, seq)| {
            OpName { replica: tablet.chain.replica, seq, hash: op.hash }
        }).collect();
        let rule = async |verdict: Verdict, ops: &[OpName]| {
            let ruling = json!({ "verdict": verdict, "ops": ops, "reason": "Sau khi đóng" });
            let answer = world.post(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/rulings", &ruling).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
        };
        rule(Verdict::Deny, &[held[0], held[2]]).await;
        rule(Verdict::Admit, &held[1..2]).await;
        assert_eq!([seen(&denied).await, seen(&admitted).await, seen(&twice).await], [404, 200, 200]);
        for who in [JURY_HEAD, COUNCIL_CHAIR, DEPARTMENT] {
            assert_eq!(seen_by(&world, who, &denied).await, (404, "unknown_photo".into()), "{who}");
        }
        assert_eq!(seen_by(&world, SECRETARY, &denied).await.0, 200, "its owner sees it");
        assert_eq!(stops(&world).await.stops[0].photos, [admitted.sha256]);
        nothing_is_found(&world).await;
        rule(Verdict::Deny, &held[3..]).await;
        assert_eq!(seen(&twice).await, 404, "the last word about it is denied");

        move_round(&world, RoundMove::Reopen, 2).await;
        tablet.epoch = 2;
        tablet.visit(VisitAct::Attach(denied));
        assert!(world.pushed(&cookie, &tablet.push_from(5)).await.statuses.is_empty());
        assert_eq!(seen(&denied).await, 200, "said again, and counts");
        // Another photo's operation that names this one as its base.
        let (user, round, bases) = (user(SECRETARY), "visit".parse().unwrap(), [twice.sha256].into());
        let context = Context { user, round, epoch: 2, bases, claimed_at: 0, reissue_of: None };
        let work = VisitWork { stop: stop(), act: VisitAct::Attach(admitted) };
        tablet.ops.push(tablet.chain.append_visit(context, &work));
        assert!(world.pushed(&cookie, &tablet.push_from(6)).await.statuses.is_empty());
        assert_eq!(seen(&twice).await, 404);
        nothing_is_found(&world).await;
    }

    /// A photo that was named otherwise before is a stop's from the operation on that says so, in another push or the same.
    async fn s5_a_photo_becomes_a_stops_when_a_word_about_it_counts(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        let [one, other] = [1, 2].map(|shade| photo_of(&picture(16, 16, shade)));
        tablet.act("visit", 1, Act::Attach(one));
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(seen_by(&world, ORGANISER, &one).await.1, "unknown_photo", "a secretary has no sheets");
        tablet.visit(VisitAct::Attach(one));
        tablet.act("visit", 1, Act::Attach(other));
        tablet.visit(VisitAct::Attach(other));
        world.pushed(&cookie, &tablet.push()).await;
        for photo in [one, other] {
            assert_eq!(seen_by(&world, ORGANISER, &photo).await.1, "photo_not_here_yet");
        }
        let first = world.count("SELECT COUNT(*) FROM photos p JOIN ops o ON o.position = p.position WHERE o.product_id IS NOT NULL");
        assert_eq!(first.await, 2, "each stands where it was first named");
    }

    /// S19: what was answered for is there after a kill.
    async fn s19_a_stored_photo_outlives_a_kill(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(200, 100, 1);
        let photo = photo_of(&bytes);
        tablet.act("visit", 1, Act::Attach(photo));
        world.pushed(&cookie, &tablet.push()).await;
        let (url, folder) = World::close(world).await;
        let program = Program::start(Some(url), Arc::clone(&folder));
        let cookie = program.sign_in("user1", PASSWORD).await;
        let put = program.put_photo(&cookie, &path(&photo), bytes).await.unwrap();
        assert_eq!(put.status(), 200);
        let program = program.kill_and_restart();
        let kept = program.get(&cookie, &path(&photo)).await.unwrap();
        assert_eq!((kept.status().as_u16(), kept.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        assert!(kept.bytes().await.unwrap().starts_with(&[0xff, 0xd8, 0xff]));
    }

    /// S19: without room nothing is answered for and nothing is half stored; with room the same photo goes in.
    async fn s19_a_full_disk_takes_no_photo(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = crate::pictures::noise(600, 400);
        let photo = photo_of(&bytes);
        tablet.act("visit", 1, Act::Attach(photo));
        world.pushed(&cookie, &tablet.push()).await;
        fill(&world, "photo_bytes").await;
        let refused = world.put_photo(&cookie, &photo, bytes.clone()).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (507, "server_full"));
        assert_eq!(asked(&world, &cookie, &[photo.sha256]).await.wanted, [photo.sha256]);
        make_room(&world, "photo_bytes").await;
        assert_eq!(world.put_photo(&cookie, &photo, bytes).await.status, 200);
        assert_eq!(asked(&world, &cookie, &[photo.sha256]).await.stored, [photo.sha256]);
    }

    /// Of one person one photo at a time is read and worked on; the next waits, and nobody else does.
    async fn a_persons_photos_are_taken_in_one_after_the_other(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let (mut other, theirs) = Tablet::registered(&world, 2).await;
        let [slow, next] = [1, 2].map(|shade| picture(64, 48, shade));
        let large = picture(1_600, 1_200, 3);
        tablet.act("visit", 1, Act::Attach(photo_of(&slow)));
        tablet.act("visit", 1, Act::Attach(photo_of(&next)));
        other.act("visit", 1, Act::Attach(photo_of(&large)));
        world.pushed(&cookie, &tablet.push()).await;
        world.pushed(&theirs, &other.push()).await;

        let (begun, is_read) = oneshot::channel();
        let (go_on, rest) = oneshot::channel::<()>();
        let (photo, (head, tail)) = (photo_of(&slow), slow.split_at(100));
        let (head, tail) = (Bytes::copy_from_slice(head), Bytes::copy_from_slice(tail));
        let head = stream::once(async move {
            begun.send(()).unwrap();
            Ok(head)
        });
        let tail = stream::once(async move { rest.await.map(|()| tail) });
        let mut first = pin!(world.send_photo(&cookie, &photo, Body::from_stream(head.chain(tail))));
        tokio::select! {
            answer = &mut first => panic!("it can't be whole: {}", answer.text()),
            read = is_read => read.unwrap(),
        }
        let photo = photo_of(&next);
        let mut second = pin!(world.put_photo(&cookie, &photo, next));
        let photo = photo_of(&large);
        tokio::select! {
            biased;
            answer = &mut second => panic!("it waits for its turn: {} {}", answer.status, answer.text()),
            answer = world.put_photo(&theirs, &photo, large) => assert_eq!(answer.status, 200),
        }
        go_on.send(()).unwrap();
        let (first, second) = tokio::join!(first, second);
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    }

    /// One person can't fill the server's disk.
    async fn a_persons_photos_are_bounded(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let bytes = picture(16, 16, 1);
        let photo = photo_of(&bytes);
        tablet.act("visit", 1, Act::Attach(photo));
        world.pushed(&cookie, &tablet.push()).await;
        let fill = format!(
            "INSERT INTO photos (edition_id, user_id, sha256, size, of_visit, position, stored_at, kept_sha256)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MAX_STORED})
             SELECT '{}', '{}', 'photo ' || CAST(i AS TEXT), 1, FALSE, 1, 1, 'kept' FROM n",
            edition_id(), user(1)
        );
        assert_eq!(world.run(&fill).await, MAX_STORED);
        let refused = world.put_photo(&cookie, &photo, bytes).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (409, "too_many_photos"));
        assert_eq!(world.count("SELECT COUNT(*) FROM photo_bytes").await, 0);
    }
}
