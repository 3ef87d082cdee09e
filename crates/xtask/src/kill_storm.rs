//! `cargo xtask kill-storm`: the real daemon under load, killed at any instant and started again.

use std::io;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::cargo;

/// How often, and with which dice.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask kill-storm --cycles 2000 --seed 7")]
pub(crate) struct Options {
    /// How often the daemon is killed.
    #[arg(long, value_name = "N", default_value_t = 200)]
    cycles: u64,
    /// What the dice are loaded with: the same instants and acts again, not the same interleaving.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Kill the optimised daemon instead.
    #[arg(long)]
    release: bool,
}

/// Builds the daemon and the storm, and lets it loose; its exit code is ours.
///
/// # Errors
/// Something does not build, or the storm cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    let status = built_storm(options)?.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What the gate asks for: 200 kills, with daemon and storm as the tests have just built them.
///
/// # Errors
/// Something did not hold, or cargo cannot be started.
pub(crate) fn must_hold() -> io::Result<()> {
    let gate = Options {
        cycles: 200,
        seed: 1,
        release: false,
    };
    let storm = storm(cargo::example(NAME)?, &gate);
    cargo::must("kill storm: 200 kills of the real daemon", storm)
}

fn built_storm(options: &Options) -> io::Result<Command> {
    if options.release {
        let build = ["build", "--release", "--package", "portvaktd"];
        cargo::must("build portvaktd", cargo::command(".", &build))?;
    }
    Ok(storm(cargo::example(NAME)?, options))
}

fn storm(mut command: Command, options: &Options) -> Command {
    let profile = if options.release { "release" } else { "debug" };
    command.arg("--daemon");
    command.arg(cargo::target_dir().join(profile).join("portvaktd"));
    let numbers = [("--cycles", options.cycles), ("--seed", options.seed)];
    for (name, number) in numbers {
        command.args([name, &number.to_string()]);
    }
    command
}

const NAME: &str = "kill_storm";
