//! Every answer that a push can get.

mod photos;

use super::*;
use crate::access::Role;
use crate::jury::Presence;
use crate::points::Points;
use crate::rubric::tests::small;
use crate::sheet::{Act, Bases};
use crate::sync::chain::{Chain, Context};
use crate::visit::TimeOfDay;
use uuid::Uuid;

static RESCORE: RoundMode = RoundMode::Rescore;
static REMARKS: RoundMode = RoundMode::Remarks;

const JUROR: UserId = UserId(Uuid::from_u128(2));

fn of_office(role: Role) -> Actor {
    Actor { user: JUROR, role }
}

/// A round `visit` (open), `direct` (planned), `dossier` (closed), epoch 1; product 3 assigned, 4 not, 5 recused.
struct Edition(Rubric, Standing, Standing);

impl Edition {
    fn new() -> Self {
        Self(small(), Standing::Active, Standing::Recused { reason: "Người thân".into() })
    }
}

impl Rules for Edition {
    fn round(&self, round: &RoundCode) -> Option<RoundRules<'_>> {
        let state = match round.as_str() {
            "visit" => RoundState::Open,
            "direct" => RoundState::Planned,
            "dossier" => RoundState::Closed,
            "remarks" => {
                return Some(RoundRules { state: RoundState::Open, epoch: 1, mode: &REMARKS, rubric: &self.0 });
            }
            _ => return None,
        };
        Some(RoundRules { state, epoch: 1, mode: &RESCORE, rubric: &self.0 })
    }

    fn has_product(&self, product: ProductId) -> bool {
        (3..=5).contains(&product.0.as_u128())
    }

    fn standing(&self, _: &RoundCode, _: UserId, product: ProductId) -> Option<&Standing> {
        match product.0.as_u128() {
            3 => Some(&self.1),
            5 => Some(&self.2),
            _ => None,
        }
    }

    fn is_expected(&self, _: &RoundCode, stop: &StopKey, juror: Option<UserId>) -> bool {
        stop.ordinal == 1 && juror.is_none_or(|juror| juror == JUROR)
    }
}

/// A tablet that writes operations on product 3 in the visit round unless told otherwise.
struct Tablet {
    chain: Chain,
    ops: Vec<WireOp>,
}

impl Tablet {
    fn new() -> Self {
        Self { chain: Chain::new(ReplicaId(Uuid::from_u128(1))), ops: vec![] }
    }

    fn write_in(&mut self, round: &str, epoch: u32, product: u128, act: Act, reissue_of: Option<OpHash>) {
        let round = round.parse().unwrap();
        let context = Context { user: JUROR, round, epoch, bases: Bases::new(), claimed_at: 0, reissue_of };
        let work = Work { product: ProductId(Uuid::from_u128(product)), act };
        self.ops.push(self.chain.append(context, &work));
    }

    fn write(&mut self, act: Act) {
        self.write_in("visit", 1, 3, act, None);
    }

    fn push(&self) -> Push {
        Push {
            protocol: PROTOCOL,
            app_version: "test".into(),
            replica: self.chain.replica,
            first_seq: 1,
            ops: self.ops.clone(),
            unsent: 0,
        }
    }
}

fn mark(points: i32) -> Act {
    Act::SetMark { criterion: "1.1".parse().unwrap(), points: Some(Points(points)) }
}

fn fresh() -> ReplicaState {
    ReplicaState { user: JUROR, seq: 0, head: None, revoked: false }
}

fn decide_on(
    push: &Push,
    actor: UserId,
    state: &ReplicaState,
    known: &[OpHash],
    already_stored: &[OpHash],
) -> Result<Vec<(u64, Status)>, Refusal> {
    let delivery = Delivery::read(push.clone(), Actor { user: actor, role: Role::Juror });
    let judged = decide(&delivery, state, known, already_stored, &Edition::new())?;
    Ok(judged.into_iter().map(|op| (op.envelope.seq, op.status)).collect())
}

