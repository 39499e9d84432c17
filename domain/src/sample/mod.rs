//! Reads `sample/`, the edition that a person can open in a spreadsheet and edit. `sample/README.md` explains the files.

mod files;
mod panels;
mod sheets;

pub use panels::Panels;
pub use sheets::SampleSheet;

use crate::access::Role;
use crate::edition::{Edition, Group, Scoring};
use crate::ids::{CriterionCode, EditionId, InvalidCode, ProductId, RoundCode, UserId};
use crate::plan::{self, PlanRow, When};
use crate::points::Points;
use crate::registration::{Establishment, Product, Province};
use crate::round::{Round, RoundMode, RoundState};
use crate::rubric::{Criterion, Rubric, Section};
use files::{
    CriterionRow, EditionFile, EstablishmentRow, PeopleFile, PlanFile, ProductRow, ProvinceRow, RoundRow, RoundsFile,
    RubricFile,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The whole edition as `sample/` tells it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The edition.
    pub edition: Edition,
    /// How its sheets become a result.
    pub scoring: Scoring,
    /// Rounds with the acts that brought them where they are.
    pub rounds: Vec<SampleRound>,
    /// The one scoring frame of all rounds.
    pub rubric: Rubric,
    /// Provinces of the region, in order.
    pub provinces: Vec<Province>,
    /// Establishments by their code in the files, with their province's prefix.
    pub establishments: Vec<SampleEstablishment>,
    /// Products with their establishment's code and province's prefix.
    pub products: Vec<SampleProduct>,
    /// People with their demo passwords.
    pub people: Vec<Person>,
    /// Round → product → juror → seat.
    pub panels: Panels,
    /// The plan's rows as they were decided.
    pub plan: Vec<PlanRow>,
    /// Sheets, to be pushed like real ones.
    pub sheets: Vec<SampleSheet>,
}

/// A round and who opened and closed it.
#[derive(Clone, Debug)]
pub struct SampleRound {
    /// The round in its final state.
    pub round: Round,
    /// The acts in order.
    pub acts: Vec<SampleAct>,
}

/// An act on a round.
#[derive(Clone, Debug)]
pub struct SampleAct {
    /// The state it leads to.
    pub state: RoundState,
    /// Who.
    pub by: UserId,
    /// When, RFC 3339.
    pub at: String,
}

/// An establishment as the files have it.
#[derive(Clone, Debug)]
pub struct SampleEstablishment {
    /// `CS-AGI-01`.
    pub code: String,
    /// `AGI`.
    pub province: String,
    /// The establishment.
    pub establishment: Establishment,
}

/// A product as the files have it.
#[derive(Clone, Debug)]
pub struct SampleProduct {
    /// The product.
    pub product: Product,
    /// `CS-AGI-01`.
    pub establishment: String,
    /// `AGI`.
    pub province: String,
}

/// A person who signs in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Derived from edition and name.
    pub id: UserId,
    /// Account name.
    pub name: String,
    /// As others read it.
    pub display_name: String,
    /// Title or degree.
    pub title: String,
    /// Role.
    pub role: Role,
    /// Demo password.
    pub password: String,
}

/// Something in the files is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct SampleError {
    /// Which file.
    pub file: &'static str,
    /// What is wrong, with the line or value.
    pub what: String,
}

impl SampleError {
    fn new(file: &'static str, what: impl ToString) -> Self {
        Self { file, what: what.to_string() }
    }
}

fn bad_code(file: &'static str) -> impl Fn(InvalidCode) -> SampleError {
    move |error| SampleError::new(file, error)
}

/// Parses all files; `read` hands over a file's text by its name.
pub fn parse(read: &dyn Fn(&'static str) -> Result<String, SampleError>) -> Result<Sample, SampleError> {
    let ((edition, scoring), rubric) = (edition(read)?, rubric(read)?);
    let people = people(read, edition.id)?;
    let provinces = provinces(read)?;
    let establishments = establishments(read)?;
    let products = products(read, edition.id, &provinces, &establishments)?;
    let rounds = rounds(read, &people, &rubric)?;
    let names = Names { people: &people, products: &products };
    let panels = panels::panels(read, &names, &establishments)?;
    let sheets = sheets::sheets(read, &names)?;
    let plan = plan(read)?;
    Ok(Sample { edition, scoring, rounds, rubric, provinces, establishments, products, people, panels, plan, sheets })
}

type Read<'a> = &'a dyn Fn(&'static str) -> Result<String, SampleError>;

/// Finds people and products by what the files call them.
struct Names<'a> {
    people: &'a [Person],
    products: &'a [SampleProduct],
}

impl Names<'_> {
    fn person(&self, file: &'static str, name: &str) -> Result<UserId, SampleError> {
        let found = self.people.iter().find(|person| person.name == name);
        found.map(|person| person.id).ok_or_else(|| SampleError::new(file, format!("unknown person {name:?}")))
    }

    fn product(&self, file: &'static str, code: &str) -> Result<ProductId, SampleError> {
        let found = self.products.iter().find(|product| product.product.code.as_str() == code);
        found.map(|found| found.product.id).ok_or_else(|| SampleError::new(file, format!("unknown product {code:?}")))
    }
}

