//! The log as evidence: what is changed afterwards is found and named (S31, S32).

use crate::edition::{ORGANISER, SECRETARY, START, act, edition_id, user};
use crate::on_both_engines;
use crate::tablet::{Tablet, mark};
use crate::visits::found;
use crate::world::{World, temporary_folder};
use domain::log::{LogEnd, OrganiserAct};
use domain::round::{RoundMove, RoundState};
use domain::sync::chain::sha256;
use domain::sync::receipt::{Receipt, ReceiptKey};
use serde_json::json;
use server::acts::{self, By, OnSettings};
use server::db::{Db, log};
use server::evidence::verify::{Finding, Report, Witnesses, verify};
use server::{evidence, keys};

async fn report(world: &World) -> Report {
    verify(&world.app.db, Witnesses::default()).await.unwrap().unwrap()
}

fn told(report: &Report) -> Vec<String> {
    report.findings.iter().map(Finding::to_string).collect()
}

async fn run(world: &World, sql: &str) {
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        let rows = world.run(statement).await;
        // A statement that changes nothing would prove nothing.
        let changes_rows = ["UPDATE", "DELETE"].iter().any(|word| statement.starts_with(word));
        assert!(rows > 0 || !changes_rows, "{statement}");
    }
}

/// The edition is founded, two jurors score, one of them in a round that isn't open, the secretary records an absence and
/// the organiser closes the visit and revokes the other juror's tablet.
async fn an_edition_with_a_history(world: &World) -> [Receipt; 2] {
    let (by, at) = (user(ORGANISER), START);
    let mut tx = world.app.db.write().await.unwrap();
    let (catalogs, key) = (&world.app.catalogs, &world.app.receipt_key);
    let found = vec![(By { user: by, at }, OrganiserAct::Found {})];
    acts::record_all(&mut tx, catalogs, key, edition_id(), found, OnSettings::Founded).await.unwrap();
    tx.commit().await.unwrap();

    let (mut first, cookie) = Tablet::registered(world, 1).await;
    first.score(1, [400, 200, 350]);
    let first = world.pushed(&cookie, &first.push()).await.receipt;
    let (mut second, cookie) = Tablet::registered(world, 2).await;
    second.score(1, [300, 200, 350]);
    second.act("direct", 1, mark("1.1", 100));
    let second = world.pushed(&cookie, &second.push()).await.receipt;

    let secretary = world.cookie(SECRETARY).await;
    let absent = json!({
        "delegation": "Đoàn 1", "date": "2024-08-26", "ordinal": 1, "juror": user(2), "presence": "absent", "reason": "Ốm",
    });
    assert_eq!(world.post(&secretary, "/api/v1/rounds/visit/presence", &absent).await.status.as_u16(), 200);

    let mut tx = world.app.db.write().await.unwrap();
    let head = log::head(&mut tx).await.unwrap().unwrap();
    let before = OnSettings::Changed(acts::settings(&mut tx, &head).await.unwrap());
    act(&mut tx, "visit", RoundState::Closed, 1).await;
    let (round, step) = ("visit".parse().unwrap(), RoundMove::Close);
    let close = OrganiserAct::MoveRound { round, step, epoch: 1, reason: String::new() };
    acts::record_all(&mut tx, catalogs, key, edition_id(), vec![(By { user: by, at }, close)], before).await.unwrap();
    tx.commit().await.unwrap();

    let organiser = world.cookie(ORGANISER).await;
    let (revocation, lost) = (second.statement.replica, json!({ "reason": "Mất máy" }));
    let revoked = world.post(&organiser, &format!("/api/v1/tablets/{revocation}/revocation"), &lost).await;
    assert_eq!(revoked.status.as_u16(), 200);
    [first, second]
}

