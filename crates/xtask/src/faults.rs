//! `cargo xtask faults`: the real daemon, each of whose calls the system answers wrongly.

use std::io;
use std::process::ExitCode;

use clap::Args;

use crate::cargo;
use crate::debian;

/// Which faults, and with which dice.
#[derive(Args)]
#[command(
    after_help = "Examples: cargo xtask faults --sample 20 --seed 7\n          cargo xtask faults --all --only \"fdatasync\""
)]
pub(crate) struct Options {
    /// How many faults are drawn.
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
    sample: u64,
    /// Every one of them: half an hour.
    #[arg(long)]
    all: bool,
    /// Only those in whose line this stands, as it is printed.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// What the dice are loaded with.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Houses at a time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    houses: u64,
    /// Tell how each of them went.
    #[arg(long)]
    tell: bool,
}

/// Builds the daemon and the sweep, and runs it; its exit code is ours.
///
/// # Errors
/// Something does not build, or the sweep cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    if !debian::provide(&debian::STRACE) {
        return Err(io::Error::other("without strace there are no faults"));
    }
    let mut command = cargo::example("faults")?;
    command.arg("--daemon");
    command.arg(cargo::target_dir().join("debug").join("portvaktd"));
    let numbers = [("--seed", options.seed), ("--houses", options.houses)];
    for (name, number) in numbers {
        command.args([name, &number.to_string()]);
    }
    if !options.all {
        command.args(["--sample", &options.sample.to_string()]);
    }
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    command.args(options.tell.then_some("--tell"));
    let status = command.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
