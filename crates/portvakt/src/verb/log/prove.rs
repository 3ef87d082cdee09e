//! `portvakt log prove`: one record's proof, for somebody who is not to see the log.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use control::Code;
use event_log::disk::{Disk, RealDisk};
use event_log::verify::Options;
use event_log::{LogError, LogFault, Prover};

use super::source::{dir_of_daemon, log_dir, pin, read_text};
use crate::desk::Desk;
use crate::failure::Failure;

/// Write the proof that a record is in the log
///
/// The proof is a text of about a kilobyte. It says the record's class and time and nothing
/// of a person; with the verifier key anybody checks it anywhere: portvakt log verify
/// --proof FILE. It needs the log's files, no daemon and no secret.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Prove {
    /// The record, as log show numbers them
    index: u64,
    /// The log's directory, or the data directory it is in [default: the daemon's]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The verifier key noted down when the log began, or a file with it [default: the log's own]
    #[arg(long, value_name = "VERIFIER")]
    key: Option<String>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Prove {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`]: exit code 4 for a record that is not sealed yet, 6 for a log that is not what was signed.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let dir = log_dir(&self.dir.unwrap_or_else(|| dir_of_daemon(desk)))?;
        let mut options = Options::default();
        match self.key {
            Some(key) => pin(&mut options, &key)?,
            None => options
                .pin(&read_text(&dir.join("verifier"))?)
                .map_err(|error| Failure::failed(format!("verifier: {error}")))?,
        }
        let key = options
            .key
            .ok_or_else(|| Failure::usage("--key: this is not the key of a log"))?;
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir));
        let mut prover = Prover::open(&disk, &key).map_err(|cause| unproven(&cause))?;
        let proof = prover.prove(self.index).map_err(|cause| unproven(&cause))?;
        match self.out {
            None => desk.out.line(proof.to_string().trim_end()),
            Some(file) => fs::write(&file, proof.to_string()).map_err(|error| {
                Failure::failed(format!("cannot write {}: {error}", file.display()))
            }),
        }
    }
}

pub(super) fn unproven(cause: &LogError) -> Failure {
    let code = match cause.fault() {
        LogFault::Left | LogFault::Absent => Code::NotFound,
        LogFault::Circumstances => Code::Failed,
        LogFault::Unsound => Code::Unverified,
    };
    Failure::new(code, cause)
}

const EXAMPLES: &str = "\
Examples:
  portvakt log prove 184467 --out 184467.tlog-proof
  portvakt log prove 12 --dir /media/audit/log --key verifier.txt";
