//! `cargo xtask torture`: the real server killed at random moments of pushes, on SQLite and PostgreSQL, the real browser after
//! it said that something is saved, and the network between them in the middle of requests. Every test run has a short form of
//! all three (`server/tests/all/survival.rs`, `end2end/stories/killed_browser.spec.ts`, `faulty_network.spec.ts`).

use crate::arguments::Arguments;
use crate::command::{cargo, run};
use crate::test::browsers::tortured;
use crate::test::postgres::Postgres;
use anyhow::Result;
use std::process::ExitCode;

/// Kills as often as asked, the server on each engine.
pub fn run_command(mut arguments: Arguments) -> Result<ExitCode> {
    let kills = arguments.value("--kills")?.unwrap_or_else(|| "1000".to_owned());
    let seed = arguments.value("--seed")?.unwrap_or_else(|| "1".to_owned());
    let browser_kills = arguments.value("--browser-kills")?.unwrap_or_else(|| "200".to_owned());
    let faults = arguments.value("--network-faults")?.unwrap_or_else(|| "500".to_owned());
    arguments.finish()?;
    let postgres = Postgres::start()?;
    let mut tests =
        cargo(["test", "--release", "--package", "server", "--test", "all", "kills_at_random_moments", "--"]);
    tests.args(["--nocapture", "--test-threads", "1"]);
    tests.env("BINHCHON_TEST_POSTGRES", postgres.url());
    run(tests.env("BINHCHON_KILLS", kills).env("BINHCHON_KILL_SEED", seed))?;
    drop(postgres);
    tortured(&browser_kills, &faults)?;
    Ok(ExitCode::SUCCESS)
}
