//! `bench`: the rows of `cargo xtask bench` that need a server under load or the totals alone. Prints one JSON object a
//! row; what it is doing meanwhile goes to standard error.
//!
//! A program of its own, so that `xtask` stays quick to compile and what is measured is compiled as it is shipped.

mod crowd;
mod edition;
mod http;
mod link;
mod memory;
mod pouch;
mod process;
mod report;
mod tablet;
mod three_days;
mod throughput;
mod together;
mod totals;
mod viewers;

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;

/// What to measure, and with what.
pub struct Bench {
    /// The server's program.
    pub server: PathBuf,
    /// The front end's folder, which `serve` wants to be told.
    pub site: PathBuf,
    /// Where databases are made; emptied before.
    pub work: PathBuf,
    /// A folder with express-pouchdb installed, if it could be had.
    pub pouch: Option<PathBuf>,
    /// Less of everything: to see that it works, not to be believed.
    pub quick: bool,
}

impl Bench {
    /// A number of repetitions: the first as a rule, the second in a hurry.
    pub fn times(&self, whole: usize, quick: usize) -> usize {
        if self.quick { quick } else { whole }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let (bench, rows) = arguments()?;
    if bench.work.exists() {
        fs::remove_dir_all(&bench.work).with_context(|| format!("{}", bench.work.display()))?;
    }
    fs::create_dir_all(&bench.work)?;
    for row in &rows {
        eprintln!("── {row} ──");
        let measured = match row.as_str() {
            "three_days" => three_days::measure(&bench).await?,
            "push" => throughput::measure(&bench).await?,
            "crowd" => crowd::measure(&bench).await?,
            "viewers" => viewers::measure(&bench).await?,
            "totals" => totals::measure(&bench)?,
            "memory" => memory::measure(&bench).await?,
            other => bail!("no row “{other}”"),
        };
        for row in measured {
            println!("{}", serde_json::to_string(&row)?);
        }
    }
    Ok(())
}

/// `bench <server> <site> <work> <pouch or -> <quick|whole> <row>…`: only xtask calls it.
fn arguments() -> Result<(Bench, Vec<String>)> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [server, site, work, pouch, length, rows @ ..] = words.as_slice() else {
        bail!("bench is started by  cargo xtask bench");
    };
    let bench = Bench {
        server: server.into(),
        site: site.into(),
        work: work.into(),
        pouch: (pouch != "-").then(|| pouch.into()),
        quick: length == "quick",
    };
    Ok((bench, rows.to_vec()))
}
