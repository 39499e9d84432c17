//! Totals as a projection of the log (S29): advanced one entry at a time, rebuilt by replaying all of them, never stored.

use super::result::outcomes;
use super::{Missing, Outcome, RoundFigure, Row, Seated, Totals, blank, count, rank};
use crate::catalog::Catalog;
use crate::edition::Scoring;
use crate::ids::{CriterionCode, GroupCode, ProductId, RoundCode, UserId};
use crate::jury::{Presence, Standing, StopKey};
use crate::log::{OpName, OrganiserAct, Verdict};
use crate::round::Round;
use crate::rubric::Rubric;
use crate::sheet::{Act, Frame, Origin, Sheet, SheetState, Work};
use crate::sync::wire::Status;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// One entry of the log, as far as totals depend on it.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// Its place in the log.
    pub position: u64,
    /// What stands there.
    pub what: Logged,
}

/// What stands in the log.
#[derive(Clone, Debug)]
pub enum Logged {
    /// A juror's operation.
    Op(Box<OpEntry>),
    /// Organisers rule on held operations.
    Ruling(Verdict, Vec<OpName>),
    /// A juror is recorded as absent from a stop.
    Absence(RoundCode, StopKey, UserId),
    /// An act whose effect is in the settings.
    Settings,
}

impl Logged {
    /// What an act is to the totals.
    pub fn of(act: OrganiserAct) -> Self {
        match act {
            OrganiserAct::Rule { verdict, ops, .. } => Self::Ruling(verdict, ops),
            OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, .. } => match presence {
                Presence::Absent { .. } => Self::Absence(round, StopKey { delegation, date, ordinal }, juror),
                Presence::Present | Presence::Late { .. } => Self::Settings,
            },
            _ => Self::Settings,
        }
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct OpEntry {
    /// The juror.
    pub user: UserId,
    /// The round.
    pub round: RoundCode,
    /// Who wrote it, its number and hash, and what it is based on.
    pub origin: Origin,
    /// What became of it when it was stored.
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
    /// Boxed: a map keeps as much room free as it uses.
    sheets: HashMap<(UserId, ProductId), Box<Sheet>>,
    /// Held operations, by sheet, in their order: they may still be admitted.
    held: BTreeMap<(UserId, ProductId), Vec<(Origin, Act)>>,
    /// Sheets of which organisers admitted something: whoever wrote one has a seat from then on, though none was given.
    admitted: BTreeSet<(UserId, ProductId)>,
    /// Of them those that count in spite of an absence: an absence that is recorded later is the later word.
    in_spite: BTreeSet<(UserId, ProductId)>,
    /// In the order in which they are shown: by group, then code.
    rows: Vec<(ProductId, Row)>,
    places: HashMap<ProductId, usize>,
    /// Products to count anew.
    stale: BTreeSet<ProductId>,
}

impl Projection {
    /// Before the first operation.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let tally = |round: &Round| (round.code.clone(), RoundTally::of(&catalog, &round.code, BTreeSet::new()));
        let rounds = catalog.rounds.iter().map(tally);
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
            let tally = self.rounds.remove(&round.code).unwrap_or_default().over(&catalog, &round.code);
            self.rounds.insert(round.code.clone(), tally);
        }
        self.catalog = catalog;
    }

    /// Takes in the next entry of the log. One that was taken in already changes nothing.
    pub fn apply(&mut self, entry: &LogEntry) {
        if entry.position <= self.position {
            return;
        }
        self.position = entry.position;
        match &entry.what {
            Logged::Op(op) => self.apply_op(op),
            Logged::Ruling(verdict, ops) => ops.iter().for_each(|name| self.rule(*verdict, name)),
            Logged::Absence(round, stop, juror) => self.absence(round, stop, *juror),
            Logged::Settings => {}
        }
    }

    fn apply_op(&mut self, op: &OpEntry) {
        let (Some(round), Some(work)) = (self.rounds.get_mut(&op.round), &op.work) else {
            return;
        };
        let key = (op.user, work.product);
        let sheet = round.sheets.entry(key).or_default();
        match op.status {
            Status::Accepted => sheet.apply(&op.origin, &shared(&self.catalog, &op.round, &work.act)),
            Status::Held(_) => {
                sheet.skip(&op.origin, &work.act);
                round.held.entry(key).or_default().push((op.origin.clone(), work.act.clone()));
            }
            Status::Rejected(_) => sheet.skip(&op.origin, &work.act),
        }
        self.touch(&op.round, work.product);
    }

    /// What is admitted counts as if it had never been held; what is denied stays as evidence (S25).
    fn rule(&mut self, verdict: Verdict, name: &OpName) {
        let is_it = |(origin, _): &(Origin, Act)| origin.hash == name.hash;
        let place = self.rounds.iter().find_map(|(code, round)| {
            let held = round.held.iter().find(|(_, ops)| ops.iter().any(is_it));
            held.map(|(key, _)| (code.clone(), *key))
        });
        let Some((code, key)) = place else {
            return;
        };
        let Some(round) = self.rounds.get_mut(&code) else {
            return;
        };
        let mut ruled = Vec::new();
        if let Some(ops) = round.held.get_mut(&key) {
            ruled.extend(ops.extract_if(.., |op| is_it(op)));
            if ops.is_empty() {
                round.held.remove(&key);
            }
        }
        if verdict == Verdict::Admit {
            let sheet = round.sheets.entry(key).or_default();
            ruled.iter().for_each(|(origin, act)| sheet.apply(origin, &shared(&self.catalog, &code, act)));
            round.admitted.insert(key);
            round.in_spite.insert(key);
            if !round.places.contains_key(&key.1) {
                // A product that the round doesn't take in, scored all the same: it has a line from now on.
                *round = std::mem::take(round).over(&self.catalog, &code);
            }
        }
        self.touch(&code, key.1);
    }

    /// What was admitted before it was so in spite of an earlier absence, or of something else.
    fn absence(&mut self, code: &RoundCode, stop: &StopKey, juror: UserId) {
        let at_stop = |product: &ProductId| {
            let seat = self.catalog.panel(code, *product).and_then(|panel| panel.get(&juror));
            seat.and_then(|seat| seat.stop.as_ref()).is_some_and(|there| there.is(stop))
        };
        let Some(round) = self.rounds.get_mut(code) else {
            return;
        };
        let gone = round.in_spite.extract_if(.., |(whose, product)| *whose == juror && at_stop(product));
        let products: Vec<_> = gone.map(|(_, product)| product).collect();
        products.into_iter().for_each(|product| self.touch(code, product));
    }

    /// The product is counted anew, in this round and in those whose sheets start from it.
    fn touch(&mut self, code: &RoundCode, product: ProductId) {
        let later = self.catalog.rounds.iter().filter(|round| round.mode.starts_from() == Some(code));
        for code in later.map(|round| &round.code).chain([code]) {
            if let Some(round) = self.rounds.get_mut(code) {
                round.stale.insert(product);
            }
        }
    }

    /// Counts what has changed since the last call and returns those rows of the round that differ: the cost grows with
    /// the change, not with the edition. None if there is no such round.
    pub fn refresh(&mut self, code: &RoundCode) -> Option<Vec<Row>> {
        let catalog = Arc::clone(&self.catalog);
        let round = catalog.find_round(code)?;
        let rubric = catalog.rubric_of(round)?;
        let stale = std::mem::take(&mut self.rounds.get_mut(code)?.stale);
        let counted: Vec<_> = stale
            .into_iter()
            .filter_map(|product| Some((product, self.count(&catalog, round, rubric, product)?)))
            .collect();
        Some(self.rounds.get_mut(code)?.replace(&catalog, counted))
    }

    /// One product anew, without its place.
    fn count(&self, catalog: &Catalog, round: &Round, rubric: &Rubric, product: ProductId) -> Option<Row> {
        let old = self.rounds.get(&round.code)?.row(product)?;
        let seats = self.seats(catalog, round, rubric, product).into_iter().map(|(_, seated)| seated);
        Some(count(&catalog.scoring.tally, blank(old.code.clone(), old.group.clone()), seats))
    }

    /// A product's panel, and whoever has a seat by what was admitted, with their sheets.
    fn seats(&self, catalog: &Catalog, round: &Round, rubric: &Rubric, product: ProductId) -> Vec<(UserId, Seated)> {
        let Some(tally) = self.rounds.get(&round.code) else {
            return Vec::new();
        };
        let earlier = round.mode.starts_from().and_then(|earlier| self.rounds.get(earlier));
        let rule = &catalog.scoring.tally;
        let state = |juror: UserId| {
            let key = (juror, product);
            tally.sheets.get(&key).map_or(SheetState::NotScored, |own| {
                let frame = Frame::of(
                    &round.mode,
                    rubric,
                    earlier.and_then(|earlier| earlier.sheets.get(&key)).map(Box::as_ref),
                );
                match frame.state(own) {
                    SheetState::Confirmed { .. } => SheetState::Confirmed { total: rule.total_of(&frame.whole(own)) },
                    other => other,
                }
            })
        };
        let panel = catalog.panel(&round.code, product);
        let seats = panel.into_iter().flatten().map(|(juror, seat)| {
            let sheet = state(*juror);
            let in_spite = tally.in_spite.contains(&(*juror, product)) && sheet.counts();
            (*juror, Seated { standing: if in_spite { Standing::Active } else { seat.standing.clone() }, sheet })
        });
        let has_seat = |juror: &UserId| panel.is_some_and(|panel| panel.contains_key(juror));
        let others = tally.admitted.iter().filter(|(juror, about)| *about == product && !has_seat(juror));
        let others = others.map(|(juror, _)| (*juror, Seated { standing: Standing::Active, sheet: state(*juror) }));
        seats.chain(others).collect()
    }

    /// Whose confirmed sheet of which product doesn't count because its juror is recorded as absent, as of the last
    /// [`Self::refresh`].
    pub fn set_aside(&self, code: &RoundCode) -> Vec<(UserId, ProductId)> {
        let catalog = &self.catalog;
        let found = catalog.find_round(code).and_then(|round| Some((round, catalog.rubric_of(round)?)));
        let Some(((round, rubric), tally)) = found.zip(self.rounds.get(code)) else {
            return Vec::new();
        };
        let is_aside = |seated: &Seated| matches!(seated.standing, Standing::Absent { .. }) && seated.sheet.counts();
        let of_product = |product: ProductId| {
            let seats = self.seats(catalog, round, rubric, product).into_iter();
            seats.filter(|(_, seated)| is_aside(seated)).map(move |(juror, _)| (juror, product))
        };
        let rows = tally.rows.iter().filter(|(_, row)| row.set_aside > 0);
        rows.flat_map(|(product, _)| of_product(*product)).collect()
    }

    /// The result of every product over all rounds, as of the last [`Self::refresh`] of each.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let Scoring { tally: rule, result } = &self.catalog.scoring;
        let figures = self.catalog.products.iter().map(|product| {
            let of_round = |round: &Round| {
                let row = self.rounds.get(&round.code).and_then(|tally| tally.row(product.id));
                row.map_or_else(
                    || RoundFigure::not_taken_in(round.code.clone()),
                    |row| RoundFigure::of(round.code.clone(), row, rule.minimum_sheets),
                )
            };
            let rounds = self.catalog.rounds.iter().map(of_round).collect();
            (product.code.clone(), product.group.clone(), rounds)
        });
        outcomes(result, figures)
    }

    /// The round's totals as of the last [`Self::refresh`]. `tablets` is how many last reported unsent work.
    pub fn totals(&self, code: &RoundCode, tablets: u32) -> Option<Totals> {
        let rows = self.rounds.get(code)?.rows.iter().map(|(_, row)| row.clone()).collect();
        Some(Totals { rows, ..self.frame(code, tablets)? })
    }

    /// The totals without their rows: what every change sends along.
    pub fn frame(&self, code: &RoundCode, tablets: u32) -> Option<Totals> {
        let tally = self.rounds.get(code)?;
        let round = self.catalog.find_round(code)?;
        let mut missing = Missing { held: tally.held.len() as u32, tablets, ..Missing::default() };
        for (_, row) in &tally.rows {
            missing.sheets += row.assigned - row.recused - row.absent - row.confirmed - row.remarked;
            missing.scoring += row.scoring;
            missing.needs_juror += row.needs_juror;
            missing.set_aside += row.set_aside;
        }
        Some(Totals {
            round: code.clone(),
            position: self.position,
            provisional: !round.state.is_closed() || !missing.is_nothing(),
            missing,
            threshold: self.catalog.edition.threshold,
            not_visited: (self.catalog.products.len() - tally.rows.len()) as u32,
            rows: Vec::new(),
        })
    }
}

