//! `cargo xtask operators`: what the tests of each day ask of the control desk in part, asked at length.

use std::io;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::cargo;

/// What is asked, and how much of it.
#[derive(Args)]
#[command(
    after_help = "Examples: cargo xtask operators --commands 1000000\n          cargo xtask operators --spoilt fields"
)]
pub(crate) struct Options {
    /// So many random commands of reception staff, managers at work beside them: nothing at the doors may grow (M3).
    #[arg(long, value_name = "N", required_unless_present = "spoilt")]
    commands: Option<u64>,
    /// The house to begin with; each has dice of its own.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Requests about cards in every state, by every role, with something wrong in them: none may change anything.
    #[arg(long, value_name = "HOW")]
    spoilt: Option<Spoilt>,
}

/// How thoroughly requests are spoilt.
#[derive(Clone, Copy, ValueEnum)]
enum Spoilt {
    /// Each field, in one way each
    Fields,
    /// Each field in every way: an hour
    Ways,
}

/// Runs what was asked for, one after the other.
///
/// # Errors
/// Something does not build, or did not hold; the test has said what.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    if let Some(commands) = options.commands {
        let mut command = test("mock_up::no_widening");
        command.env("PORTVAKT_COMMANDS", commands.to_string());
        command.env("PORTVAKT_SEED", options.seed.to_string());
        cargo::must("random commands of reception staff", command)?;
    }
    if let Some(spoilt) = options.spoilt {
        let mut command = test("mock_up::crossed");
        let how = match spoilt {
            Spoilt::Fields => "fields",
            Spoilt::Ways => "ways",
        };
        command.env("PORTVAKT_CROSSED", how);
        cargo::must("spoilt requests", command)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// These tests of the daemon's library, as every test run has them; they say how far they have come.
fn test(name: &str) -> std::process::Command {
    let words = [
        "test",
        "--package",
        "portvaktd",
        "--lib",
        name,
        "--",
        "--nocapture",
    ];
    cargo::command(".", &words)
}
