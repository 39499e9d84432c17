//! How a panel's sheets become one figure, by the edition's rule.

use crate::edition::{Combine, Rounding, TallyRule};
use crate::points::{Mean, Points};
use crate::sheet::Sheet;

impl TallyRule {
    /// What a sheet brings into the figure. `sheet` is whole: with the marks that it starts from.
    pub fn total_of(&self, sheet: &Sheet) -> Points {
        match self.rounding {
            Rounding::None => sheet.total(),
            Rounding::Criterion { unit } => sheet.marks().map(|(_, points)| points.rounded_to(unit)).sum(),
            Rounding::Sheet { unit } => sheet.total().rounded_to(unit),
        }
    }

    /// The figure of these sheets; none if there are too few for it.
    pub fn combine(&self, mut totals: Vec<Points>) -> Option<Mean> {
        totals.sort_unstable();
        match self.combine {
            Combine::Mean => Mean::of(totals),
            Combine::Trimmed { k } => {
                let k = k as usize;
                let kept = totals.len().checked_sub(2 * k)?;
                Mean::of(totals.into_iter().skip(k).take(kept))
            }
            Combine::Median => {
                let (half, odd) = (totals.len() / 2, totals.len() % 2);
                let middle = totals.into_iter().skip((half + odd).saturating_sub(1)).take(2 - odd);
                Mean::of(middle)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(combine: Combine) -> TallyRule {
        TallyRule { combine, ..TallyRule::default() }
    }

    fn figure(combine: Combine, totals: &[i32]) -> Option<(i64, i64)> {
        let totals = totals.iter().map(|total| Points(*total)).collect();
        rule(combine).combine(totals).map(|mean| (mean.num, mean.den))
    }

    #[test]
    fn a_trimmed_mean_leaves_out_k_at_either_end() {
        assert_eq!(figure(Combine::Trimmed { k: 1 }, &[9_000, 5_000, 7_000, 8_000, 7_500]), Some((22_500, 3)));
        assert_eq!(figure(Combine::Trimmed { k: 1 }, &[9_000, 5_000]), None, "2k sheets are too few");
        assert_eq!(figure(Combine::Trimmed { k: 2 }, &[1, 2, 3]), None);
        assert_eq!(figure(Combine::Trimmed { k: 0 }, &[1, 2]), Some((3, 2)));
    }

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_both_in_the_middle() {
        assert_eq!(figure(Combine::Median, &[9_000, 5_000, 7_000]), Some((7_000, 1)));
        assert_eq!(figure(Combine::Median, &[9_000, 5_000, 7_000, 8_000]), Some((15_000, 2)));
        assert_eq!(figure(Combine::Median, &[6_900]), Some((6_900, 1)));
        assert_eq!(figure(Combine::Median, &[]), None);
    }

    #[test]
    fn rounding_is_half_up_to_the_unit() {
        let half = Points(50);
        for (exact, rounded) in [(0, 0), (24, 0), (25, 50), (74, 50), (75, 100), (7_025, 7_050), (6_999, 7_000)] {
            assert_eq!(Points(exact).rounded_to(half), Points(rounded), "{exact}");
        }
        assert_eq!(Points(6_949).rounded_to(Points(100)), Points(6_900));
        assert_eq!(Points(77).rounded_to(Points(0)), Points(77), "no unit, no rounding");
    }

    proptest! {
        #[test]
        fn every_figure_lies_between_the_lowest_and_the_highest(totals in prop::collection::vec(0..=10_000_i32, 1..16), k in 0..3_u32) {
            let (low, high) = (*totals.iter().min().unwrap(), *totals.iter().max().unwrap());
            for combine in [Combine::Mean, Combine::Trimmed { k }, Combine::Median] {
                if let Some(mean) = rule(combine).combine(totals.iter().map(|total| Points(*total)).collect()) {
                    prop_assert!(mean.reaches(Points(low)) && mean.num <= i64::from(high) * mean.den, "{combine:?}");
                } else {
                    prop_assert!(matches!(combine, Combine::Trimmed { .. }) && totals.len() <= 2 * k as usize, "{combine:?}");
                }
            }
        }
    }
}