/// Whoever can change the database can drop its triggers, too.
fn without_triggers(world: &World) -> &'static str {
    match world.app.db {
        Db::Sqlite { .. } => {
            "DROP TRIGGER ops_no_update; DROP TRIGGER ops_no_delete; DROP TRIGGER acts_no_update;
             DROP TRIGGER acts_no_delete; DROP TRIGGER round_acts_no_update;
             DROP TRIGGER round_acts_no_delete; DROP TRIGGER standing_acts_no_update;
             DROP TRIGGER presence_acts_no_update; DROP TRIGGER presence_acts_no_delete"
        }
        Db::Postgres(_) => {
            "ALTER TABLE ops DISABLE TRIGGER USER; ALTER TABLE acts DISABLE TRIGGER USER;
             ALTER TABLE round_acts DISABLE TRIGGER USER; ALTER TABLE standing_acts DISABLE TRIGGER USER;
             ALTER TABLE presence_acts DISABLE TRIGGER USER"
        }
    }
}

/// What somebody changes in the database, and what is said of it. Hashes are turned by one digit: a digit to replace may not
/// be in them.
const CHANGES: [(&str, &str); 36] = [
    (
        "UPDATE ops SET envelope = replace(envelope, '400', '450') WHERE position = 2",
        "position 2: the text doesn't have its hash",
    ),
    ("UPDATE ops SET status = 'rejected', code = 'denied' WHERE position = 2", "end of the log: the entries give"),
    ("UPDATE ops SET status = 'held', code = 'not_assigned' WHERE position = 2", "end of the log: the entries give"),
    (
        "UPDATE ops SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE position = 2",
        "position 2: the text doesn't have its hash",
    ),
    (
        "UPDATE ops SET user_id = (SELECT user_id FROM ops WHERE position = 6) WHERE position = 2",
        "position 2: column user_id",
    ),
    ("UPDATE ops SET round = 'direct' WHERE position = 2", "position 2: column round"),
    ("UPDATE ops SET seq = 40 WHERE position = 3", "position 3: column seq"),
    ("UPDATE ops SET base = hash WHERE position = 2", "position 2: column base"),
    ("DELETE FROM ops WHERE position = 3", "position 3: not exactly one entry"),
    ("UPDATE acts SET envelope = replace(envelope, 'Ốm', 'ốm')", "position 11: the text doesn't have its hash"),
    ("DELETE FROM acts WHERE position = 12", "settings: rounds changed without an act, after position 11"),
    ("DELETE FROM acts WHERE position = 13; UPDATE log_heads SET position = 12", "end of the log: the entries give"),
    ("UPDATE log_heads SET head = substr(head, 2) || substr(head, 1, 1)", "end of the log: the entries give"),
    (
        "UPDATE log_heads SET signature = substr(signature, 2) || substr(signature, 1, 1)",
        "end of the log: its signature doesn't fit",
    ),
    ("UPDATE receipt_keys SET public = substr(public, 2) || substr(public, 1, 1)", "its public half was changed"),
    ("UPDATE replicas SET seq = seq + 1", "its row names another end"),
    ("UPDATE replicas SET head = 'x'", "its row names another end"),
    (
        "UPDATE replicas SET user_id = (SELECT user_id FROM ops WHERE position = 6) WHERE revoked_at IS NULL",
        "its row names another user",
    ),
    ("UPDATE replicas SET revoked_at = 1 WHERE revoked_at IS NULL", "in whether it was revoked"),
    ("UPDATE replicas SET revoked_at = NULL WHERE revoked_at IS NOT NULL", "in whether it was revoked"),
    ("DELETE FROM replicas WHERE revoked_at IS NULL", "its row is missing"),
    ("UPDATE ops SET code = 'denied' WHERE position = 2", "position 2: column code"),
    ("UPDATE acts SET kind = 'rule' WHERE position = 13", "position 13: column kind"),
    (
        "INSERT INTO acts SELECT edition_id, 0, kind, envelope, hash FROM acts WHERE position = 11",
        "position 0: the log begins at 1",
    ),
    ("UPDATE acts SET position = -1 WHERE position = 13", "position -1: the log begins at 1"),
    (
        "UPDATE rubrics SET document = replace(document, '400', '300')",
        "settings: rubrics changed without an act, after position 13",
    ),
    ("UPDATE editions SET threshold = threshold - 1", "settings: edition changed without an act"),
    ("UPDATE round_acts SET state = 'open' WHERE state = 'closed'", "settings: rounds changed without an act"),
    ("UPDATE round_acts SET reason = 'Đủ phiếu' WHERE state = 'closed'", "round visit: what was done to it"),
    ("UPDATE round_acts SET acted_at = 1 WHERE state = 'closed'", "round visit: what was done to it"),
    ("DELETE FROM round_acts WHERE state = 'closed'", "round visit: what was done to it"),
    ("UPDATE presence_acts SET reason = 'Bận'", "at stop 1 of Đoàn 1 on 2024-08-26: it differs from the acts"),
    ("UPDATE presence_acts SET acted_by = juror_id", "at stop 1 of Đoàn 1 on 2024-08-26: it differs from the acts"),
    ("DELETE FROM presence_acts", "at stop 1 of Đoàn 1 on 2024-08-26: it differs from the acts"),
    ("UPDATE presence_acts SET stop_ordinal = 2", "at stop 2 of Đoàn 1 on 2024-08-26: it differs from the acts"),
    ("UPDATE standing_acts SET standing = 'active'", "settings: panels changed without an act"),
];

