//! Tests in real browsers: the store as WebAssembly, and the whole product from outside.

use super::{Outcome, system};
use crate::command::{cargo, program, run};
use crate::site::{self, Build};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `app`'s own tests, in Chromium: IndexedDB and Web Locks exist nowhere else.
pub fn wasm_tests() -> Outcome {
    system::ensure(&["chromium", "chromedriver"])?;
    site::ensure_target()?;
    run(&mut cargo(["build", "--quiet", "--package", "wasm-test-runner"]))?;
    let folder = std::env::current_dir()?;
    let mut command = cargo(["test", "--package", "app", "--target", site::WASM]);
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", site::target_folder().join("debug/wasm-test-runner"))
        .env("CHROMEDRIVER", "chromedriver")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", folder.join("xtask/wasm-test-runner/webdriver.json"));
    run(&mut command)?;
    Ok("")
}

/// The stories of `end2end/`, against the server and the site as shipped.
pub fn end_to_end() -> Outcome {
    system::ensure(&["chromium", "node", "npm"])?;
    let site = prepare_end2end()?;
    run(&mut in_end2end(&site, "npm", &["run", "check"]))?;
    run(&mut in_end2end(&site, "npm", &["test"]))?;
    Ok("")
}

/// The browser killed this many times after it said that something is saved, and the network as often as asked in the
/// middle of a request.
pub fn tortured(kills: &str, faults: &str) -> Result<()> {
    system::ensure(&["chromium", "node", "npm"])?;
    let site = prepare_end2end()?;
    let stories =
        ["test", "--", "killed_browser", "faulty_network", "--grep", "nothing that was shown|every mark arrives once"];
    let mut command = in_end2end(&site, "npm", &stories);
    run(command.env("BINHCHON_BROWSER_KILLS", kills).env("BINHCHON_NETWORK_FAULTS", faults))
}

/// The store's critical path (draft, operation, strict commit, reload) in the other two engines.
pub fn engines() -> Outcome {
    system::ensure(&["firefox-esr", "WebKitWebDriver", "xvfb-run", "node", "npm"])?;
    let site = prepare_end2end()?;
    let mut command = in_end2end(&site, "xvfb-run", &["--auto-servernum", "npm", "run", "engines"]);
    // WebKitGTK's own sandbox and graphics don't work in a container.
    command
        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("LIBGL_ALWAYS_SOFTWARE", "1");
    run(&mut command)?;
    Ok("")
}

/// Builds the server and the site as shipped, and fetches the test programs as their lock file names them.
fn prepare_end2end() -> Result<PathBuf> {
    let site = site::build(Build::Release)?;
    run(&mut cargo(["build", "--quiet", "--package", "server"]))?;
    install(&site)?;
    Ok(site)
}

/// The test programs as their lock file names them.
pub fn install(site: &Path) -> Result<()> {
    let installed = site::modified(Path::new("end2end/node_modules/.package-lock.json"));
    if installed < site::modified(Path::new("end2end/package-lock.json")) {
        run(&mut in_end2end(site, "npm", &["ci", "--no-audit", "--no-fund"]))?;
    }
    Ok(())
}

/// A command in `end2end/`, which finds the server and the site by these names.
pub fn in_end2end(site: &Path, name: &str, arguments: &[&str]) -> Command {
    let mut command = program(name, arguments.iter().copied());
    command
        .current_dir("end2end")
        .env("BINHCHON_BIN", site::target_folder().join("debug/binhchon"))
        .env("BINHCHON_SITE", site)
        // The browsers come from the system: npm must not fetch its own.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .env("PUPPETEER_SKIP_DOWNLOAD", "1");
    command
}
