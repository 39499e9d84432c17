//! `cargo xtask bench`: every figure that has a bar (docs/BENCH.md), in one table. Nothing that is timed is ever a test:
//! another machine has other figures, and a crowded one has worse.

mod table;

use crate::arguments::Arguments;
use crate::command::{cargo, output, program, run, succeeds};
use crate::site::{self, Build};
use crate::test::{browsers, system};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Who measures a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// This program.
    Us,
    /// Chromium, driven from `end2end/bench`.
    Browser,
    /// `xtask/bench`.
    Client,
}

const ROWS: [(&str, By); 8] = [
    ("size", By::Us),
    ("tablet", By::Browser),
    ("three_days", By::Client),
    ("push", By::Client),
    ("crowd", By::Client),
    ("viewers", By::Client),
    ("totals", By::Client),
    ("memory", By::Client),
];

/// The juror of the sample with the most sheets, who has the longest work list.
const JUROR: &str = "giamkhao04";

/// What is measured with.
struct Means {
    server: PathBuf,
    site: PathBuf,
    work: PathBuf,
    quick: bool,
}

/// Reads the options, builds what is shipped, measures, prints the table.
pub fn run_command(mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.value("--only")?;
    let json = arguments.value("--json")?;
    let quick = arguments.flag("--quick");
    arguments.finish()?;
    let rows = selected(only.as_deref())?;
    let means = Means { server: server()?, site: site::build(Build::Release)?, work: work_folder(), quick };

    let mut measured = Vec::new();
    if wanted(&rows, By::Us).next().is_some() {
        measured.extend(sizes(&means.site)?);
    }
    if wanted(&rows, By::Browser).next().is_some() {
        measured.extend(in_the_browser(&means)?);
    }
    let of_client: Vec<&str> = wanted(&rows, By::Client).collect();
    if !of_client.is_empty() {
        measured.extend(by_the_client(&means, &of_client)?);
    }

    let machine = machine(quick)?;
    table::print(&machine, &measured);
    if let Some(file) = json {
        let report = json!({ "machine": machine, "rows": measured });
        fs::write(&file, serde_json::to_string_pretty(&report)? + "\n").context(file)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn selected(only: Option<&str>) -> Result<Vec<(&'static str, By)>> {
    let Some(only) = only else {
        return Ok(ROWS.to_vec());
    };
    let names: Vec<&str> = only.split(',').collect();
    if let Some(unknown) = names.iter().find(|name| ROWS.iter().all(|(row, _)| row != *name)) {
        bail!("--only: no row “{unknown}” (see cargo xtask help)");
    }
    Ok(ROWS.into_iter().filter(|(row, _)| names.contains(row)).collect())
}

fn wanted<'a>(rows: &'a [(&'static str, By)], by: By) -> impl Iterator<Item = &'static str> + 'a {
    rows.iter().filter(move |(_, of)| *of == by).map(|(row, _)| *row)
}

fn server() -> Result<PathBuf> {
    run(&mut cargo(["build", "--package", "server", "--release"]))?;
    Ok(site::target_folder().join("release/binhchon"))
}

fn work_folder() -> PathBuf {
    site::target_folder().join("bench")
}

fn sizes(site: &Path) -> Result<[Value; 2]> {
    let (code, fonts) = site::sizes(site)?;
    let row = |what: &str, bytes: u64, bar: u64| {
        let value = bytes as f64 / 1024.0;
        json!({ "row": "size", "what": what, "value": value, "unit": "KB", "bar": { "at_most": bar }, "note": "brotli; all that a tablet downloads" })
    };
    Ok([row("the tablet's code and style", code, 300), row("its fonts", fonts, 100)])
}

/// The stories' harness with the whole edition; it writes its rows to a file.
fn in_the_browser(means: &Means) -> Result<Vec<Value>> {
    system::ensure(&["chromium", "node", "npm"])?;
    browsers::install(&means.site)?;
    fs::create_dir_all(&means.work)?;
    let file = means.work.join("browser.json");
    let mut command = browsers::in_end2end(&means.site, "npm", &["run", "bench"]);
    command
        .env("BINHCHON_BIN", &means.server)
        .env("BINHCHON_EDITION", "sample")
        .env("BINHCHON_BENCH_JUROR", JUROR)
        .env("BINHCHON_BENCH_TAPS", if means.quick { "20" } else { "200" })
        .env("BINHCHON_BENCH_STARTS", if means.quick { "1" } else { "5" })
        .env("BINHCHON_BENCH_FILE", &file);
    run(&mut command)?;
    let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn by_the_client(means: &Means, rows: &[&str]) -> Result<Vec<Value>> {
    run(&mut cargo(["build", "--package", "bench", "--release"]))?;
    let yardstick = if rows.contains(&"push") { yardstick(&means.work) } else { None };
    // A thousand viewers are a thousand open files on either side, more than a shell allows by default.
    let mut command = program("sh", ["-c", "ulimit -n 8192 && exec \"$@\"", "bench"]);
    command.arg(site::target_folder().join("release/bench")).args([&means.server, &means.site]);
    command.arg(means.work.join("run")).arg(yardstick.as_deref().unwrap_or(Path::new("-")));
    command.arg(if means.quick { "quick" } else { "whole" }).args(rows);
    let said = output(&mut command)?;
    said.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// express-pouchdb, installed beside our own build; none if npm can't.
fn yardstick(work: &Path) -> Option<PathBuf> {
    let folder = work.join("pouch");
    fs::create_dir_all(&folder).ok()?;
    for name in ["package.json", "server.cjs"] {
        fs::copy(Path::new("xtask/bench/pouch").join(name), folder.join(name)).ok()?;
    }
    let mut install = program("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]);
    succeeds(install.current_dir(&folder)).then_some(folder)
}

/// Figures mean nothing without it.
fn machine(quick: bool) -> Result<Value> {
    let cores = std::thread::available_parallelism()?.get();
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let said = |name: &str, words: &[&str]| {
        output(&mut program(name, words.iter().copied())).map_or_else(|_| "?".to_owned(), |text| text.trim().to_owned())
    };
    Ok(json!({
        "date": said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        "commit": said("git", &["rev-parse", "--short=12", "HEAD"]),
        "changed": !said("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty(),
        "processor": processor.map_or("?", |(_, name)| name),
        "cores": cores,
        "load": load.split(' ').next().unwrap_or_default(),
        "quick": quick,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_by_name_and_an_unknown_one_is_refused() -> Result<()> {
        assert_eq!(selected(None)?.len(), ROWS.len());
        let some = selected(Some("memory,size"))?;
        assert_eq!(wanted(&some, By::Us).collect::<Vec<_>>(), ["size"]);
        assert_eq!(wanted(&some, By::Client).collect::<Vec<_>>(), ["memory"]);
        assert!(selected(Some("size,speed")).is_err());
        Ok(())
    }
}