on_both_engines! {
    /// S31, S32: an untouched log verifies, and says the same each time; each changed byte is found and named.
    async fn s31_s32_what_was_changed_is_found_and_named(world) {
        an_edition_with_a_history(&world).await;
        let sound = report(&world).await;
        assert_eq!(told(&sound), Vec::<String>::new());
        assert_eq!((sound.ops, sound.acts, sound.end.position), (9, 4, 13));
        let again = report(&world).await;
        assert_eq!((again.end, again.result, &again.totals), (sound.end, sound.result, &sound.totals));

        run(&world, without_triggers(&world)).await;
        run(&world, "UPDATE products SET code = 'AGI-009' WHERE code = 'AGI-001'").await;
        assert!(told(&report(&world).await).iter().any(|found| found.contains("settings: products")), "{sound:?}");
    }

    /// S31: an end that was cut off together with its signature is found by whoever wrote the true one down, or holds a
    /// receipt.
    async fn s31_a_cut_off_end_is_found_by_an_older_witness(world) {
        let receipts = an_edition_with_a_history(&world).await;
        let end = report(&world).await.end;
        let expect = async |end| {
            let witnesses = Witnesses { end: Some(end), ..Witnesses::default() };
            told(&verify(&world.app.db, witnesses).await.unwrap().unwrap())
        };
        let with_receipts = async |receipts: &[Receipt]| {
            told(&verify(&world.app.db, Witnesses { receipts, ..Witnesses::default() }).await.unwrap().unwrap())
        };
        assert_eq!(with_receipts(&receipts).await, Vec::<String>::new());
        let [mut forged, mut other] = receipts.clone();
        forged.statement.acked_seq -= 1;
        assert!(with_receipts(&[forged]).await[0].contains("its signature doesn't fit"));
        other.key_id = "0000000000000000".into();
        assert!(with_receipts(&[other]).await[0].contains("unknown key"));

        assert_eq!(expect(end).await, Vec::<String>::new());
        let early = LogEnd::start(edition_id());
        assert_eq!(expect(early).await, Vec::<String>::new(), "what was added since is no matter");
        let wrong = expect(LogEnd { head: sha256(b"other"), ..end }).await;
        assert!(wrong[0].contains("was expected, and what stands there gives"), "{wrong:?}");
        let later = expect(LogEnd { position: end.position + 1, ..end }).await;
        assert!(later[0].contains("its end was cut off"), "{later:?}");

        // Signed anew by somebody who has the key, such as a server that a backup was put back on.
        run(&world, without_triggers(&world)).await;
        run(&world, "DELETE FROM ops WHERE position > 8; DELETE FROM acts WHERE position > 8").await;
        let cut = report(&world).await.end;
        let signed = cut.sign(edition_id(), &world.app.receipt_key);
        run(&world, &format!(
            "UPDATE log_heads SET position = {}, head = '{}', signature = '{}'", cut.position, cut.head, signed.signature
        )).await;
        let found = with_receipts(&receipts).await;
        assert!(found.iter().any(|found| found.contains("it speaks of more than the log has")), "{found:?}");
        assert!(expect(end).await.iter().any(|found| found.contains("its end was cut off")));
    }

    /// S31: an act covers nothing that a hand changed before it in the same part of the settings.
    async fn s31_an_act_does_not_cover_what_was_changed_before_it(world) {
        an_edition_with_a_history(&world).await;
        let organiser = world.cookie(ORGANISER).await;
        let reopen = json!({ "step": "reopen", "reason": "Sót phiếu", "seen": 2 });
        for (change, part) in [
            ("UPDATE seats SET withdrawn_in = 1 WHERE round = 'direct'", "panels"),
            ("UPDATE rounds SET mode = '{\"kind\":\"remarks\"}' WHERE code = 'direct'", "rounds"),
        ] {
            run(&world, change).await;
            let found = told(&report(&world).await);
            assert!(found.contains(&format!("settings: {part} changed without an act, after position 13")), "{found:?}");
        }
        let absent = json!({
            "delegation": "Đoàn 1", "date": "2024-08-26", "ordinal": 1, "juror": user(1), "presence": "absent", "reason": "Ốm",
        });
        for (path, body) in [("/api/v1/rounds/visit/presence", &absent), ("/api/v1/rounds/visit/moves", &reopen)] {
            let answer = world.post(&organiser, path, body).await;
            assert_eq!(answer.status.as_u16(), 200, "{path} {}", answer.text());
        }
        let found = told(&report(&world).await);
        for part in ["rounds", "panels"] {
            assert!(found.contains(&format!("settings: {part} changed without an act, after position 13")), "{found:?}");
        }
    }

    /// S32: what a hand has changed, chain and all, the server doesn't sign with what it writes next: it stays to be found.
    async fn s32_a_change_by_hand_is_not_signed_by_what_follows(world) {
        an_edition_with_a_history(&world).await;
        run(&world, without_triggers(&world)).await;
        run(&world, "UPDATE ops SET status = 'accepted', code = NULL WHERE status = 'held'").await;
        let changed = report(&world).await.end.head;
        run(&world, &format!("UPDATE log_heads SET head = '{changed}'")).await;
        let organiser = world.cookie(ORGANISER).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 3).await;
        tablet.mark(1, "1.1", 100);
        assert_eq!(world.push(&cookie, &tablet.push()).await.status.as_u16(), 500, "the tablet keeps its work");
        let reopen = json!({ "step": "reopen", "reason": "Sót phiếu", "seen": 2 });
        assert_eq!(world.post(&organiser, "/api/v1/rounds/visit/moves", &reopen).await.status.as_u16(), 500);
        let found = told(&report(&world).await);
        assert_eq!(found, ["end of the log: its signature doesn't fit"]);
        let (app, now) = (&world.app, world.app.nature.now());
        let started = evidence::begin(&app.db, &app.catalogs, &app.receipt_key, false, now).await;
        assert!(started.unwrap_err().to_string().contains("binhchon verify"), "nor does it start on it");
    }

    /// S32: a log whose end was taken away is not one of an older version: it gets no new one.
    async fn s32_an_end_that_was_taken_away_is_not_given_back(world) {
        an_edition_with_a_history(&world).await;
        run(&world, "UPDATE log_heads SET head = NULL, key_id = NULL, signature = NULL").await;
        let (app, now) = (&world.app, world.app.nature.now());
        assert!(evidence::begin(&app.db, &app.catalogs, &app.receipt_key, false, now).await.is_err());
        assert!(told(&report(&world).await).contains(&"end of the log: it was never signed".to_owned()));
    }

    /// S32: only the first act can found an edition; a second one would cover any setting.
    async fn s32_a_second_foundation_is_found(world) {
        an_edition_with_a_history(&world).await;
        run(&world, "UPDATE editions SET threshold = threshold - 1").await;
        let mut tx = world.app.db.write().await.unwrap();
        let (catalogs, key) = (&world.app.catalogs, &world.app.receipt_key);
        let again = vec![(By { user: user(ORGANISER), at: START }, OrganiserAct::Found {})];
        acts::record_all(&mut tx, catalogs, key, edition_id(), again, OnSettings::Founded).await.unwrap();
        tx.commit().await.unwrap();
        let found = told(&report(&world).await);
        assert!(found.contains(&"position 14: the edition is founded a second time".to_owned()), "{found:?}");
    }

    /// S32: whoever can write into the database can put a key of their own there and sign with it; the master key doesn't open it.
    async fn s32_a_key_that_the_master_key_does_not_open_signs_for_nobody(world) {
        an_edition_with_a_history(&world).await;
        let own = keys::own(&world.app.db, world.folder()).await.unwrap().unwrap();
        assert_eq!(own, [world.app.receipt_key.public().key_id]);
        let checked = async || {
            let witnesses = Witnesses { own_keys: Some(&own), ..Witnesses::default() };
            verify(&world.app.db, witnesses).await.unwrap().unwrap()
        };
        assert_eq!(told(&checked().await), Vec::<String>::new());
        let theirs = ReceiptKey::from_seed([9; 32]);
        let (public, signed) = (theirs.public(), report(&world).await.end.sign(edition_id(), &theirs));
        run(&world, &format!(
            "INSERT INTO receipt_keys (key_id, public, first_used_at) VALUES ('{0}', '{1}', 0);
             UPDATE log_heads SET key_id = '{0}', signature = '{2}'", public.key_id, public.public, signed.signature
        )).await;
        let found = checked().await;
        assert_eq!(told(&found), ["end of the log: it is signed with a key that the master key doesn't open"]);
        assert_eq!(found.signer, Some(public.key_id));
        assert!(keys::own(&world.app.db, temporary_folder().path()).await.unwrap().is_none(), "none is drawn");
    }

    /// S32: an act that a hand put where an operation stands is met by no walk where a page of the walk ends there.
    async fn s32_an_act_beside_an_operation_is_found_at_the_end_of_a_page(world) {
        found(&world).await;
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        for push in 0..25 {
            (0..200).for_each(|n| tablet.mark(1, "1.1", n % 9 * 50));
            world.pushed(&cookie, &tablet.push_from(push * 200 + 1)).await;
        }
        assert_eq!(told(&report(&world).await), Vec::<String>::new());
        run(&world, "INSERT INTO acts SELECT edition_id, 5000, kind, envelope, hash FROM acts").await;
        let found = told(&report(&world).await);
        assert!(found.contains(&"position 5000: not one entry alone stands there".to_owned()), "{found:?}");
    }

    /// A log of an older version gets its chain, and an act that says how the settings stand, when the program starts.
    async fn s31_an_older_versions_log_gets_its_chain(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.score(1, [400, 200, 350]);
        world.pushed(&cookie, &tablet.push()).await;
        run(&world, "UPDATE log_heads SET head = NULL, key_id = NULL, signature = NULL").await;
        let newer = world.another_process().await;
        let report = report(&newer).await;
        assert_eq!(told(&report), Vec::<String>::new());
        assert_eq!((report.ops, report.acts), (4, 1));
        tablet.mark(2, "1.1", 100);
        newer.pushed(&cookie, &tablet.push_from(5)).await;
        assert_eq!(told(&self::report(&newer).await), Vec::<String>::new());
    }
}

/// S31: every kind of thing that a total depends on. SQLite only: each change needs a database of its own.
#[tokio::test]
async fn s31_each_changed_byte_is_named() {
    for (change, expected) in CHANGES {
        let world = World::on_sqlite().await;
        an_edition_with_a_history(&world).await;
        run(&world, without_triggers(&world)).await;
        run(&world, "PRAGMA foreign_keys = OFF").await;
        run(&world, change).await;
        let found = told(&report(&world).await);
        assert!(found.iter().any(|found| found.contains(expected)), "{change}: {found:?}");
    }
}
