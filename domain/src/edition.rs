//! The edition (kỳ bình chọn): one campaign in one region, with the settings that the law leaves to the Council.

use crate::ids::{EditionId, GroupCode, RoundCode};
use crate::points::Points;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One campaign. Regulation is data: what the law doesn't fix is a field here, with the plan's default in `sample/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Identity, also the namespace of sheet ids.
    pub id: EditionId,
    /// Full name of the selection.
    pub name: String,
    /// The region, as a short subtitle.
    pub region: String,
    /// The mean a product must reach to be considered (Thông tư 26/2014: 70), in hundredths, compared unrounded.
    pub threshold: Points,
    /// The product groups in their official order.
    pub groups: Vec<Group>,
}

/// How sheets become figures and figures a result: what tablets never need, and are never sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scoring {
    /// How a panel's sheets become one figure.
    pub tally: TallyRule,
    /// How the rounds' figures become the result.
    pub result: ResultRule,
}

/// How a panel's sheets become one figure (cách tổng hợp phiếu). The law is silent; the Council decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyRule {
    /// Which sheets the figure is made of.
    pub combine: Combine,
    /// Rounding of marks or sheets before they are combined. The comparison with the threshold never rounds.
    #[serde(default)]
    pub rounding: Rounding,
    /// With fewer confirmed, complete sheets a product has no rank.
    pub minimum_sheets: u32,
    /// A highest–lowest spread from which a product is flagged for discussion (hội ý); nothing changes by itself.
    pub spread_alert: Points,
}

impl Default for TallyRule {
    /// The plan's default: the mean of whatever sheets there are; the alert is the one that OCOP uses.
    fn default() -> Self {
        Self { combine: Combine::Mean, rounding: Rounding::None, minimum_sheets: 1, spread_alert: Points(1_000) }
    }
}

/// Which sheets the figure is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Combine {
    /// The mean of all.
    #[default]
    Mean,
    /// The mean without the `k` highest and the `k` lowest; with 2k sheets or fewer there is none.
    Trimmed {
        /// How many at either end.
        k: u32,
    },
    /// The middle one, or the mean of the two in the middle.
    Median,
}

/// Rounds to a multiple of a unit, half up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Rounding {
    /// Nothing.
    #[default]
    None,
    /// Each criterion's mark.
    Criterion {
        /// In hundredths.
        unit: Points,
    },
    /// Each sheet's total.
    Sheet {
        /// In hundredths.
        unit: Points,
    },
}

/// How the rounds' figures become the result (cách tính kết quả).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum ResultRule {
    /// The latest round in which the product was scored.
    #[default]
    Latest,
    /// One round.
    Named {
        /// Which.
        round: RoundCode,
    },
    /// The weighted mean of the rounds in which the product was scored: one that was not visited neither gains nor loses.
    Weighted {
        /// Whole weights; a round without one doesn't count.
        weights: BTreeMap<RoundCode, u32>,
    },
}

/// A product group (nhóm sản phẩm).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `1` to `4`.
    pub code: GroupCode,
    /// The law's name.
    pub name: String,
    /// A name that fits a tab.
    pub short_name: String,
}