fn decide_fresh(push: &Push) -> Result<Vec<(u64, Status)>, Refusal> {
    decide_on(push, JUROR, &fresh(), &[], &[])
}

fn status_of(tablet: &Tablet) -> Status {
    decide_fresh(&tablet.push()).unwrap()[0].1.clone()
}

#[test]
fn s16_a_contiguous_chain_is_stored_in_order() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    tablet.write(mark(200));
    let judged = decide_fresh(&tablet.push()).unwrap();
    assert_eq!(judged.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2]);
    assert!(judged.iter().all(|(_, status)| *status == Status::Accepted));
}

#[test]
fn s16_what_is_known_with_the_same_hash_is_a_no_op() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    tablet.write(mark(200));
    let first = tablet.ops[0].hash;
    let state = ReplicaState { seq: 1, head: Some(first), ..fresh() };
    assert_eq!(Delivery::read(tablet.push(), of_office(Role::Juror)).known_range(&state), Some((1, 1)));
    let judged = decide_on(&tablet.push(), JUROR, &state, &[first], &[]).unwrap();
    assert_eq!(judged.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [2]);
    let all = ReplicaState { seq: 2, head: Some(tablet.ops[1].hash), ..fresh() };
    let known = [first, tablet.ops[1].hash];
    assert!(decide_on(&tablet.push(), JUROR, &all, &known, &[]).unwrap().is_empty());
}

#[test]
fn s16_a_gap_names_what_should_come() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    tablet.write(mark(200));
    let push = Push { first_seq: 2, ops: vec![tablet.ops[1].clone()], ..tablet.push() };
    assert_eq!(decide_fresh(&push).unwrap_err(), Refusal::Gap { expected_seq: 1 });
}

#[test]
fn s16_another_history_is_a_fork() {
    let (mut tablet, mut clone) = (Tablet::new(), Tablet::new());
    tablet.write(mark(100));
    clone.write(mark(300));
    let state = ReplicaState { seq: 1, head: Some(clone.ops[0].hash), ..fresh() };
    let known = [clone.ops[0].hash];
    let answer = decide_on(&tablet.push(), JUROR, &state, &known, &[]);
    assert_eq!(answer.unwrap_err(), Refusal::Fork { seq: 1 });
    tablet.write(mark(200));
    let push = Push { first_seq: 2, ops: vec![tablet.ops[1].clone()], ..tablet.push() };
    let answer = decide_on(&push, JUROR, &state, &[], &[]);
    assert_eq!(answer.unwrap_err(), Refusal::Fork { seq: 2 });
}

#[test]
fn s13_s20_nobody_pushes_into_another_users_replica() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    let stranger = UserId(Uuid::from_u128(9));
    let answer = decide_on(&tablet.push(), stranger, &fresh(), &[], &[]);
    assert_eq!(answer.unwrap_err(), Refusal::OtherUsersReplica);
    let theirs = ReplicaState { user: stranger, ..fresh() };
    let answer = decide_on(&tablet.push(), stranger, &theirs, &[], &[]);
    assert!(matches!(answer, Err(Refusal::Malformed { seq: 1, .. })), "the envelope names another user");
}

#[test]
fn s18_what_breaks_a_rule_is_stored_with_its_reason() {
    let criterion = || "1.1".parse().unwrap();
    let cases: [(Act, RejectedCode); 6] = [
        (mark(450), RejectedCode::OverMaximum),
        (mark(-50), RejectedCode::Negative),
        (mark(25), RejectedCode::OffStep),
        (Act::SetMark { criterion: "9".parse().unwrap(), points: None }, RejectedCode::UnknownCriterion),
        (Act::SetNote { criterion: criterion(), text: "x".repeat(4_001) }, RejectedCode::TextTooLong),
        (Act::Recuse { reason: " ".into() }, RejectedCode::ReasonMissing),
    ];
    for (act, code) in cases {
        let mut tablet = Tablet::new();
        tablet.write(act.clone());
        assert_eq!(status_of(&tablet), Status::Rejected(code), "{act:?}");
    }
}

