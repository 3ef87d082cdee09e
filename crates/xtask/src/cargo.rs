//! Cargo, called from the root of the repository.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A `cargo` command that runs in `folder` below the root, with the words given.
pub(crate) fn command(folder: &str, words: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root().join(folder)).args(words);
    // What is built once and thrown away needs no notes for the next time.
    if std::env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Where cargo puts what it builds in the root workspace.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Builds an example and both binaries, as the tests have them: of their own packages alone, all that they are made of would be built
/// another time. Gives the example.
///
/// # Errors
/// It does not build, or cargo cannot be started.
pub(crate) fn example(name: &str) -> io::Result<Command> {
    let words = ["build", "--workspace", "--bins", "--example", name];
    must(
        &format!("build {name} and the binaries"),
        command(".", &words),
    )?;
    Ok(Command::new(target_dir().join("debug/examples").join(name)))
}

/// Runs a command to its end; an exit code other than 0 is an error that names the step.
///
/// # Errors
/// The command could not be started, or it failed.
pub(crate) fn must(step: &str, mut command: Command) -> io::Result<()> {
    eprintln!("== {step}");
    let status = command
        .status()
        .map_err(|error| io::Error::other(format!("{step}: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{step}: {status}")))
    }
}