fn toml_file<T: DeserializeOwned>(read: Read<'_>, file: &'static str) -> Result<T, SampleError> {
    toml::from_str(&read(file)?).map_err(|error| SampleError::new(file, error))
}

fn csv_rows<T: DeserializeOwned>(read: Read<'_>, file: &'static str) -> Result<Vec<T>, SampleError> {
    let text = read(file)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| SampleError::new(file, error))
}

fn points(file: &'static str, text: &str) -> Result<Points, SampleError> {
    Points::parse_vi(text).map_err(|error| SampleError::new(file, format!("points {text:?}: {error}")))
}

fn derived(edition: EditionId, kind: &str, name: &str) -> Uuid {
    Uuid::new_v5(&edition.0, format!("{kind}/{name}").as_bytes())
}

fn edition(read: Read<'_>) -> Result<(Edition, Scoring), SampleError> {
    const FILE: &str = "edition.toml";
    let file: EditionFile = toml_file(read, FILE)?;
    let tally = file.tally.map(|table| table.rule(|text| points(FILE, text))).transpose()?.unwrap_or_default();
    let group = |row: files::GroupRow| {
        let code = row.code.to_string().parse().map_err(bad_code(FILE))?;
        Ok(Group { code, name: row.name, short_name: row.short_name })
    };
    let edition = Edition {
        id: file.id,
        name: file.name,
        region: file.region,
        threshold: points(FILE, &file.threshold)?,
        groups: file.groups.into_iter().map(group).collect::<Result<_, SampleError>>()?,
    };
    let result = file.result.map(files::ResultTable::rule).unwrap_or_default();
    Ok((edition, Scoring { tally, result }))
}

fn rubric(read: Read<'_>) -> Result<Rubric, SampleError> {
    const FILE: &str = "rubric.toml";
    let file: RubricFile = toml_file(read, FILE)?;
    let code = |text: &str| text.parse::<CriterionCode>().map_err(bad_code(FILE));
    let section = |row: files::SectionRow| {
        let (code, max) = (code(&row.code)?, points(FILE, &row.max)?);
        Ok(Section { code, name: row.name, short_name: row.short_name, max })
    };
    let criterion = |row: CriterionRow| {
        Ok(Criterion {
            code: code(&row.code)?,
            section: code(&row.section)?,
            heading: row.heading,
            name: row.name,
            max: points(FILE, &row.max)?,
            step: points(FILE, &row.step)?,
            guide: row.guide,
        })
    };
    let rubric = Rubric {
        id: file.id,
        name: file.name,
        note: file.note,
        sections: file.sections.into_iter().map(section).collect::<Result<_, SampleError>>()?,
        criteria: file.criteria.into_iter().map(criterion).collect::<Result<_, SampleError>>()?,
    };
    rubric.validate().map_err(|error| SampleError::new(FILE, error))?;
    Ok(rubric)
}

fn plan(read: Read<'_>) -> Result<Vec<PlanRow>, SampleError> {
    const FILE: &str = "plan.toml";
    let file: PlanFile = toml_file(read, FILE)?;
    let row = |row: files::PlanFileRow| {
        let when = When { starts_on: row.starts, ends_on: row.ends, state: row.state };
        plan::check(&when, &row.window)
            .map_err(|error| SampleError::new(FILE, format!("row {}: {error}", row.order)))?;
        let files::PlanFileRow { order: ordinal, contents, lead, coordinating, window, .. } = row;
        Ok(PlanRow { ordinal, contents, lead, coordinating, window, decided: when.clone(), when, changes: Vec::new() })
    };
    file.rows.into_iter().map(row).collect()
}

fn people(read: Read<'_>, edition: EditionId) -> Result<Vec<Person>, SampleError> {
    let file: PeopleFile = toml_file(read, "people.toml")?;
    let person = |row: files::PersonRow| Person {
        id: UserId(derived(edition, "user", &row.name)),
        name: row.name,
        display_name: row.display_name,
        title: row.title,
        role: row.role,
        password: row.password,
    };
    Ok(file.people.into_iter().map(person).collect())
}

