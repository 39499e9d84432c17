//! `cargo xtask simulate`: many seeded histories of tablets and a server under faults (`xtask/simulate`).

use crate::arguments::Arguments;
use crate::command::{cargo, run};
use anyhow::Result;
use std::process::ExitCode;

/// Passes its options on; on demand it is built for speed.
pub fn run_command(mut arguments: Arguments) -> Result<ExitCode> {
    let mut words = Vec::new();
    for name in ["--seeds", "--from", "--seed"] {
        if let Some(value) = arguments.value(name)? {
            words.extend([name.to_owned(), value]);
        }
    }
    arguments.finish()?;
    run(cargo(["run", "--quiet", "--release", "--package", "simulate", "--"]).args(words))?;
    Ok(ExitCode::SUCCESS)
}

/// The short form in every test run.
pub fn ten_thousand_seeds() -> Result<()> {
    run(&mut cargo(["run", "--quiet", "--package", "simulate", "--", "--seeds", "10000"]))
}
