//! `cargo xtask test`: every test there is, cheapest first, so that a mistake shows early.

pub mod browsers;
mod deny;
mod lint;
pub mod postgres;
mod rules;
pub mod system;

use crate::arguments::Arguments;
use crate::command::{cargo, run};
use crate::simulate;
use crate::site::{self, Build};
use anyhow::{Result, bail};
use postgres::Postgres;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What a tablet should have to download at most, compressed.
const CODE_BAR: u64 = 300 * 1024;
const FONTS_BAR: u64 = 100 * 1024;
/// Where the code stands until it is under its bar: only a new screen may raise this, in the commit that brings it.
const CODE_LIMIT: u64 = 600 * 1024;

/// What a step ran, with a remark for the closing table.
type Outcome = Result<&'static str>;

/// One line of the closing table.
struct Step {
    group: &'static str,
    name: &'static str,
    run: fn() -> Outcome,
}

/// A step that ran: seconds, and its remark or its error.
struct Ran(&'static Step, Duration, Outcome);

const STEPS: [Step; 15] = [
    Step { group: "lint", name: "rustfmt", run: lint::format },
    Step { group: "lint", name: "domain is pure", run: lint::domain_is_pure },
    Step { group: "domain", name: "domain", run: domain },
    Step { group: "sync", name: "every rule has a test", run: rules::every_rule_has_a_test },
    Step { group: "sync", name: "10,000 simulated histories", run: simulated },
    Step { group: "tools", name: "xtask, bundler and bench", run: tools },
    Step { group: "server", name: "server on SQLite and PostgreSQL", run: server },
    Step { group: "lint", name: "clippy", run: lint::clippy },
    Step { group: "lint", name: "clippy for WebAssembly", run: lint::clippy_wasm },
    Step { group: "store", name: "app in Chromium", run: browsers::wasm_tests },
    Step { group: "site", name: "front end as shipped, its size", run: shipped_site },
    Step { group: "e2e", name: "end to end in Chromium", run: browsers::end_to_end },
    Step { group: "engines", name: "store in Firefox and WebKitGTK", run: browsers::engines },
    Step { group: "lint", name: "bans, licences, sources", run: deny::rules },
    Step { group: "lint", name: "advisories", run: deny::advisories },
];

/// Reads the options and runs the steps that they select.
pub fn run_command(mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.value("--only")?;
    let keep_going = arguments.flag("--keep-going");
    arguments.finish()?;
    let steps = selected(only.as_deref())?;
    let ran = run_steps(&steps, keep_going);
    Ok(report(&steps, &ran))
}

fn selected(only: Option<&str>) -> Result<Vec<&'static Step>> {
    let Some(only) = only else {
        return Ok(STEPS.iter().collect());
    };
    let groups: Vec<&str> = only.split(',').collect();
    if let Some(unknown) = groups.iter().find(|group| STEPS.iter().all(|step| step.group != **group)) {
        bail!("--only: no group “{unknown}” (see cargo xtask help)");
    }
    Ok(STEPS.iter().filter(|step| groups.contains(&step.group)).collect())
}

fn run_steps(steps: &[&'static Step], keep_going: bool) -> Vec<Ran> {
    let mut ran = Vec::new();
    for step in steps {
        println!("\n── {} ──", step.name);
        let (time, outcome) = timed(step.run);
        if let Err(error) = &outcome {
            eprintln!("{error:#}");
        }
        let failed = outcome.is_err();
        ran.push(Ran(step, time, outcome));
        if failed && !keep_going {
            break;
        }
    }
    ran
}

#[expect(clippy::disallowed_methods, reason = "only shows how long a step took")]
fn timed(step: fn() -> Outcome) -> (Duration, Outcome) {
    let start = Instant::now();
    let outcome = step();
    (start.elapsed(), outcome)
}

fn report(steps: &[&'static Step], ran: &[Ran]) -> ExitCode {
    println!("\n── steps ──");
    for Ran(step, time, outcome) in ran {
        let word = if outcome.is_ok() { "passed" } else { "FAILED" };
        let remark = match outcome {
            Ok(remark) if !remark.is_empty() => format!(": {remark}"),
            _ => String::new(),
        };
        println!("{word}  {:6.1} s  {}{remark}", time.as_secs_f64(), step.name);
    }
    for step in &steps[ran.len()..] {
        println!("not run           {}", step.name);
    }
    let failed = ran.iter().filter(|Ran(_, _, outcome)| outcome.is_err()).count();
    println!("{} passed, {failed} failed", ran.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn domain() -> Outcome {
    run(&mut cargo(["test", "--quiet", "--package", "domain", "--all-features"]))?;
    Ok("")
}

fn simulated() -> Outcome {
    simulate::ten_thousand_seeds()?;
    Ok("")
}

fn tools() -> Outcome {
    run(&mut cargo(["test", "--quiet", "--package", "xtask"]))?;
    run(&mut cargo(["test", "--quiet", "--package", "bundler"]))?;
    run(&mut cargo(["test", "--quiet", "--package", "bench"]))?;
    Ok("")
}

fn server() -> Outcome {
    let postgres = Postgres::start()?;
    run(cargo(["test", "--quiet", "--package", "server"]).env("BINHCHON_TEST_POSTGRES", postgres.url()))?;
    Ok("")
}

fn shipped_site() -> Outcome {
    let site = site::build(Build::Release)?;
    let (code, fonts) = site::sizes(&site)?;
    println!("tablet: {} KB code + {} KB fonts, brotli", code.div_ceil(1024), fonts.div_ceil(1024));
    if code > CODE_LIMIT || fonts > FONTS_BAR {
        bail!("too big for a hotel's Wi-Fi: at most {} KB code and {} KB fonts", CODE_LIMIT / 1024, FONTS_BAR / 1024);
    }
    Ok(if code > CODE_BAR { "above the bar of 300 KB of code" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_select_their_steps_and_an_unknown_one_is_refused() -> Result<()> {
        assert_eq!(selected(None)?.len(), STEPS.len());
        let some = selected(Some("domain,store"))?;
        assert_eq!(some.iter().map(|step| step.group).collect::<Vec<_>>(), ["domain", "store"]);
        assert!(selected(Some("domain,nothing")).is_err());
        Ok(())
    }

    #[test]
    fn the_first_failure_ends_the_run_unless_told_otherwise() {
        static GOOD: Step = Step { group: "a", name: "good", run: || Ok("") };
        static BAD: Step = Step { group: "a", name: "bad", run: || bail!("broken") };
        assert_eq!(run_steps(&[&GOOD, &BAD, &GOOD], false).len(), 2);
        assert_eq!(run_steps(&[&GOOD, &BAD, &GOOD], true).len(), 3);
    }
}
