//! Form and house rules: rustfmt, clippy with warnings denied, and what `domain` may depend on.

use super::Outcome;
use crate::command::{cargo, output, program, run, succeeds};
use crate::site;
use anyhow::{Result, bail};

/// Crates of the host and crates of the browser are linted apart: together, cargo would join their features.
const HOST: [&str; 7] = ["domain", "server", "xtask", "bench", "bundler", "simulate", "wasm-test-runner"];
const WASM: [&str; 2] = ["app", "frontend"];

/// What would make `domain` impure: I/O, async, a database, a browser, a clock, chance.
const IMPURE: [&str; 14] = [
    "tokio",
    "sqlx",
    "leptos",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "reqwest",
    "axum",
    "hyper",
    "futures",
    "chrono",
    "time",
    "rand",
    "getrandom",
];

/// `cargo fmt --check`.
pub fn format() -> Outcome {
    ensure_component("rustfmt", "fmt")?;
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    Ok("")
}

/// Reads `cargo tree`: the rule holds for indirect dependencies too.
pub fn domain_is_pure() -> Outcome {
    let tree = output(&mut cargo([
        "tree",
        "--package",
        "domain",
        "--edges",
        "normal",
        "--all-features",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let impure = impure_in(&tree);
    if !impure.is_empty() {
        bail!("domain must stay pure, but depends on {}", impure.join(", "));
    }
    Ok("")
}

fn impure_in(tree: &str) -> Vec<&str> {
    let mut found: Vec<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| IMPURE.contains(name)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The crates that run on the host.
pub fn clippy() -> Outcome {
    ensure_component("clippy", "clippy")?;
    for package in HOST {
        run(&mut cargo([
            "clippy",
            "--quiet",
            "--package",
            package,
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))?;
    }
    Ok("")
}

/// The crates that run in the browser.
pub fn clippy_wasm() -> Outcome {
    site::ensure_target()?;
    for package in WASM {
        run(&mut cargo([
            "clippy",
            "--quiet",
            "--package",
            package,
            "--all-targets",
            "--target",
            site::WASM,
            "--",
            "-D",
            "warnings",
        ]))?;
    }
    Ok("")
}

/// A part of the toolchain that a minimal installation leaves out.
fn ensure_component(name: &str, command: &str) -> Result<()> {
    if succeeds(&mut cargo([command, "--version"])) {
        return Ok(());
    }
    run(&mut program("rustup", ["component", "add", name]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impure_dependency_is_named_once() {
        let tree = "domain v0.1.0 (/x/domain)\nserde v1.0.0\ntokio v1.2.3\nrand_core v0.9.0\ntokio v1.2.3 (*)\n";
        assert_eq!(impure_in(tree), ["tokio"]);
    }
}
