//! The real server as a process of its own, on a database of its own: what is measured is what is shipped.

use crate::Bench;
use crate::http::{Connection, request};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Between two looks whether it serves yet.
const LOOK: Duration = Duration::from_millis(20);
/// Looks before it is given up.
const LOOKS: u32 = 3_000;

/// A process that ends with this value.
pub struct Process(Child);

impl Process {
    /// Starts it; what it says goes to a file beside its data.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let log = File::create(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(Self(command.spawn().with_context(|| format!("{:?} can't be started", command.get_program()))?))
    }

    /// Waits until it answers a request.
    pub async fn answers(&mut self, address: SocketAddr, path: &str) -> Result<()> {
        for _ in 0..LOOKS {
            if let Some(status) = self.0.try_wait()? {
                bail!("it ended with {status}: see its log in target/bench");
            }
            if let Ok(mut connection) = Connection::open(address).await
                && connection.send(&request("GET", path, None, b"")).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("it doesn't answer: see its log in target/bench")
    }

    /// Resident memory now and at its highest, in bytes.
    pub fn memory(&self) -> Result<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            kilobytes.map(|kilobytes| kilobytes * 1024).with_context(|| format!("/proc: no {name}"))
        };
        Ok((field("VmRSS:")?, field("VmHWM:")?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A port that is free now.
pub fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Our server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    process: Process,
    data: PathBuf,
}

impl Server {
    /// Fills a database from a sample's folder, once; later rows copy it.
    pub fn prepare(bench: &Bench, sample: &Path, name: &str) -> Result<PathBuf> {
        let data = bench.work.join(name);
        if data.exists() {
            return Ok(data);
        }
        fs::create_dir_all(&data)?;
        let mut command = command(bench);
        command.arg("sample").arg("--from").arg(sample).arg("--data").arg(&data);
        // Our own output is rows alone.
        let status = command.stdout(Stdio::null()).status()?;
        if !status.success() {
            bail!("the database {name} could not be filled");
        }
        Ok(data)
    }

    /// Serves a copy of a prepared database.
    pub async fn start(bench: &Bench, prepared: &Path) -> Result<Self> {
        let address = free_address()?;
        let data = bench.work.join(format!("port-{}", address.port()));
        copy_folder(prepared, &data)?;
        let mut command = command(bench);
        command.arg("serve").arg("--addr").arg(address.to_string()).arg("--data").arg(&data);
        command.arg("--site").arg(&bench.site);
        let mut process = Process::start(&mut command, &data.with_extension("log"))?;
        process.answers(address, "/healthz").await?;
        Ok(Self { address, process, data })
    }

    /// Resident memory now and at its highest, in bytes.
    pub fn memory(&self) -> Result<(u64, u64)> {
        self.process.memory()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Copies are large, and stand for nothing once they are measured; the process ends right after.
        drop(fs::remove_dir_all(&self.data));
    }
}

/// A database with all that belongs to it: its keys lie in a folder of their own.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &copy)?,
            false => drop(fs::copy(entry.path(), copy)?),
        }
    }
    Ok(())
}

/// Nothing of the caller's settings reaches the server.
fn command(bench: &Bench) -> Command {
    let mut command = Command::new(&bench.server);
    command.env_remove("DATABASE_URL").env_remove("BINHCHON_LOG").env("RUST_LIB_BACKTRACE", "0");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_copied_with_its_keys() {
        let folder = std::env::temp_dir().join(format!("binhchon-bench-copy-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("keys")).unwrap();
        fs::write(from.join("binhchon.sqlite"), "rows").unwrap();
        fs::write(from.join("keys/master.key"), "secret").unwrap();
        copy_folder(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("binhchon.sqlite")).unwrap(), "rows");
        assert_eq!(fs::read_to_string(to.join("keys/master.key")).unwrap(), "secret");
        fs::remove_dir_all(folder).unwrap();
    }
}