/// The act with the rubric's own copy of its criterion's code: tens of thousands of sheets then share one of each.
fn shared(catalog: &Catalog, round: &RoundCode, act: &Act) -> Act {
    let rubric = catalog.find_round(round).and_then(|round| catalog.rubric_of(round));
    let own = |code: &CriterionCode| rubric.and_then(|rubric| Some(rubric.criterion(code)?.code.clone()));
    let mut act = act.clone();
    if let Act::SetMark { criterion, .. } | Act::SetNote { criterion, .. } = &mut act
        && let Some(own) = own(criterion)
    {
        *criterion = own;
    }
    act
}

impl RoundTally {
    /// All products of the round's panels, and those of admitted work; nothing counted.
    fn of(catalog: &Catalog, round: &RoundCode, admitted: BTreeSet<(UserId, ProductId)>) -> Self {
        let scored: BTreeSet<ProductId> = admitted.iter().map(|(_, product)| *product).collect();
        let is_in = |product: ProductId| catalog.panel(round, product).is_some() || scored.contains(&product);
        let mut products: Vec<_> = catalog.products.iter().filter(|product| is_in(product.id)).collect();
        products.sort_by(|a, b| (&a.group, &a.code).cmp(&(&b.group, &b.code)));
        let rows: Vec<_> = products
            .into_iter()
            .map(|product| (product.id, blank(product.code.clone(), product.group.clone())))
            .collect();
        Self {
            places: rows.iter().enumerate().map(|(place, (product, _))| (*product, place)).collect(),
            stale: rows.iter().map(|(product, _)| *product).collect(),
            rows,
            admitted,
            ..Self::default()
        }
    }

    /// The same sheets over these settings; everything is to be counted anew.
    fn over(self, catalog: &Catalog, round: &RoundCode) -> Self {
        let Self { sheets, held, admitted, in_spite, .. } = self;
        Self { sheets, held, in_spite, ..Self::of(catalog, round, admitted) }
    }

    fn row(&self, product: ProductId) -> Option<&Row> {
        self.rows.get(*self.places.get(&product)?).map(|(_, row)| row)
    }

    /// Puts newly counted rows in their places, ranks the groups that they are of, and returns the rows that differ.
    fn replace(&mut self, catalog: &Catalog, counted: Vec<(ProductId, Row)>) -> Vec<Row> {
        let mut groups: BTreeSet<GroupCode> = BTreeSet::new();
        let mut before: BTreeMap<usize, Row> = BTreeMap::new();
        for (product, new) in counted {
            let Some(&place) = self.places.get(&product) else {
                continue;
            };
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
            rank(&catalog.scoring.tally, &mut ranked);
        }
        let changed = before.into_iter().filter(|(place, old)| self.rows[*place].1 != *old);
        changed.map(|(place, _)| self.rows[place].1.clone()).collect()
    }
}
