//! The records of stops: what a secretary's tablet writes, and what it means for the seats (S5, S23, S25).

use crate::edition::{JURORS, ORGANISER, SECRETARY, round, stop, user};
use crate::on_both_engines;
use crate::tablet::Tablet;
use crate::world::{Answer, World};
use domain::api::oversight::RoundDesk;
use domain::api::{PresencePage, TotalsPage};
use domain::ids::UserId;
use domain::jury::{Presence, Standing};
use domain::log::{OpName, OrganiserAct, Verdict};
use domain::round::RoundState;
use domain::sync::wire::{HeldCode, Pulled, Push, RejectedCode, Status};
use domain::visit::{TimeOfDay, VisitAct};
use serde::de::DeserializeOwned;
use serde_json::json;
use server::acts::{self, By, OnSettings};
use server::evidence::verify::{Finding, Witnesses, verify};

fn read<T: DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

async fn get<T: DeserializeOwned>(world: &World, who: u128, path: &str) -> T {
    read(&world.get(&world.cookie(who).await, path).await)
}

async fn pull(world: &World, cookie: &str, cursor: &str) -> Pulled {
    read(&world.get(cookie, &format!("/api/v1/sync/pull?cursor={cursor}")).await)
}

fn absent(reason: &str) -> Presence {
    Presence::Absent { reason: reason.into() }
}

fn late() -> Presence {
    Presence::Late { reason: "Kẹt phà".into() }
}

fn is(juror: u128, presence: Presence) -> VisitAct {
    VisitAct::Presence { juror: user(juror), presence }
}

/// How each juror was there, as the desk shows it, and whether that is in doubt.
async fn desk(world: &World) -> Vec<(Presence, bool)> {
    let page: PresencePage = get(world, ORGANISER, "/api/v1/rounds/visit/presence").await;
    page.stops[0].jurors.iter().map(|juror| (juror.presence.clone(), juror.doubtful)).collect()
}

/// Seats from which no sheet is waited for, a product.
async fn seats_without_a_sheet(world: &World) -> Vec<u32> {
    let totals: TotalsPage = get(world, ORGANISER, "/api/v1/rounds/visit/totals").await;
    totals.totals.rows.iter().map(|row| row.absent).collect()
}

/// Recorded at the desk.
async fn record(world: &World, juror: u128, presence: Presence) {
    let page: PresencePage = get(world, ORGANISER, "/api/v1/rounds/visit/presence").await;
    let seen = &page.stops[0].jurors.iter().find(|one| one.juror == user(juror)).unwrap().grounds;
    let (name, reason) = presence.parts();
    let body = json!({
        "seen": seen,
        "delegation": "Đoàn 1", "date": "2024-08-26", "ordinal": 1, "juror": user(juror), "presence": name, "reason": reason,
    });
    let cookie = world.cookie(ORGANISER).await;
    assert_eq!(world.post(&cookie, "/api/v1/rounds/visit/presence", &body).await.status, 200);
}

