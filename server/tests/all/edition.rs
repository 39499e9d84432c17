//! A small edition: three products, three jurors, three rounds.

use domain::access::Role;
use domain::catalog::Seat;
use domain::edition::{Edition, Group, Scoring};
use domain::ids::{EditionId, ProductId, RoundCode, RubricId, UserId};
use domain::jury::{Standing, Stop, StopKey};
use domain::plan::{PlanRow, PlanState, When};
use domain::points::Points;
use domain::registration::{Establishment, Product, Province};
use domain::round::{Round, RoundMode, RoundState};
use domain::rubric::{Criterion, Rubric, Section};
use server::db::editions::{self, SeatKey};
use server::db::log;
use server::db::rounds::{self, RoundAct};
use server::db::{Db, Tx, plan, users};
use server::passwords::Passwords;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The password of everybody in this world.
pub const PASSWORD: &str = "nepthomlang58";
/// When everything begins: 2024-08-26, 08:00 in Vietnam.
pub const START: i64 = 1_724_634_000_000;
/// Jurors are users 1 to 3.
pub const JURORS: [u128; 3] = [1, 2, 3];
/// Then one of each of the other roles.
pub const SECRETARY: u128 = 10;
pub const ORGANISER: u128 = 11;
pub const ADMINISTRATOR: u128 = 12;
pub const JURY_HEAD: u128 = 13;
pub const JURY_DEPUTY: u128 = 14;
pub const COUNCIL_CHAIR: u128 = 15;
pub const DEPARTMENT: u128 = 16;

pub fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

pub fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(0x100 + n))
}

pub fn round(code: &str) -> RoundCode {
    code.parse().unwrap()
}

/// The one stop of the visit round: everybody, and all products.
pub fn stop() -> StopKey {
    StopKey { delegation: "Đoàn 1".into(), date: "2024-08-26".into(), ordinal: 1 }
}

pub fn edition_id() -> EditionId {
    EditionId(Uuid::from_u128(0xed))
}

/// Fills an empty database.
pub async fn fill(db: &Db) {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(async || Passwords::default().hash(PASSWORD.into(), [7; 16]).await.unwrap()).await;
    let mut tx = db.write().await.unwrap();
    let others = [
        (SECRETARY, Role::Secretary),
        (ORGANISER, Role::Organiser),
        (ADMINISTRATOR, Role::Administrator),
        (JURY_HEAD, Role::JuryHead),
        (JURY_DEPUTY, Role::JuryDeputy),
        (COUNCIL_CHAIR, Role::CouncilChair),
        (DEPARTMENT, Role::Department),
    ];
    for (id, role) in JURORS.map(|n| (n, Role::Juror)).into_iter().chain(others) {
        let new = users::NewUser {
            id: user(id),
            name: &format!("user{id}"),
            display_name: &format!("Người {id}"),
            title: "",
            role,
            password_hash: hash,
            demo: false,
            created_at: START,
        };
        users::insert(&mut tx, &new).await.unwrap();
    }
    fill_settings(&mut tx).await;
    tx.commit().await.unwrap();
    db.close().await;
}

