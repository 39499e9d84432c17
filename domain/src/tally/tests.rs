//! Means, places, and the projection against a full replay.

mod held;

use super::*;
use crate::catalog::{Catalog, Seat};
use crate::edition::{Combine, Edition, Group, Rounding, Scoring};
use crate::ids::{EditionId, ProductId, ReplicaId, RoundCode, UserId};
use crate::log::{OpName, Verdict};
use crate::registration::{Establishment, Product};
use crate::round::{Round, RoundMode, RoundState};
use crate::rubric::tests::small;
use crate::sheet::{Act, Frame, Origin, Sheet, Work};
use crate::sync::chain::sha256;
use crate::sync::wire::{HeldCode, Status};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

fn juror(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

fn visit() -> RoundCode {
    "visit".parse().unwrap()
}

/// `products` products of one group, each with jurors 1 to 5 on its panel.
pub(crate) fn catalog(products: u128) -> Catalog {
    let group = "2".parse::<crate::ids::GroupCode>().unwrap();
    let seat = || Seat { standing: Standing::Active, stop: None };
    let panel = || (1..=5).map(|n| (juror(n), seat())).collect::<BTreeMap<_, _>>();
    Catalog {
        version: 1,
        edition: Edition {
            id: EditionId(Uuid::from_u128(1)),
            name: String::new(),
            region: String::new(),
            threshold: Points(700),
            groups: vec![Group { code: group.clone(), name: String::new(), short_name: String::new() }],
        },
        scoring: Scoring::default(),
        rounds: vec![Round {
            code: visit(),
            ordinal: 1,
            name: String::new(),
            short_name: String::new(),
            state: RoundState::Open,
            mode: RoundMode::Rescore,
            epoch: 1,
            rubric: small().id,
            starts_on: "2024-08-26".into(),
            ends_on: "2024-08-28".into(),
            opens_at: "2024-08-26T07:00:00+07:00".into(),
        }],
        rubrics: vec![small()],
        products: (1..=products)
            .map(|n| Product {
                id: product(n),
                code: format!("AGI-{n:03}").parse().unwrap(),
                name: String::new(),
                group: group.clone(),
                is_set: false,
                province: String::new(),
                establishment: Establishment {
                    name: String::new(),
                    kind: String::new(),
                    address: String::new(),
                    founded: None,
                    workers: None,
                },
                summary: String::new(),
                materials: String::new(),
            })
            .collect(),
        panels: [(visit(), (1..=products).map(|n| (product(n), panel())).collect())].into(),
    }
}

/// Writes a log as jurors would: each with one tablet.
struct Log {
    entries: Vec<LogEntry>,
    sheets: BTreeMap<(u128, u128), Sheet>,
}

impl LogEntry {
    fn move_to(&mut self, round: RoundCode) {
        if let Logged::Op(op) = &mut self.what {
            op.round = round;
        }
    }
}

impl Log {
    fn new() -> Self {
        Self { entries: vec![], sheets: BTreeMap::new() }
    }

    fn write(&mut self, by: u128, about: u128, act: Act, status: Status) {
        let position = self.entries.len() as u64 + 1;
        let sheet = self.sheets.entry((by, about)).or_default();
        let replica = ReplicaId(Uuid::from_u128(by));
        let bases = sheet.bases_for(&act.cell(), replica, None);
        let origin = Origin::first(replica, position, sha256(&position.to_be_bytes()), bases);
        if status == Status::Accepted {
            sheet.apply(&origin, &act);
        }
        let work = Some(Work { product: product(about), act });
        let what = Logged::Op(Box::new(OpEntry { user: juror(by), round: visit(), origin, status, work }));
        self.entries.push(LogEntry { position, what });
    }

    /// Counts on its tablet, not on the server.
    fn held(&mut self, by: u128, about: u128, act: Act) {
        self.write(by, about, act.clone(), Status::Held(HeldCode::RoundClosed));
        let Some(Logged::Op(op)) = self.entries.last().map(|entry| entry.what.clone()) else {
            return;
        };
        self.sheets.entry((by, about)).or_default().apply(&op.origin, &act);
    }

    fn mark(&mut self, by: u128, about: u128, criterion: &str, points: i32) {
        let act = Act::SetMark { criterion: criterion.parse().unwrap(), points: Some(Points(points)) };
        self.write(by, about, act, Status::Accepted);
    }

    fn confirm(&mut self, by: u128, about: u128) {
        let state_hash = self.sheets.entry((by, about)).or_default().state_hash();
        self.write(by, about, Act::Confirm { state_hash }, Status::Accepted);
    }

    /// A complete, confirmed sheet of `points` (at most 10 points, in hundredths, of which 6 go to section 1).
    fn score(&mut self, by: u128, about: u128, points: i32) {
        let (a, rest) = (points.min(400), (points - 400).max(0));
        let (b, c) = (rest.min(200), (rest - 200).max(0));
        for (criterion, points) in [("1.1", a), ("1.2", b), ("2", c)] {
            self.mark(by, about, criterion, points);
        }
        self.confirm(by, about);
    }

    fn totals(&self, catalog: Catalog) -> Totals {
        self.totals_with(catalog, 0)
    }

    fn totals_with(&self, catalog: Catalog, tablets: u32) -> Totals {
        let mut projection = Projection::new(Arc::new(catalog));
        for entry in &self.entries {
            projection.apply(entry);
        }
        projection.refresh(&visit()).unwrap();
        projection.totals(&visit(), tablets).unwrap()
    }
}

#[test]
fn a_panel_of_five_with_one_recused_divides_by_four() {
    let mut log = Log::new();
    for (by, points) in [(1, 800), (2, 700), (3, 0), (4, 900)] {
        log.score(by, 1, points);
    }
    log.write(5, 1, Act::Recuse { reason: "Người thân".into() }, Status::Accepted);
    let totals = log.totals(catalog(1));
    let row = &totals.rows[0];
    let mean = row.mean.unwrap();
    assert_eq!((mean.num, mean.den), (2_400, 4), "0 points count as 0, a recusal not at all");
    assert_eq!((row.confirmed, row.assigned, row.recused, row.complete), (4, 5, 1, true));
    assert_eq!(totals.missing.sheets, 0);
    assert!(totals.provisional, "the round is still open");
}

#[test]
fn absent_recused_not_scored_and_zero_are_four_things() {
    let mut settings = catalog(1);
    let seats = settings.panels.get_mut(&visit()).unwrap().get_mut(&product(1)).unwrap();
    seats.get_mut(&juror(1)).unwrap().standing = Standing::Absent { reason: "Ốm".into() };
    seats.get_mut(&juror(2)).unwrap().standing = Standing::Recused { reason: "Người thân".into() };
    let mut log = Log::new();
    log.score(3, 1, 0);
    let totals = log.totals(settings);
    let row = &totals.rows[0];
    assert_eq!((row.absent, row.recused, row.confirmed, row.assigned), (1, 1, 1, 5));
    let mean = row.mean.unwrap();
    assert_eq!((mean.num, mean.den), (0, 1));
    assert_eq!(totals.missing.sheets, 2);
    assert!(!row.complete);
}

/// S30: a sheet came, and then its juror was recorded as absent by somebody who didn't know of it: it says so.
#[test]
fn s30_a_sheet_of_whoever_is_recorded_as_absent_is_set_aside_and_told() {
    let mut log = Log::new();
    log.score(1, 1, 800);
    log.score(2, 1, 400);
    log.mark(3, 1, "1.1", 400);
    let mut settings = catalog(1);
    let seats = settings.panels.get_mut(&visit()).unwrap().get_mut(&product(1)).unwrap();
    for absent in [1, 3, 4] {
        seats.get_mut(&juror(absent)).unwrap().standing = Standing::Absent { reason: "Ốm".into() };
    }
    let mut live = Projection::new(Arc::new(settings));
    log.entries.iter().for_each(|entry| live.apply(entry));
    live.refresh(&visit());
    let totals = live.totals(&visit(), 0).unwrap();
    let row = &totals.rows[0];
    assert_eq!((row.absent, row.set_aside, row.confirmed, totals.missing.set_aside), (3, 1, 1, 1));
    assert_eq!(live.set_aside(&visit()), [(juror(1), product(1))]);
    assert!(Missing { set_aside: 1, ..Missing::default() }.is_nothing(), "an absence may be right all the same");
}

#[test]
fn s29_only_confirmed_complete_sheets_enter_a_mean() {
    let mut log = Log::new();
    log.score(1, 1, 800);
    log.mark(2, 1, "1.1", 400);
    let totals = log.totals(catalog(1));
    let mean = totals.rows[0].mean.unwrap();
    assert_eq!((mean.num, mean.den), (800, 1));
    assert_eq!((totals.rows[0].scoring, totals.missing.scoring, totals.missing.sheets), (1, 1, 4));
}

#[test]
fn ties_share_a_place_and_the_next_place_is_skipped() {
    let mut log = Log::new();
    for (about, points) in [(1, 700), (2, 900), (3, 700), (4, 600)] {
        log.score(1, about, points);
    }
    let places: Vec<_> = log.totals(catalog(5)).rows.iter().map(|row| row.rank).collect();
    assert_eq!(places, [Some(2), Some(1), Some(2), Some(4), None]);
}

#[test]
fn a_closed_round_with_nothing_missing_is_final() {
    let mut settings = catalog(1);
    settings.rounds[0].state = RoundState::Closed;
    let mut log = Log::new();
    for by in 1..=4 {
        log.score(by, 1, 700);
    }
    assert!(log.totals(settings.clone()).provisional);
    log.score(5, 1, 700);
    assert!(!log.totals(settings.clone()).provisional);
    let with_tablet = log.totals_with(settings, 1);
    assert_eq!((with_tablet.provisional, with_tablet.missing.tablets), (false, 1), "late work would be held");
}

#[test]
fn a_refresh_names_only_the_rows_that_differ() {
    let mut log = Log::new();
    for (about, points) in [(1, 700), (2, 900), (3, 500)] {
        log.score(1, about, points);
    }
    let mut projection = Projection::new(Arc::new(catalog(4)));
    log.entries.iter().for_each(|entry| projection.apply(entry));
    projection.refresh(&visit()).unwrap();
    assert!(projection.refresh(&visit()).unwrap().is_empty());
    let known = log.entries.len();
    log.score(2, 3, 1_000);
    log.entries[known..].iter().for_each(|entry| projection.apply(entry));
    let changed = projection.refresh(&visit()).unwrap();
    let changed: Vec<_> = changed.iter().map(|row| (row.code.as_str(), row.rank)).collect();
    assert_eq!(changed, [("AGI-001", Some(3)), ("AGI-003", Some(2))]);
}

fn script() -> impl Strategy<Value = Vec<(u128, u128, u8, i32)>> {
    prop::collection::vec((1..=5_u128, 1..=4_u128, 0..6_u8, 0..=4_i32), 0..120)
}

proptest! {
    /// S29, I4: advanced bit by bit with refreshes in between = one replay of everything.
    #[test]
    fn s29_i4_projection_equals_full_replay(script in script(), every in 1..9_usize) {
        let mut log = Log::new();
        for (by, about, what, value) in script {
            match what {
                0 => log.mark(by, about, "1.1", value * 50),
                1 => log.mark(by, about, "1.2", value * 50),
                2 => log.mark(by, about, "2", value * 50),
                3 => log.score(by, about, value * 250),
                4 => log.write(by, about, Act::Reopen { reason: "x".into() }, Status::Accepted),
                _ => log.confirm(by, about),
            }
        }
        let mut projection = Projection::new(Arc::new(catalog(4)));
        for (n, entry) in log.entries.iter().enumerate() {
            projection.apply(entry);
            projection.apply(entry);
            if n % every == 0 {
                projection.refresh(&visit()).unwrap();
            }
        }
        projection.refresh(&visit()).unwrap();
        let totals = projection.totals(&visit(), 0).unwrap();
        prop_assert_eq!(&totals, &log.totals(catalog(4)));
        for row in &totals.rows {
            prop_assert!(row.confirmed + row.recused + row.absent + row.scoring + row.needs_juror <= row.assigned);
            if let Some(mean) = row.mean {
                prop_assert!(mean.num >= 0 && mean.num <= 1_000 * mean.den && mean.den == i64::from(row.confirmed));
            }
        }
    }
}

/// Two rounds with the same panel: `dossier`, and after it `visit` of this mode.
fn two_rounds(mode: RoundMode) -> Catalog {
    let mut settings = catalog(1);
    settings.rounds.insert(0, Round { code: dossier(), ordinal: 0, ..settings.rounds[0].clone() });
    settings.rounds[1].mode = mode;
    settings.panels.insert(dossier(), settings.panels[&visit()].clone());
    settings
}

fn dossier() -> RoundCode {
    "dossier".parse().unwrap()
}

/// The same log, with every sheet so far in the dossier round.
fn in_dossier(mut log: Log) -> Log {
    for entry in &mut log.entries {
        entry.move_to(dossier());
    }
    log.sheets.clear();
    log
}

fn refreshed(log: &Log, settings: Catalog) -> Projection {
    let mut projection = Projection::new(Arc::new(settings));
    log.entries.iter().for_each(|entry| projection.apply(entry));
    projection.refresh(&dossier()).unwrap();
    projection.refresh(&visit()).unwrap();
    projection
}

#[test]
fn an_adjusting_round_counts_the_earlier_marks_with_what_was_changed() {
    let mut log = Log::new();
    for by in [1, 2] {
        log.score(by, 1, 800);
    }
    let mut log = in_dossier(log);
    // Juror 1 gives 50 less for criterion 2; what may not change doesn't; juror 2 begins, juror 3 has nothing to adjust.
    log.mark(1, 1, "2", 150);
    log.mark(1, 1, "1.1", 0);
    let mode = RoundMode::Adjust { from: dossier(), criteria: vec!["2".parse().unwrap()] };
    let earlier = {
        let mut only = Log::new();
        only.score(1, 1, 800);
        only.sheets.remove(&(1, 1)).unwrap()
    };
    let frame = Frame::of(&mode, &small(), Some(&earlier)).state_hash(&log.sheets[&(1, 1)]);
    log.write(1, 1, Act::Confirm { state_hash: frame }, Status::Accepted);
    log.mark(2, 1, "2", 100);
    log.write(3, 1, Act::SetRemark { text: "Đã xem".into() }, Status::Accepted);
    log.confirm(3, 1);
    let row = refreshed(&log, two_rounds(mode)).totals(&visit(), 0).unwrap().rows.remove(0);
    assert_eq!(row.mean.map(|mean| (mean.num, mean.den)), Some((750, 1)));
    assert_eq!((row.confirmed, row.remarked, row.scoring), (1, 1, 1));
}

/// S24: reopening the earlier sheet unsettles the adjusted one that was confirmed on top of it.
#[test]
fn s24_a_change_of_the_earlier_sheet_reaches_the_adjusted_one() {
    let mut log = Log::new();
    log.score(1, 1, 800);
    let confirmed = log.sheets[&(1, 1)].state_hash();
    let mut log = in_dossier(log);
    log.write(1, 1, Act::Confirm { state_hash: confirmed }, Status::Accepted);
    let settings = two_rounds(RoundMode::Adjust { from: dossier(), criteria: vec![] });
    let mut projection = refreshed(&log, settings);
    assert_eq!(projection.totals(&visit(), 0).unwrap().rows[0].confirmed, 1);
    let known = log.entries.len();
    log.write(1, 1, Act::Reopen { reason: "Nhầm".into() }, Status::Accepted);
    log.entries[known].move_to(dossier());
    projection.apply(&log.entries[known]);
    let changed = projection.refresh(&visit()).unwrap();
    assert_eq!((changed.len(), changed[0].confirmed, changed[0].mean), (1, 0, None));
}

#[test]
fn a_round_for_remarks_is_complete_without_a_mean() {
    let mut log = Log::new();
    for by in 1..=5 {
        log.write(by, 1, Act::SetRemark { text: "Tốt".into() }, Status::Accepted);
        log.confirm(by, 1);
    }
    let projection = refreshed(&log, two_rounds(RoundMode::Remarks));
    let totals = projection.totals(&visit(), 0).unwrap();
    let row = &totals.rows[0];
    assert_eq!((row.remarked, row.confirmed, row.mean, row.rank, row.complete), (5, 0, None, None, true));
    assert_eq!(totals.missing.sheets, 0);
}

#[test]
fn the_councils_rule_makes_the_figure_and_too_few_sheets_give_no_rank() {
    let mut log = Log::new();
    for (by, points) in [(1, 1_000), (2, 850), (3, 700), (4, 300)] {
        log.score(by, 1, points);
    }
    log.score(1, 2, 900);
    let mut settings = catalog(2);
    settings.scoring.tally =
        TallyRule { combine: Combine::Trimmed { k: 1 }, minimum_sheets: 2, ..TallyRule::default() };
    let rows = log.totals(settings.clone()).rows;
    assert_eq!(rows[0].mean.map(|mean| (mean.num, mean.den)), Some((1_550, 2)));
    assert_eq!((rows[0].rank, rows[0].spread), (Some(1), Some(Points(700))));
    assert_eq!(
        (rows[1].mean, rows[1].rank, rows[1].confirmed, rows[1].spread),
        (None, None, 1, None),
        "listed, not computed"
    );
    settings.scoring.tally.combine = Combine::Median;
    let rows = log.totals(settings.clone()).rows;
    assert_eq!(rows[0].mean.map(|mean| (mean.num, mean.den)), Some((1_550, 2)));
    assert_eq!((rows[1].mean.map(|mean| mean.num), rows[1].rank), (Some(900), None), "shown, not ranked");
    settings.scoring.tally = TallyRule { rounding: Rounding::Sheet { unit: Points(100) }, ..TallyRule::default() };
    let mean = log.totals(settings.clone()).rows[0].mean.unwrap();
    assert_eq!((mean.num, mean.den), (2_900, 4), "8,5 becomes 9");
    settings.scoring.tally.rounding = Rounding::Criterion { unit: Points(400) };
    assert_eq!(log.totals(settings).rows[0].mean.map(|mean| mean.num), Some(3_600), "each mark on its own, half up");
}

#[test]
fn what_a_round_does_not_take_in_is_counted() {
    let mut settings = catalog(3);
    settings.panels.get_mut(&visit()).unwrap().remove(&product(2));
    let totals = Log::new().totals(settings);
    assert_eq!((totals.rows.len(), totals.not_visited), (2, 1));
}