#[test]
fn s18_s15_s25_what_nobody_could_know_offline_is_held() {
    let cases = [
        ("direct", 1, 3, Status::Held(HeldCode::RoundPlanned)),
        ("dossier", 1, 3, Status::Held(HeldCode::RoundClosed)),
        ("visit", 2, 3, Status::Held(HeldCode::OtherEpoch)),
        ("visit", 0, 3, Status::Held(HeldCode::OtherEpoch)),
        ("visit", 1, 4, Status::Held(HeldCode::NotAssigned)),
        ("visit", 1, 5, Status::Held(HeldCode::NotExpected)),
        ("visit", 1, 6, Status::Rejected(RejectedCode::UnknownProduct)),
        ("final", 1, 3, Status::Rejected(RejectedCode::UnknownRound)),
        ("visit", 1, 3, Status::Accepted),
    ];
    for (round, epoch, product, status) in cases {
        let mut tablet = Tablet::new();
        tablet.write_in(round, epoch, product, mark(100), None);
        assert_eq!(status_of(&tablet), status, "{round} {epoch} {product}");
    }
}

#[test]
fn s26_a_revoked_replica_delivers_and_all_of_it_is_held() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    let state = ReplicaState { revoked: true, ..fresh() };
    let judged = decide_on(&tablet.push(), JUROR, &state, &[], &[]).unwrap();
    assert_eq!(judged[0].1, Status::Held(HeldCode::ReplicaRevoked));
}

#[test]
fn s17_a_reissue_of_what_is_stored_never_counts_twice() {
    let first = sha256(b"first writing");
    let mut tablet = Tablet::new();
    tablet.write_in("visit", 1, 3, mark(100), Some(first));
    assert_eq!(Delivery::read(tablet.push(), of_office(Role::Juror)).writings().repeated, [first]);
    let judged = decide_on(&tablet.push(), JUROR, &fresh(), &[], &[first]).unwrap();
    assert_eq!(judged[0].1, Status::Rejected(RejectedCode::AlreadyStored));
    assert_eq!(status_of(&tablet), Status::Accepted);
}

#[test]
fn s4_bytes_that_are_not_their_hash_are_refused() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    let mut push = tablet.push();
    push.ops[0].envelope = push.ops[0].envelope.replace("100", "200");
    assert!(matches!(decide_fresh(&push), Err(Refusal::Malformed { seq: 1, .. })));
}

/// An operation whose envelope is `envelope`, correctly hashed.
fn raw(envelope: String) -> Push {
    let hash = sha256(envelope.as_bytes());
    Push { ops: vec![WireOp { envelope, hash }], ..Tablet::new().push() }
}

#[test]
fn s21_a_newer_form_is_refused_whole_and_an_unknown_kind_is_stored() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    let envelope = tablet.ops[0].envelope.clone();
    let newer = raw(envelope.replace("\"schema\":1", "\"schema\":3"));
    assert_eq!(decide_fresh(&newer).unwrap_err(), Refusal::UnsupportedSchema(3));
    let unknown_field = raw(envelope.replace("\"schema\":1", "\"schema\":1,\"colour\":1"));
    assert!(matches!(decide_fresh(&unknown_field), Err(Refusal::Malformed { .. })));
    let praise = decide_fresh(&raw(envelope.replace("set_mark", "praise"))).unwrap();
    assert_eq!(praise[0].1, Status::Rejected(RejectedCode::UnknownKind));
    let body = decide_fresh(&raw(envelope.replace("\"points\":100", "\"points\":\"a\""))).unwrap();
    assert_eq!(body[0].1, Status::Rejected(RejectedCode::MalformedBody));
    let protocol = Push { protocol: 2, ..tablet.push() };
    assert_eq!(decide_fresh(&protocol).unwrap_err(), Refusal::UnsupportedProtocol(2));
}

