//! A small edition: three products, two rounds, two jurors on every panel, so that everything meets everything soon.

use domain::catalog::{Catalog, Seat};
use domain::edition::{Edition, Group, Scoring};
use domain::ids::{CriterionCode, EditionId, GroupCode, ProductId, RoundCode, RubricId, UserId};
use domain::jury::{Standing, Stop};
use domain::points::Points;
use domain::registration::{Establishment, Product};
use domain::round::{Round, RoundMode, RoundState};
use domain::rubric::{Criterion, Rubric, Section};
use std::collections::BTreeMap;
use uuid::Uuid;

pub const EDITION: EditionId = EditionId(Uuid::from_u128(7));
pub const JURORS: [UserId; 2] = [UserId(Uuid::from_u128(0xA)), UserId(Uuid::from_u128(0xB))];
pub const ORGANISER: UserId = UserId(Uuid::from_u128(0xC));
pub const SECRETARY: UserId = UserId(Uuid::from_u128(0xD));
pub const CRITERIA: [(&str, i32); 2] = [("1", 400), ("2", 600)];
pub const ROUNDS: [&str; 2] = ["visit", "direct"];

pub fn product(n: usize) -> ProductId {
    ProductId(Uuid::from_u128(0x100 + n as u128))
}

/// Codes written in this file.
pub fn round(n: usize) -> RoundCode {
    known(ROUNDS[n])
}

pub fn stop(n: usize) -> Stop {
    Stop {
        delegation: "1".to_owned(),
        date: "2024-08-26".to_owned(),
        ordinal: n as u32 + 1,
        time: String::new(),
        place: String::new(),
        address: String::new(),
    }
}

pub fn criterion(n: usize) -> CriterionCode {
    known(CRITERIA[n].0)
}

/// The visit round open, the direct one planned; product 2 is on nobody's panel in the direct round.
pub fn catalog() -> Catalog {
    let seat = |stop: Option<Stop>| Seat { standing: Standing::Active, stop };
    // Two products at the first stop, one at the second.
    let place = |of: usize, n: usize| (of == 0).then(|| stop(n / 2));
    let panel =
        |of: usize, n: usize| JURORS.into_iter().map(|juror| (juror, seat(place(of, n)))).collect::<BTreeMap<_, _>>();
    let panels =
        |of: usize, products: usize| (0..products).map(|n| (product(n), panel(of, n))).collect::<BTreeMap<_, _>>();
    let group: GroupCode = known("1");
    Catalog {
        version: 1,
        edition: Edition {
            id: EDITION,
            name: "Kỳ thử".to_owned(),
            region: String::new(),
            threshold: Points(700),
            groups: vec![Group { code: group.clone(), name: "Nhóm 1".to_owned(), short_name: "1".to_owned() }],
        },
        scoring: Scoring::default(),
        rounds: vec![a_round(0, RoundState::Open), a_round(1, RoundState::Planned)],
        rubrics: vec![rubric()],
        products: (0..3).map(|n| a_product(n, group.clone())).collect(),
        panels: BTreeMap::from([(round(0), panels(0, 3)), (round(1), panels(1, 2))]),
    }
}

fn a_round(n: usize, state: RoundState) -> Round {
    Round {
        code: round(n),
        ordinal: n as u32 + 1,
        name: ROUNDS[n].to_owned(),
        short_name: ROUNDS[n].to_owned(),
        state,
        mode: RoundMode::Rescore,
        epoch: 1,
        rubric: RubricId(Uuid::from_u128(9)),
        starts_on: "2024-08-26".to_owned(),
        ends_on: "2024-08-28".to_owned(),
        opens_at: "2024-08-26T07:00:00+07:00".to_owned(),
    }
}

fn a_product(n: usize, group: GroupCode) -> Product {
    let establishment = Establishment {
        name: "Cơ sở thử".to_owned(),
        kind: String::new(),
        address: String::new(),
        founded: None,
        workers: None,
    };
    Product {
        id: product(n),
        code: known(&format!("AGI-{:03}", n + 1)),
        name: format!("Sản phẩm {n}"),
        group,
        is_set: false,
        province: "An Giang".to_owned(),
        establishment,
        summary: String::new(),
        materials: String::new(),
    }
}

fn rubric() -> Rubric {
    let section = |(code, max): (&str, i32)| Section {
        code: known(code),
        name: code.to_owned(),
        short_name: code.to_owned(),
        max: Points(max),
    };
    let leaf = |(code, max): (&str, i32)| Criterion {
        code: known(code),
        section: known(code),
        heading: None,
        name: code.to_owned(),
        max: Points(max),
        step: Points(50),
        guide: String::new(),
    };
    Rubric {
        id: RubricId(Uuid::from_u128(9)),
        name: "Khung điểm".to_owned(),
        note: String::new(),
        sections: CRITERIA.into_iter().map(section).collect(),
        criteria: CRITERIA.into_iter().map(leaf).collect(),
    }
}

#[expect(clippy::expect_used, reason = "codes that stand in this file")]
fn known<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code of this file")
}
