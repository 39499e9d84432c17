//! Other programs: started with their output passed on, and named when they fail.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// Cargo, as the one that started us (`CARGO` is set by `cargo run`). What `cargo run` says of *this* package is taken out:
/// build scripts would take it for a change, and compile half of the server again.
pub fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start));
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// A program and its arguments.
pub fn program<'a>(name: &str, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

/// Runs it to its end without a keyboard; an error names the whole command.
pub fn run(command: &mut Command) -> Result<()> {
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("{} can't be started", line(command)))?;
    if !status.success() {
        bail!("failed ({status}): {}", line(command));
    }
    Ok(())
}

/// Runs it and gives what it printed; its errors are passed on.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{} can't be started", line(command)))?;
    if !output.status.success() {
        bail!("failed ({}): {}", output.status, line(command));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether it can be started and succeeds; what it prints is thrown away.
pub fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The command as one would type it, with the program's bare name.
fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
