//! The rows of the files, exactly as they are written; `sample/README.md` explains each column.

use crate::access::Role;
use crate::edition::{Combine, ResultRule, Rounding, TallyRule};
use crate::ids::{CriterionCode, EditionId, RoundCode, RubricId};
use crate::plan::PlanState;
use crate::points::Points;
use crate::round::{RoundMode, RoundState};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(super) struct EditionFile {
    pub id: EditionId,
    pub name: String,
    pub region: String,
    pub threshold: String,
    pub groups: Vec<GroupRow>,
    pub tally: Option<TallyTable>,
    pub result: Option<ResultTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CombineWord {
    Mean,
    Trimmed,
    Median,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TallyTable {
    combine: CombineWord,
    #[serde(default)]
    trim: u32,
    round_criterion: Option<String>,
    round_sheet: Option<String>,
    minimum_sheets: u32,
    spread_alert: String,
}

impl TallyTable {
    pub fn rule(
        self,
        points: impl Fn(&str) -> Result<Points, super::SampleError>,
    ) -> Result<TallyRule, super::SampleError> {
        let combine = match self.combine {
            CombineWord::Mean => Combine::Mean,
            CombineWord::Trimmed => Combine::Trimmed { k: self.trim },
            CombineWord::Median => Combine::Median,
        };
        let rounding = match (self.round_criterion, self.round_sheet) {
            (Some(unit), _) => Rounding::Criterion { unit: points(&unit)? },
            (None, Some(unit)) => Rounding::Sheet { unit: points(&unit)? },
            (None, None) => Rounding::None,
        };
        let spread_alert = points(&self.spread_alert)?;
        Ok(TallyRule { combine, rounding, minimum_sheets: self.minimum_sheets, spread_alert })
    }
}

#[derive(Deserialize)]
#[serde(tag = "way", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ResultTable {
    Latest {},
    Named { round: RoundCode },
    Weighted { weights: BTreeMap<RoundCode, u32> },
}

impl ResultTable {
    pub fn rule(self) -> ResultRule {
        match self {
            Self::Latest {} => ResultRule::Latest,
            Self::Named { round } => ResultRule::Named { round },
            Self::Weighted { weights } => ResultRule::Weighted { weights },
        }
    }
}

#[derive(Deserialize)]
pub(super) struct PlanFile {
    pub rows: Vec<PlanFileRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFileRow {
    pub order: u32,
    pub contents: Vec<String>,
    pub lead: Vec<String>,
    pub coordinating: Vec<String>,
    pub window: String,
    pub starts: Option<String>,
    pub ends: Option<String>,
    pub state: PlanState,
}

#[derive(Deserialize)]
pub(super) struct GroupRow {
    pub code: u32,
    pub name: String,
    pub short_name: String,
}

#[derive(Deserialize)]
pub(super) struct RoundsFile {
    pub rounds: Vec<RoundRow>,
}

#[derive(Deserialize)]
pub(super) struct RoundRow {
    pub code: String,
    pub order: u32,
    pub name: String,
    pub short_name: String,
    pub starts: String,
    pub ends: String,
    pub opens_at: String,
    pub state: RoundState,
    #[serde(default)]
    mode: ModeWord,
    from: Option<RoundCode>,
    #[serde(default)]
    adjustable: Vec<CriterionCode>,
    pub epoch: u32,
    pub rubric: RubricId,
    pub opened_by: Option<String>,
    pub opened_at: Option<String>,
    pub closed_by: Option<String>,
    pub closed_at: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ModeWord {
    #[default]
    Rescore,
    Adjust,
    Remarks,
}

impl RoundRow {
    /// None of a round that adjusts and doesn't say which.
    pub fn mode(&self) -> Option<RoundMode> {
        match self.mode {
            ModeWord::Rescore => Some(RoundMode::Rescore),
            ModeWord::Adjust => Some(RoundMode::Adjust { from: self.from.clone()?, criteria: self.adjustable.clone() }),
            ModeWord::Remarks => Some(RoundMode::Remarks),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct RubricFile {
    pub id: RubricId,
    pub name: String,
    pub note: String,
    pub sections: Vec<SectionRow>,
    pub criteria: Vec<CriterionRow>,
}

#[derive(Deserialize)]
pub(super) struct SectionRow {
    pub code: String,
    pub name: String,
    pub short_name: String,
    pub max: String,
}

#[derive(Deserialize)]
pub(super) struct CriterionRow {
    pub code: String,
    pub section: String,
    pub heading: Option<String>,
    pub name: String,
    pub max: String,
    pub step: String,
    pub guide: String,
}

#[derive(Deserialize)]
pub(super) struct ProvinceRow {
    pub order: u32,
    pub prefix: String,
    pub name: String,
}

#[derive(Deserialize)]
pub(super) struct EstablishmentRow {
    pub code: String,
    pub name: String,
    pub province: String,
    pub kind: String,
    pub address: String,
    pub founded: Option<i32>,
    pub workers: Option<i32>,
}

#[derive(Deserialize)]
pub(super) struct ProductRow {
    pub code: String,
    pub name: String,
    pub group: u32,
    pub is_set: String,
    pub province: String,
    pub establishment: String,
    pub summary: String,
    pub materials: String,
}

#[derive(Deserialize)]
pub(super) struct PeopleFile {
    pub people: Vec<PersonRow>,
}

#[derive(Deserialize)]
pub(super) struct PersonRow {
    pub name: String,
    pub display_name: String,
    pub title: String,
    pub role: Role,
    pub password: String,
}

#[derive(Deserialize)]
pub(super) struct PanelsFile {
    pub panels: Vec<PanelRow>,
    #[serde(default)]
    pub recusals: Vec<RecusalRow>,
}

#[derive(Deserialize)]
pub(super) struct PanelRow {
    pub rounds: Vec<String>,
    pub groups: Vec<u32>,
    pub jurors: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RecusalRow {
    pub round: String,
    pub juror: String,
    pub product: String,
    pub reason: String,
}

#[derive(Deserialize)]
pub(super) struct VisitsFile {
    pub delegations: Vec<DelegationRow>,
    pub visits: Vec<VisitRow>,
    #[serde(default)]
    pub absences: Vec<AbsenceRow>,
}

#[derive(Deserialize)]
pub(super) struct DelegationRow {
    pub code: String,
    pub name: String,
    pub jurors: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct VisitRow {
    pub round: String,
    pub delegation: String,
    pub date: String,
    pub stops: Vec<StopRow>,
}

#[derive(Deserialize)]
pub(super) struct StopRow {
    pub order: u32,
    pub starts: String,
    pub establishment: String,
    pub place: String,
    pub products: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct AbsenceRow {
    pub round: String,
    pub delegation: String,
    pub date: String,
    pub stop: u32,
    pub juror: String,
    pub reason: String,
}
