//! The order of the list: the stops of the day, those of the days after and before it, then the groups, then what is found
//! beyond the assignments.

use super::choice::WorkChoice;
use crate::clock::now_ms;
use crate::ordered::ordered;
use crate::pages::tablet::sheet_facts::{SheetFacts, Stand, facts};
use crate::tablet::{Catalogue, SheetKey, Tablet};
use crate::text::fold::{finds, fold};
use crate::text::format::local_day;
use domain::edition::Group;
use domain::ids::{GroupCode, ProductId, RoundCode, SelectionCode};
use domain::jury::Stop;
use domain::registration::Product;
use domain::round::{Round, RoundState};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// Products found beyond the assignments, at most.
const MAX_UNASSIGNED: usize = 20;

/// What stands over a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// A stop of a day.
    Stop {
        /// Which.
        stop: Stop,
        /// Whether its day is today.
        today: bool,
    },
    /// A group.
    Group(Group),
    /// Found, though not assigned.
    Unassigned,
}

/// Rows under one head.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What stands over it.
    pub head: Head,
    /// Its products.
    pub rows: Vec<WorkRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRow {
    /// Which sheet.
    pub key: SheetKey,
    /// What it is about.
    pub product: Arc<Product>,
    /// All that is searched, folded; made at the first search.
    folded: Folded,
}

/// Says nothing that the product doesn't.
#[derive(Clone, Debug, Default)]
struct Folded(Arc<OnceLock<String>>);

impl PartialEq for Folded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl WorkRow {
    /// Unique in the list; another code of the same product is another row.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.key.round, self.key.product, self.product.code)
    }

    fn is_found(&self, search: &str) -> bool {
        let text = || {
            let Product { code, name, establishment, province, .. } = &*self.product;
            fold(&format!("{code} {name} {} {province}", establishment.name))
        };
        search.is_empty() || finds(search, self.folded.0.get_or_init(text))
    }
}

/// The work of one round; a handle to copy around.
#[derive(Clone, Copy)]
pub struct Work {
    /// What is chosen.
    pub choice: WorkChoice,
    /// All rounds.
    pub rounds: Memo<Vec<Round>>,
    /// The groups.
    pub groups: Memo<Vec<Group>>,
    /// The round that is shown.
    pub round: Memo<Option<Round>>,
    all: Memo<Arc<Vec<Section>>>,
    shown: Memo<Vec<Section>>,
    sheets: StoredValue<Sheets>,
}

/// Each sheet that the page has looked at, followed once.
struct Sheets {
    tablet: Tablet,
    owner: Owner,
    followed: HashMap<SheetKey, Memo<SheetFacts>>,
}

impl Work {
    /// Follows catalogue, choice and sheets.
    pub fn follow(tablet: Tablet, choice: WorkChoice) -> Self {
        let catalogue = tablet.catalogue();
        let owner = Owner::current().unwrap_or_default();
        let sheets = StoredValue::new(Sheets { tablet, owner, followed: HashMap::new() });
        let rounds = Memo::new(move |_| catalogue.with(|known| known.rounds.clone()));
        let round = Memo::new(move |_| choose_round(&rounds.get(), choice.round.get().as_ref()));
        let all = Memo::new(move |_| {
            let (known, round) = (catalogue.get(), round.get());
            let begun = tablet.written_sheets();
            Arc::new(round.map(|round| sections(&known, &round.code, sheets, &begun)).unwrap_or_default())
        });
        // Made once, and only when somebody searches.
        let others = Memo::new(move |_| {
            let (known, round) = (catalogue.get(), round.get());
            Arc::new(round.map(|round| unassigned(&known, &round.code)).unwrap_or_default())
        });
        let shown = Memo::new(move |_| {
            let found = shown(&all.get(), choice, sheets);
            let search = fold(&choice.search.get());
            if search.trim().len() < 2 { found } else { with_others(found, &others.get(), &search) }
        });
        let groups = Memo::new(move |_| {
            catalogue.with(|known| known.edition.as_ref().map(|edition| edition.groups.clone()).unwrap_or_default())
        });
        Self { choice, rounds, groups, round, all, shown, sheets }
    }

    /// The sections to show now.
    pub fn sections(self) -> Vec<Section> {
        self.shown.get()
    }

    /// The rows of one of them.
    pub fn rows(self, head: &Head) -> Vec<WorkRow> {
        self.shown.with(|all| rows_under(all, head))
    }

    /// One sheet.
    pub fn facts(self, key: &SheetKey) -> Memo<SheetFacts> {
        follow(self.sheets, key)
    }

    /// Whether anything is assigned in this round.
    pub fn has_assignments(self) -> bool {
        self.all.with(|all| assigned(all).next().is_some())
    }