/// Rounds dossier (closed), visit (open), direct (planned); products AGI-001 to AGI-003; in each round every juror scores
/// every product, but juror 3 not AGI-003.
async fn fill_settings(tx: &mut Tx) {
    let edition = edition();
    editions::insert(tx, &edition, &Scoring::default(), START).await.unwrap();
    editions::insert_rubric(tx, edition.id, &rubric(), START).await.unwrap();
    let province = Province { ordinal: 1, prefix: "AGI".into(), name: "An Giang".into() };
    editions::insert_province(tx, edition.id, &province).await.unwrap();
    editions::insert_establishment(tx, edition.id, "CS-1", "AGI", &establishment()).await.unwrap();
    for n in 1..=3 {
        editions::insert_product(tx, edition.id, "CS-1", &a_product(n)).await.unwrap();
    }
    for (ordinal, code) in [(1, "dossier"), (2, "visit"), (3, "direct")] {
        editions::insert_round(tx, edition.id, &a_round(ordinal, code)).await.unwrap();
        let stop = Stop {
            delegation: "Đoàn 1".into(),
            date: "2024-08-26".into(),
            ordinal: 1,
            time: "08:00".into(),
            place: "A".into(),
            address: "B".into(),
        };
        let seat = Seat { standing: Standing::Active, stop: (code == "visit").then_some(stop) };
        for (juror, about) in JURORS.into_iter().flat_map(|juror| (1..=3).map(move |about| (juror, about))) {
            if (juror, about) != (3, 3) {
                let round = round(code);
                let key = SeatKey { edition: edition.id, round: &round, product: product(about), juror: user(juror) };
                editions::insert_seat(tx, key, &seat).await.unwrap();
            }
        }
    }
    for (ordinal, lead) in [(1, "Cục CTĐP"), (2, "Sở Công Thương")] {
        plan::insert(tx, edition.id, &plan_row(ordinal, lead)).await.unwrap();
    }
    act(tx, "dossier", RoundState::Open, 1).await;
    act(tx, "dossier", RoundState::Closed, 1).await;
    act(tx, "visit", RoundState::Open, 1).await;
    log::insert(tx, edition.id, "0123456789abcdef").await.unwrap();
    log::raise_catalog_version(tx, edition.id).await.unwrap();
}

pub async fn act(tx: &mut Tx, code: &str, state: RoundState, epoch: u32) {
    let act = RoundAct { state, epoch, by: user(ORGANISER), at: START, reason: "" };
    rounds::append_act(tx, edition_id(), &round(code), &act).await.unwrap();
}

fn edition() -> Edition {
    let group = Group { code: "2".parse().unwrap(), name: "Thực phẩm".into(), short_name: "Thực phẩm".into() };
    Edition {
        id: edition_id(),
        name: "2024".into(),
        region: "Phía Nam".into(),
        threshold: Points(700),
        groups: vec![group],
    }
}

fn rubric() -> Rubric {
    let section = |code: &str, max| Section {
        code: code.parse().unwrap(),
        name: code.into(),
        short_name: code.into(),
        max: Points(max),
    };
    let leaf = |code: &str, section: &str, max| Criterion {
        code: code.parse().unwrap(),
        section: section.parse().unwrap(),
        heading: None,
        name: code.into(),
        max: Points(max),
        step: Points(50),
        guide: String::new(),
    };
    Rubric {
        id: RubricId(Uuid::from_u128(0x70)),
        name: "Khung điểm".into(),
        note: String::new(),
        sections: vec![section("1", 600), section("2", 400)],
        criteria: vec![leaf("1.1", "1", 400), leaf("1.2", "1", 200), leaf("2", "2", 400)],
    }
}

fn a_round(ordinal: u32, code: &str) -> Round {
    Round {
        code: round(code),
        ordinal,
        name: code.into(),
        short_name: code.into(),
        state: RoundState::Planned,
        mode: RoundMode::Rescore,
        epoch: 1,
        rubric: rubric().id,
        starts_on: "2024-08-26".into(),
        ends_on: "2024-08-28".into(),
        opens_at: "2024-08-26T07:00:00+07:00".into(),
    }
}

fn plan_row(ordinal: u32, lead: &str) -> PlanRow {
    let when = When { starts_on: Some("2024-08-01".into()), ends_on: None, state: PlanState::Waiting };
    PlanRow {
        ordinal,
        contents: vec![format!("Việc {ordinal}")],
        lead: vec![lead.into()],
        coordinating: vec![],
        window: "Tháng 8".into(),
        decided: when.clone(),
        when,
        changes: vec![],
    }
}

fn establishment() -> Establishment {
    Establishment {
        name: "Cơ sở".into(),
        kind: "HTX".into(),
        address: "An Giang".into(),
        founded: Some(2012),
        workers: None,
    }
}

fn a_product(n: u128) -> Product {
    Product {
        id: product(n),
        code: format!("AGI-{n:03}").parse().unwrap(),
        name: format!("Sản phẩm {n}"),
        group: "2".parse().unwrap(),
        is_set: n == 2,
        province: "An Giang".into(),
        establishment: establishment(),
        summary: String::new(),
        materials: String::new(),
    }
}
