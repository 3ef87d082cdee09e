//! The daemon: the only tokio, serial ports, clock, sockets.
//!
//! A library beside its binary only so that what reads other people's octets can be tried alone: see [`foreign`].

mod adapter;
mod archive;
mod arguments;
mod backup_set;
mod bench;
mod books;
mod clock;
mod config;
mod control_server;
mod controller;
mod daemon;
mod data_dir;
mod desk;
mod ends;
mod entropy;
mod failure;
mod few_keys;
mod files;
pub mod foreign;
mod forgetting;
mod fresh_key;
mod house;
mod house_seal;
mod init;
mod journal;
mod key_chores;
mod leaving;
mod ledger;
mod line_timer;
mod log_handle;
mod log_writer;
mod mandate;
#[cfg(test)]
mod mock_up;
mod names;
mod occupancy;
mod old_logs;
mod opening;
mod orphans;
mod outbox;
mod overdue;
mod own_event;
mod passwd;
mod plan;
mod port_survey;
mod protection;
mod pulse;
mod reload;
mod restore;
mod retention;
mod serial_line;
mod shreds;
mod site_handle;
mod site_task;
mod snapshot;
mod told_names;
mod verb;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use config::Config;
use failure::Failure;

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Command::Init(init)) => init::init(&init),
        Some(Command::Restore(restore)) => restore::restore(&restore),
        None if arguments.check => check(&arguments.config),
        None => daemon::run(&arguments.config),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

/// Only looks at the configuration. A device that is not there is said but does not fail: a file may be checked on
/// another machine than the one that has the lines.
fn check(file: &std::path::Path) -> Result<(), Failure> {
    let config = Config::load(file)?;
    if let Err(missing) = config.require_devices() {
        eprintln!("{missing}");
    }
    for line in &config.lines {
        if let Some(warning) = adapter::warning(&line.device) {
            eprintln!("line \"{}\": {warning}", line.name);
        }
    }
    Ok(())
}