    /// How many of the round's assigned sheets stand like this.
    pub fn count(self, stands: impl Fn(&SheetFacts) -> bool) -> usize {
        let all = self.all.get();
        assigned(&all).filter(|row| self.facts(&row.key).with(&stands)).count()
    }

    /// The next sheet to score, while the round takes any.
    pub fn next(self) -> Option<(RoundCode, SelectionCode)> {
        let round = self.round.get().filter(|round| round.state == RoundState::Open)?;
        let all = self.all.get();
        let row = assigned(&all).find(|row| self.facts(&row.key).with(SheetFacts::is_open))?;
        Some((round.code, row.product.code.clone()))
    }

    /// Locked and expected sheets.
    pub fn progress(self) -> (usize, usize) {
        let locked = self.count(|facts| facts.stand == Stand::Locked);
        (locked, self.count(|facts| !matches!(facts.stand, Stand::Recused | Stand::Absent)))
    }
}

/// The chosen round; else the open one, the latest of several; else the last.
pub fn choose_round(rounds: &[Round], chosen: Option<&RoundCode>) -> Option<Round> {
    let chosen = rounds.iter().find(|round| Some(&round.code) == chosen);
    let open = || rounds.iter().rfind(|round| round.state == RoundState::Open);
    chosen.or_else(open).or_else(|| rounds.last()).cloned()
}

/// The rows that are assigned: what counts as the juror's work.
fn assigned(sections: &[Section]) -> impl Iterator<Item = &WorkRow> {
    sections.iter().filter(|section| section.head != Head::Unassigned).flat_map(|section| &section.rows)
}

/// The rows of the section with this head.
pub fn rows_under(sections: &[Section], head: &Head) -> Vec<WorkRow> {
    let section = sections.iter().find(|section| section.head == *head);
    section.map(|section| section.rows.clone()).unwrap_or_default()
}

fn follow(sheets: StoredValue<Sheets>, key: &SheetKey) -> Memo<SheetFacts> {
    let known = sheets.with_value(|sheets| sheets.followed.get(key).copied());
    known.unwrap_or_else(|| {
        let (tablet, owner) = sheets.with_value(|sheets| (sheets.tablet, sheets.owner.clone()));
        let memo = owner.with(|| facts(tablet, key));
        sheets.update_value(|sheets| {
            sheets.followed.insert(key.clone(), memo);
        });
        memo
    })
}

fn row(product: &Product, round: &RoundCode) -> WorkRow {
    WorkRow {
        key: SheetKey { round: round.clone(), product: product.id },
        product: Arc::new(product.clone()),
        folded: Folded::default(),
    }
}

/// All assigned products of a round in their order; after them the sheets that were begun without an assignment.
fn sections(known: &Catalogue, round: &RoundCode, sheets: StoredValue<Sheets>, begun: &[SheetKey]) -> Vec<Section> {
    let tasks: Vec<_> = known.assignments.iter().filter(|task| task.round == *round).collect();
    let mut rows: HashMap<ProductId, WorkRow> = HashMap::new();
    let mut stops: Vec<(Stop, ProductId)> = Vec::new();
    for task in tasks {
        let Some(product) = known.product_by_id(task.product) else {
            continue;
        };
        rows.insert(product.id, row(product, round));
        stops.extend(task.stop.clone().map(|stop| (stop, product.id)));
    }
    let today = local_day(now_ms());
    let is_open = |product: &ProductId| {
        let key = SheetKey { round: round.clone(), product: *product };
        // The day is chosen once: a list that jumps to tomorrow at the last confirmation would confuse.
        untrack(|| follow(sheets, &key).with(SheetFacts::is_open))
    };
    let day = choose_day(&stops, &today, is_open).unwrap_or_default();
    let stops = ordered(stops, |(a, _), (b, _)| from_day(&day, a).cmp(&from_day(&day, b)));

    let mut result: Vec<Section> = Vec::new();
    for (stop, product) in stops {
        let today = stop.date == today;
        let Some(row) = rows.remove(&product) else {
            continue;
        };
        match result.last_mut() {
            Some(Section { head: Head::Stop { stop: last, .. }, rows }) if *last == stop => rows.push(row),
            _ => result.push(Section { head: Head::Stop { stop, today }, rows: vec![row] }),
        }
    }
    let groups = known.edition.iter().flat_map(|edition| &edition.groups);
    result.extend(groups.filter_map(|group| {
        let rows: Vec<_> = rows.values().filter(|row| row.product.group == group.code).cloned().collect();
        (!rows.is_empty()).then(|| Section { head: Head::Group(group.clone()), rows })
    }));
    let beyond = |key: &&SheetKey| key.round == *round && known.assignment(key).is_none() && !known.is_withdrawn(key);
    let beyond = begun.iter().filter(beyond).filter_map(|key| Some(row(known.product_by_id(key.product)?, round)));
    let rows: Vec<_> = beyond.collect();
    if !rows.is_empty() {
        result.push(Section { head: Head::Unassigned, rows });
    }
    for section in &mut result {
        section.rows = ordered(std::mem::take(&mut section.rows), |a, b| a.product.code.cmp(&b.product.code));
    }
    result
}