/// The edition is founded by an act, so that `verify` has something to start from.
pub async fn found(world: &World) {
    let mut tx = world.app.db.write().await.unwrap();
    let by = By { user: user(ORGANISER), at: 0 };
    let found = vec![(by, OrganiserAct::Found {})];
    let (catalogs, key) = (&world.app.catalogs, &world.app.receipt_key);
    acts::record_all(&mut tx, catalogs, key, crate::edition::edition_id(), found, OnSettings::Founded).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn nothing_is_found(world: &World) {
    let report = verify(&world.app.db, Witnesses::default()).await.unwrap().unwrap();
    assert_eq!(report.findings.iter().map(Finding::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

on_both_engines! {
    /// What the secretary wrote on the way takes effect with the push that brings it: seats, totals, the desk's page, the
    /// juror's tablet; an act names the operations that it follows from.
    async fn s5_a_secretarys_word_takes_effect_with_its_push(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        tablet.visit(VisitAct::Arrive(TimeOfDay::new(8, 10)));
        tablet.visit(is(1, absent("Ốm")));
        tablet.visit(is(2, late()));
        tablet.visit(is(3, Presence::Present));
        tablet.visit(VisitAct::SetFact { product: None, text: "Lò mới".into() });
        let before = world.count("SELECT catalog_version FROM log_heads").await;
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert!(pushed.statuses.is_empty(), "{:?}", pushed.statuses);
        assert_eq!(seats_without_a_sheet(&world).await, [1, 1, 1]);
        assert_eq!(world.count("SELECT catalog_version FROM log_heads").await, before + 1, "tablets read it once");
        tablet.visit(is(3, late()));
        world.pushed(&cookie, &tablet.push_from(6)).await;
        assert_eq!(world.count("SELECT catalog_version FROM log_heads").await, before + 1, "nobody waits for another sheet");
        let page: PresencePage = get(&world, ORGANISER, "/api/v1/rounds/visit/presence").await;
        let here = &page.stops[0];
        assert_eq!((here.arrived.clone(), here.departed.len()), (vec![TimeOfDay::new(8, 10).unwrap()], 0));
        assert_eq!((here.facts[0].product.clone(), here.facts[0].text.as_str()), (None, "Lò mới"));
        assert_eq!(here.jurors[0].recorded.as_ref().unwrap().by, "Người 10");
        assert_eq!(desk(&world).await, [(absent("Ốm"), false), (late(), false), (late(), false)]);

        let (juror, theirs) = Tablet::registered(&world, 1).await;
        let told = pull(&world, &theirs, "").await;
        let visit = told.assignments.iter().filter(|task| task.round == round("visit"));
        assert!(visit.into_iter().all(|task| task.standing == Standing::Absent { reason: "Ốm".into() }));
        assert!(told.stops.is_empty() && told.visits.is_empty(), "no business of a juror's");
        drop(juror);

        let mut tx = world.app.db.read().await.unwrap();
        let acts = server::db::acts::of_kind(&mut tx, crate::edition::edition_id(), "record_presence").await.unwrap();
        tx.rollback().await.unwrap();
        let from: Vec<_> = acts.iter().map(|(_, act)| match &act.act {
            OrganiserAct::RecordPresence { from, .. } => (act.user, from.clone()),
            other => panic!("{other:?}"),
        }).collect();
        let ops = &tablet.ops;
        assert_eq!(from, [1, 2, 3, 5].map(|n| (user(SECRETARY), vec![ops[n].hash])));

        // What PostgreSQL's texts can't hold keeps no work back (S18).
        tablet.visit(is(2, absent("Ốm\0")));
        world.pushed(&cookie, &tablet.push_from(7)).await;
        assert_eq!(desk(&world).await[1], (absent("Ốm\u{fffd}"), false));
        nothing_is_found(&world).await;

        // The same hand corrects itself without having pulled: what was recorded of its first word is no word of the desk's.
        tablet.visit(is(1, late()));
        world.pushed(&cookie, &tablet.push_from(8)).await;
        assert_eq!(desk(&world).await[0], (late(), false));
        nothing_is_found(&world).await;
    }

    /// S17, S23: an operation that doesn't count comes behind what is based on it, and clears away what it followed itself: the seats
    /// follow the record.
    async fn s23_the_seats_follow_also_what_an_operation_that_does_not_count_clears_away(world) {
        let (mut first, cookie) = Tablet::registered(&world, SECRETARY).await;
        first.visit(is(1, Presence::Present));
        world.pushed(&cookie, &first.push()).await;
        let mut others = [0x51, 0x52, 0x53].map(|replica| Tablet::new(SECRETARY, replica));
        for other in &mut others {
            other.register(&world, &cookie).await;
            other.visit = first.visit.clone();
        }
        let [mut once, mut again, mut last] = others;
        once.visit(is(1, late()));
        last.visit = once.visit.clone();
        last.visit(is(1, absent("Ốm")));
        again.visit_again(is(1, late()), Some(once.ops[0].hash));
        world.pushed(&cookie, &last.push()).await;
        assert_eq!(desk(&world).await[0], (Presence::Present, true));
        // The re-issue comes next, from a tablet that is revoked: it is held, and the first writing will be the second.
        let path = format!("/api/v1/tablets/{}/revocation", again.chain.replica);
        let organiser = world.cookie(ORGANISER).await;
        let revoked = world.post(&organiser, &path, &json!({ "reason": "Mất" })).await;
        assert_eq!(revoked.status, 200, "{}", revoked.text());
        // The sessions of its secretary ended with it (S26).
        let cookie = world.cookie(SECRETARY).await;
        let held = world.pushed(&cookie, &again.push()).await.statuses;
        assert_eq!(held[0].status, Status::Held(HeldCode::ReplicaRevoked));
        assert_eq!(desk(&world).await[0], (absent("Ốm"), false));
        assert_eq!(seats_without_a_sheet(&world).await, [1, 1, 1]);
        let statuses = world.pushed(&cookie, &once.push()).await.statuses;
        assert_eq!(statuses[0].status, Status::Rejected(RejectedCode::AlreadyStored));
        assert_eq!(desk(&world).await[0], (absent("Ốm"), false));
    }

    /// S16: the push that comes again changes nothing, nor does a word that says what holds already.
    async fn s16_the_same_word_again_records_nothing(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        tablet.visit(is(1, absent("Ốm")));
        world.pushed(&cookie, &tablet.push()).await;
        world.pushed(&cookie, &tablet.push()).await;
        tablet.visit(is(1, absent("Ốm")));
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM presence_acts").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM acts").await, 1);
    }

    /// S23: a tablet that hadn't heard of the desk's word doesn't overrule it, nor is it overruled: the more present word
    /// holds, the doubt shows, and whoever has seen both decides, on either side.
    async fn s23_of_two_words_the_most_present_holds_until_somebody_chooses(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        record(&world, 1, late()).await;
        tablet.visit(is(1, absent("Ốm")));
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(desk(&world).await[0], (late(), true));
        assert_eq!(seats_without_a_sheet(&world).await, [0, 0, 0]);

        let told = pull(&world, &cookie, "").await;
        tablet.visit = told.visits[0].visit.clone();
        assert!(tablet.visit.is_doubtful(user(1)));
        tablet.visit(is(1, absent("Ốm, đã gọi điện")));
        world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(desk(&world).await[0], (absent("Ốm, đã gọi điện"), false));
        assert_eq!(seats_without_a_sheet(&world).await, [1, 1, 1]);

        record(&world, 1, Presence::Present).await;
        assert_eq!(desk(&world).await[0], (Presence::Present, false), "the desk has seen it");
        assert_eq!(seats_without_a_sheet(&world).await, [0, 0, 0]);
    }

    /// S23: what a first word came to is recorded, and settles nothing: a second tablet that hadn't heard of it still disagrees.
    async fn s23_two_tablets_disagree_until_one_has_seen_both(world) {
        let (mut one, cookie) = Tablet::registered(&world, SECRETARY).await;
        let mut other = Tablet::new(SECRETARY, 0x9999);
        other.register(&world, &cookie).await;
        one.visit(is(1, absent("Ốm")));
        other.visit(is(1, late()));
        world.pushed(&cookie, &one.push()).await;
        world.pushed(&cookie, &other.push()).await;
        assert_eq!(desk(&world).await[0], (late(), true));
        one.visit = pull(&world, &cookie, "").await.visits[0].visit.clone();
        one.visit(is(1, absent("Ốm")));
        world.pushed(&cookie, &one.push_from(2)).await;
        assert_eq!(desk(&world).await[0], (absent("Ốm"), false));
    }

    /// S25: what comes after the closing is held, changes nothing, and takes effect once it is admitted.
    async fn s25_a_late_word_takes_effect_once_it_is_admitted(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        world.set_round("visit", RoundState::Closed, 1).await;
        tablet.visit(is(1, absent("Ốm")));
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(pushed.statuses[0].status, Status::Held(HeldCode::RoundClosed));
        assert_eq!((desk(&world).await[0].clone(), seats_without_a_sheet(&world).await), ((Presence::Present, false), vec![0, 0, 0]));
        let held: RoundDesk = get(&world, ORGANISER, "/api/v1/rounds/visit/desk").await;
        assert_eq!((held.held[0].kind.as_str(), &held.held[0].product), ("presence", &None));
        let visit = held.held[0].visit.clone().unwrap();
        assert_eq!((visit.stop, visit.juror.as_deref(), visit.presence), (stop(), Some("Người 1"), Some(absent("Ốm"))));
        let ops: Vec<OpName> = held.held.iter().map(|work| work.op).collect();
        let ruling = json!({ "verdict": Verdict::Admit, "ops": ops, "reason": "Sổ giấy ghi vậy" });
        let organiser = world.cookie(ORGANISER).await;
        read::<RoundDesk>(&world.post(&organiser, "/api/v1/rounds/visit/rulings", &ruling).await);
        assert_eq!(desk(&world).await[0], (absent("Ốm"), false));
        assert_eq!(seats_without_a_sheet(&world).await, [1, 1, 1]);
        assert_eq!(pull(&world, &cookie, "").await.ops[0].status, Status::Accepted);
    }

    /// S23, S25: what the desk recorded while a word was held knew nothing of it: once that is admitted both stand, in doubt.
    async fn s23_the_desk_settles_no_word_that_was_held(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        tablet.epoch = 2;
        tablet.visit(is(1, late()));
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert_eq!(pushed.statuses[0].status, Status::Held(HeldCode::OtherEpoch));
        record(&world, 1, absent("Ốm")).await;
        assert_eq!(seats_without_a_sheet(&world).await, [1, 1, 1]);
        let before = pull(&world, &cookie, "").await;

        let held: RoundDesk = get(&world, ORGANISER, "/api/v1/rounds/visit/desk").await;
        let ops: Vec<OpName> = held.held.iter().map(|work| work.op).collect();
        let ruling = json!({ "verdict": Verdict::Admit, "ops": ops, "reason": "Sổ giấy ghi vậy" });
        let organiser = world.cookie(ORGANISER).await;
        read::<RoundDesk>(&world.post(&organiser, "/api/v1/rounds/visit/rulings", &ruling).await);
        assert_eq!(desk(&world).await[0], (late(), true), "the more present word holds, and the doubt shows");
        assert_eq!(seats_without_a_sheet(&world).await, [0, 0, 0]);
        assert!(pull(&world, &cookie, &before.cursor).await.visits[0].visit.is_doubtful(user(1)), "on the tablet, too");
        record(&world, 1, absent("Ốm")).await;
        assert_eq!(desk(&world).await[0], (absent("Ốm"), false), "now the desk has seen it");
    }

    /// S30: a sheet that came before its juror was recorded as absent doesn't count, and isn't silent: totals and the stop say so.
    async fn s30_a_sheet_that_an_absence_sets_aside_is_told(world) {
        let (mut juror, cookie) = Tablet::registered(&world, 1).await;
        juror.score(1, [400, 200, 350]);
        world.pushed(&cookie, &juror.push()).await;
        let (mut secretary, cookie) = Tablet::registered(&world, SECRETARY).await;
        secretary.visit(is(1, absent("Ốm")));
        world.pushed(&cookie, &secretary.push()).await;
        let told = async || {
            let totals: TotalsPage = get(&world, ORGANISER, "/api/v1/rounds/visit/totals").await;
            let page: PresencePage = get(&world, ORGANISER, "/api/v1/rounds/visit/presence").await;
            let jurors: Vec<u32> = page.stops[0].jurors.iter().map(|one| one.set_aside).collect();
            (totals.totals.missing.set_aside, totals.totals.rows[0].confirmed, jurors)
        };
        assert_eq!(told().await, (1, 0, vec![1, 0, 0]));
        record(&world, 1, Presence::Present).await;
        assert_eq!(told().await, (0, 1, vec![0, 0, 0]));
    }

    /// I7: nobody else's tablet writes a record, and a secretary's writes no marks.
    async fn i7_each_office_writes_its_own(world) {
        let (mut juror, cookie) = Tablet::registered(&world, 2).await;
        juror.visit(is(1, absent("Ốm")));
        let pushed = world.pushed(&cookie, &juror.push()).await;
        assert_eq!(pushed.statuses[0].status, Status::Rejected(RejectedCode::OtherOffice));
        juror.ops.clear();
        let (mut secretary, cookie) = Tablet::registered(&world, SECRETARY).await;
        let told = pull(&world, &cookie, "").await;
        assert_eq!(serde_json::to_value(&told.visits[0].visit).unwrap(), json!([]), "a juror's words are nowhere in it");
        secretary.mark(1, "1.1", 400);
        let pushed = world.pushed(&cookie, &secretary.push()).await;
        assert_eq!(pushed.statuses[0].status, Status::Rejected(RejectedCode::OtherOffice));
        assert_eq!((desk(&world).await[0].clone(), seats_without_a_sheet(&world).await), ((Presence::Present, false), vec![0, 0, 0]));
    }

    /// S1: the name under which the desk stands in the records is no tablet's.
    async fn s1_nobody_registers_as_the_desk(world) {
        let cookie = world.cookie(SECRETARY).await;
        let answer = world.post(&cookie, "/api/v1/replicas", &json!({ "replica": domain::visit::DESK })).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "other_users_replica"));
    }

    /// S27: of several pages the last one brings the records, as they stand then: what came between two pages is in them.
    async fn s27_the_last_page_brings_the_records(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, SECRETARY).await;
        for n in 0..501 {
            tablet.visit(VisitAct::SetFact { product: None, text: format!("Ghi nhận {n}") });
        }
        for first in [1, 201, 401] {
            let push = tablet.push_from(first);
            world.pushed(&cookie, &Push { ops: push.ops.into_iter().take(200).collect(), ..push }).await;
        }
        let page = pull(&world, &cookie, "").await;
        assert_eq!((page.more, page.stops.len(), page.visits.len()), (true, 1, 0));
        let last = pull(&world, &cookie, &page.cursor).await;
        assert!(!last.more && last.stops.is_empty());
        assert_eq!(last.visits[0].visit.fact(None), "Ghi nhận 500");
        assert!(pull(&world, &cookie, &last.cursor).await.visits.is_empty());
    }

    /// S27: a secretary is told the stops with the settings, and the records whenever anybody wrote into one.
    async fn s27_a_secretary_is_told_what_others_wrote(world) {
        let (mut one, cookie) = Tablet::registered(&world, SECRETARY).await;
        let first = pull(&world, &cookie, "").await;
        let plan = &first.stops[0];
        assert_eq!((first.stops.len(), plan.key().stop, plan.products.len()), (1, stop(), 3));
        let jurors: Vec<UserId> = plan.jurors.iter().map(|juror| juror.juror).collect();
        assert_eq!((jurors, plan.jurors[0].name.as_str()), (JURORS.map(user).to_vec(), "Người 1"));
        assert_eq!(first.visits.len(), 1, "a blank record is one, too");
        assert!(first.assignments.is_empty());

        let mut other = Tablet::new(SECRETARY, 0x9999);
        other.register(&world, &cookie).await;
        let quiet = pull(&world, &cookie, &first.cursor).await;
        assert!(quiet.visits.is_empty() && quiet.stops.is_empty(), "nothing new");
        let (mut juror, theirs) = Tablet::registered(&world, 3).await;
        juror.mark(1, "1.1", 300);
        world.pushed(&theirs, &juror.push()).await;
        assert!(pull(&world, &cookie, &first.cursor).await.visits.is_empty(), "others' marks are no news of a stop");

        other.visit(VisitAct::Arrive(TimeOfDay::new(9, 0)));
        world.pushed(&cookie, &other.push()).await;
        let told = pull(&world, &cookie, &first.cursor).await;
        assert_eq!(told.visits[0].visit.arrived(), [TimeOfDay::new(9, 0).unwrap()]);
        assert!(told.stops.is_empty() && told.edition.is_none(), "the settings are as they were");
        record(&world, 2, late()).await;
        let told = pull(&world, &cookie, &told.cursor).await;
        assert_eq!(told.visits[0].visit.presence(user(2)), Some(&late()), "the desk's word");
        one.visit(VisitAct::Depart(TimeOfDay::new(11, 0)));
        world.pushed(&cookie, &one.push()).await;
        let again = pull(&world, &cookie, "").await;
        assert_eq!(again.visits[0].visit.departed(), [TimeOfDay::new(11, 0).unwrap()]);
    }
}
