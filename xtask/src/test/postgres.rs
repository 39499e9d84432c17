//! A PostgreSQL of our own for one run of the tests: its own folder, a unix socket, no port, gone at the end.

use super::system;
use crate::command::{output, program, run};
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A running server; dropping it stops the server and removes its folder.
pub struct Postgres {
    folder: PathBuf,
    server: Child,
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
        let command = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(&folder);
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };

        let mut initdb = command("initdb");
        initdb.args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--pgdata=data",
        ]);
        run(initdb.stdout(Stdio::null()))?;

        let log = fs::File::create(folder.join("log"))?;
        let mut server = command("postgres");
        server.args(["-D", "data", "-k"]).arg(&folder);
        for setting in
            ["listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]
        {
            server.args(["-c", setting]);
        }
        let server = server
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("postgres can't be started")?;
        let mut started = Self { folder, server };
        started.wait()?;
        Ok(started)
    }

    /// For the tests: the cluster's own database, from which each test makes its own.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn wait(&mut self) -> Result<()> {
        for _ in 0..300 {
            if UnixStream::connect(self.folder.join(".s.PGSQL.5432")).is_ok() {
                return Ok(());
            }
            if self.server.try_wait()?.is_some() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        bail!("PostgreSQL did not start:\n{}", fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }
}

impl Drop for Postgres {
    /// SIGINT is PostgreSQL's fast shutdown; what is left in the folder is worth nothing.
    fn drop(&mut self) {
        let stopped = run(&mut program("kill", ["-INT", &self.server.id().to_string()]));
        if stopped.and_then(|()| Ok(self.server.wait()?)).is_ok() {
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
