//! The result over all rounds (cách tính kết quả): each product's figure, and which rounds it rests on.

use super::{Row, rank_by};
use crate::edition::ResultRule;
use crate::ids::{GroupCode, RoundCode, SelectionCode};
use crate::points::Mean;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One product's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Selection code.
    pub code: SelectionCode,
    /// Group.
    pub group: GroupCode,
    /// Place within the group; ties share a place.
    pub rank: Option<u32>,
    /// The result; none before it was scored in a round that counts.
    pub mean: Option<Mean>,
    /// The rounds that the result rests on, in their order.
    pub rests_on: Vec<RoundCode>,
    /// Whether every figure that it rests on is complete.
    pub complete: bool,
    /// Every round's own figure, in the rounds' order; earlier ones stay visible.
    pub rounds: Vec<RoundFigure>,
}

/// One product in one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundFigure {
    /// Round.
    pub round: RoundCode,
    /// Its figure, if there is one.
    pub mean: Option<Mean>,
    /// Confirmed, complete sheets.
    pub confirmed: u32,
    /// Jurors on the panel; 0 where the round doesn't take the product in: "Không đi thực tế" of a visit.
    pub assigned: u32,
    /// Of them those whose sheets are waited for: neither recused nor absent.
    #[serde(default)]
    pub expected: u32,
    /// Whether the round has enough sheets for a rank, and all of them.
    pub complete: bool,
    /// Whether there are enough sheets for a rank.
    pub valid: bool,
}

impl RoundFigure {
    /// A round in which the product has no panel.
    pub fn not_taken_in(round: RoundCode) -> Self {
        Self { round, mean: None, confirmed: 0, assigned: 0, expected: 0, complete: false, valid: false }
    }

    /// A round's line of totals.
    pub fn of(round: RoundCode, row: &Row, minimum_sheets: u32) -> Self {
        Self {
            round,
            mean: row.mean,
            confirmed: row.confirmed,
            assigned: row.assigned,
            expected: row.assigned - row.recused - row.absent,
            complete: row.complete,
            valid: row.confirmed >= minimum_sheets,
        }
    }
}

impl ResultRule {
    /// A product's result from its rounds' figures, and the rounds that it rests on. A figure of too few sheets counts for
    /// nothing: it would decide what a missing quorum should not.
    pub fn result(&self, figures: &[RoundFigure]) -> Option<(Mean, Vec<RoundCode>)> {
        let mut scored =
            figures.iter().filter(|figure| figure.valid).filter_map(|figure| Some((&figure.round, figure.mean?)));
        match self {
            Self::Latest => scored.next_back().map(|(round, mean)| (mean, vec![round.clone()])),
            Self::Named { round: named } => {
                scored.find(|(round, _)| *round == named).map(|(round, mean)| (mean, vec![round.clone()]))
            }
            Self::Weighted { weights } => weighted(scored, weights),
        }
    }
}

/// Σ wᵢ·numᵢ/denᵢ over Σ wᵢ, as one exact ratio.
fn weighted<'a>(
    scored: impl Iterator<Item = (&'a RoundCode, Mean)>,
    weights: &BTreeMap<RoundCode, u32>,
) -> Option<(Mean, Vec<RoundCode>)> {
    let mut sum = (0_i64, 1_i64);
    let (mut weight, mut rests_on) = (0_i64, Vec::new());
    for (round, mean) in scored {
        let Some(own) = weights.get(round).filter(|own| **own > 0) else { continue };
        let own = i64::from(*own);
        sum = reduced(sum.0 * mean.den + own * mean.num * sum.1, sum.1 * mean.den);
        weight += own;
        rests_on.push(round.clone());
    }
    let (num, den) = reduced(sum.0, sum.1 * weight);
    (weight > 0).then_some((Mean { num, den }, rests_on))
}

/// In lowest terms: some rounds of some sheets never come near the end of 64 bits.
fn reduced(num: i64, den: i64) -> (i64, i64) {
    let (mut a, mut b) = (num.max(1), den.max(1));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (num / a, den / a)
}

