//! Chores: prepare and run the tests, fuzz, mutate, simulate, kill the daemon, have its calls fail, ask at length, start the demo.
//!
//! `cargo xtask test` is the test command of this repository; `cargo demo` is short for `cargo xtask demo`.

mod beside;
mod cargo;
mod debian;
mod demo;
mod faults;
mod fuzz;
mod kill_storm;
mod mutants;
mod operators;
mod simulate;
mod tally;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the portvakt repository.
#[derive(Parser)]
#[command(name = "cargo xtask", after_help = "Example: cargo xtask test")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what the tests need, then run format, lints and every test.
    Test(test::Options),
    /// Run every fuzz target of tests/fuzz for a while each.
    Fuzz(fuzz::Options),
    /// Change one line at a time and see whether a test notices; go on where the last run stopped.
    Mutants(mutants::Options),
    /// Run the simulated building: many seeds, or one and what happens in it.
    Simulate(simulate::Options),
    /// Look at images that power cuts may leave of a log and its keys.
    Images(simulate::Images),
    /// Kill the real daemon under load, again and again, and check what must hold.
    KillStorm(kill_storm::Options),
    /// Answer the real daemon's calls wrongly, one kind after another, and check what must hold.
    Faults(faults::Options),
    /// Ask the control desk at length: random commands, or spoilt requests of every role.
    Operators(operators::Options),
    /// Build both binaries and run the house on simulated readers.
    Demo(demo::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Test(options) => test::run(&options),
        Chore::Fuzz(options) => fuzz::run(&options),
        Chore::Mutants(options) => mutants::run(&options),
        Chore::Simulate(options) => simulate::run(&options),
        Chore::Images(options) => simulate::images(&options),
        Chore::KillStorm(options) => kill_storm::run(&options),
        Chore::Faults(options) => faults::run(&options),
        Chore::Operators(options) => operators::run(&options),
        Chore::Demo(options) => demo::run(&options),
    };
    match done {
        Ok(code) => code,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
