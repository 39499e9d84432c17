//! What organisers do beside watching totals: results, the plan, who was at the stops.

use crate::edition::{
    COUNCIL_CHAIR, DEPARTMENT, JURY_HEAD, ORGANISER, SECRETARY, START, edition_id, product, round, user,
};
use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{Answer, World};
use domain::api::{ChangePlanRow, PlanPage, PresencePage, RecordPresence, ResultsPage, RoundsPage, TotalsPage};
use domain::catalog::Seat;
use domain::jury::{Presence, Standing};
use domain::plan::{PlanRow, PlanState};
use domain::round::RoundState;
use domain::sync::wire::{HeldCode, Status};
use serde::de::DeserializeOwned;
use server::db::editions::{self, SeatKey};

fn read<T: DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

async fn get<T: DeserializeOwned>(world: &World, who: u128, path: &str) -> T {
    read(&world.get(&world.cookie(who).await, path).await)
}

fn late(reason: &str) -> RecordPresence {
    RecordPresence {
        delegation: "Đoàn 1".into(),
        date: "2024-08-26".into(),
        ordinal: 1,
        juror: user(1),
        seen: vec![],
        presence: Presence::Late { reason: reason.into() },
    }
}

fn moved(reason: &str, seen: u32) -> ChangePlanRow {
    ChangePlanRow {
        starts_on: Some("2024-08-27".into()),
        ends_on: Some("2024-08-29".into()),
        state: PlanState::Running,
        reason: reason.into(),
        seen,
    }
}

