//! Live totals, watched (S27, S29, S30).

use crate::edition::ORGANISER;
use crate::events::Events;
use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{World, request};
use axum::body::Body;
use domain::round::RoundState;
use domain::sync::wire::Push;

pub async fn watch(world: &World, cookie: &str, after: &str) -> Events {
    let path = format!("/api/v1/rounds/visit/live{after}");
    let response = world.raw(request("GET", cookie, &path).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.headers().get("content-encoding").is_none(), "a compressed stream would be held back");
    Events::new(response.into_body())
}

on_both_engines! {
    /// S29: the page first, then what changes: marks move the banner, a confirmation moves mean and rank.
    async fn s29_a_viewer_sees_marks_and_confirmations(world) {
        let organiser = world.cookie(ORGANISER).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let mut events = watch(&world, &organiser, "").await;
        let mut page = events.expect().await.page();
        assert_eq!((page.totals.position, page.totals.rows.len()), (0, 3));

        tablet.mark(2, "1.1", 400);
        world.pushed(&cookie, &tablet.push()).await;
        let change = events.expect().await.change();
        assert_eq!((change.totals.missing.scoring, change.totals.rows.len()), (1, 1));
        assert_eq!((change.totals.rows[0].scoring, change.totals.rows[0].mean), (1, None));
        change.apply_to(&mut page);

        tablet.score(2, [400, 200, 350]);
        world.pushed(&cookie, &tablet.push_from(2)).await;
        let change = events.expect().await;
        assert!(change.id.ends_with(".5.1.0"), "position, version of settings, tablets: {}", change.id);
        change.change().apply_to(&mut page);
        let row = &page.totals.rows[1];
        assert_eq!((row.rank, row.mean.map(|mean| mean.num), row.confirmed), (Some(1), Some(950), 1));

        let fresh = watch(&world, &organiser, "").await.expect().await.page();
        assert_eq!(fresh, page, "changes, applied, are the page");
    }

    /// Resuming: nothing missed, nothing sent; else the whole page.
    async fn s27_a_viewer_resumes_or_starts_over(world) {
        let organiser = world.cookie(ORGANISER).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let first = watch(&world, &organiser, "").await.expect().await;
        let mut resumed = watch(&world, &organiser, &format!("?after={}", first.id)).await;
        let mut by_header = {
            let request = request("GET", &organiser, "/api/v1/rounds/visit/live").header("last-event-id", &first.id);
            Events::new(world.raw(request.body(Body::empty()).unwrap()).await.into_body())
        };
        tablet.score(1, [400, 200, 300]);
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(resumed.expect().await.name, "change", "nothing was missed, so no page came first");
        assert_eq!(by_header.expect().await.name, "change");
        for old in [first.id.as_str(), "x", "fedcba9876543210.4.1.0"] {
            let again = watch(&world, &organiser, &format!("?after={old}")).await.expect().await;
            assert_eq!(again.page().totals.rows[0].confirmed, 1, "{old}");
        }
    }

    /// S30: unsent work on a tablet is a change of its own, and changes the state's name.
    async fn s30_unsent_work_is_announced(world) {
        let organiser = world.cookie(ORGANISER).await;
        let (tablet, cookie) = Tablet::registered(&world, 1).await;
        let mut events = watch(&world, &organiser, "").await;
        let before = events.expect().await;
        world.pushed(&cookie, &Push { unsent: 4, ..tablet.push() }).await;
        let change = events.expect().await;
        assert_ne!(change.id, before.id);
        let change = change.change();
        assert_eq!((change.totals.missing.tablets, change.totals.rows.len(), change.totals.position), (1, 0, 0));
    }

    /// Changed settings bring the whole page.
    async fn an_act_on_the_round_brings_a_reset(world) {
        let organiser = world.cookie(ORGANISER).await;
        let mut events = watch(&world, &organiser, "").await;
        let before = events.expect().await;
        world.set_round("visit", RoundState::Closed, 1).await;
        let reset = events.expect().await;
        assert_ne!(reset.id, before.id);
        assert_eq!(reset.page().rounds[1].state, RoundState::Closed);
    }

    /// Many changes in a row come together; none is lost.
    async fn s29_changes_are_sent_together_at_most_four_a_second(world) {
        let organiser = world.cookie(ORGANISER).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let mut events = watch(&world, &organiser, "").await;
        let mut page = events.expect().await.page();
        let started = tokio::time::Instant::now();
        for n in 0..60 {
            // The last one is like none before: what is sent together may end as it began, and then there is nothing to send.
            let points = if n == 59 { 400 } else { n as i32 % 8 * 50 };
            tablet.score(n % 3 + 1, [points, 100, 100]);
            world.pushed(&cookie, &tablet.push_from(u64::try_from(n).unwrap() * 4 + 1)).await;
        }
        let mut count = 0;
        while page.totals.position < 240 {
            events.expect().await.change().apply_to(&mut page);
            count += 1;
        }
        let most = started.elapsed().as_millis() / 250 + 1;
        assert!(count <= most, "{count} events in {} ms", started.elapsed().as_millis());
        assert_eq!(page, watch(&world, &organiser, "").await.expect().await.page());
    }

    /// Signing out ends the stream at once; so does the server's stop.
    async fn a_stream_ends_with_its_session_and_with_the_server(world) {
        let (leaving, staying) = (world.cookie(ORGANISER).await, world.cookie(ORGANISER).await);
        let mut left = watch(&world, &leaving, "").await;
        let mut stayed = watch(&world, &staying, "").await;
        left.expect().await;
        stayed.expect().await;
        assert_eq!(world.delete(&leaving, "/api/v1/session").await.status, 204);
        assert!(left.next().await.is_none());
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 50);
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(stayed.expect().await.name, "change", "other sessions of the same person go on");
        world.app.stopping.cancel();
        assert!(stayed.next().await.is_none());
    }
}

/// What another process of the same PostgreSQL commits is seen here.
#[tokio::test]
async fn s29_other_processes_commits_are_heard() {
    let Some(here) = World::on_postgres().await else { return };
    let there = here.another_process().await;
    let organiser = here.cookie(ORGANISER).await;
    let mut events = watch(&here, &organiser, "").await;
    events.expect().await;
    let (mut tablet, cookie) = Tablet::registered(&there, 1).await;
    tablet.mark(1, "1.1", 50);
    there.pushed(&cookie, &tablet.push()).await;
    assert_eq!(events.expect().await.change().totals.missing.scoring, 1);
    there.set_round("visit", RoundState::Closed, 1).await;
    assert_eq!(events.expect().await.page().rounds[1].state, RoundState::Closed);
}
