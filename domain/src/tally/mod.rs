//! Totals of a round (tổng hợp điểm): means, ranks, and what they are still missing.

mod projection;
mod result;
mod rule;

pub use projection::{LogEntry, Logged, OpEntry, Projection};
pub use result::{Outcome, RoundFigure};

use crate::edition::TallyRule;
use crate::ids::{GroupCode, RoundCode, SelectionCode};
use crate::jury::Standing;
use crate::points::{Mean, Points};
use crate::sheet::SheetState;
use serde::{Deserialize, Serialize};

/// One product's line. *Recused, absent, not yet scored* and *0 points* are four different things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Selection code.
    pub code: SelectionCode,
    /// Group.
    pub group: GroupCode,
    /// Place within the group among products that have a mean; ties share a place (1, 2, 2, 4).
    pub rank: Option<u32>,
    /// The figure of the confirmed, complete sheets by the edition's rule: their mean, unless the Council chose another.
    pub mean: Option<Mean>,
    /// Between the highest and the lowest sheet that counts, in hundredths; none of fewer than two.
    #[serde(default)]
    pub spread: Option<Points>,
    /// Confirmed, complete sheets: those that count.
    pub confirmed: u32,
    /// Sheets confirmed without marks, where the round asks for none.
    #[serde(default)]
    pub remarked: u32,
    /// Jurors on the panel, whether they score or not.
    pub assigned: u32,
    /// Of them recused.
    pub recused: u32,
    /// Of them absent.
    pub absent: u32,
    /// Of the absent, those whose confirmed sheet is there all the same: it counts once they are recorded as present.
    #[serde(default)]
    pub set_aside: u32,
    /// Sheets begun and not confirmed. Their marks are their juror's alone.
    pub scoring: u32,
    /// Sheets that wait for their juror: two tablets disagree, or a confirmation no longer fits.
    pub needs_juror: u32,
    /// Every juror of the panel has confirmed, recused or is recorded absent, and at least one sheet counts.
    pub complete: bool,
}

/// What the totals of a round don't contain yet (S30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Sheets expected and not confirmed.
    pub sheets: u32,
    /// Of them begun.
    pub scoring: u32,
    /// Of them waiting for their juror.
    pub needs_juror: u32,
    /// Sheets with held operations.
    pub held: u32,
    /// Tablets that last reported unsent work.
    pub tablets: u32,
    /// Confirmed sheets of jurors who are recorded as absent.
    #[serde(default)]
    pub set_aside: u32,
}

impl Missing {
    /// Whether nothing is missing that this round's totals still wait for. What a tablet has for a closed round will be
    /// held, so it can't change them by itself; nor is an absence waited for, though whoever recorded it may not have known of
    /// the sheet.
    pub fn is_nothing(&self) -> bool {
        *self == Self { tablets: self.tablets, set_aside: self.set_aside, ..Self::default() }
    }
}

/// A round's totals at one position of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Round.
    pub round: RoundCode,
    /// Position of the edition's log that they rest on.
    pub position: u64,
    /// TẠM TÍNH: the round isn't closed, or sheets are missing, held or waiting for their juror.
    pub provisional: bool,
    /// What is missing.
    pub missing: Missing,
    /// The mean to reach, in hundredths.
    pub threshold: Points,
    /// Products of the edition that this round doesn't take in: "Không đi thực tế" of a visit.
    #[serde(default)]
    pub not_visited: u32,
    /// Ordered by group, then code.
    pub rows: Vec<Row>,
}

/// One seat of a panel with its juror's sheet.
pub(crate) struct Seated {
    /// Whether the sheet is expected.
    pub standing: Standing,
    /// Where the sheet stands; a confirmed one with what it brings into the figure.
    pub sheet: SheetState,
}

/// A product of which nothing is counted yet.
pub(crate) fn blank(code: SelectionCode, group: GroupCode) -> Row {
    Row {
        code,
        group,
        rank: None,
        mean: None,
        spread: None,
        confirmed: 0,
        remarked: 0,
        assigned: 0,
        recused: 0,
        absent: 0,
        set_aside: 0,
        scoring: 0,
        needs_juror: 0,
        complete: false,
    }
}

/// Counts one product's panel.
pub(crate) fn count(rule: &TallyRule, mut row: Row, panel: impl Iterator<Item = Seated>) -> Row {
    let mut totals = Vec::new();
    for Seated { standing, sheet } in panel {
        row.assigned += 1;
        match (standing, sheet) {
            (Standing::Recused { .. }, _) | (Standing::Active, SheetState::Recused) => row.recused += 1,
            (Standing::Absent { .. }, sheet) => {
                row.absent += 1;
                row.set_aside += u32::from(sheet.counts());
            }
            (Standing::Active, SheetState::Confirmed { total }) => totals.push(total),
            (Standing::Active, SheetState::Remarked) => row.remarked += 1,
            (Standing::Active, SheetState::Scoring) => row.scoring += 1,
            (Standing::Active, SheetState::Conflict | SheetState::Outdated) => row.needs_juror += 1,
            (Standing::Active, SheetState::NotScored) => {}
        }
    }
    row.confirmed = totals.len() as u32;
    row.spread = spread(&totals);
    row.mean = rule.combine(totals);
    let done = row.confirmed + row.remarked;
    row.complete = done > 0 && done + row.recused + row.absent == row.assigned;
    row
}

fn spread(totals: &[Points]) -> Option<Points> {
    let (low, high) = (totals.iter().min()?, totals.iter().max()?);
    (totals.len() > 1).then_some(Points(high.0 - low.0))
}

/// Gives the rows of one group their places: by mean, unrounded, equal means share a place. With too few sheets a product
/// has none.
pub(crate) fn rank(rule: &TallyRule, rows: &mut [&mut Row]) {
    let counts = |row: &Row| row.mean.filter(|_| row.confirmed >= rule.minimum_sheets);
    rank_by(rows, counts, |row, rank| row.rank = rank);
}

/// Places by a figure, the highest first: 1, 2, 2, 4.
pub(crate) fn rank_by<T>(rows: &mut [&mut T], figure: impl Fn(&T) -> Option<Mean>, set: impl Fn(&mut T, Option<u32>)) {
    rows.sort_by_key(|row| std::cmp::Reverse(figure(row)));
    let mut last: Option<(Mean, u32)> = None;
    for (place, row) in (1..).zip(rows.iter_mut()) {
        let mean = figure(row);
        let rank = mean.map(|mean| match last {
            Some((same, shared)) if same == mean => shared,
            _ => place,
        });
        last = mean.zip(rank).or(last);
        set(row, rank);
    }
}

#[cfg(test)]
pub(crate) mod tests;
