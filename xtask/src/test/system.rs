//! What the tests need from the system: fetched where that is possible, named exactly where it isn't.

use crate::command::{output, program, run, succeeds};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Debian's packages, by the program that shows that they are there.
const PACKAGES: [(&str, &str); 8] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xvfb-run", "xvfb xauth libgl1-mesa-dri"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("postgres", "postgresql"),
];

/// Makes sure that these programs are there.
pub fn ensure(programs: &[&str]) -> Result<()> {
    let missing = missing_packages(programs, has);
    if missing.is_empty() {
        return Ok(());
    }
    let install: Vec<&str> =
        ["install", "--yes", "--no-install-recommends"].into_iter().chain(missing.iter().copied()).collect();
    if is_root() && has("apt-get") {
        run(&mut program("apt-get", ["update"]))?;
        return run(program("apt-get", install).env("DEBIAN_FRONTEND", "noninteractive"));
    }
    bail!("these tests need programs of the system; install them with\n    sudo apt-get {}", install.join(" "));
}

fn missing_packages<'a>(programs: &[&'a str], has: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let packages =
        |name: &'a str| PACKAGES.iter().find(|(program, _)| *program == name).map_or(name, |(_, names)| names);
    programs.iter().copied().filter(|name| !has(name)).flat_map(|name| packages(name).split(' ')).collect()
}

fn has(name: &str) -> bool {
    if name == "postgres" { postgres_folder().is_some() } else { succeeds(&mut program("which", [name])) }
}

/// The newest PostgreSQL's programs: Debian keeps them off the path, others keep them on it.
pub fn postgres_folder() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.path()).filter(|path| path.join("bin/initdb").exists()).max_by_key(number);
    newest.map(|path| path.join("bin")).or_else(|| {
        let found = output(&mut program("which", ["initdb"])).ok()?;
        PathBuf::from(found.trim()).parent().map(PathBuf::from)
    })
}

/// Whether this is root: may install packages, and must not run PostgreSQL or a browser's sandbox.
pub fn is_root() -> bool {
    output(&mut program("id", ["-u"])).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let has = |name: &str| name == "node";
        assert_eq!(
            missing_packages(&["node", "chromedriver", "xvfb-run"], has),
            ["chromium-driver", "xvfb", "xauth", "libgl1-mesa-dri"]
        );
    }
}
