//! `cargo xtask mutate-sync`: breaks sync on purpose, one way at a time, in a copy of what is committed, and demands that the
//! tests say so: a test that can't fail proves nothing.

use crate::arguments::Arguments;
use crate::command::{cargo, output, program, run};
use crate::site;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{ExitCode, Stdio};

/// A way to break it.
struct Mutation {
    /// What is broken.
    name: &'static str,
    /// In which files, and how: the first text, which must stand there once, becomes the second.
    changes: &'static [(&'static str, &'static str, &'static str)],
    /// The tests that are run.
    group: &'static str,
    /// Part of the name of a test that must fail.
    caught_by: &'static str,
}

const MUTATIONS: [Mutation; 6] = [
    Mutation {
        name: "writes without strict durability",
        changes: &[("app/src/store/connection.rs", "TransactionDurability::Strict", "TransactionDurability::Relaxed")],
        group: "store",
        caught_by: "s8_every_write_is_one_strict_transaction",
    },
    Mutation {
        name: "no uniqueness of (replica, seq)",
        changes: &[
            ("migrations/sqlite/0003_log.sql", "UNIQUE (replica_id, seq)", "CHECK (seq > 0)"),
            ("migrations/postgres/0003_log.sql", "UNIQUE (replica_id, seq)", "CHECK (seq > 0)"),
        ],
        group: "server",
        caught_by: "i2_the_database_takes_an_operation_once",
    },
    Mutation {
        name: "acknowledged before the commit",
        changes: &[(
            "server/src/writer/group.rs",
            "tx.commit().await?;\n        // Until now",
            "tokio::spawn(tx.commit());\n        // Until now",
        )],
        group: "server",
        caught_by: "s19_nothing_is_acknowledged_before_its_commit",
    },
    Mutation {
        name: "bases are ignored",
        changes: &[(
            "domain/src/sheet/cell.rs",
            "self.name_again(origin);\n        self.supersede(&origin.bases);",
            "self.name_again(origin);",
        )],
        group: "domain",
        caught_by: "s23",
    },
    Mutation {
        name: "the epoch is ignored",
        changes: &[("domain/src/sync/inbox.rs", "(envelope.epoch != round.epoch)", "(envelope.epoch == u32::MAX)")],
        group: "domain",
        caught_by: "s18_s15_s25_what_nobody_could_know_offline_is_held",
    },
    Mutation {
        name: "something else is awaited inside the store's transaction",
        changes: &[(
            "app/src/store/connection.rs",
            "let result = work(&Tx::new(&transaction)).await?;",
            "is_full().await;\n        let result = work(&Tx::new(&transaction)).await?;",
        )],
        group: "store",
        caught_by: "s7_the_folded_sheet_is_there_after_reopening",
    },
];

/// Tries each; the first that no test catches is an error.
pub fn run_command(arguments: Arguments) -> Result<ExitCode> {
    arguments.finish()?;
    let folder = site::target_folder().join("mutants");
    let copy = folder.join("copy");
    // A copy that an interrupted run left behind is of no use.
    git(&["worktree", "prune"]).and_then(|()| remove(&copy))?;
    let path = copy.to_str().context("the folder's name is not UTF-8")?;
    git(&["worktree", "add", "--detach", "--force", path, "HEAD"])?;
    let result = MUTATIONS.iter().try_for_each(|mutation| try_one(mutation, &copy, &folder.join("target")));
    git(&["worktree", "remove", "--force", path])?;
    result?;
    println!("{} ways to break sync, each caught", MUTATIONS.len());
    Ok(ExitCode::SUCCESS)
}

fn try_one(mutation: &Mutation, copy: &Path, target: &Path) -> Result<()> {
    let Mutation { name, changes, group, caught_by } = mutation;
    println!("── {name} ──");
    for (file, from, to) in *changes {
        let path = copy.join(file);
        let text = std::fs::read_to_string(&path).with_context(|| format!("{file} can't be read"))?;
        if text.matches(from).count() != 1 {
            bail!("{name}: “{from}” must stand once in {file}: the mutation is out of date");
        }
        std::fs::write(&path, text.replacen(from, to, 1))?;
    }
    let tests = cargo(["xtask", "test", "--only", group])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .stdin(Stdio::null())
        .output()?;
    run(program("git", ["checkout", "--quiet", "."]).current_dir(copy))?;
    let said = [tests.stdout, tests.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if tests.status.success() {
        bail!("{name}: no test fails");
    }
    let caught = said.lines().find(|line| line.contains(caught_by) && line.contains("FAIL"));
    match caught {
        Some(line) => println!("caught: {}", line.trim()),
        None => bail!("{name}: something else than {caught_by} failed:\n{said}"),
    }
    Ok(())
}

fn git(arguments: &[&str]) -> Result<()> {
    output(&mut program("git", arguments.iter().copied())).map(drop)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mutation that finds nothing to break would be noticed only by whoever runs them all.
    #[test]
    fn what_is_broken_on_purpose_stands_there_once() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for Mutation { name, changes, .. } in &MUTATIONS {
            for (file, from, _) in *changes {
                let text = std::fs::read_to_string(root.join(file)).unwrap();
                assert_eq!(text.matches(from).count(), 1, "{name}: {file}");
            }
        }
    }
}
