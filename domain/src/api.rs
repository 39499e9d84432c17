//! Requests and answers of `/api/v1` outside sync. docs/API.md shows an example of each, and a test parses them.

pub mod oversight;

use crate::access::Role;
use crate::edition::{Group, ResultRule, TallyRule};
use crate::ids::{SelectionCode, UserId};
use crate::jury::{Presence, Stop};
use crate::plan::{PlanRow, PlanState};
use crate::points::Points;
use crate::round::Round;
use crate::sync::chain::OpHash;
use crate::tally::{Outcome, Row, Totals};
use crate::visit::TimeOfDay;
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
    /// How sheets become the figure, and which spread is flagged.
    #[serde(default)]
    pub tally: TallyRule,
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

/// `GET /api/v1/rounds`: what the desk can show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundsPage {
    /// The edition's name.
    pub edition: String,
    /// All rounds, in order.
    pub rounds: Vec<Round>,
}

/// `GET /api/v1/results`: every product's result over all rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsPage {
    /// Position of the log that it rests on.
    pub position: u64,
    /// Hash of everything up to there (S32): whoever writes it down can have the log verified against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<OpHash>,
    /// TẠM TÍNH: a figure that a result rests on isn't complete, or a round that may still change it isn't closed.
    pub provisional: bool,
    /// The mean to reach, in hundredths.
    pub threshold: Points,
    /// How the rounds become the result.
    pub rule: ResultRule,
    /// How sheets become a round's figure.
    pub tally: TallyRule,
    /// All rounds, in order.
    pub rounds: Vec<Round>,
    /// The groups.
    pub groups: Vec<Group>,
    /// What the rows are about, in the rows' order.
    pub products: Vec<ProductLine>,
    /// Ordered by group, then code.
    pub rows: Vec<Outcome>,
}

/// `GET /api/v1/plan`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    /// The rows in the plan's order.
    pub rows: Vec<PlanRow>,
    /// Numbers of the rows that the reader may change.
    pub changeable: Vec<u32>,
}

/// `POST /api/v1/plan/<row>`: its answer is the row as it stands then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePlanRow {
    /// First day, ISO 8601, or none.
    pub starts_on: Option<String>,
    /// Last day, or none.
    pub ends_on: Option<String>,
    /// Where it stands.
    pub state: PlanState,
    /// Why.
    pub reason: String,
    /// How many changes the writer had seen: another one in between is shown first.
    pub seen: u32,
}

/// `GET /api/v1/rounds/<round>/presence`: who was at the stops of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresencePage {
    /// Round.
    pub round: Round,
    /// The stops, by delegation, day and order.
    pub stops: Vec<StopPresence>,
    /// Whether the reader may record it.
    pub may_record: bool,
}

/// One stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopPresence {
    /// Where and when.
    pub stop: Stop,
    /// Products scored there.
    pub products: u32,
    /// The delegation's jurors, by name.
    pub jurors: Vec<JurorPresence>,
    /// When the delegation came; several times where two tablets disagree.
    pub arrived: Vec<TimeOfDay>,
    /// When it left.
    pub departed: Vec<TimeOfDay>,
    /// What its secretary wrote down.
    pub facts: Vec<FactLine>,
    /// The photos of the stop, by the hashes under which `GET /api/v1/photos/{sha256}` has them.
    #[serde(default)]
    pub photos: Vec<OpHash>,
}

/// What was seen at a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactLine {
    /// Of which product, by name; none for the stop as a whole.
    pub product: Option<String>,
    /// As written.
    pub text: String,
}

/// One juror at a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JurorPresence {
    /// Who.
    pub juror: UserId,
    /// As others read it.
    pub name: String,
    /// As last recorded.
    #[serde(flatten)]
    pub presence: Presence,
    /// Who recorded it, and when (milliseconds since 1970); none while nothing is recorded.
    pub recorded: Option<Recorded>,
    /// Two tablets, or a tablet and the desk, disagree: the most present word holds until somebody records it again (S23).
    pub doubtful: bool,
    /// What it follows from: operations of tablets, acts of the desk. Whoever records it again says that these were seen.
    pub grounds: Vec<OpHash>,
    /// Sheets of this stop that the juror confirmed, and that don't count because of an absence (S30).
    #[serde(default)]
    pub set_aside: u32,
}

/// Who wrote something down, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// As others read it.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// `POST /api/v1/rounds/<round>/presence`: its answer is the page as it stands then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPresence {
    /// The stop's delegation.
    pub delegation: String,
    /// Its day, ISO 8601.
    pub date: String,
    /// Its place in the day's order.
    pub ordinal: u32,
    /// Who.
    pub juror: UserId,
    /// [`JurorPresence::grounds`] as the writer saw them: what came meanwhile is shown first.
    #[serde(default)]
    pub seen: Vec<OpHash>,
    /// There, late or absent; the last two with a reason.
    #[serde(flatten)]
    pub presence: Presence,
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
        page.totals.not_visited = self.totals.not_visited;
    }
}