fn provinces(read: Read<'_>) -> Result<Vec<Province>, SampleError> {
    let rows: Vec<ProvinceRow> = csv_rows(read, "provinces.csv")?;
    let province = |row: ProvinceRow| Province { ordinal: row.order, prefix: row.prefix, name: row.name };
    Ok(rows.into_iter().map(province).collect())
}

fn establishments(read: Read<'_>) -> Result<Vec<SampleEstablishment>, SampleError> {
    let rows: Vec<EstablishmentRow> = csv_rows(read, "establishments.csv")?;
    let establishment = |row: EstablishmentRow| SampleEstablishment {
        code: row.code,
        province: row.province,
        establishment: Establishment {
            name: row.name,
            kind: row.kind,
            address: row.address,
            founded: row.founded,
            workers: row.workers,
        },
    };
    Ok(rows.into_iter().map(establishment).collect())
}

fn products(
    read: Read<'_>,
    edition: EditionId,
    provinces: &[Province],
    establishments: &[SampleEstablishment],
) -> Result<Vec<SampleProduct>, SampleError> {
    const FILE: &str = "products.csv";
    let rows: Vec<ProductRow> = csv_rows(read, FILE)?;
    let product = |row: ProductRow| {
        let unknown = |what: &str| SampleError::new(FILE, format!("{}: unknown {what}", row.code));
        let province = provinces.iter().find(|p| p.prefix == row.province).ok_or_else(|| unknown("province"))?;
        let establishment =
            establishments.iter().find(|e| e.code == row.establishment).ok_or_else(|| unknown("establishment"))?;
        Ok(SampleProduct {
            product: Product {
                id: ProductId(derived(edition, "product", &row.code)),
                code: row.code.parse().map_err(bad_code(FILE))?,
                name: row.name,
                group: row.group.to_string().parse().map_err(bad_code(FILE))?,
                is_set: row.is_set == "yes",
                province: province.name.clone(),
                establishment: establishment.establishment.clone(),
                summary: row.summary,
                materials: row.materials,
            },
            establishment: row.establishment,
            province: row.province,
        })
    };
    rows.into_iter().map(product).collect()
}

fn rounds(read: Read<'_>, people: &[Person], rubric: &Rubric) -> Result<Vec<SampleRound>, SampleError> {
    const FILE: &str = "rounds.toml";
    let file: RoundsFile = toml_file(read, FILE)?;
    let names = Names { people, products: &[] };
    let act = |state, by: &Option<String>, at: &Option<String>| match (by, at) {
        (Some(by), Some(at)) => Ok(Some(SampleAct { state, by: names.person(FILE, by)?, at: at.clone() })),
        (None, None) => Ok(None),
        _ => Err(SampleError::new(FILE, "an act needs both who and when")),
    };
    let round = |row: RoundRow| {
        if row.rubric != rubric.id {
            return Err(SampleError::new(FILE, format!("{}: unknown rubric", row.code)));
        }
        let opened = act(RoundState::Open, &row.opened_by, &row.opened_at)?;
        let closed = act(RoundState::Closed, &row.closed_by, &row.closed_at)?;
        let acts: Vec<SampleAct> = opened.into_iter().chain(closed).collect();
        if acts.last().map_or(RoundState::Planned, |act| act.state) != row.state {
            return Err(SampleError::new(FILE, format!("{}: state and acts differ", row.code)));
        }
        let mode = row.mode().ok_or_else(|| SampleError::new(FILE, format!("{}: adjusts which round?", row.code)))?;
        let round = Round {
            mode,
            code: row.code.parse().map_err(bad_code(FILE))?,
            ordinal: row.order,
            name: row.name,
            short_name: row.short_name,
            state: row.state,
            epoch: row.epoch,
            rubric: row.rubric,
            starts_on: row.starts,
            ends_on: row.ends,
            opens_at: row.opens_at,
        };
        Ok(SampleRound { round, acts })
    };
    let rounds: Vec<SampleRound> = file.rounds.into_iter().map(round).collect::<Result<_, _>>()?;
    for (place, SampleRound { round, .. }) in rounds.iter().enumerate() {
        // A sheet that only adjusts has marks of its own for some criteria: nothing can start from it.
        let is_there = |from: &RoundCode| {
            let mut earlier = rounds[..place].iter().map(|earlier| &earlier.round);
            earlier.any(|earlier| earlier.code == *from && earlier.mode == RoundMode::Rescore)
        };
        if let Some(from) = round.mode.starts_from().filter(|from| !is_there(from)) {
            let why = format!("{}: {from} is no earlier round that scores anew", round.code);
            return Err(SampleError::new(FILE, why));
        }
    }
    Ok(rounds)
}

#[cfg(test)]
mod tests;
