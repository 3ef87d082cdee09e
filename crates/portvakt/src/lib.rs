//! The command line.
//!
//! A library beside its binary only so that what reads other people's octets can be tried alone: see [`foreign`].

mod ask;
mod bulk;
mod cli;
mod clock;
mod csv_lines;
mod daemon;
mod desk;
mod escape;
mod event_line;
mod failure;
pub mod foreign;
mod global;
mod help;
mod interrupt;
mod leaver_list;
mod length;
mod output;
mod plastic;
mod portvaktd;
mod private_file;
mod roster;
mod sheet;
mod text;
mod until;
mod usage;
mod verb;
mod wanted;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::Cli;
use desk::Desk;
use failure::Failure;

/// Does what the words on the command line say.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = usage::lang(&arguments, desk::lang_of_environment());
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::end(&help::translated(error, &arguments, lang), lang),
    };
    let mut desk = Desk::new(cli.global, Cli::command);
    let done = cli.verb.run(&mut desk).and_then(|()| desk.out.flush());
    let Err(failure) = done else {
        return ExitCode::SUCCESS;
    };
    if let Failure::Kept(pending, until) = &failure
        && let Err(unwritten) = desk.kept(pending, until)
    {
        return unwritten.exit_code();
    }
    // What was already found still counts: rows before a break are data.
    let flushed = desk.out.flush();
    if let (Failure::Said(refusal), Ok(())) = (&failure, flushed) {
        eprintln!("portvakt: {}", desk.lang.told(&refusal.message));
    }
    failure.exit_code()
}