/// Results of all products, ranked within their groups. `figures`: each product's rounds, in the rounds' order.
pub fn outcomes(
    rule: &ResultRule,
    figures: impl Iterator<Item = (SelectionCode, GroupCode, Vec<RoundFigure>)>,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = figures
        .map(|(code, group, rounds)| {
            let (mean, rests_on) = rule.result(&rounds).unzip();
            let rests_on = rests_on.unwrap_or_default();
            let complete = mean.is_some()
                && rounds.iter().filter(|figure| rests_on.contains(&figure.round)).all(|figure| figure.complete);
            Outcome { code, group, rank: None, mean, rests_on, complete, rounds }
        })
        .collect();
    outcomes.sort_by(|a, b| (&a.group, &a.code).cmp(&(&b.group, &b.code)));
    for group in outcomes.chunk_by_mut(|a, b| a.group == b.group) {
        rank_by(&mut group.iter_mut().collect::<Vec<_>>(), |outcome| outcome.mean, |outcome, rank| outcome.rank = rank);
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(code: &str) -> RoundCode {
        code.parse().unwrap()
    }

    /// Sums of sheets in hundredths, and how many; none is "Không đi thực tế".
    fn figure(code: &str, sheets: Option<(i64, i64)>) -> RoundFigure {
        let Some((num, den)) = sheets else { return RoundFigure::not_taken_in(round(code)) };
        let mean = (den > 0).then_some(Mean { num, den });
        RoundFigure {
            round: round(code),
            mean,
            confirmed: den as u32,
            assigned: 5,
            expected: 5,
            complete: den == 5,
            valid: den >= 2,
        }
    }

    fn weights(of: &[(&str, u32)]) -> ResultRule {
        ResultRule::Weighted { weights: of.iter().map(|(code, weight)| (round(code), *weight)).collect() }
    }

    /// Worked out by hand, product × way:
    ///
    /// | | hồ sơ | thực tế | trực tiếp | gần nhất | hồ sơ | 1 : 2 : 3 |
    /// |---|---|---|---|---|---|---|
    /// | A | 350/5 = 70 | 225/3 = 75 | 400/5 = 80 | 80 | 70 | (70 + 150 + 240)/6 = 76,67 |
    /// | B | 400/5 = 80 | không đi | chưa chấm | 80 | 80 | 80 |
    /// | C | 349,9/5 = 69,98 | không đi | 280/4 = 70 | 70 | 69,98 | (69,98 + 210)/4 = 69,995 |
    /// | D | 90 (1 phiếu: chưa đủ) | 160/2 = 80 | chưa chấm | 80 | – | 80 |
    #[test]
    fn the_ways_to_the_result_worked_out_by_hand() {
        let a = [
            figure("dossier", Some((35_000, 5))),
            figure("visit", Some((22_500, 3))),
            figure("direct", Some((40_000, 5))),
        ];
        let b = [figure("dossier", Some((40_000, 5))), figure("visit", None), figure("direct", Some((0, 0)))];
        let c = [figure("dossier", Some((34_990, 5))), figure("visit", None), figure("direct", Some((28_000, 4)))];
        let d =
            [figure("dossier", Some((9_000, 1))), figure("visit", Some((16_000, 2))), figure("direct", Some((0, 0)))];
        let named = ResultRule::Named { round: round("dossier") };
        let weighted = weights(&[("dossier", 1), ("visit", 2), ("direct", 3)]);
        let value = |rule: &ResultRule, figures: &[RoundFigure]| {
            rule.result(figures).map(|(mean, rests_on)| {
                (mean, rests_on.iter().map(|code| code.as_str().to_owned()).collect::<Vec<_>>())
            })
        };
        let is = |num, den, rounds: &[&str]| {
            Some((Mean { num, den }, rounds.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>()))
        };

        assert_eq!(value(&ResultRule::Latest, &a), is(8_000, 1, &["direct"]));
        assert_eq!(value(&named, &a), is(7_000, 1, &["dossier"]));
        assert_eq!(value(&weighted, &a), is(46_000, 6, &["dossier", "visit", "direct"]));

        assert_eq!(value(&ResultRule::Latest, &b), is(8_000, 1, &["dossier"]));
        assert_eq!(value(&weighted, &b), is(8_000, 1, &["dossier"]), "not visited: neither gains nor loses");

        assert_eq!(value(&ResultRule::Latest, &c), is(7_000, 1, &["direct"]));
        let (mean, _) = weighted.result(&c).unwrap();
        assert_eq!((mean.num, mean.den), (13_999, 2), "69,995");
        assert!(!mean.reaches(crate::points::Points(7_000)), "69,995 is not 70");
        assert_eq!(mean.to_vi(), "70,00", "for the eye alone");

        assert_eq!(value(&ResultRule::Latest, &d), is(8_000, 1, &["visit"]));
        assert_eq!(value(&named, &d), None, "one sheet is not enough here");
        assert_eq!(value(&weighted, &d), is(8_000, 1, &["visit"]));
        assert_eq!(value(&weights(&[("visit", 0)]), &d), None);
    }

    #[test]
    fn results_are_ranked_within_groups_and_name_their_rounds() {
        let product = |code: &str, group: &str, figures: Vec<RoundFigure>| {
            (code.parse().unwrap(), group.parse().unwrap(), figures)
        };
        let all = outcomes(
            &ResultRule::Latest,
            [
                product("AGI-002", "2", vec![figure("dossier", Some((40_000, 5))), figure("direct", Some((0, 0)))]),
                product(
                    "AGI-001",
                    "2",
                    vec![figure("dossier", Some((30_000, 5))), figure("direct", Some((16_000, 2)))],
                ),
                product("BTR-001", "1", vec![figure("dossier", Some((0, 0))), figure("direct", Some((0, 0)))]),
                product("AGI-003", "2", vec![figure("dossier", Some((39_000, 5))), figure("direct", None)]),
            ]
            .into_iter(),
        );
        let seen: Vec<_> =
            all.iter().map(|one| (one.code.as_str(), one.rank, one.complete, one.rests_on.len())).collect();
        assert_eq!(
            seen,
            [
                ("BTR-001", None, false, 0),
                ("AGI-001", Some(1), false, 1),
                ("AGI-002", Some(1), true, 1),
                ("AGI-003", Some(3), true, 1),
            ]
        );
        assert_eq!(all[1].rests_on[0].as_str(), "direct");
    }
}
