//! `cargo demo`: build both binaries, then let `portvakt demo` play.

use std::io;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::cargo;

/// What is handed on to `portvakt demo`.
#[derive(Args)]
#[command(after_help = "Example: cargo demo --for 20s")]
pub(crate) struct Options {
    /// Words for `portvakt demo`, such as `--for 20s`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Builds the daemon and the command line, then plays the demo; its exit code is ours.
///
/// # Errors
/// A binary does not build, or the demo cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    let build = cargo::command(
        ".",
        &["build", "--package", "portvaktd", "--package", "portvakt"],
    );
    cargo::must("build portvaktd and portvakt", build)?;
    let program = cargo::target_dir().join("debug").join("portvakt");
    let status = Command::new(program)
        .arg("demo")
        .args(&options.words)
        .status()?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
