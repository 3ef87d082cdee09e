//! `cargo xtask test`: what the tests need, then format, lints and every test.

use std::io;
use std::num::NonZeroUsize;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::beside::Beside;
use crate::cargo;
use crate::debian;
use crate::kill_storm;
use crate::simulate;
use crate::tally::Tally;

/// Which parts to run.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask test --no-peers")]
pub(crate) struct Options {
    /// Leave out tests/peers, the tests against software we did not write.
    #[arg(long)]
    no_peers: bool,
}

/// Runs everything; the last line on stdout is the sum of all test runs.
///
/// # Errors
/// Format or lints fail, or cargo cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    let peers = provide(options)?;
    say_who_asks();
    check_house(peers)?;
    let mut tally = Tally::default();
    let build = [&TESTS[..], &["--no-run"]].concat();
    cargo::must("build the tests", cargo::command(".", &build))?;
    cargo::must(
        "build the buildings and the storm",
        cargo::command(".", &STORMS),
    )?;
    // Many tests wait for a clock; meanwhile the simulated buildings, which have their own, live on what is left of the processors.
    let simulated = Beside::begin(simulate::of_the_gate());
    // Both binaries are among what this builds, with everything they are made of as the tests have it: built apart, it would be built twice.
    let binaries = cargo::target_dir().join("debug");
    let mut command = cargo::command(".", &TESTS);
    command.env("PORTVAKT_BIN_DIR", &binaries);
    command.env("RUST_TEST_THREADS", threads());
    tally.run("tests", command)?;
    tally.run(
        "examples in the documentation",
        cargo::command(".", &["test", "--workspace", "--doc", "--quiet"]),
    )?;
    if peers {
        let words = ["test", "--no-fail-fast", "--", "--test-threads=2"];
        let mut command = beside("tests/peers", &words);
        command.env("PORTVAKT_BIN_DIR", &binaries);
        tally.run("tests against peers (libosdp)", command)?;
    } else {
        eprintln!("== tests against peers were left out: the libosdp reader was not built");
    }
    kill_storm::must_hold()?;
    simulated.finish()?;
    println!("{}", tally.summary());
    Ok(if tally.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What the tests need beyond cargo. Says whether there is what the tests against peers need.
fn provide(options: &Options) -> io::Result<bool> {
    let compiler = debian::provide(&debian::C_COMPILER);
    let peers = !options.no_peers && compiler && debian::provide(&debian::GIT);
    if !peers && !options.no_peers && std::env::var_os("CI").is_some() {
        return Err(io::Error::other(
            "the gate does not pass without the tests against peers",
        ));
    }
    // Without them the stories of docs/verify.py and tests/go say that they were left out.
    let python = debian::provide(&debian::PYTHON);
    let go = debian::provide(&debian::GO) && debian::provide(&debian::GO_CHECKSUM_DATABASE);
    if !(python && go) && std::env::var_os("CI").is_some() {
        return Err(io::Error::other(
            "the gate does not pass without the auditors in Python and Go",
        ));
    }
    // Without them the stories of faults say that they were left out.
    for need in [&debian::STRACE, &debian::FAKETIME] {
        debian::provide(need);
    }
    Ok(peers)
}

/// One test more than there are processors: most wait for a clock or a disk most of the time.
fn threads() -> String {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::env::var("RUST_TEST_THREADS").unwrap_or_else(|_| (processors + 1).to_string())
}

/// Whether the users of the daemon's stories are real ones: only root may become others.
fn say_who_asks() {
    if !debian::is_root() {
        eprintln!(
            "== not root: the users of the daemon's stories are injected; root runs them as real users of this system"
        );
    }
}

/// `cargo` in a workspace of its own below the root, which builds where the root builds: what both have is built once.
fn beside(folder: &str, words: &[&str]) -> Command {
    let mut command = cargo::command(folder, words);
    command.env("CARGO_TARGET_DIR", cargo::target_dir());
    command
}

fn check_house(peers: bool) -> io::Result<()> {
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    cargo::must("format", cargo::command(".", &["fmt", "--all", "--check"]))?;
    cargo::must(
        "format of tests/fuzz",
        cargo::command("tests/fuzz", &["fmt", "--all", "--check"]),
    )?;
    cargo::must("lints", cargo::command(".", &clippy))?;
    if peers {
        cargo::must(
            "format of tests/peers",
            cargo::command("tests/peers", &["fmt", "--all", "--check"]),
        )?;
        let clippy = ["clippy", "--all-targets", "--", "--deny", "warnings"];
        cargo::must("lints of tests/peers", beside("tests/peers", &clippy))?;
    }
    Ok(())
}

/// Of the whole workspace: of their own packages alone, all that they are made of would be built another time.
const STORMS: [&str; 8] = [
    "build",
    "--workspace",
    "--example",
    "simulate",
    "--example",
    "images",
    "--example",
    "kill_storm",
];
const TESTS: [&str; 7] = [
    "test",
    "--workspace",
    "--lib",
    "--bins",
    "--tests",
    "--examples",
    "--no-fail-fast",
];
