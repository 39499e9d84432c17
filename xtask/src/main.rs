//! `cargo xtask start | test | simulate | torture | mutate-sync | bench`: builds, starts, tests and measures the product. Everything else that these need is called by them.
//!
//! A program of our own instead of scripts and installed tools, so that a fresh clone needs Rust and nothing else.

mod accounts;
mod arguments;
mod bench;
mod command;
mod mutate_sync;
mod simulate;
mod site;
mod start;
mod test;
mod torture;

use anyhow::{Result, bail};
use arguments::Arguments;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask start [--addr 127.0.0.1:3000] [--data data] [--database-url URL] [--release] [--fresh]
    Builds everything, fills an empty database with the sample edition and serves it.
    --release         the front end as small and the server as fast as they are shipped
    --fresh           empties the data folder's database first
    --print-accounts  only prints the demo accounts, as JSON lines

cargo xtask test [--only GROUP,…] [--keep-going]
    Runs every test there is, fetching what it needs. Groups: lint, domain, sync, tools, server, store, site,
    engines, e2e.
    --keep-going      runs the remaining steps after a failed one

cargo xtask simulate [--seeds N] [--from FIRST] [--seed ONE]
    Lives through N seeded histories of tablets, organisers and a server under faults (docs/SYNC.md), 10,000 unless told
    otherwise; a seed that breaks a rule is printed. --seed tells one of them step by step.

cargo xtask torture [--kills N] [--seed ONE] [--browser-kills N] [--network-faults N]
    Kills the real server at random moments of pushes, 1,000 times on SQLite and on PostgreSQL unless told otherwise,
    and the real browser after it said that something is saved, 200 times; breaks the network in the middle of 500 requests.

cargo xtask mutate-sync
    Breaks sync on purpose in a copy of what is committed, six ways, and demands that the tests catch each.

cargo xtask bench [--only ROW,…] [--json FILE] [--quick]
    Measures the product as shipped against its bars (docs/BENCH.md). Rows: size, tablet, three_days, push, crowd,
    viewers, totals, memory.
    --quick           less of everything: to see that it works, not to be believed";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let arguments = Arguments::new(words);
    std::env::set_current_dir(root())?;
    match command.as_str() {
        "start" => start::run_command(arguments),
        "test" => test::run_command(arguments),
        "simulate" => simulate::run_command(arguments),
        "mutate-sync" => mutate_sync::run_command(arguments),
        "torture" => torture::run_command(arguments),
        "bench" => bench::run_command(arguments),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("unknown command “{other}”\n\n{HELP}"),
    }
}

/// The repository; every command runs from there.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}
