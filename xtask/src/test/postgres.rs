//! A PostgreSQL of our own for one run of the tests: its own folder, a unix socket, no port, gone at the end.

use super::system;
use crate::command::{output, program, run};
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A running server; dropping it stops the server and removes its folder.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Postgres {
    /// Installs PostgreSQL where needed, makes a cluster and waits until it answers.
    pub fn start() -> Result<Self> {
        system::ensure(&["postgres"])?;
        let programs = system::postgres_folder().context("PostgreSQL's initdb was not found")?;
        let owner = owner()?;
        let folder = PathBuf::from(format!("/tmp/binhchon-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group))?;
        }
        let started = Self { folder, programs, owner };
        let locale = ["--encoding=UTF8", "--locale=C.UTF-8"];
        started.run(
            "initdb",
            &[&["--no-sync", "--auth=trust", "--username=postgres", "--pgdata=data"][..], &locale].concat(),
        )?;
        // Nothing of it has to survive a power cut.
        let settings = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
        let options = format!("-k {} {settings}", started.folder.display());
        let start = started.run("pg_ctl", &["start", "--wait", "--pgdata=data", "--log=log", "--options", &options]);
        start.with_context(|| fs::read_to_string(started.folder.join("log")).unwrap_or_default())?;
        Ok(started)
    }

    /// For the tests: the cluster's own database, from which each test makes its own.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder).args(arguments).stdout(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        run(&mut command)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // What doesn't stop keeps its folder, for whoever wants to know why.
        if self.run("pg_ctl", &["stop", "--wait", "--mode=fast", "--pgdata=data"]).is_ok() {
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

/// PostgreSQL refuses to run as root: then it runs as the system's user `postgres`.
fn owner() -> Result<Option<(u32, u32)>> {
    if !system::is_root() {
        return Ok(None);
    }
    let id = |kind: &str| -> Result<u32> { Ok(output(&mut program("id", [kind, "postgres"]))?.trim().parse()?) };
    Ok(Some((id("-u")?, id("-g")?)))
}
