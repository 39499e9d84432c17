//! The edition (kỳ bình chọn): one campaign in one region, with the settings that the law leaves to the Council.

use crate::ids::{EditionId, GroupCode};
use crate::points::Points;
use serde::{Deserialize, Serialize};

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
