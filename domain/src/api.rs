//! Requests and answers of `/api/v1` outside sync. docs/API.md shows an example of each, and a test parses them.

use crate::access::Role;
use crate::edition::Group;
use crate::ids::{SelectionCode, UserId};
use crate::round::Round;
use crate::tally::{Row, Totals};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Account name.
    pub name: String,
    /// Password.
    pub password: String,
}

/// Its answer, and that of `GET /api/v1/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Identity.
    pub user: UserId,
    /// Account name.
    pub name: String,
    /// As others read it: "Giám khảo 01".
    pub display_name: String,
    /// Role.
    pub role: Role,
}

/// Every error: a stable code that the app translates, and an English sentence for whoever reads the traffic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Stable.
    pub code: String,
    /// For developers; names no internals.
    pub message: String,
    /// With `gap`: the number that should come next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seq: Option<u64>,
}

/// `GET /api/v1/rounds/<round>/totals`, and the `reset` event of the live stream: all that the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalsPage {
    /// The totals themselves.
    #[serde(flatten)]
    pub totals: Totals,
    /// All rounds, for the page's navigation.
    pub rounds: Vec<Round>,
    /// The groups, for its tabs.
    pub groups: Vec<Group>,
    /// What the rows are about, in the rows' order.
    pub products: Vec<ProductLine>,
}

/// A product as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLine {
    /// Selection code, the key to the row.
    pub code: SelectionCode,
    /// Name.
    pub name: String,
    /// Establishment.
    pub establishment: String,
    /// Province or city.
    pub province: String,
}

/// The `change` event of the live stream: the totals' frame with only those rows that differ from the event before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalsChange {
    /// As in [`Totals`], `rows` holding the changed ones.
    #[serde(flatten)]
    pub totals: Totals,
}

impl TotalsChange {
    /// Writes the change into a page.
    pub fn apply_to(self, page: &mut TotalsPage) {
        let changed: Vec<Row> = self.totals.rows;
        for row in changed {
            if let Some(place) = page.totals.rows.iter_mut().find(|old| old.code == row.code) {
                *place = row;
            }
        }
        page.totals.position = self.totals.position;
        page.totals.provisional = self.totals.provisional;
        page.totals.missing = self.totals.missing;
        page.totals.threshold = self.totals.threshold;
    }
}