on_both_engines! {
    /// The latest round in which a product was scored decides, and every result names its round.
    async fn results_name_the_round_that_they_rest_on(world) {
        let (mut one, first) = Tablet::registered(&world, 1).await;
        one.score(1, [400, 200, 300]);
        world.pushed(&first, &one.push()).await;
        let page: ResultsPage = get(&world, ORGANISER, "/api/v1/results").await;
        let row = &page.rows[0];
        assert_eq!((row.code.as_str(), row.rank, row.mean.map(|mean| (mean.num, mean.den))), ("AGI-001", Some(1), Some((900, 1))));
        assert_eq!((row.rests_on.as_slice(), row.complete, row.rounds.len()), ([round("visit")].as_slice(), false, 3));
        assert_eq!((page.rows[1].mean, page.rows[1].rests_on.len()), (None, 0));
        assert!(page.provisional);
        assert_eq!(page.products.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["AGI-001", "AGI-002", "AGI-003"]);
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'results_read'").await, 1);
        let rounds: RoundsPage = get(&world, ORGANISER, "/api/v1/rounds").await;
        assert_eq!(rounds.rounds.len(), 3);
    }

    /// Whoever still has sheets to write in a round is refused its totals, whatever their office; once it is closed, not.
    async fn an_open_assignment_hides_the_totals(world) {
        let head = world.cookie(JURY_HEAD).await;
        assert_eq!(world.get(&head, "/api/v1/rounds/visit/totals").await.status, 200);
        let watching = world.raw(crate::world::request("GET", &head, "/api/v1/rounds/visit/live").body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(watching.status(), 200);
        world.change(async |tx, _| {
            let visit = round("visit");
            let key = SeatKey { edition: edition_id(), round: &visit, product: product(1), juror: user(JURY_HEAD) };
            editions::insert_seat(tx, key, &Seat { standing: Standing::Active, stop: None }).await.unwrap();
        }).await;
        for path in ["/api/v1/rounds/visit/totals", "/api/v1/rounds/visit/live", "/api/v1/results"] {
            let answer = world.get(&head, path).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "open_assignment"), "{path}");
        }
        assert_eq!(world.get(&head, "/api/v1/rounds/dossier/totals").await.status, 200, "another round");
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'refused' AND subject = 'totals of visit'").await, 3);
        let _: TotalsPage = get(&world, COUNCIL_CHAIR, "/api/v1/rounds/visit/totals").await;
        world.set_round("visit", RoundState::Closed, 1).await;
        assert_eq!(world.get(&head, "/api/v1/rounds/visit/totals").await.status, 200);
    }

    /// Dates are moved with who and why, and every change stays readable.
    async fn the_plans_dates_are_moved_with_who_and_why(world) {
        let organiser = world.cookie(ORGANISER).await;
        let row: PlanRow = read(&world.post(&organiser, "/api/v1/plan/1", &moved(" Mưa bão ", 0)).await);
        assert_eq!((row.when.ends_on.as_deref(), row.when.state), (Some("2024-08-29"), PlanState::Running));
        assert_eq!((row.decided.ends_on.as_deref(), row.is_moved()), (None, true), "as it was decided stays readable");
        let change = &row.changes[0];
        assert_eq!((change.by.as_str(), change.at, change.reason.as_str()), ("Người 11", START, "Mưa bão"));
        let answer = world.post(&organiser, "/api/v1/plan/1", &moved("Lùi thêm", 0)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "changed_meanwhile"));
        let page: PlanPage = get(&world, DEPARTMENT, "/api/v1/plan").await;
        assert_eq!((page.rows.len(), page.rows[0].changes.len(), page.changeable), (2, 1, vec![2]));
        assert_eq!(world.get(&organiser, "/api/v1/plan").await.json()["changeable"], serde_json::json!([1, 2]));
        for (change, code) in [
            (moved("  ", 1), "reason_missing"),
            (ChangePlanRow { ends_on: Some("2024-08-26".into()), ..moved("x", 1) }, "ends_before_it_starts"),
            (ChangePlanRow { ends_on: Some("29/08/2024".into()), ..moved("x", 1) }, "not_a_date"),
            (moved(&"x".repeat(1_001), 1), "text_too_long"),
        ] {
            let answer = world.post(&organiser, "/api/v1/plan/1", &change).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, code));
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM plan_changes").await, 1);
    }

    /// An absence takes the sheets at the stop out of what is waited for; lateness and coming after all put them back.
    async fn the_secretary_records_who_was_at_a_stop(world) {
        let secretary = world.cookie(SECRETARY).await;
        let path = "/api/v1/rounds/visit/presence";
        let before: PresencePage = get(&world, COUNCIL_CHAIR, path).await;
        let stop = &before.stops[0];
        assert_eq!((before.stops.len(), stop.products, stop.jurors.len(), before.may_record), (1, 3, 3, false));
        assert_eq!((&stop.jurors[0].presence, &stop.jurors[0].recorded), (&Presence::Present, &None));

        let absent = RecordPresence { presence: Presence::Absent { reason: "Ốm".into() }, ..late("") };
        let page: PresencePage = read(&world.post(&secretary, path, &absent).await);
        let juror = &page.stops[0].jurors[0];
        assert_eq!((juror.juror, &juror.presence, juror.recorded.as_ref().unwrap().at), (user(1), &absent.presence, START));
        assert!(page.may_record);
        let totals: TotalsPage = get(&world, ORGANISER, "/api/v1/rounds/visit/totals").await;
        assert_eq!(totals.totals.rows.iter().map(|row| row.absent).collect::<Vec<_>>(), [1, 1, 1]);

        // What an absent juror's tablet brings all the same is held, not lost.
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.score(1, [400, 200, 300]);
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert!(pushed.statuses.iter().all(|op| op.status == Status::Held(HeldCode::NotExpected)));

        // Whoever hasn't seen that word is shown it first.
        let blind = world.post(&secretary, path, &late("Xe hỏng")).await;
        assert_eq!((blind.status.as_u16(), blind.code().as_str()), (409, "changed_meanwhile"));
        let seen = page.stops[0].jurors[0].grounds.clone();
        assert_eq!(seen.len(), 1);
        let _: PresencePage = read(&world.post(&secretary, path, &RecordPresence { seen, ..late("Xe hỏng") }).await);
        let totals: TotalsPage = get(&world, ORGANISER, "/api/v1/rounds/visit/totals").await;
        assert_eq!(totals.totals.rows.iter().map(|row| row.absent).collect::<Vec<_>>(), [0, 0, 0]);

        for (asked, status, code) in [
            (late("  "), 400, "reason_missing"),
            (RecordPresence { ordinal: 9, ..late("x") }, 404, "unknown_stop"),
            (RecordPresence { juror: user(SECRETARY), ..late("x") }, 404, "unknown_stop"),
            (RecordPresence { delegation: "Đoàn 2".into(), ..late("x") }, 404, "unknown_stop"),
        ] {
            let answer = world.post(&secretary, path, &asked).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM presence_acts").await, 2);
    }

    /// S25: where a tablet's word would be held, the desk's is a ruling: whoever may not rule doesn't record there.
    async fn s25_in_a_round_that_is_not_open_only_who_rules_records_who_was_there(world) {
        let path = "/api/v1/rounds/visit/presence";
        let (secretary, organiser) = (world.cookie(SECRETARY).await, world.cookie(ORGANISER).await);
        for (state, may) in [
            (RoundState::Planned, false),
            (RoundState::Open, true),
            (RoundState::Closing, true),
            (RoundState::Closed, false),
            (RoundState::Published, false),
        ] {
            world.set_round("visit", state, 1).await;
            for (cookie, who, may) in [(&secretary, SECRETARY, may), (&organiser, ORGANISER, true)] {
                let before: PresencePage = get(&world, who, path).await;
                assert_eq!(before.may_record, may, "{state:?}, user {who}");
                let seen = before.stops[0].jurors[0].grounds.clone();
                let asked = RecordPresence { seen, ..late(&format!("{state:?} {who}")) };
                let answer = world.post(cookie, path, &asked).await;
                assert_eq!(answer.status.as_u16(), if may { 200 } else { 403 }, "{state:?}, user {who}");
                let after: PresencePage = get(&world, who, path).await;
                let now = &after.stops[0].jurors[0].presence;
                assert_eq!(*now == asked.presence, may, "{state:?}, user {who}: {now:?}");
            }
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'refused'").await, 3);
    }
}
