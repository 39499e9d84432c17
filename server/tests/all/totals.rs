//! A round's totals as a desk reads them.

use crate::edition::{ORGANISER, SECRETARY, edition_id, product, round, user};
use crate::on_both_engines;
use crate::tablet::{Tablet, mark};
use crate::world::World;
use domain::api::{ResultsPage, TotalsPage};
use domain::jury::Standing;
use domain::round::RoundState;
use domain::sheet::Act;
use domain::sync::wire::Push;
use domain::tally::Row;
use server::db::editions::{self, SeatKey};

async fn page(world: &World, code: &str) -> TotalsPage {
    let cookie = world.cookie(ORGANISER).await;
    let answer = world.get(&cookie, &format!("/api/v1/rounds/{code}/totals")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

/// Code, rank, mean, confirmed, scoring.
type Figures<'a> = (&'a str, Option<u32>, Option<(i64, i64)>, u32, u32);

fn figures(row: &Row) -> Figures<'_> {
    (row.code.as_str(), row.rank, row.mean.map(|mean| (mean.num, mean.den)), row.confirmed, row.scoring)
}

on_both_engines! {
    /// S29: confirmed, complete sheets alone count; ties share a place.
    async fn s29_only_confirmed_sheets_count(world) {
        let (mut one, first) = Tablet::registered(&world, 1).await;
        let (mut two, second) = Tablet::registered(&world, 2).await;
        one.score(1, [400, 200, 300]);
        one.score(2, [400, 200, 200]);
        one.mark(3, "1.1", 400);
        two.score(1, [300, 200, 200]);
        world.pushed(&first, &one.push()).await;
        world.pushed(&second, &two.push()).await;
        let page = page(&world, "visit").await;
        assert_eq!(page.tally, domain::edition::TallyRule::default(), "how the figure is made stands beside it");
        let rows: Vec<_> = page.totals.rows.iter().map(figures).collect();
        assert_eq!(
            rows,
            [
                ("AGI-001", Some(1), Some((1_600, 2)), 2, 0),
                ("AGI-002", Some(1), Some((800, 1)), 1, 0),
                ("AGI-003", None, None, 0, 1),
            ]
        );
        assert_eq!((page.totals.missing.sheets, page.totals.missing.scoring, page.totals.provisional), (5, 1, true));
        assert_eq!((page.totals.position, page.totals.threshold.0), (13, 700));
        assert_eq!((page.rounds.len(), page.groups.len(), page.products[0].province.as_str()), (3, 1, "An Giang"));
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'totals_read' AND subject = 'visit'").await, 1);
    }

    /// S30: held work doesn't count and is named; unsent work on tablets too; a recusal divides by fewer.
    async fn s30_totals_say_what_they_are_missing(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 3).await;
        tablet.mark(3, "1.1", 400);
        tablet.act("visit", 2, Act::Recuse { reason: "Người thân".into() });
        world.pushed(&cookie, &Push { unsent: 2, ..tablet.push() }).await;
        let totals = page(&world, "visit").await.totals;
        assert_eq!((totals.missing.held, totals.missing.tablets, totals.missing.sheets), (1, 1, 7));
        assert_eq!((totals.rows[1].recused, totals.rows[1].assigned), (1, 3));
        let visit = round("visit");
        let key = SeatKey { edition: edition_id(), round: &visit, product: product(1), juror: user(1) };
        let absent = Standing::Absent { reason: "Ốm".into() };
        world.change(async |tx, _| {
            editions::append_standing(tx, key, &absent, user(SECRETARY), 1).await.unwrap();
        }).await;
        world.pushed(&cookie, &Push { ops: vec![], first_seq: 3, ..tablet.push() }).await;
        let totals = page(&world, "visit").await.totals;
        assert_eq!((totals.rows[0].absent, totals.missing.sheets, totals.missing.tablets), (1, 6, 0));
    }

    /// S29, I4: another process, starting later, replays the log to the same totals.
    async fn s29_i4_a_restart_replays_to_the_same_totals(world) {
        let (mut one, first) = Tablet::registered(&world, 1).await;
        one.score(1, [400, 200, 300]);
        one.act("visit", 1, Act::Reopen { reason: "Nhầm".into() });
        one.score(1, [350, 200, 300]);
        one.score(2, [400, 200, 250]);
        one.act("dossier", 1, mark("1.1", 50));
        world.pushed(&first, &one.push()).await;
        let before = page(&world, "visit").await;
        let again = world.another_process().await;
        assert_eq!(page(&again, "visit").await, before);
        assert_eq!(figures(&before.totals.rows[0]), ("AGI-001", Some(1), Some((850, 1)), 1, 0));
    }

    /// S25: a closed round with nothing missing is final.
    async fn s25_a_closed_round_with_nothing_missing_is_final(world) {
        for juror in 1..=3 {
            let (mut tablet, cookie) = Tablet::registered(&world, juror).await;
            (1..=3).filter(|about| (juror, *about) != (3, 3)).for_each(|about| tablet.score(about, [400, 200, 400]));
            world.pushed(&cookie, &tablet.push()).await;
        }
        assert!(page(&world, "visit").await.totals.provisional);
        world.set_round("visit", RoundState::Closed, 1).await;
        let page = page(&world, "visit").await;
        assert!(!page.totals.provisional);
        assert!(page.totals.rows.iter().all(|row| row.complete && row.rank == Some(1)));
    }

    /// S30: so is the result, and it is final no longer once something is held that may be admitted.
    async fn s30_a_result_is_provisional_while_work_is_held(world) {
        let results = async || -> ResultsPage {
            let cookie = world.cookie(ORGANISER).await;
            serde_json::from_slice(&world.get(&cookie, "/api/v1/results").await.bytes).unwrap()
        };
        // Nobody is asked for a sheet in the other two.
        world.run("DELETE FROM seats WHERE round <> 'visit'").await;
        for round in ["dossier", "direct"] {
            world.set_round(round, RoundState::Closed, 1).await;
        }
        let mut sessions = Vec::new();
        for juror in 1..=3 {
            let (mut tablet, cookie) = Tablet::registered(&world, juror).await;
            (1..=3).filter(|about| (juror, *about) != (3, 3)).for_each(|about| tablet.score(about, [400, 200, 400]));
            world.pushed(&cookie, &tablet.push()).await;
            sessions.push((tablet, cookie));
        }
        assert!(results().await.provisional, "the visit is open");
        world.set_round("visit", RoundState::Closed, 1).await;
        assert!(!results().await.provisional);
        let (tablet, cookie) = &mut sessions[0];
        let next = tablet.chain.seq + 1;
        tablet.mark(1, "1.1", 100);
        world.pushed(cookie, &tablet.push_from(next)).await;
        assert!(results().await.provisional, "a ruling can change it");
    }
}
