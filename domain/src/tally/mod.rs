//! Totals of a round (tổng hợp điểm): means, ranks, and what they are still missing.

mod projection;

pub use projection::{LogEntry, Projection};

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
    /// Mean of the confirmed, complete sheets.
    pub mean: Option<Mean>,
    /// Confirmed, complete sheets: those that count.
    pub confirmed: u32,
    /// Jurors on the panel, whether they score or not.
    pub assigned: u32,
    /// Of them recused.
    pub recused: u32,
    /// Of them absent.
    pub absent: u32,
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
    /// Ordered by group, then code.
    pub rows: Vec<Row>,
}

/// Counts one product's panel: each seat with its juror's sheet.
pub(crate) fn count(code: SelectionCode, group: GroupCode, panel: impl Iterator<Item = (Standing, SheetState)>) -> Row {
    let mut row = Row {
        code,
        group,
        rank: None,
        mean: None,
        confirmed: 0,
        assigned: 0,
        recused: 0,
        absent: 0,
        scoring: 0,
        needs_juror: 0,
        complete: false,
    };
    let mut totals = Vec::new();
    for (standing, sheet) in panel {
        row.assigned += 1;
        match (standing, sheet) {
            (Standing::Recused { .. }, _) | (Standing::Active, SheetState::Recused) => row.recused += 1,
            (Standing::Absent { .. }, _) => row.absent += 1,
            (Standing::Active, SheetState::Confirmed { total }) => totals.push(total),
            (Standing::Active, SheetState::Scoring) => row.scoring += 1,
            (Standing::Active, SheetState::Conflict | SheetState::Outdated) => row.needs_juror += 1,
            (Standing::Active, SheetState::NotScored) => {}
        }
    }
    row.confirmed = totals.len() as u32;
    row.mean = Mean::of(totals);
    row.complete = row.confirmed > 0 && row.confirmed + row.recused + row.absent == row.assigned;
    row
}

/// Gives the rows of one group their places: by mean, unrounded, equal means share a place.
pub(crate) fn rank(rows: &mut [&mut Row]) {
    rows.sort_by_key(|row| std::cmp::Reverse(row.mean));
    let mut last: Option<(Mean, u32)> = None;
    for (place, row) in (1..).zip(rows.iter_mut()) {
        row.rank = row.mean.map(|mean| match last {
            Some((same, shared)) if same == mean => shared,
            _ => place,
        });
        last = row.mean.zip(row.rank).or(last);
    }
}

#[cfg(test)]
mod tests;
