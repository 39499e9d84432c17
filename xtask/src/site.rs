//! Builds the front end and bundles it into `target/site/<debug|release>/`.

use crate::command::{cargo, output, program, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The target of `app` and `frontend`.
pub const WASM: &str = "wasm32-unknown-unknown";

/// How the front end is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Quick to compile.
    Debug,
    /// Small to download.
    Release,
}

/// Builds what has changed; gives the site's folder.
pub fn build(build: Build) -> Result<PathBuf> {
    ensure_target()?;
    let (profile, folder, name, quality) = match build {
        Build::Debug => ("dev", "debug", "debug", "5"),
        Build::Release => ("wasm-release", "wasm-release", "release", "11"),
    };
    run(&mut cargo(["build", "--package", "frontend", "--bins", "--target", WASM, "--profile", profile]))?;
    run(&mut cargo(["build", "--quiet", "--package", "bundler"]))?;

    let compiled = target_folder().join(WASM).join(folder);
    let site = target_folder().join("site").join(name);
    let bundler = target_folder().join("debug/bundler");
    if !is_current(&site, &compiled, &bundler) {
        let mut command = program(&bundler.to_string_lossy(), ["."]);
        run(command.args([&compiled, &site]).arg(quality).env("RUST_LIB_BACKTRACE", "0"))?;
    }
    Ok(site)
}

/// The compiler's WASM target may be missing on a fresh machine, or come from a package instead of rustup.
pub fn ensure_target() -> Result<()> {
    let libraries = output(&mut program("rustc", ["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libraries.trim()).exists() {
        return Ok(());
    }
    let help =
        format!("the compiler's WebAssembly target is missing and could not be added: run  rustup target add {WASM}");
    run(&mut program("rustup", ["target", "add", WASM])).context(help)
}

/// Cargo's output folder: beside the program that runs now (`target/debug/xtask`).
pub fn target_folder() -> PathBuf {
    let here = std::env::current_exe().ok();
    here.and_then(|path| Some(path.parent()?.parent()?.to_path_buf())).unwrap_or_else(|| "target".into())
}

/// What the tablet downloads: bytes of code and of fonts, compressed.
pub fn sizes(site: &Path) -> Result<(u64, u64)> {
    let text = fs::read_to_string(site.join("site.json")).context("site.json")?;
    let json: Value = serde_json::from_str(&text)?;
    let size = |name: &str| json["sizes"][name].as_u64().with_context(|| format!("site.json: no sizes.{name}"));
    Ok((size("code_brotli")?, size("fonts_brotli")?))
}

/// Whether the site is newer than everything that it is made of.
fn is_current(site: &Path, compiled: &Path, bundler: &Path) -> bool {
    let made_of =
        [compiled.join("tablet.wasm"), compiled.join("desk.wasm"), bundler.into(), "style".into(), "public".into()];
    let newest = made_of.iter().map(|path| newest_below(path)).max().flatten();
    matches!((newest, modified(&site.join("site.json"))), (Some(newest), Some(site)) if newest < site)
}

/// The latest change in a file, or in a folder and all below it (a deleted file changes its folder).
fn newest_below(path: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| newest_below(&entry.path())).chain([modified(path)]).max().flatten()
}

/// When the file last changed; nothing if it does not exist.
pub fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}
