//! The sample's sheets: one row a sheet, one column a criterion, notes in a file of their own.

use super::{Names, Read, SampleError, bad_code, points};
use crate::ids::{CriterionCode, ProductId, RoundCode, UserId};
use crate::points::Points;
use serde::Deserialize;
use std::collections::HashMap;

/// One juror's sheet for one product, as it will be written through the push inbox.
#[derive(Clone, Debug)]
pub struct SampleSheet {
    /// Round.
    pub round: RoundCode,
    /// Juror.
    pub juror: UserId,
    /// Product.
    pub product: ProductId,
    /// Marks in the order of the rubric.
    pub marks: Vec<(CriterionCode, Points)>,
    /// Notes beside criteria.
    pub notes: Vec<(CriterionCode, String)>,
    /// General remark; may be empty.
    pub remark: String,
    /// Whether it ends with a confirmation.
    pub confirmed: bool,
}

#[derive(Deserialize)]
struct NoteRow {
    round: String,
    juror: String,
    product: String,
    criterion: String,
    note: String,
}

pub(super) fn sheets(read: Read<'_>, names: &Names<'_>) -> Result<Vec<SampleSheet>, SampleError> {
    const FILE: &str = "sheets.csv";
    let text = read(FILE)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let rows: Vec<HashMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().map_err(|error| SampleError::new(FILE, error))?;
    let criteria = criterion_columns(&text)?;
    let mut sheets = rows.iter().map(|row| sheet(row, &criteria, names)).collect::<Result<Vec<_>, _>>()?;
    add_notes(read, names, &mut sheets)?;
    Ok(sheets)
}

/// The columns `c1.1`, `c1.2` … in the order of the header.
fn criterion_columns(text: &str) -> Result<Vec<(String, CriterionCode)>, SampleError> {
    let header = text.lines().next().unwrap_or_default();
    let columns = header.split(';').filter_map(|column| {
        let code = column.strip_prefix('c')?;
        code.starts_with(|first: char| first.is_ascii_digit()).then_some((column.to_owned(), code))
    });
    columns.map(|(column, code)| Ok((column, code.parse().map_err(bad_code("sheets.csv"))?))).collect()
}

fn sheet(
    row: &HashMap<String, String>,
    criteria: &[(String, CriterionCode)],
    names: &Names<'_>,
) -> Result<SampleSheet, SampleError> {
    const FILE: &str = "sheets.csv";
    let column = |name: &str| {
        row.get(name).map(String::as_str).ok_or_else(|| SampleError::new(FILE, format!("no column {name:?}")))
    };
    let mut marks = Vec::new();
    for (name, code) in criteria {
        let text = column(name)?;
        if !text.is_empty() {
            marks.push((code.clone(), points(FILE, text)?));
        }
    }
    Ok(SampleSheet {
        round: column("round")?.parse().map_err(bad_code(FILE))?,
        juror: names.person(FILE, column("juror")?)?,
        product: names.product(FILE, column("product")?)?,
        marks,
        notes: Vec::new(),
        remark: column("remark")?.to_owned(),
        confirmed: column("confirmed")? == "yes",
    })
}

fn add_notes(read: Read<'_>, names: &Names<'_>, sheets: &mut [SampleSheet]) -> Result<(), SampleError> {
    const FILE: &str = "sheet-notes.csv";
    let rows: Vec<NoteRow> = super::csv_rows(read, FILE)?;
    for row in rows {
        let (juror, product) = (names.person(FILE, &row.juror)?, names.product(FILE, &row.product)?);
        let code = row.criterion.trim_start_matches('c').parse().map_err(bad_code(FILE))?;
        let sheet = sheets
            .iter_mut()
            .find(|sheet| sheet.round.as_str() == row.round && sheet.juror == juror && sheet.product == product)
            .ok_or_else(|| SampleError::new(FILE, format!("{}: a note on no sheet", row.product)))?;
        sheet.notes.push((code, row.note));
    }
    Ok(())
}
