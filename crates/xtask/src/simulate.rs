//! `cargo xtask simulate`: the simulated building, broken in every way, for as many seeds as you say.

use std::io;
use std::path::{self, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;

use crate::beside;
use crate::cargo;
use crate::fuzz::seconds;

/// Which seeds, or which one.
#[derive(Args)]
#[command(
    after_help = "Examples: cargo xtask simulate --seeds 2000\n          cargo xtask simulate --seed 7 --trace\n          cargo xtask simulate --for 2h --from 100000 --figures figures.txt"
)]
pub(crate) struct Options {
    /// How many seeds to run, on all processors [default: 2000, if nothing else says when it is enough].
    #[arg(long, value_name = "N", conflicts_with = "seed")]
    seeds: Option<u64>,
    /// Run seeds until so many hours were lived in all buildings together.
    #[arg(long, value_name = "HOURS", conflicts_with = "seed")]
    hours_total: Option<u64>,
    /// Run seeds for so long: a number with s, m or h, such as 2h.
    #[arg(long = "for", value_name = "DURATION", conflicts_with = "seed", value_parser = seconds)]
    wall: Option<u32>,
    /// Write each range of seeds down here; what is there already counts, and is not run again.
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    figures: Option<PathBuf>,
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
    /// Whether some doors want a PIN beside the card.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    keypads: Option<bool>,
    /// Whether holders of returned cards are forgotten.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    forgets: Option<bool>,
    /// Whether there are areas with passback.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    areas: Option<bool>,
    /// Whether some doors open only while others are shut.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    interlocks: Option<bool>,
    /// Whether some doors want several persons, and visitors an escort.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    persons: Option<bool>,
    /// Whether one door's strike is a Modbus unit's.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    modbus: Option<bool>,
    /// Whether that unit's relay does not fall by itself.
    #[arg(long, requires = "seed", value_name = "BOOL")]
    switched: Option<bool>,
}

impl Options {
    /// The same as the simulation takes it.
    fn words(&self) -> Vec<String> {
        let house = &self.house;
        // The simulation is run from the root.
        let figures = self.figures.as_ref().map(path::absolute);
        let figures = figures.and_then(Result::ok);
        let options = [
            ("seeds", self.seeds.map(|it| it.to_string())),
            ("hours-total", self.hours_total.map(|it| it.to_string())),
            ("for", self.wall.map(|it| it.to_string())),
            ("figures", figures.map(|it| it.display().to_string())),
            ("from", self.from.map(|it| it.to_string())),
            ("hours", self.hours.map(|it| it.to_string())),
            ("seed", self.seed.map(|it| it.to_string())),
            ("faults", house.faults.clone()),
            ("lines", house.lines.map(|it| it.to_string())),
            ("readers", house.readers.map(|it| it.to_string())),
            ("people", house.people.map(|it| it.to_string())),
            ("wiegand", house.wiegand.map(|it| it.to_string())),
            ("keypads", house.keypads.map(|it| it.to_string())),
            ("forgets", house.forgets.map(|it| it.to_string())),
            ("areas", house.areas.map(|it| it.to_string())),
            ("interlocks", house.interlocks.map(|it| it.to_string())),
            ("persons", house.persons.map(|it| it.to_string())),
            ("modbus", house.modbus.map(|it| it.to_string())),
            ("switched", house.switched.map(|it| it.to_string())),
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

/// What the gate asks for, as the tests have built it: 2,000 seeds of an hour each, early houses, later and latest ones, and 100,000
/// images of power cuts.
pub(crate) fn of_the_gate() -> Vec<(String, Command)> {
    let built = cargo::target_dir().join("debug/examples");
    let buildings = [
        ("simulated buildings: 1,300 seeds", "0", "1300"),
        ("simulated later houses: 450 seeds", "100000", "450"),
        ("simulated latest houses: 250 seeds", "2000000", "250"),
    ];
    let mut steps: Vec<(String, Command)> = Vec::new();
    for (step, from, seeds) in buildings {
        let mut command = beside::polite(built.join("simulate"));
        command.args(["--from", from, "--seeds", seeds]);
        steps.push((step.to_owned(), command));
    }
    let mut command = beside::polite(built.join("images"));
    command.args(["--images", "100000"]);
    steps.push(("images of power cuts: 100,000".to_owned(), command));
    steps
}

/// How many images of power cuts, or which scene.
#[derive(Args)]
#[command(
    after_help = "Examples: cargo xtask images --images 10000000\n          cargo xtask images --scene 7"
)]
pub(crate) struct Images {
    /// How many images to look at, on all processors [default: 100000].
    #[arg(long, value_name = "N", conflicts_with = "scene")]
    images: Option<u64>,
    /// The first scene [default: 0].
    #[arg(long, value_name = "N", conflicts_with = "scene")]
    from: Option<u64>,
    /// One scene alone.
    #[arg(long, value_name = "N")]
    scene: Option<u64>,
}

/// Builds the sampler and runs it; its exit code is ours.
///
/// # Errors
/// Cargo cannot be started.
pub(crate) fn images(options: &Images) -> io::Result<ExitCode> {
    let mut command = cargo::command(".", &IMAGES);
    command.arg("--");
    let given = [
        ("--images", options.images),
        ("--from", options.from),
        ("--scene", options.scene),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            command.args([name.to_owned(), value.to_string()]);
        }
    }
    let status = command.status()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// With the checks of a test, at nearly the speed of a release.
const SIMULATION: [&str; 8] = example("simulate");
const IMAGES: [&str; 8] = example("images");

const fn example(name: &'static str) -> [&'static str; 8] {
    [
        "run",
        "--quiet",
        "--profile",
        "simulate",
        "--package",
        "building-sim",
        "--example",
        name,
    ]
}

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
        let replay = "--hours 0.25 --seed 7 --faults noise,kill --lines 1 --readers 2 --people 9 --wiegand true --keypads true --forgets false --areas true --interlocks false --persons true --modbus false --switched false --trace";
        let words = std::iter::once("simulate").chain(replay.split(' '));
        let cli = Cli::try_parse_from(words).unwrap();
        assert_eq!(cli.options.words().join(" "), replay);
        assert!(Cli::try_parse_from(["simulate", "--trace"]).is_err());
    }
}
