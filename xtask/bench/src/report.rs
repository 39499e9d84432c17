//! What a row says, and how many measurements become one figure.

use serde::Serialize;
use std::time::Duration;

/// Which side of the bar is the good one.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// The figure should be at most this.
    AtMost(f64),
    /// The figure should be at least this.
    AtLeast(f64),
    /// Nothing to reach: the figure explains another.
    None,
}

/// One line of the table.
#[derive(Serialize)]
pub struct Row {
    /// The name with which `--only` chooses it.
    pub row: &'static str,
    /// What was measured.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// Of the figure and the bar.
    pub unit: &'static str,
    /// What it should be.
    pub bar: Bar,
    /// What else there is to know: conditions, other percentiles.
    pub note: String,
}

/// Milliseconds of a time.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Times in order, to ask for percentiles.
pub struct Times(Vec<Duration>);

impl Times {
    /// Sorts them.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that so many in a hundred don't exceed, in milliseconds (nearest rank).
    pub fn percentile(&self, hundredth: usize) -> f64 {
        let rank = (self.0.len() * hundredth).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map_or(0.0, ms)
    }

    /// The longest, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.percentile(100)
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let times = Times::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!((times.percentile(50), times.percentile(99), times.longest()), (100.0, 198.0, 200.0));
        assert_eq!(Times::new(vec![Duration::from_millis(7)]).percentile(99), 7.0);
        assert_eq!(Times::new(Vec::new()).percentile(99), 0.0);
    }
}
