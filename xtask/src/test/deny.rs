//! cargo-deny: bans, licences and sources by `deny.toml`; advisories where their database can be reached.

use super::Outcome;
use crate::command::{cargo, run, succeeds};
use crate::site;
use anyhow::Result;
use std::ffi::OsString;
use std::process::Command;

const VERSION: &str = "0.20.2";

/// Bans, licences, sources.
pub fn rules() -> Outcome {
    install()?;
    run(&mut deny(&["check", "bans", "licenses", "sources"]))?;
    Ok("")
}

/// Known weaknesses; a machine without open internet can't have the list, and the table says so.
pub fn advisories() -> Outcome {
    install()?;
    if !succeeds(&mut deny(&["fetch", "db"])) {
        return Ok("the list can't be reached from here, not checked");
    }
    run(&mut deny(&["--offline", "check", "advisories"]))?;
    Ok("")
}

/// Compiled once into `target/tools`, without optimisation: it runs for a second.
fn install() -> Result<()> {
    if succeeds(&mut deny(&["--version"])) {
        return Ok(());
    }
    let tools = site::target_folder().join("tools");
    let mut command = cargo(["install", "--quiet", "--locked", "--debug", "--version", VERSION, "--root"]);
    run(command.arg(tools).arg("cargo-deny").env("CARGO_PROFILE_DEV_DEBUG", "false"))
}

/// `cargo deny`, found on the path or in `target/tools`.
fn deny(arguments: &[&str]) -> Command {
    let tools = site::target_folder().join("tools/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut command = cargo(["deny"]);
    command.args(arguments).env("PATH", [path, tools.into_os_string()].join(&OsString::from(":")));
    command
}
