//! Points are whole hundredths, and a mean is an exact ratio: no floating point ever touches a score.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Points in hundredths: `850` is 8,5 points. Never negative in a valid mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i32);

/// Why typed text is not a number of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// Nothing typed, or only a comma.
    #[error("empty")]
    Empty,
    /// Something other than digits and one decimal comma.
    #[error("not a number")]
    NotANumber,
    /// More than two decimals, or too many digits.
    #[error("too many digits")]
    TooLong,
}

impl Points {
    /// The points in hundredths.
    pub fn hundredths(self) -> i32 {
        self.0
    }

    /// Reads what a juror types: digits with an optional decimal comma, at most two decimals ("8", "8,", "8,5", ",5", "8,25").
    pub fn parse_vi(text: &str) -> Result<Self, PointsError> {
        let (whole, decimals) = text.split_once(',').unwrap_or((text, ""));
        if whole.is_empty() && decimals.is_empty() {
            return Err(PointsError::Empty);
        }
        if !whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(PointsError::NotANumber);
        }
        if whole.len() > 4 || decimals.len() > 2 {
            return Err(PointsError::TooLong);
        }
        let digit = |b: u8| i32::from(b - b'0');
        let whole = whole.bytes().fold(0, |sum, b| sum * 10 + digit(b));
        let tenths = decimals.bytes().next().map_or(0, digit);
        let hundredths = decimals.as_bytes().get(1).copied().map_or(0, digit);
        Ok(Self(whole * 100 + tenths * 10 + hundredths))
    }

    /// The nearest multiple of `unit`, half up. Points are never negative.
    pub fn rounded_to(self, unit: Self) -> Self {
        if unit.0 <= 0 { self } else { Self((2 * self.0 + unit.0).div_euclid(2 * unit.0) * unit.0) }
    }

    /// As Vietnamese writes it, without superfluous decimals: "8,5", "8", "8,25".
    pub fn to_vi(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match cents {
            0 => format!("{sign}{whole}"),
            c if c % 10 == 0 => format!("{sign}{whole},{}", c / 10),
            c => format!("{sign}{whole},{c:02}"),
        }
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        Points(points.map(|p| p.0).sum())
    }
}

/// The exact mean of sheet totals: `num` hundredths over `den` sheets, deliberately not reduced so that `den` still says
/// how many sheets it rests on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Mean {
    /// Sum of the sheets' totals, in hundredths.
    pub num: i64,
    /// Number of sheets; at least 1.
    pub den: i64,
}

impl Mean {
    /// The mean of sheet totals; none of no sheets.
    pub fn of(totals: impl IntoIterator<Item = Points>) -> Option<Self> {
        let (num, den) =
            totals.into_iter().fold((0_i64, 0_i64), |(num, den), total| (num + i64::from(total.0), den + 1));
        (den > 0).then_some(Self { num, den })
    }

    /// Compares with a threshold without rounding: 69.995 is not 70.
    pub fn reaches(self, threshold: Points) -> bool {
        self.num >= i64::from(threshold.0) * self.den
    }

    /// For the eye alone: two decimals, half up, decimal comma.
    pub fn to_vi(self) -> String {
        let cents = (2 * self.num + self.den).div_euclid(2 * self.den);
        format!("{},{:02}", cents / 100, cents % 100)
    }
}

impl PartialEq for Mean {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Mean {}

impl PartialOrd for Mean {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Mean {
    /// By value (exact): 140/2 equals 70/1.
    fn cmp(&self, other: &Self) -> Ordering {
        (i128::from(self.num) * i128::from(other.den)).cmp(&(i128::from(other.num) * i128::from(self.den)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typed_text_becomes_hundredths() {
        for (text, points) in [("8", 800), ("8,", 800), ("8,5", 850), (",5", 50), ("8,25", 825), ("0", 0), ("007", 700)]
        {
            assert_eq!(Points::parse_vi(text), Ok(Points(points)), "{text}");
        }
        assert_eq!(Points::parse_vi(""), Err(PointsError::Empty));
        assert_eq!(Points::parse_vi(","), Err(PointsError::Empty));
        assert_eq!(Points::parse_vi("8,555"), Err(PointsError::TooLong));
        assert_eq!(Points::parse_vi("12345"), Err(PointsError::TooLong));
        for wrong in ["8.5", "-1", "1,2,3", "٣", "8a"] {
            assert_eq!(Points::parse_vi(wrong), Err(PointsError::NotANumber), "{wrong}");
        }
    }

    #[test]
    fn a_mean_just_below_seventy_is_not_seventy_though_it_looks_like_it() {
        let just_below = Mean { num: 13_999, den: 2 };
        assert_eq!(just_below.to_vi(), "70,00");
        assert!(!just_below.reaches(Points(7000)));
        assert!(Mean { num: 14_000, den: 2 }.reaches(Points(7000)));
    }

    #[test]
    fn means_compare_by_value_not_by_shape() {
        assert_eq!(Mean { num: 14_000, den: 2 }, Mean { num: 7_000, den: 1 });
        assert!(Mean { num: 10_000, den: 3 } > Mean { num: 3_333, den: 1 });
        assert_eq!(Mean::of([]), None);
    }

    proptest! {
        #[test]
        fn text_and_points_agree(hundredths in 0..1_000_000_i32) {
            prop_assert_eq!(Points::parse_vi(&Points(hundredths).to_vi()), Ok(Points(hundredths)));
        }

        #[test]
        fn a_mean_lies_between_the_least_and_the_greatest(totals in prop::collection::vec(0..=10_000_i32, 1..15)) {
            let mean = Mean::of(totals.iter().copied().map(Points)).unwrap();
            let least = Mean { num: i64::from(*totals.iter().min().unwrap()), den: 1 };
            let greatest = Mean { num: i64::from(*totals.iter().max().unwrap()), den: 1 };
            prop_assert!(least <= mean && mean <= greatest);
        }

        #[test]
        fn order_does_not_change_a_mean(mut totals in prop::collection::vec(0..=10_000_i32, 1..15)) {
            let before = Mean::of(totals.iter().copied().map(Points));
            totals.reverse();
            prop_assert_eq!(before, Mean::of(totals.iter().copied().map(Points)));
        }
    }
}
