//! The rows of the files, exactly as they are written; `sample/README.md` explains each column.

use crate::access::Role;
use crate::ids::{EditionId, RubricId};
use crate::round::RoundState;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct EditionFile {
    pub id: EditionId,
    pub name: String,
    pub region: String,
    pub threshold: String,
    pub groups: Vec<GroupRow>,
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
    pub epoch: u32,
    pub rubric: RubricId,
    pub opened_by: Option<String>,
    pub opened_at: Option<String>,
    pub closed_by: Option<String>,
    pub closed_at: Option<String>,
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
