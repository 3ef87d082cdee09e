//! `cargo xtask simulate`: the simulated building, broken in every way, for as many seeds as you say.

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::cargo;

/// Which seeds, or which one.
#[derive(Args)]
#[command(
    after_help = "Examples: cargo xtask simulate --seeds 2000\n          cargo xtask simulate --seed 7 --trace"
)]
pub(crate) struct Options {
    /// What the simulation takes: --seeds N, --from N, --hours H; or --seed N, --trace; see --help of it.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    words: Vec<String>,
}

/// Builds the simulation, fast but suspicious, and runs it; its exit code is ours.
///
/// # Errors
/// Cargo cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    let mut command = cargo::command(".", &SIMULATION);
    command.arg("--").args(&options.words);
    let status = command.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What the gate asks for: 2,000 seeds of an hour each.
///
/// # Errors
/// An invariant is broken, or cargo cannot be started.
pub(crate) fn must_hold() -> io::Result<()> {
    let mut command = cargo::command(".", &SIMULATION);
    command.args(["--", "--seeds", "2000"]);
    cargo::must("simulated buildings: 2,000 seeds", command)
}

/// With the checks of a test, at nearly the speed of a release.
const SIMULATION: [&str; 8] = [
    "run",
    "--quiet",
    "--profile",
    "simulate",
    "--package",
    "building-sim",
    "--example",
    "simulate",
];
