//! Totals as a projection of the log (S29): advanced one entry at a time, rebuilt by replaying all of them, never stored.

use super::{Missing, Row, Totals, count, rank};
use crate::catalog::Catalog;
use crate::ids::{GroupCode, ProductId, RoundCode, UserId};
use crate::round::RoundState;
use crate::sheet::{Origin, Sheet, SheetState, Work};
use crate::sync::wire::Status;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// One operation of the log, as far as totals depend on it.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// Its place in the log.
    pub position: u64,
    /// The juror.
    pub user: UserId,
    /// The round.
    pub round: RoundCode,
    /// Who wrote it, its number and hash, and what it is based on.
    pub origin: Origin,
    /// What became of it.
    pub status: Status,
    /// The act, where the body could be read.
    pub work: Option<Work>,
}

/// Folded sheets and tallied products of all rounds.
pub struct Projection {
    catalog: Arc<Catalog>,
    position: u64,
    rounds: BTreeMap<RoundCode, RoundTally>,
}

#[derive(Default)]
struct RoundTally {
    sheets: HashMap<(UserId, ProductId), Sheet>,
    held: BTreeSet<(UserId, ProductId)>,
    /// In the order in which they are shown: by group, then code.
    rows: Vec<(ProductId, Row)>,
    places: HashMap<ProductId, usize>,
    /// Products to count anew.
    stale: BTreeSet<ProductId>,
}

impl Projection {
    /// Before the first operation.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let rounds = catalog.rounds.iter().map(|round| (round.code.clone(), RoundTally::of(&catalog, &round.code)));
        Self { rounds: rounds.collect(), position: 0, catalog }
    }

    /// The settings that it counts over.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Position of the last entry taken in.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Counts on over changed settings; folded sheets stay.
    pub fn set_catalog(&mut self, catalog: Arc<Catalog>) {
        for round in &catalog.rounds {
            let mut fresh = RoundTally::of(&catalog, &round.code);
            if let Some(old) = self.rounds.remove(&round.code) {
                (fresh.sheets, fresh.held) = (old.sheets, old.held);
            }
            self.rounds.insert(round.code.clone(), fresh);
        }
        self.catalog = catalog;
    }

    /// Takes in the next entry of the log. One that was taken in already changes nothing.
    pub fn apply(&mut self, entry: &LogEntry) {
        if entry.position <= self.position {
            return;
        }
        self.position = entry.position;
        let (Some(round), Some(work)) = (self.rounds.get_mut(&entry.round), &entry.work) else {
            return;
        };
        let key = (entry.user, work.product);
        let sheet = round.sheets.entry(key).or_default();
        match entry.status {
            Status::Accepted => sheet.apply(&entry.origin, &work.act),
            Status::Held(_) => {
                sheet.skip(&entry.origin, &work.act);
                round.held.insert(key);
            }
            Status::Rejected(_) => sheet.skip(&entry.origin, &work.act),
        }
        round.stale.insert(work.product);
    }

    /// Counts what has changed since the last call and returns those rows of the round that differ: the cost grows with
    /// the change, not with the edition. None if there is no such round.
    pub fn refresh(&mut self, round: &RoundCode) -> Option<Vec<Row>> {
        let catalog = Arc::clone(&self.catalog);
        Some(self.rounds.get_mut(round)?.refresh(&catalog, round))
    }

    /// The round's totals as of the last [`Self::refresh`]. `tablets` is how many last reported unsent work.
    pub fn totals(&self, code: &RoundCode, tablets: u32) -> Option<Totals> {
        let tally = self.rounds.get(code)?;
        let round = self.catalog.find_round(code)?;
        let mut missing = Missing { held: tally.held.len() as u32, tablets, ..Missing::default() };
        for (_, row) in &tally.rows {
            missing.sheets += row.assigned - row.recused - row.absent - row.confirmed;
            missing.scoring += row.scoring;
            missing.needs_juror += row.needs_juror;
        }
        Some(Totals {
            round: code.clone(),
            position: self.position,
            // What a tablet still has for a closed round will be held, so it can't change these totals by itself.
            provisional: round.state != RoundState::Closed || missing != Missing { tablets, ..Missing::default() },
            missing,
            threshold: self.catalog.edition.threshold,
            rows: tally.rows.iter().map(|(_, row)| row.clone()).collect(),
        })
    }
}

impl RoundTally {
    /// All products of the round's panels, nothing scored.
    fn of(catalog: &Catalog, round: &RoundCode) -> Self {
        let mut products: Vec<_> =
            catalog.products.iter().filter(|product| catalog.panel(round, product.id).is_some()).collect();
        products.sort_by(|a, b| (&a.group, &a.code).cmp(&(&b.group, &b.code)));
        let rows: Vec<_> = products
            .into_iter()
            .map(|product| (product.id, count(product.code.clone(), product.group.clone(), std::iter::empty())))
            .collect();
        Self {
            places: rows.iter().enumerate().map(|(place, (product, _))| (*product, place)).collect(),
            stale: rows.iter().map(|(product, _)| *product).collect(),
            rows,
            ..Self::default()
        }
    }

    fn refresh(&mut self, catalog: &Catalog, code: &RoundCode) -> Vec<Row> {
        let Some(rubric) = catalog.find_round(code).and_then(|round| catalog.rubric_of(round)) else {
            return Vec::new();
        };
        let mut groups: BTreeSet<GroupCode> = BTreeSet::new();
        let mut before: BTreeMap<usize, Row> = BTreeMap::new();
        for product in std::mem::take(&mut self.stale) {
            let (Some(&place), Some(panel)) = (self.places.get(&product), catalog.panel(code, product)) else {
                continue;
            };
            let seats = panel.iter().map(|(juror, seat)| {
                let sheet = self.sheets.get(&(*juror, product));
                (seat.standing.clone(), sheet.map_or(SheetState::NotScored, |sheet| sheet.state(rubric)))
            });
            let old = &self.rows[place].1;
            let new = count(old.code.clone(), old.group.clone(), seats);
            groups.insert(new.group.clone());
            before.insert(place, std::mem::replace(&mut self.rows[place].1, new));
        }
        for group in groups {
            let members = self.rows.iter_mut().enumerate().filter(|(_, (_, row))| row.group == group);
            let mut ranked = Vec::new();
            for (place, (_, row)) in members {
                before.entry(place).or_insert_with(|| row.clone());
                ranked.push(row);
            }
            rank(&mut ranked);
        }
        let changed = before.into_iter().filter(|(place, old)| self.rows[*place].1 != *old);
        changed.map(|(place, _)| self.rows[place].1.clone()).collect()
    }
}
