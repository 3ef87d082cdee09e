//! `cargo xtask fuzz`: every target of tests/fuzz for a while each.

use std::process::{Command, ExitCode, Stdio};
use std::{fs, io};

use clap::Args;

use crate::cargo;

/// How long, and which.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask fuzz --for 60s scanner reader")]
pub(crate) struct Options {
    /// How long to run each target: a number with s, m or h, such as 60s.
    #[arg(long = "for", value_name = "DURATION", default_value = "60s", value_parser = seconds)]
    seconds: u32,
    /// The targets to run; all of tests/fuzz when none is named.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

/// Runs the targets one after another and stops at the first that fails; its exit code is ours.
///
/// # Errors
/// A target is unknown, cargo-fuzz cannot be installed, or cargo cannot be started.
pub(crate) fn run(options: &Options) -> io::Result<ExitCode> {
    provide_cargo_fuzz()?;
    let known = known_targets()?;
    let targets = choose(&known, &options.targets).map_err(io::Error::other)?;
    for target in targets {
        let step = format!("fuzz {target} for {} s", options.seconds);
        eprintln!("== {step}");
        fs::create_dir_all(cargo::root().join(FOLDER).join(found(target)))?;
        let status = fuzzer(target, options.seconds)
            .status()
            .map_err(|error| io::Error::other(format!("{step}: {error}")))?;
        if !status.success() {
            eprintln!("xtask: {step}: {status}; what broke it is in tests/fuzz/artifacts/{target}");
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            return Ok(code.map_or(ExitCode::FAILURE, ExitCode::from));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn provide_cargo_fuzz() -> io::Result<()> {
    let mut ask = cargo::command(".", &["fuzz", "--version"]);
    ask.stdout(Stdio::null()).stderr(Stdio::null());
    if ask.status()?.success() {
        return Ok(());
    }
    let install = cargo::command(".", &["install", "cargo-fuzz", "--locked"]);
    cargo::must("cargo-fuzz is missing: cargo install cargo-fuzz", install)
}

fn known_targets() -> io::Result<Vec<String>> {
    let said = cargo::command(FOLDER, &["fuzz", "list", "--fuzz-dir", "."]).output()?;
    if !said.status.success() {
        let why = String::from_utf8_lossy(&said.stderr).into_owned();
        return Err(io::Error::other(format!("cargo fuzz list: {why}")));
    }
    let names = String::from_utf8_lossy(&said.stdout);
    Ok(names.split_whitespace().map(str::to_owned).collect())
}

fn choose<'a>(known: &'a [String], wanted: &'a [String]) -> Result<&'a [String], String> {
    if wanted.is_empty() {
        return Ok(known);
    }
    match wanted.iter().find(|name| !known.contains(name)) {
        None => Ok(wanted),
        Some(name) => Err(format!(
            "no target `{name}` in {FOLDER}; there are: {}",
            known.join(", ")
        )),
    }
}

/// The fuzzer needs flags that a stable compiler keeps for nightly ones; no sanitizer, which
/// would need a nightly standard library and finds nothing where `unsafe` is forbidden.
fn fuzzer(target: &str, seconds: u32) -> Command {
    let limit = format!("-max_total_time={seconds}");
    // What it finds on its way goes to the first folder: the corpus stays as small as it is chosen.
    let (found, corpus) = (found(target), format!("corpus/{target}"));
    let words = [
        "fuzz",
        "run",
        "--fuzz-dir",
        ".",
        "--sanitizer",
        "none",
        target,
        &found,
        &corpus,
        "--",
        &limit,
    ];
    let mut command = cargo::command(FOLDER, &words);
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

fn found(target: &str) -> String {
    format!("target/found/{target}")
}

/// Seconds of a duration such as `90`, `60s`, `5m` or `1h`; at least one, for the fuzzer takes 0 for no end.
pub(crate) fn seconds(text: &str) -> Result<u32, String> {
    let number_len = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(number_len);
    let unit = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(format!("`{unit}` is no unit; give s, m or h, such as 60s")),
    };
    let count: u32 = number
        .parse()
        .map_err(|_| "give a whole number and a unit, such as 60s".to_owned())?;
    match count.checked_mul(unit) {
        None => Err("longer than the fuzzer can count".to_owned()),
        Some(0) => Err("at least 1s".to_owned()),
        Some(seconds) => Ok(seconds),
    }
}

const FOLDER: &str = "tests/fuzz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        assert_eq!(seconds("60s"), Ok(60));
        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("5m"), Ok(300));
        assert_eq!(seconds("2h"), Ok(7_200));
    }

    #[test]
    fn a_duration_that_is_none_or_has_no_end_is_refused() {
        for text in ["", "s", "0s", "-5s", "1.5m", "10 s", "3d", "4294967295h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unknown_target_is_named_together_with_those_there_are() {
        let known = ["reader".to_owned(), "scanner".to_owned()];
        assert_eq!(choose(&known, &[]), Ok(&known[..]));
        let why = choose(&known, &["scaner".to_owned()]).unwrap_err();
        assert!(
            why.contains("`scaner`") && why.contains("reader, scanner"),
            "{why}"
        );
    }
}
