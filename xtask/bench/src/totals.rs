//! Live totals without a server around them: what one mark costs in a full edition, and what that cost grows with.

use crate::Bench;
use crate::edition::{ROUNDS, Size, full};
use crate::report::{Bar, Row, Times};
use anyhow::{Context, Result};
use domain::catalog::Catalog;
use domain::ids::{ProductId, ReplicaId, RoundCode, UserId};
use domain::points::Points;
use domain::sample::{Sample, SampleSheet};
use domain::sheet::{Act, Bases, Origin, Sheet, Work};
use domain::sync::chain::{OpHash, sha256};
use domain::sync::wire::Status;
use domain::tally::{LogEntry, Logged, OpEntry, Projection};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One mark in the whole edition; then a smaller edition, and more marks at once.
pub fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let whole = Size { products: bench.times(500, 60), jurors: bench.times(15, 5) };
    let part = Size { products: whole.products / 5, ..whole };
    let repeat = bench.times(300, 30);
    let (mut large, mut small) = (Log::new(bench, whole)?, Log::new(bench, part)?);
    let edition = |size: Size| format!("{} products × {} jurors × {} rounds", size.products, size.jurors, ROUNDS.len());

    let one = large.times(repeat, 1)?;
    let mut rows = vec![Row {
        row: "totals",
        what: format!("live totals after one mark, {}, p99", edition(whole)),
        value: one.percentile(99),
        unit: "ms",
        bar: Bar::AtMost(20.0),
        note: format!(
            "take in, count, rank, all three rounds' frames; p50 {:.3} ms, longest {:.3} ms of {}",
            one.percentile(50),
            one.longest(),
            one.count()
        ),
    }];
    let mut grows = |what: String, times: &Times| {
        let note = "p50: with the change it should grow, with the edition it should not".to_owned();
        rows.push(Row { row: "totals", what, value: times.percentile(50), unit: "ms", bar: Bar::None, note });
    };
    grows(format!("one mark, {}", edition(part)), &small.times(repeat, 1)?);
    grows(format!("one mark, {}", edition(whole)), &one);
    grows(format!("marks on 10 products, {}", edition(whole)), &large.times(repeat / 3, 10)?);
    grows(format!("marks on 50 products, {}", edition(whole)), &large.times(repeat / 10, 50)?);
    Ok(rows)
}

/// A log that grows, and the totals over it.
struct Log {
    projection: Projection,
    rounds: Vec<RoundCode>,
    sheets: Vec<SampleSheet>,
    /// How often a sheet was marked again: the same points would change nothing.
    marked: HashMap<usize, i32>,
    position: u64,
}

impl Log {
    /// Everything scored and confirmed.
    fn new(bench: &Bench, size: Size) -> Result<Self> {
        let (_, sample) = full(bench, size)?;
        let rounds: Vec<RoundCode> = sample.rounds.iter().map(|round| round.round.code.clone()).collect();
        let projection = Projection::new(Arc::new(catalog(&sample)));
        let mut log = Self { projection, rounds, sheets: sample.sheets, marked: HashMap::new(), position: 0 };
        for place in 0..log.sheets.len() {
            log.write_sheet(place);
        }
        log.count()?;
        Ok(log)
    }

    /// How long the totals take after marks on so many products, so often.
    fn times(&mut self, repeat: usize, products: usize) -> Result<Times> {
        let mut times = Vec::with_capacity(repeat);
        for turn in 0..repeat {
            let places = (0..products).map(|n| (turn * 7_919 + n * 31) % self.sheets.len()).collect::<Vec<_>>();
            times.push(self.timed(|log| places.iter().for_each(|place| log.write_mark(*place)))?);
            // Confirmed again, outside the clock of this turn: so every turn starts from a figure that counts.
            places.iter().for_each(|place| self.write_confirmation(*place));
            self.count()?;
        }
        Ok(Times::new(times))
    }

    fn timed(&mut self, change: impl Fn(&mut Self)) -> Result<Duration> {
        let start = Instant::now();
        change(self);
        self.count()?;
        Ok(start.elapsed())
    }

    /// As the server does after every commit.
    fn count(&mut self) -> Result<()> {
        for round in &self.rounds {
            self.projection.refresh(round).context("no such round")?;
            self.projection.frame(round, 0).context("no such round")?;
        }
        Ok(())
    }

    fn write_sheet(&mut self, place: usize) {
        for (criterion, points) in self.sheets[place].marks.clone() {
            self.write(place, Act::SetMark { criterion, points: Some(points) });
        }
        self.write_confirmation(place);
    }

    fn write_mark(&mut self, place: usize) {
        let times = self.marked.entry(place).or_default();
        *times += 1;
        let changed = Points(100 * (*times % 2));
        let Some((criterion, points)) = self.sheets[place].marks.first_mut() else { return };
        *points = changed;
        let criterion = criterion.clone();
        self.write(place, Act::SetMark { criterion, points: Some(changed) });
    }

    fn write_confirmation(&mut self, place: usize) {
        let mut folded = Sheet::default();
        for (number, (criterion, points)) in (1..).zip(&self.sheets[place].marks) {
            let act = Act::SetMark { criterion: criterion.clone(), points: Some(*points) };
            folded.apply(&origin(self.sheets[place].juror, number), &act);
        }
        self.write(place, Act::Confirm { state_hash: folded.state_hash() });
    }

    fn write(&mut self, place: usize, act: Act) {
        self.position += 1;
        let SampleSheet { juror, product, round, .. } = &self.sheets[place];
        let (user, product, round): (UserId, ProductId, RoundCode) = (*juror, *product, round.clone());
        let work = Some(Work { product, act });
        let origin = origin(user, self.position);
        let op = OpEntry { user, round, origin, status: Status::Accepted, work };
        self.projection.apply(&LogEntry { position: self.position, what: Logged::Op(Box::new(op)) });
    }
}

/// One replica a juror, numbered by the log: gaps don't matter to a fold.
fn origin(juror: UserId, seq: u64) -> Origin {
    let hash: OpHash = sha256(&seq.to_be_bytes());
    Origin::first(ReplicaId(juror.0), seq, hash, Bases::new())
}

fn catalog(sample: &Sample) -> Catalog {
    let mut products: Vec<_> = sample.products.iter().map(|product| product.product.clone()).collect();
    products.sort_by(|a, b| a.code.cmp(&b.code));
    Catalog {
        version: 1,
        edition: sample.edition.clone(),
        scoring: sample.scoring.clone(),
        rounds: sample.rounds.iter().map(|round| round.round.clone()).collect(),
        rubrics: vec![sample.rubric.clone()],
        products,
        panels: sample.panels.clone(),
    }
}
