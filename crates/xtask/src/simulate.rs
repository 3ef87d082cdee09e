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
    /// How many seeds to run, on all processors [default: 2000].
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    seeds: Option<u64>,
    /// The first of them [default: 0].
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    from: Option<u64>,
    /// How many hours each building lives with its faults, such as 0.25 [default: 1].
    #[arg(long, value_name = "HOURS")]
    hours: Option<f64>,
    /// One seed alone.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Print what happens in it.
    #[arg(long, requires = "seed")]
    trace: bool,
    #[command(flatten)]
    house: House,
}

/// What one seed is to have instead of what it draws; a replay names all of it.
#[derive(Args)]
struct House {
    /// The faults, with commas between them, or none.
    #[arg(long, requires = "seed", value_name = "FAULTS")]
    faults: Option<String>,
    /// How many lines.
    #[arg(long, requires = "seed", value_name = "N")]
    lines: Option<u8>,
    /// How many readers on each line.
    #[arg(long, requires = "seed", value_name = "N")]
    readers: Option<u8>,
    /// How many people.
    #[arg(long, requires = "seed", value_name = "N")]
    people: Option<u16>,
    /// Whether the last line is a Wiegand reader's.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    wiegand: Option<bool>,
}

impl Options {
    /// The same as the simulation takes it.
    fn words(&self) -> Vec<String> {
        let house = &self.house;
        let options = [
            ("seeds", self.seeds.map(|it| it.to_string())),
            ("from", self.from.map(|it| it.to_string())),
            ("hours", self.hours.map(|it| it.to_string())),
            ("seed", self.seed.map(|it| it.to_string())),
            ("faults", house.faults.clone()),
            ("lines", house.lines.map(|it| it.to_string())),
            ("readers", house.readers.map(|it| it.to_string())),
            ("people", house.people.map(|it| it.to_string())),
            ("wiegand", house.wiegand.map(|it| it.to_string())),
        ];
        let given = options.into_iter();
        let given = given.filter_map(|(name, value)| Some([format!("--{name}"), value?]));
        let trace = self.trace.then(|| "--trace".to_owned());
        given.flatten().chain(trace).collect()
    }
}

/// Builds the simulation, fast but suspicious, and runs it; its exit code is ours.
///
/// # Errors
/// Cargo cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    let mut command = cargo::command(".", &SIMULATION);
    command.arg("--").args(options.words());
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn a_replay_is_passed_on_word_for_word() {
        let replay = "--hours 0.25 --seed 7 --faults noise,kill --lines 1 --readers 2 --people 9 --wiegand true --trace";
        let words = std::iter::once("simulate").chain(replay.split(' '));
        let cli = Cli::try_parse_from(words).unwrap();
        assert_eq!(cli.options.words().join(" "), replay);
        assert!(Cli::try_parse_from(["simulate", "--trace"]).is_err());
    }
}