/// Today, if there are stops today; else the next day with open sheets; else the first that has any; else the first.
fn choose_day(stops: &[(Stop, ProductId)], today: &str, is_open: impl Fn(&ProductId) -> bool) -> Option<String> {
    let mut days: Vec<&str> = stops.iter().map(|(stop, _)| stop.date.as_str()).collect();
    days.sort_unstable();
    days.dedup();
    let open = |day: &&&str| stops.iter().any(|(stop, product)| stop.date == **day && is_open(product));
    let of_today = days.iter().find(|day| **day == today);
    let coming = || days.iter().filter(|day| **day > today).find(open);
    let day = of_today.or_else(coming).or_else(|| days.iter().find(open)).or_else(|| days.first());
    day.map(|day| (*day).to_owned())
}

/// The chosen day first, then what is to come, then what lies behind: there the juror has least to do.
fn from_day<'a>(day: &str, stop: &'a Stop) -> (bool, &'a str, &'a Stop) {
    (stop.date.as_str() < day, &stop.date, stop)
}

fn shown(all: &[Section], choice: WorkChoice, sheets: StoredValue<Sheets>) -> Vec<Section> {
    let (search, state, group) = (fold(&choice.search.get()), choice.state.get(), choice.group.get());
    let fits = |row: &&WorkRow| {
        let in_group = group.as_ref().is_none_or(|group: &GroupCode| row.product.group == *group);
        in_group && row.is_found(&search) && follow(sheets, &row.key).with(|facts| state.shows(facts))
    };
    let sections = all.iter().map(|section| Section {
        head: section.head.clone(),
        rows: section.rows.iter().filter(fits).cloned().collect(),
    });
    sections.filter(|section| !section.rows.is_empty()).collect()
}

/// All that is not assigned in a round.
fn unassigned(known: &Catalogue, round: &RoundCode) -> Vec<WorkRow> {
    let assigned = known.assignments.iter().filter(|task| task.round == *round);
    let assigned: HashSet<ProductId> = assigned.map(|task| task.product).collect();
    known.products.iter().filter(|product| !assigned.contains(&product.id)).map(|product| row(product, round)).collect()
}

/// With what a search finds of it: an unplanned stop is scored, too, and held (S15).
fn with_others(mut sections: Vec<Section>, others: &[WorkRow], search: &str) -> Vec<Section> {
    let begun = sections.pop_if(|section| section.head == Head::Unassigned);
    let mut rows = begun.map(|section| section.rows).unwrap_or_default();
    let found = others.iter().filter(|row| row.is_found(search) && rows.iter().all(|begun| begun.key != row.key));
    let found: Vec<_> = found.take(MAX_UNASSIGNED).cloned().collect();
    rows.extend(found);
    if !rows.is_empty() {
        sections.push(Section { head: Head::Unassigned, rows });
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn product(n: u128) -> ProductId {
        ProductId(uuid::Uuid::from_u128(n))
    }

    fn stops() -> Vec<(Stop, ProductId)> {
        let on = |date: &str| Stop {
            delegation: String::new(),
            date: date.to_owned(),
            ordinal: 1,
            time: String::new(),
            place: String::new(),
            address: String::new(),
        };
        vec![(on("2024-08-26"), product(1)), (on("2024-08-27"), product(2)), (on("2024-08-28"), product(3))]
    }

    #[wasm_bindgen_test]
    fn the_chosen_day_stands_first_and_no_day_is_left_out() {
        let mut all: Vec<_> = stops().into_iter().map(|(stop, _)| stop).collect();
        all.sort_by(|a, b| from_day("2024-08-27", a).cmp(&from_day("2024-08-27", b)));
        let days: Vec<_> = all.iter().map(|stop| stop.date.as_str()).collect();
        assert_eq!(days, ["2024-08-27", "2024-08-28", "2024-08-26"]);
    }

    #[wasm_bindgen_test]
    fn the_day_is_today_else_the_next_with_open_sheets() {
        let day = |today: &str, open: &[u128]| {
            choose_day(&stops(), today, |one| open.iter().any(|n| product(*n) == *one)).unwrap_or_default()
        };
        assert_eq!(day("2024-08-27", &[1]), "2024-08-27", "today, whatever is open");
        assert_eq!(day("2024-08-25", &[2, 3]), "2024-08-27", "the next day with open sheets");
        assert_eq!(day("2024-08-30", &[2, 3]), "2024-08-27", "an earlier day that is not finished");
        assert_eq!(day("2024-08-30", &[]), "2024-08-26");
        assert_eq!(choose_day(&[], "2024-08-26", |_| true), None);
    }
}
