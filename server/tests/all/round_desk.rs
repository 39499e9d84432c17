//! A round's life through the API, what becomes of held work, and lost tablets (S17, S24–S26, S30).

use crate::edition::{ADMINISTRATOR, ORGANISER, SECRETARY, START, user};
use crate::live::watch;
use crate::on_both_engines;
use crate::tablet::{Tablet, mark};
use crate::world::{Answer, World};
use domain::api::oversight::{HeldWork, MoveRound, RoundDesk, RuleOnHeld, TabletsPage};
use domain::api::{ResultsPage, TotalsPage};
use domain::log::{OpName, Verdict};
use domain::round::{RoundMove, RoundState};
use domain::sync::chain::{Chain, Envelope};
use domain::sync::wire::{HeldCode, OpStatus, Pulled, Push, RejectedCode, Status};
use serde::de::DeserializeOwned;
use serde_json::json;
use server::evidence::verify::{Witnesses, verify};

fn read<T: DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.bytes).unwrap()
}

async fn get<T: DeserializeOwned>(world: &World, who: u128, path: &str) -> T {
    read(&world.get(&world.cookie(who).await, path).await)
}

async fn move_round(world: &World, step: RoundMove, reason: &str, seen: u32) -> Answer {
    let asked = MoveRound { step, reason: reason.into(), seen };
    world.post(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/moves", &asked).await
}

async fn rule(world: &World, verdict: Verdict, ops: Vec<OpName>, reason: &str) -> Answer {
    let asked = RuleOnHeld { verdict, ops, reason: reason.into() };
    world.post(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/rulings", &asked).await
}

async fn desk(world: &World) -> RoundDesk {
    get(world, ORGANISER, "/api/v1/rounds/visit/desk").await
}

async fn pull(world: &World, cookie: &str, cursor: &str) -> Pulled {
    read(&world.get(cookie, &format!("/api/v1/sync/pull?cursor={cursor}")).await)
}

fn names(held: &[HeldWork]) -> Vec<OpName> {
    held.iter().map(|work| work.op).collect()
}

/// Mean of the first product in the visit round, as a fraction.
async fn mean(world: &World) -> Option<(i64, i64)> {
    let page: TotalsPage = get(world, ORGANISER, "/api/v1/rounds/visit/totals").await;
    page.totals.rows[0].mean.map(|mean| (mean.num, mean.den))
}

async fn nothing_was_changed(world: &World) {
    let report = verify(&world.app.db, Witnesses::default()).await.unwrap().unwrap();
    // These tests' edition is filled in without an act that founds it.
    let found: Vec<_> =
        report.findings.iter().map(ToString::to_string).filter(|found| !found.contains("no act")).collect();
    assert_eq!(found, Vec::<String>::new());
}

on_both_engines! {
    /// S25: open → closing → closed → published → reopened, each with who, when and why; another organiser's act in between
    /// is shown first.
    async fn s25_a_round_lives_its_life_through_the_api(world) {
        let before = desk(&world).await;
        assert_eq!((before.round.state, before.acts.len()), (RoundState::Open, 1));
        assert_eq!(before.moves, [RoundMove::BeginClosing, RoundMove::Close]);
        let seen_by_the_secretary: RoundDesk = get(&world, SECRETARY, "/api/v1/rounds/visit/desk").await;
        assert!(seen_by_the_secretary.moves.is_empty() && !seen_by_the_secretary.may_rule);

        let closing: RoundDesk = read(&move_round(&world, RoundMove::BeginClosing, "", 1).await);
        assert_eq!(closing.round.state, RoundState::Closing);
        let stale = move_round(&world, RoundMove::Close, "", 1).await;
        assert_eq!((stale.status.as_u16(), stale.code().as_str()), (409, "changed_meanwhile"));
        world.clock.pass(60_000);
        let closed: RoundDesk = read(&move_round(&world, RoundMove::Close, " Đủ phiếu ", 2).await);
        let last = closed.acts.last().unwrap();
        assert_eq!((last.state, last.epoch, last.reason.as_str()), (RoundState::Closed, 1, "Đủ phiếu"));
        assert_eq!((last.recorded.at, last.recorded.by.is_empty()), (START + 60_000, false));
        let wrong = move_round(&world, RoundMove::Open, "", 3).await;
        assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (409, "invalid_move"));
        read::<RoundDesk>(&move_round(&world, RoundMove::Publish, "", 3).await);

        let silent = move_round(&world, RoundMove::Reopen, "  ", 4).await;
        assert_eq!((silent.status.as_u16(), silent.code().as_str()), (400, "reason_missing"));
        let wordy = move_round(&world, RoundMove::Reopen, &"x".repeat(4_001), 4).await;
        assert_eq!((wordy.status.as_u16(), wordy.code().as_str()), (400, "text_too_long"));
        let open: RoundDesk = read(&move_round(&world, RoundMove::Reopen, "Bổ sung phiếu", 4).await);
        assert_eq!((open.round.state, open.round.epoch, open.acts.len()), (RoundState::Open, 2, 5));
        assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE event = 'round_moved'").await, 4);
        nothing_was_changed(&world).await;
    }

    /// S25, S18: late work is stored, acknowledged and held; once admitted it counts as if it had never been held, and the
    /// juror's tablet learns of it in its next pull and in a repeated acknowledgement.
    async fn s25_late_work_is_held_and_counts_once_admitted(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        let first = pull(&world, &cookie, "").await;
        read::<RoundDesk>(&move_round(&world, RoundMove::Close, "", 1).await);
        tablet.score(1, [400, 200, 350]);
        let pushed = world.pushed(&cookie, &tablet.push()).await;
        assert!(pushed.statuses.iter().all(|one| one.status == Status::Held(HeldCode::RoundClosed)));
        assert_eq!((pushed.acked_seq, mean(&world).await), (4, None));
        let known = pull(&world, &cookie, &first.cursor).await;
        assert_eq!(known.ops.len(), 4);

        let held = desk(&world).await.held;
        let kinds: Vec<_> = held.iter().map(|work| (work.kind.as_str(), work.criterion.as_ref().map(|c| c.as_str()))).collect();
        assert_eq!(kinds, [("set_mark", Some("1.1")), ("set_mark", Some("1.2")), ("set_mark", Some("2")), ("confirm", None)]);
        assert_eq!((held[0].code, held[0].product.as_ref().unwrap().code.as_str()), (HeldCode::RoundClosed, "AGI-001"));
        let text = world.get(&world.cookie(ORGANISER).await, "/api/v1/rounds/visit/desk").await.text();
        assert!(!text.contains("points"), "they are nobody's business before they count");

        let silent = rule(&world, Verdict::Admit, names(&held), " ").await;
        assert_eq!((silent.status.as_u16(), silent.code().as_str()), (400, "reason_missing"));
        let after: RoundDesk = read(&rule(&world, Verdict::Admit, names(&held), "Máy hết pin ngày cuối").await);
        assert_eq!((after.held.len(), after.ruled.len(), after.missing.held), (0, 4, 0));
        assert_eq!((after.ruled[0].verdict, after.ruled[0].reason.as_str()), (Verdict::Admit, "Máy hết pin ngày cuối"));
        assert_eq!(mean(&world).await, Some((950, 1)));
        let again = rule(&world, Verdict::Deny, names(&held), "Khác").await;
        assert_eq!((again.status.as_u16(), again.code().as_str()), (409, "changed_meanwhile"));

        let told = pull(&world, &cookie, &known.cursor).await;
        let statuses: Vec<_> = told.ops.iter().map(|op| (op.hash, op.status.clone())).collect();
        let mut expected: Vec<_> = tablet.ops.iter().map(|op| (op.hash, Status::Accepted)).collect();
        expected.sort_by_key(|(hash, _)| hash.to_string());
        assert_eq!(statuses, expected);
        assert!(pull(&world, &cookie, &told.cursor).await.ops.is_empty());
        let all = pull(&world, &cookie, "").await;
        assert!(all.ops.len() == 4 && all.ops.iter().all(|op| op.status == Status::Accepted), "each comes once");
        assert!(world.pushed(&cookie, &tablet.push()).await.statuses.is_empty());
        // A server that starts anew counts the same.
        assert_eq!(mean(&world.another_process().await).await, Some((950, 1)));
        nothing_was_changed(&world).await;
    }

    /// S25: what is denied never counts, is said to its juror, and stays as evidence.
    async fn s25_denied_work_never_counts_and_is_said(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        read::<RoundDesk>(&move_round(&world, RoundMove::Close, "", 1).await);
        tablet.score(1, [400, 200, 350]);
        world.pushed(&cookie, &tablet.push()).await;
        let held = desk(&world).await.held;
        read::<RoundDesk>(&rule(&world, Verdict::Deny, names(&held), "Sau giờ chốt").await);
        let denied = Status::Rejected(RejectedCode::Denied);
        let again = world.pushed(&cookie, &tablet.push()).await;
        let expected: Vec<_> = (1..=4).map(|seq| OpStatus { seq, status: denied.clone() }).collect();
        assert_eq!((again.statuses, mean(&world).await), (expected, None));
        assert!(pull(&world, &cookie, "").await.ops.iter().all(|op| op.status == denied));
        assert_eq!(world.count("SELECT COUNT(*) FROM ops").await, 4);
        nothing_was_changed(&world).await;
    }

    /// A ruling names what is held in this round, each operation by its hash, and no more than a page.
    async fn s25_a_ruling_is_on_held_operations_of_its_round_only(world) {
        // Juror 3 isn't asked about the third product.
        let (mut tablet, cookie) = Tablet::registered(&world, 3).await;
        tablet.mark(1, "1.1", 350);
        tablet.act("direct", 1, mark("1.1", 350));
        tablet.mark(3, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        let name = |place: usize| {
            let op = &tablet.ops[place];
            OpName { replica: tablet.chain.replica, seq: place as u64 + 1, hash: op.hash }
        };
        let forged = OpName { hash: name(0).hash, ..name(2) };
        let counts_already = name(0);
        let of_another_round = name(1);
        for ops in [vec![counts_already], vec![of_another_round], vec![forged], vec![name(2), counts_already]] {
            let refused = rule(&world, Verdict::Admit, ops, "Thử").await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (404, "unknown_operation"));
        }
        for ops in [vec![], vec![name(1); 501]] {
            let refused = rule(&world, Verdict::Admit, ops, "Thử").await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (400, "too_many_ops"));
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM rulings").await, 0);
        let ruled: RoundDesk = read(&rule(&world, Verdict::Admit, vec![name(2)], "Đoàn ghé thêm").await);
        assert_eq!((ruled.held.len(), ruled.ruled.len()), (0, 1));
    }

    /// S27: a page of a pull never ends within a ruling, however many operations it is about.
    async fn s27_a_ruling_on_many_operations_arrives_whole(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        read::<RoundDesk>(&move_round(&world, RoundMove::Close, "", 1).await);
        (0..700).for_each(|n| tablet.mark(1, "1.1", n % 8 * 50));
        for first in [1, 201, 401, 601] {
            let mut push = tablet.push_from(first);
            push.ops.truncate(200);
            world.pushed(&cookie, &push).await;
        }
        let held = names(&desk(&world).await.held);
        read::<RoundDesk>(&rule(&world, Verdict::Admit, held[1..501].to_vec(), "Đến muộn").await);
        let (mut cursor, mut statuses) = (String::new(), std::collections::BTreeMap::new());
        loop {
            let page = pull(&world, &cookie, &cursor).await;
            statuses.extend(page.ops.iter().map(|op| (op.hash.to_string(), op.status.clone())));
            cursor = page.cursor;
            if !page.more {
                break;
            }
        }
        assert_eq!(statuses.len(), 700);
        assert_eq!(statuses.values().filter(|status| **status == Status::Accepted).count(), 500);
    }

    /// S26, S30: a lost tablet is revoked with a reason, once; every tablet's last contact is shown.
    async fn s26_s30_a_lost_tablet_is_revoked_with_a_reason(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        world.clock.pass(5_000);
        world.pushed(&cookie, &Push { unsent: 2, ..tablet.push() }).await;
        let page: TabletsPage = get(&world, ADMINISTRATOR, "/api/v1/tablets").await;
        let line = &page.tablets[0];
        assert_eq!((line.last_contact_at, line.unsent, line.stored, line.app_version.as_str()), (START + 5_000, 2, 0, "test"));
        assert!(line.revoked.is_none() && page.may_revoke);

        let path = format!("/api/v1/tablets/{}/revocation", tablet.chain.replica);
        let organiser = world.cookie(ORGANISER).await;
        assert_eq!(world.post(&organiser, &path, &json!({ "reason": "" })).await.code(), "reason_missing");
        let page: TabletsPage = read(&world.post(&organiser, &path, &json!({ "reason": "Mất ở Cần Thơ" })).await);
        let revoked = page.tablets[0].revoked.as_ref().unwrap();
        assert_eq!((revoked.reason.as_str(), revoked.recorded.as_ref().unwrap().at), ("Mất ở Cần Thơ", START + 5_000));
        assert_eq!(world.post(&organiser, &path, &json!({ "reason": "Lần nữa" })).await.code(), "changed_meanwhile");
        let unknown = "/api/v1/tablets/00000000-0000-0000-0000-00000000ffff/revocation";
        assert_eq!(world.post(&organiser, unknown, &json!({ "reason": "x" })).await.code(), "unknown_replica");

        tablet.mark(1, "1.1", 350);
        assert_eq!(world.push(&cookie, &tablet.push()).await.code(), "not_signed_in");
        let pushed = world.pushed(&world.cookie(1).await, &tablet.push()).await;
        assert_eq!(pushed.statuses, [OpStatus { seq: 1, status: Status::Held(HeldCode::ReplicaRevoked) }]);
        assert_eq!(desk(&world).await.held[0].code, HeldCode::ReplicaRevoked);
        nothing_was_changed(&world).await;
    }

    /// S26: whoever holds the lost tablet is nobody: all sessions of its juror end, with what they watch. Others' go on.
    async fn s26_with_a_lost_tablet_the_sessions_of_its_juror_end(world) {
        let (tablet, held) = Tablet::registered(&world, SECRETARY).await;
        let (elsewhere, organiser) = (world.cookie(SECRETARY).await, world.cookie(ORGANISER).await);
        let mut watched = watch(&world, &held, "").await;
        watched.expect().await;
        let path = format!("/api/v1/tablets/{}/revocation", tablet.chain.replica);
        let answer = world.post(&organiser, &path, &json!({ "reason": "Mất ở Cần Thơ" })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        for cookie in [&held, &elsewhere] {
            assert_eq!(world.get(cookie, "/api/v1/session").await.code(), "not_signed_in");
        }
        assert!(watched.next().await.is_none(), "at once");
        let another = Tablet::new(SECRETARY, 0x7777).chain.replica;
        assert_eq!(world.post(&held, "/api/v1/replicas", &json!({ "replica": another })).await.code(), "not_signed_in");
        assert_eq!(world.get(&organiser, "/api/v1/session").await.status, 200);
        assert_eq!(world.get(&world.cookie(SECRETARY).await, "/api/v1/session").await.status, 200, "signed in anew");
    }

    /// S17: what a clone pushed is shown to organisers, and nothing was overwritten.
    async fn s17_a_forks_push_is_shown_to_organisers(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.mark(1, "1.1", 350);
        world.pushed(&cookie, &tablet.push()).await;
        let mut clone = Tablet::new(1, 0);
        clone.chain = Chain::new(tablet.chain.replica);
        clone.mark(2, "1.1", 100);
        assert_eq!(world.push(&cookie, &clone.push()).await.code(), "fork");
        let page: TabletsPage = get(&world, ORGANISER, "/api/v1/tablets").await;
        let line = &page.quarantine[0];
        assert_eq!((line.replica, line.fork_seq, line.ops, page.quarantine.len()), (tablet.chain.replica, 1, 1, 1));
        let stored: Envelope = serde_json::from_str(&pull(&world, &cookie, "").await.ops[0].envelope).unwrap();
        assert_eq!((stored.user, stored.seq), (user(1), 1));
        nothing_was_changed(&world).await;
    }

    /// S32: a result names the position and the head that it rests on.
    async fn s32_a_result_names_position_and_head(world) {
        let (mut tablet, cookie) = Tablet::registered(&world, 1).await;
        tablet.score(1, [400, 200, 350]);
        world.pushed(&cookie, &tablet.push()).await;
        let page: ResultsPage = get(&world, ORGANISER, "/api/v1/results").await;
        let end = verify(&world.app.db, Witnesses::default()).await.unwrap().unwrap().end;
        assert_eq!((page.position, page.head), (end.position, Some(end.head)));
    }
}