#[test]
fn s16_numbers_out_of_range_are_refused() {
    let mut tablet = Tablet::new();
    tablet.write(mark(100));
    let zero = Push { first_seq: 0, ..tablet.push() };
    assert!(matches!(decide_fresh(&zero), Err(Refusal::Malformed { .. })));
    let far = Push { first_seq: u64::MAX, ..tablet.push() };
    assert_eq!(decide_fresh(&far).unwrap_err(), Refusal::Gap { expected_seq: 1 });
    let many = Push { ops: vec![tablet.ops[0].clone(); MAX_PUSH_OPS + 1], ..tablet.push() };
    assert_eq!(decide_fresh(&many).unwrap_err(), Refusal::TooManyOps);
}

/// A secretary's tablet: one operation in a round, and what becomes of it.
fn status_of_visit(role: Role, round: &str, ordinal: u32, act: VisitAct) -> Status {
    let mut tablet = Tablet::new();
    let round = round.parse().unwrap();
    let context = Context { user: JUROR, round, epoch: 1, bases: Bases::new(), claimed_at: 0, reissue_of: None };
    let stop = StopKey { delegation: "1".into(), date: "2024-08-26".into(), ordinal };
    tablet.ops.push(tablet.chain.append_visit(context, &VisitWork { stop, act }));
    let delivery = Delivery::read(tablet.push(), of_office(role));
    decide(&delivery, &fresh(), &[], &[], &Edition::new()).unwrap()[0].status.clone()
}

#[test]
fn s5_s18_a_secretarys_record_of_a_stop_is_judged() {
    let arrive = VisitAct::Arrive(TimeOfDay::new(8, 30));
    let is = |juror: u128, presence| VisitAct::Presence { juror: UserId(Uuid::from_u128(juror)), presence };
    let fact = |product: u128, text: &str| VisitAct::SetFact {
        product: Some(ProductId(Uuid::from_u128(product))),
        text: text.into(),
    };
    let absent = |reason: &str| Presence::Absent { reason: reason.into() };
    let rejected = Status::Rejected;
    let table = [
        ("visit", 1, arrive.clone(), Status::Accepted),
        ("visit", 1, is(2, absent("Ốm")), Status::Accepted),
        ("visit", 1, fact(4, "Lò mới"), Status::Accepted),
        ("visit", 9, arrive.clone(), rejected(RejectedCode::UnknownStop)),
        ("visit", 1, is(7, Presence::Present), rejected(RejectedCode::UnknownJuror)),
        ("visit", 1, is(2, absent(" ")), rejected(RejectedCode::ReasonMissing)),
        ("visit", 1, fact(9, "Lò mới"), rejected(RejectedCode::UnknownProduct)),
        ("visit", 1, fact(4, &"x".repeat(4_001)), rejected(RejectedCode::TextTooLong)),
        ("nowhere", 1, arrive.clone(), rejected(RejectedCode::UnknownRound)),
        ("direct", 1, arrive.clone(), Status::Held(HeldCode::RoundPlanned)),
        ("dossier", 1, is(2, absent("Ốm")), Status::Held(HeldCode::RoundClosed)),
    ];
    for (round, ordinal, act, expected) in table {
        assert_eq!(status_of_visit(Role::Secretary, round, ordinal, act.clone()), expected, "{round} {act:?}");
    }
    for role in [Role::Juror, Role::JuryHead, Role::Organiser] {
        let other = rejected(RejectedCode::OtherOffice);
        assert_eq!(status_of_visit(role, "visit", 1, arrive.clone()), other, "{role:?}");
    }
}

/// I7: a secretary carries a tablet, and scores nothing.
#[test]
fn i7_a_secretarys_mark_is_evidence_and_nothing_else() {
    let mut tablet = Tablet::new();
    tablet.write(mark(400));
    for (role, expected) in
        [(Role::Secretary, Status::Rejected(RejectedCode::OtherOffice)), (Role::JuryDeputy, Status::Accepted)]
    {
        let delivery = Delivery::read(tablet.push(), of_office(role));
        assert_eq!(decide(&delivery, &fresh(), &[], &[], &Edition::new()).unwrap()[0].status, expected, "{role:?}");
    }
}
