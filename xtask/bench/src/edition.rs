//! Editions to measure on, as folders of sample files: the repository's own with more jurors, and one of the size that
//! the bars name. The server's `sample` command fills a database from them, through the inbox that tablets use.

use crate::Bench;
use anyhow::{Context, Result};
use domain::points::Points;
use domain::sample::{Sample, SampleError, parse};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const SAMPLE: &str = "sample";
/// Every bench juror's; the database is thrown away.
pub const PASSWORD: &str = "dothutocdo11";
/// The sample's organiser, who may see totals.
pub const ORGANISER: (&str, &str) = ("tochuc", "songhaubien82");
/// Jurors that are added to the sample: as many as the widest row has tablets.
pub const JURORS: usize = 50;

/// An account name of one of the added jurors.
pub fn juror(number: usize) -> String {
    format!("dothu{number:02}")
}

/// The 2024 edition with [`JURORS`] more, each on the panel of one group in the visit round.
pub fn crowded(bench: &Bench) -> Result<(PathBuf, Sample)> {
    let folder = copy(bench, "crowded")?;
    append(&folder.join("people.toml"), &people(JURORS))?;
    let panels = (0..JURORS).fold(String::new(), |mut text, number| {
        // Writing to a String can't fail.
        let _ = write!(
            text,
            "\n[[panels]]\nrounds = [\"visit\"]\ngroups = [{}]\njurors = [\"{}\"]\n",
            1 + number % 4,
            juror(number)
        );
        text
    });
    append(&folder.join("panels.toml"), &panels)?;
    let sample = read(&folder)?;
    Ok((folder, sample))
}

/// How large a made edition is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Products.
    pub products: usize,
    /// Jurors, each on every panel.
    pub jurors: usize,
}

/// Every juror has scored and confirmed every product in three open rounds.
pub fn full(bench: &Bench, size: Size) -> Result<(PathBuf, Sample)> {
    let folder = copy(bench, &format!("full-{}", size.products))?;
    let sample = read(Path::new(SAMPLE))?;
    append(&folder.join("people.toml"), &people(size.jurors))?;
    fs::write(folder.join("products.csv"), products(size.products)?)?;
    fs::write(folder.join("rounds.toml"), rounds(&sample))?;
    let jurors: Vec<String> = (0..size.jurors).map(juror).collect();
    let panels = format!("[[panels]]\nrounds = {ROUNDS:?}\ngroups = [1, 2, 3, 4]\njurors = {jurors:?}\n");
    fs::write(folder.join("panels.toml"), panels)?;
    fs::write(folder.join("visits.toml"), "delegations = []\nvisits = []\n")?;
    let notes = fs::read_to_string(folder.join("sheet-notes.csv"))?;
    fs::write(folder.join("sheet-notes.csv"), notes.lines().next().unwrap_or_default())?;
    let codes: Vec<String> =
        fs::read_to_string(folder.join("products.csv"))?.lines().skip(1).filter_map(first).collect();
    fs::write(folder.join("sheets.csv"), sheets(&sample, &codes, &jurors))?;
    let made = read(&folder)?;
    Ok((folder, made))
}

/// The rounds of a made edition.
pub const ROUNDS: [&str; 3] = ["dossier", "visit", "direct"];

fn read(folder: &Path) -> Result<Sample> {
    let read = |file: &'static str| {
        let error = |error: std::io::Error| SampleError { file, what: error.to_string() };
        fs::read_to_string(folder.join(file)).map_err(error)
    };
    parse(&read).with_context(|| format!("{}", folder.display()))
}

fn copy(bench: &Bench, name: &str) -> Result<PathBuf> {
    let folder = bench.work.join("editions").join(name);
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(SAMPLE)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    Ok(folder)
}

fn append(file: &Path, text: &str) -> Result<()> {
    let before = fs::read_to_string(file)?;
    Ok(fs::write(file, before + text)?)
}

fn people(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let name = juror(number);
        let _ = write!(
            text,
            "\n[[people]]\nname = \"{name}\"\ndisplay_name = \"{name}\"\ntitle = \"\"\nrole = \"juror\"\npassword = \"{PASSWORD}\"\n"
        );
        text
    })
}

fn first(row: &str) -> Option<String> {
    row.split(';').next().map(str::to_owned)
}

/// The sample's products, then the same again under numbers that nobody has, until there are enough.
fn products(count: usize) -> Result<String> {
    let text = fs::read_to_string(Path::new(SAMPLE).join("products.csv"))?;
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default().to_owned();
    let rows: Vec<&str> = lines.collect();
    let again = rows.iter().enumerate().filter_map(|(place, row)| {
        let (code, rest) = row.split_once(';')?;
        let (prefix, _) = code.split_once('-')?;
        Some(format!("{prefix}-{};{rest}", 500 + place))
    });
    let all = rows.iter().map(|row| (*row).to_owned()).chain(again).take(count);
    Ok(std::iter::once(header).chain(all).collect::<Vec<_>>().join("\n"))
}

fn rounds(sample: &Sample) -> String {
    let rubric = sample.rubric.id;
    ROUNDS.iter().enumerate().fold(String::new(), |mut text, (place, code)| {
        let _ = write!(
            text,
            "[[rounds]]\ncode = \"{code}\"\norder = {}\nname = \"{code}\"\nshort_name = \"{code}\"\nstarts = \"2024-08-01\"\n\
             ends = \"2024-08-30\"\nopens_at = \"2024-08-01T08:00:00+07:00\"\nstate = \"open\"\nepoch = 1\nrubric = \"{rubric}\"\n\
             opened_by = \"{}\"\nopened_at = \"2024-08-01T08:00:00+07:00\"\n\n",
            place + 1,
            ORGANISER.0
        );
        text
    })
}

/// One row a sheet: every mark some steps below its maximum, no two jurors alike.
fn sheets(sample: &Sample, codes: &[String], jurors: &[String]) -> String {
    let criteria = &sample.rubric.criteria;
    let mut text = String::from("round;juror;product;confirmed;");
    criteria.iter().for_each(|criterion| text.push_str(&format!("c{};", criterion.code)));
    text.push_str("remark\n");
    for round in ROUNDS {
        for (seat, juror) in jurors.iter().enumerate() {
            for (number, code) in codes.iter().enumerate() {
                let _ = write!(text, "{round};{juror};{code};yes;");
                for (place, criterion) in criteria.iter().enumerate() {
                    let below = criterion.step.0 * ((seat + number + place) % 4) as i32;
                    let _ = write!(text, "{};", Points((criterion.max.0 - below).max(0)).to_vi());
                }
                text.push('\n');
            }
        }
    }
    text
}
