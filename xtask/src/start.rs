//! `cargo xtask start`: from a fresh clone to a page that one can sign in to.

use crate::accounts;
use crate::arguments::Arguments;
use crate::command::{cargo, run};
use crate::site::{self, Build};
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

struct Options {
    addr: String,
    data: PathBuf,
    database_url: Option<String>,
    release: bool,
    fresh: bool,
}

/// Reads the options, then builds, fills and serves; comes back only when something failed.
pub fn run_command(mut arguments: Arguments) -> Result<ExitCode> {
    if arguments.flag("--print-accounts") {
        arguments.finish()?;
        accounts::print_as_json()?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options {
        addr: arguments.value("--addr")?.unwrap_or_else(|| "127.0.0.1:3000".into()),
        data: arguments.value("--data")?.unwrap_or_else(|| "data".into()).into(),
        database_url: arguments.value("--database-url")?,
        release: arguments.flag("--release"),
        fresh: arguments.flag("--fresh"),
    };
    arguments.finish()?;
    start(&options)
}

fn start(options: &Options) -> Result<ExitCode> {
    refuse_taken_address(&options.addr)?;
    let build = if options.release { Build::Release } else { Build::Debug };
    let site = site::build(build)?;
    let server = build_server(options.release)?;
    if options.fresh {
        empty_database(options)?;
    }
    let sample = with_database(Command::new(&server).arg("sample"), options).stdin(Stdio::null()).status()?;
    if !sample.success() {
        // The server has said what is wrong, in one line of its own.
        return Ok(ExitCode::FAILURE);
    }
    accounts::print_as_table()?;
    println!("Open http://{}/ (organisers: http://{}/desk). Ctrl-C stops it.", options.addr, options.addr);
    let mut serve = Command::new(&server);
    let error =
        with_database(serve.arg("serve"), options).arg("--addr").arg(&options.addr).arg("--site").arg(&site).exec();
    Err(error).with_context(|| format!("{} can't be started", server.display()))
}

/// The server refuses it as well; here it is said before minutes of compiling.
fn refuse_taken_address(addr: &str) -> Result<()> {
    match TcpListener::bind(addr) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("{addr} is taken by another program: stop that one, or choose another address with --addr")
        }
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            bail!("--addr wants an address and a port, as 127.0.0.1:3000")
        }
        _ => Ok(()),
    }
}

/// Compiles the server and gives the path of its program.
fn build_server(release: bool) -> Result<PathBuf> {
    let (profile, folder) = if release { ("release", "release") } else { ("dev", "debug") };
    run(&mut cargo(["build", "--package", "server", "--profile", profile]))?;
    Ok(site::target_folder().join(folder).join("binhchon"))
}

/// The server's refusals are one line each: no backtrace follows them.
fn with_database<'a>(command: &'a mut Command, options: &Options) -> &'a mut Command {
    command.env("RUST_LIB_BACKTRACE", "0").arg("--data").arg(&options.data);
    if let Some(url) = &options.database_url {
        command.args(["--database-url", url]);
    }
    command
}

/// Removes the SQLite files of the data folder, and nothing else; another database is not ours to empty.
fn empty_database(options: &Options) -> Result<()> {
    if options.database_url.is_some() || env::var_os("DATABASE_URL").is_some() {
        bail!("--fresh empties the data folder's own database only: leave out --database-url and DATABASE_URL");
    }
    for path in database_files(&options.data) {
        fs::remove_file(&path).with_context(|| format!("{} can't be removed", path.display()))?;
    }
    Ok(())
}

fn database_files(data: &Path) -> Vec<PathBuf> {
    let names = ["binhchon.db", "binhchon.db-wal", "binhchon.db-shm"];
    names.iter().map(|name| data.join(name)).filter(|path| path.exists()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_knows_only_the_servers_own_files() -> Result<()> {
        let data = env::temp_dir().join(format!("xtask-fresh-{}", std::process::id()));
        fs::create_dir_all(&data)?;
        for name in ["binhchon.db", "binhchon.db-wal", "photos.zip", "other.db"] {
            fs::write(data.join(name), "")?;
        }
        assert_eq!(database_files(&data), [data.join("binhchon.db"), data.join("binhchon.db-wal")]);
        fs::remove_dir_all(data)?;
        Ok(())
    }

    #[test]
    fn a_taken_address_is_named_before_anything_is_built() -> Result<()> {
        let other = TcpListener::bind("127.0.0.1:0")?;
        let addr = other.local_addr()?.to_string();
        assert!(refuse_taken_address(&addr).is_err_and(|error| error.to_string().contains(&addr)));
        assert!(refuse_taken_address("nonsense").is_err_and(|error| error.to_string().contains("--addr")));
        Ok(())
    }
}
