//! `cargo xtask mutants`: whether the tests notice when a line is changed, module by module.

mod argued;
mod module;
mod outcome;
mod shards;

use std::io;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use clap::Args;

use crate::cargo;
use argued::Argued;
use module::Module;
use outcome::Outcome;
use shards::{Deadline, Shards};

/// Which modules, and for how long.
#[derive(Args)]
#[command(
    after_help = "Example: cargo xtask mutants --module roles\nWhat was run stays in target/mutants; the next run goes on behind it, unless the code has changed since."
)]
pub(crate) struct Options {
    /// The module whose lines are changed; all of them when none is named.
    #[arg(long = "module", value_name = "MODULE")]
    modules: Vec<Module>,
    /// Begin no new shard after this time: a number with s, m or h, such as 30m.
    #[arg(long = "for", value_name = "DURATION", value_parser = crate::fuzz::seconds)]
    seconds: Option<u32>,
}

/// Runs what has not been run, then says of each module how many mutants there are and what became of them.
///
/// # Errors
/// cargo-mutants cannot be installed or started, or what it wrote cannot be read.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    provide_cargo_mutants()?;
    let argued = Argued::read(&cargo::root().join(argued::PATH))?;
    let state = state_dir();
    let deadline = Deadline::begin(&state, options.seconds)?;
    let modules = if options.modules.is_empty() {
        Module::ALL
    } else {
        &options.modules
    };
    let mut is_good = true;
    for module in modules {
        let shards = Shards::of(*module, &state)?;
        shards.run(&deadline)?;
        let verdict = Outcome::of(&shards)?.verdict(&argued.of(*module));
        println!("{module}: {verdict}");
        for complaint in &verdict.complaints {
            eprintln!("xtask: {module}: {complaint}");
        }
        is_good &= verdict.complaints.is_empty();
    }
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn provide_cargo_mutants() -> io::Result<()> {
    let mut ask = cargo::command(".", &["mutants", "--version"]);
    ask.stdout(Stdio::null()).stderr(Stdio::null());
    if ask.status()?.success() {
        return Ok(());
    }
    let install = cargo::command(".", &["install", "cargo-mutants", "--locked"]);
    cargo::must(
        "cargo-mutants is missing: cargo install cargo-mutants",
        install,
    )
}

/// Where it is kept what was run.
fn state_dir() -> PathBuf {
    cargo::target_dir().join("mutants")
}
