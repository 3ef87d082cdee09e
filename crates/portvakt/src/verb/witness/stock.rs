//! Where a checkpoint to be witnessed comes from, and where the witness's word is kept: a daemon, or a log's folder.

use std::path::Path;
use std::sync::Arc;

use control::reply::witness::WitnessRow;
use control::{Code, Reply, Request, Row};
use event_log::disk::{Disk, RealDisk};
use event_log::verify::{Note, VerifierKey};
use event_log::witness::Submission;
use event_log::{Consistency, LogError, LogFault, Prover, WitnessKey, Witnessed};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::verb::log::source::{log_dir, read_keys, read_text};

/// A log that can be witnessed.
pub(super) enum Stock {
    /// Of a daemon at work.
    Daemon(Box<Daemon>),
    /// In files.
    Folder(Box<Folder>),
}

/// A log in files.
pub(super) struct Folder {
    disk: Arc<dyn Disk>,
    key: VerifierKey,
    prover: Prover,
}

/// What a witness is sent, and how many records it is about.
pub(super) struct Offer {
    /// Records under the checkpoint.
    pub(super) size: u64,
    /// The checkpoint and its proof.
    pub(super) submission: Submission,
}

impl Stock {
    /// The daemon's log.
    ///
    /// # Errors
    /// [`Failure`]: exit code 5 if it is not reachable.
    pub(super) fn daemon(desk: &Desk) -> Result<Self, Failure> {
        Ok(Self::Daemon(Box::new(desk.connect()?)))
    }

    /// The log in this folder; its key from the command line, or its own.
    ///
    /// # Errors
    /// [`Failure`]: exit code 6 if the newest checkpoint is not signed by the key.
    pub(super) fn folder(dir: &Path, key: Option<&str>) -> Result<Self, Failure> {
        let dir = log_dir(dir)?;
        let keys: Vec<VerifierKey> = match key {
            Some(key) => read_keys("--key", key)?,
            None => read_keys("verifier", &read_text(&dir.join("verifier"))?)?,
        };
        // The log's own key stands before that of its epoch.
        let key = keys.into_iter().next();
        let key = key.ok_or_else(|| Failure::usage("--key: there is no key in it"))?;
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir));
        let prover = Prover::open(&disk, &key).map_err(|cause| refused(&cause))?;
        Ok(Self::Folder(Box::new(Folder { disk, key, prover })))
    }

    /// The witnesses that the daemon is configured with; a folder knows none.
    ///
    /// # Errors
    /// [`Failure`] as the daemon has it.
    pub(super) fn witnesses(&mut self) -> Result<Vec<WitnessRow>, Failure> {
        let mut rows = Vec::new();
        let Self::Daemon(daemon) = self else {
            return Ok(rows);
        };
        daemon.rows(Request::WitnessList {}, &mut |_, row| {
            if let Row::Witness(row) = row {
                rows.push(row);
            }
            Ok(())
        })?;
        Ok(rows)
    }

    /// How many records this witness is known to have seen; 0 if nothing is known.
    ///
    /// # Errors
    /// [`Failure`] if what it said cannot be read.
    pub(super) fn seen_by(&mut self, witness: &WitnessKey) -> Result<u64, Failure> {
        if let Self::Folder(folder) = self {
            let said = Witnessed::read(folder.disk.as_ref()).map_err(|cause| refused(&cause))?;
            let newest = said.newest(&folder.key, witness);
            return Ok(newest.map_or(0, |(head, _)| head.size));
        }
        let key = witness.to_string();
        let row = self.witnesses()?.into_iter().find(|row| row.key == key);
        Ok(row.and_then(|row| row.size).unwrap_or(0))
    }

    /// The newest checkpoint, for a witness that has seen so many records.
    ///
    /// # Errors
    /// [`Failure`]: exit code 6 if the log is shorter, or is not what was signed.
    pub(super) fn offer(&mut self, old: u64) -> Result<Offer, Failure> {
        let (size, note, proof) = match self {
            Self::Folder(folder) => {
                let proof = folder.prover.consistency(old);
                let proof = proof.map_err(|cause| refused(&cause))?;
                (folder.prover.size(), folder.prover.note().parse(), proof)
            }
            Self::Daemon(daemon) => {
                let reply = daemon.ask(Request::LogCheckpoint { old })?;
                let Reply::LogCheckpoint(checkpoint) = reply else {
                    return Err(Failure::unexpected(&reply));
                };
                let lines = checkpoint.consistency.iter().map(String::as_str);
                let proof = Consistency::from_lines(lines);
                let proof = proof.ok_or_else(|| Failure::failed("the daemon's proof is none"))?;
                (checkpoint.size, checkpoint.checkpoint.parse(), proof)
            }
        };
        let note = note.map_err(|error| Failure::failed(format!("the checkpoint: {error}")))?;
        let submission = Submission { old, proof, note };
        Ok(Offer { size, submission })
    }

    /// Keeps what a witness said, durably. The cosignature was checked.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be kept.
    pub(super) fn keep(&mut self, note: &Note, witness: &WitnessKey) -> Result<(), Failure> {
        match self {
            Self::Folder(folder) => {
                let disk = folder.disk.as_ref();
                let mut said = Witnessed::read(disk).map_err(|cause| refused(&cause))?;
                let taken = said.take(note, &folder.key, witness);
                taken.map_err(|error| Failure::new(Code::Unverified, error))?;
                said.write(disk).map_err(|cause| refused(&cause))
            }
            Self::Daemon(daemon) => {
                let checkpoint = note.to_string();
                let reply = daemon.ask(Request::WitnessPush { checkpoint })?;
                if let Reply::Done { .. } = reply {
                    Ok(())
                } else {
                    Err(Failure::unexpected(&reply))
                }
            }
        }
    }
}

fn refused(cause: &LogError) -> Failure {
    let code = match cause.fault() {
        LogFault::Circumstances | LogFault::Left => Code::Failed,
        // What a witness has seen must be there.
        LogFault::Absent | LogFault::Unsound => Code::Unverified,
    };
    Failure::new(code, cause)
}
