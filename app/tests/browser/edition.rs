//! The edition that the server of these tests serves: what there is to judge, and whose it is.

use crate::support::*;
use domain::catalog::{Catalog, Seat};
use domain::edition::{Edition, Group, Scoring};
use domain::ids::UserId;
use domain::jury::{Assignment, Standing, Stop};
use domain::points::Points;
use domain::registration::{Establishment, Product};
use domain::round::{Round, RoundMode, RoundState};
use std::collections::BTreeMap;

/// The one stop.
pub fn stop() -> Stop {
    Stop {
        delegation: "1".into(),
        date: "2024-08-26".into(),
        ordinal: 1,
        time: "08:00".into(),
        place: "Xưởng".into(),
        address: "An Giang".into(),
    }
}

/// 300 products, all of the visit round assigned to both jurors; `direct` is not open yet.
pub fn catalog() -> Catalog {
    let round = |code: &str, state| Round {
        mode: RoundMode::Rescore,
        code: code.parse().unwrap(),
        ordinal: 1,
        name: code.to_owned(),
        short_name: code.to_owned(),
        state,
        epoch: 1,
        rubric: rubric().id,
        starts_on: "2024-08-26".into(),
        ends_on: "2024-08-28".into(),
        opens_at: "2024-08-26T00:00:00Z".into(),
    };
    let group = Group { code: "1".parse().unwrap(), name: "Nhóm 1".into(), short_name: "Nhóm 1".into() };
    // The last product is scored at a stop.
    let panel = |n: u32| {
        let seat = Seat { standing: Standing::Active, stop: (n == 299).then(stop) };
        BTreeMap::from([(JUROR, seat.clone()), (OTHER, seat)])
    };
    let rounds = vec![round("visit", RoundState::Open), round("direct", RoundState::Planned)];
    let panels = (0..300).map(|n| (product(n), panel(n))).collect();
    Catalog {
        version: 1,
        scoring: Scoring::default(),
        edition: Edition {
            id: EDITION,
            name: "Bình chọn".into(),
            region: "Khu vực phía Nam".into(),
            threshold: Points(7000),
            groups: vec![group],
        },
        panels: BTreeMap::from([(rounds[0].code.clone(), panels)]),
        rounds,
        rubrics: vec![rubric()],
        products: (0..300).map(one_product).collect(),
    }
}

fn one_product(n: u32) -> Product {
    Product {
        id: product(n),
        code: format!("AGI-{n:03}").parse().unwrap(),
        name: format!("Sản phẩm {n}"),
        group: "1".parse().unwrap(),
        is_set: false,
        province: "An Giang".into(),
        establishment: Establishment {
            name: format!("Cơ sở giả định An Giang {n:02}"),
            kind: "Hộ kinh doanh".into(),
            address: "An Giang".into(),
            founded: None,
            workers: None,
        },
        summary: String::new(),
        materials: String::new(),
    }
}

/// What this user has to judge.
pub fn assignments(catalog: &Catalog, user: UserId) -> Vec<Assignment> {
    let seats = catalog.seats_of(user);
    let own = seats.map(|(round, product, seat)| Assignment {
        round: round.clone(),
        product,
        sheet: domain::ids::SheetId::of(EDITION, round, user, product),
        standing: seat.standing.clone(),
        stop: seat.stop.clone(),
    });
    own.collect()
}
