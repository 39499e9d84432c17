//! `cargo xtask simulate`: many histories of tablets, organisers and a server under faults, each from one seed, each driving
//! the production's decisions. A seed that breaks a rule is printed, and reproduces.

mod committed;
mod device;
mod edition;
mod invariants;
mod photos;
mod screens;
mod server;
mod totals;
mod visits;
mod watched;
mod world;

use anyhow::{Context, Result, bail};
use invariants::{Broken, outcome};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use world::{Cast, Options, World};

/// Histories are made of small records that come and go: a seventh of the time with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Actions in one history.
const STEPS: usize = 250;
/// Every so many seeds the same history is lived with right clocks, too (I6).
const CLOCKS_EVERY: u64 = 8;
/// Seeds that once broke a rule, one a line, with what they broke.
const PAST_FAILURES: &str = include_str!("../past_failures.txt");

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
    let (mut seeds, mut first, mut one) = (10_000_u64, 0_u64, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a number"))?;
        let value: u64 = value.parse().with_context(|| format!("{word}: {value} is no number"))?;
        match word.as_str() {
            "--seeds" => seeds = value,
            "--from" => first = value,
            "--seed" => one = Some(value),
            _ => bail!("simulate [--seeds N] [--from FIRST] [--seed ONE]"),
        }
    }
    if let Some(seed) = one {
        return Ok(report(seed, live(seed, true)));
    }
    let past = PAST_FAILURES.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok());
    let past: Vec<u64> = past.collect();
    let casts = [Cast::Jurors, Cast::Secretaries, Cast::Photographers];
    for (seed, cast) in past.iter().flat_map(|seed| casts.map(|cast| (*seed, cast))) {
        let former = Options { clocks: true, trace: false, steps: STEPS, cast };
        if let Err(broken) = World::new(seed, former).live() {
            println!("seed {seed}, as it failed once, breaks {broken}");
            return Ok(ExitCode::FAILURE);
        }
    }
    let failures = live_all(past.iter().copied().chain(first..first + seeds));
    if let Some((seed, broken)) = failures {
        return Ok(report(seed, Err(broken)));
    }
    println!("{seeds} seeds from {first}, and {} that failed once: no rule broken", past.len());
    Ok(ExitCode::SUCCESS)
}

fn report(seed: u64, result: Result<(), Broken>) -> ExitCode {
    match result {
        Ok(()) => {
            println!("seed {seed}: no rule broken");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            println!("seed {seed} breaks {broken}");
            println!("again, step by step:  cargo xtask simulate --seed {seed}");
            ExitCode::FAILURE
        }
    }
}

/// The first seed that breaks a rule, on all cores.
fn live_all(seeds: impl Iterator<Item = u64> + Send) -> Option<(u64, Broken)> {
    let seeds = Mutex::new(seeds);
    let failure: Mutex<Option<(u64, Broken)>> = Mutex::new(None);
    let done = AtomicU64::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = seeds.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let failed = failure.lock().unwrap_or_else(PoisonError::into_inner).is_some();
                    let Some(seed) = seed.filter(|_| !failed) else { return };
                    if let Err(broken) = live(seed, false) {
                        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((seed, broken));
                        return;
                    }
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    if done.is_multiple_of(10_000) {
                        println!("{done} seeds");
                    }
                }
            });
        }
    });
    failure.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn live(seed: u64, trace: bool) -> Result<(), Broken> {
    // Photos make a history half as long again: every other one has them.
    let cast = if seed.is_multiple_of(2) { Cast::Photographers } else { Cast::Secretaries };
    let whole = Options { clocks: true, trace, steps: STEPS, cast };
    let mut world = World::new(seed, whole);
    world.live()?;
    if seed.is_multiple_of(CLOCKS_EVERY) {
        let mut right = World::new(seed, Options { clocks: false, trace: false, ..whole });
        right.live()?;
        if outcome(&mut world) != outcome(&mut right) {
            return Err(Broken::new("I6", "with right clocks it ends otherwise".to_owned()));
        }
    }
    Ok(())
}
