//! The data directory: who may use it, and that only one daemon does.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use key_store::disk::{Disk, RealDisk};
use rustix::fs::{FlockOperation, flock};

use crate::failure::Failure;
use crate::restore::place::{self, REGISTER};
use crate::snapshot;

/// The data directory, locked while this lives.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    /// The lock lies on the directory itself, so taking it changes nothing on disk.
    _lock: File,
}

impl DataDir {
    /// Opens and locks what `init` made.
    ///
    /// # Errors
    /// [`Failure`] if it is not there, was never initialised, or another daemon holds it.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let waits = place::is_whole(path);
        // Where the register is missing the house may go on by what it last kept.
        if !waits && !path.join(REGISTER).exists() && !path.join(snapshot::PATH).exists() {
            let what = format!(
                "data directory {shown} holds no register; make one with portvaktd init --config FILE --operator USER:ROLE"
            );
            return Err(Failure::Data(what));
        }
        let held = Self::lock(path)?;
        place::clear_what_is_not_whole(path)?;
        if place::finish_begun(path)? {
            tracing::info!("a restore that was cut off was finished");
        }
        Ok(held)
    }

    /// Locks one that is to hold a restored house, and makes it if it is missing.
    ///
    /// # Errors
    /// [`Failure`] if another holds it, or something is in it that is not to be replaced.
    pub(crate) fn claim(path: &Path, replaces: bool) -> Result<Self, Failure> {
        make(path).map_err(|cause| failed(path, "cannot be made", &cause))?;
        let held = Self::lock(path)?;
        if !replaces && held.has_house()? {
            let what = format!(
                "data directory {} is not empty; restore never overwrites: move it away, or have it moved aside with --replace",
                path.display()
            );
            return Err(Failure::Data(what));
        }
        Ok(held)
    }

    /// Whether anything of a house is in it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn has_house(&self) -> Result<bool, Failure> {
        let unread = |cause| failed(&self.path, "cannot be read", &cause);
        for entry in fs::read_dir(&self.path).map_err(unread)? {
            let name = entry.map_err(unread)?.file_name();
            if !place::is_none_of_the_house(&name.to_string_lossy()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes and locks a new one, mode 0750; an existing empty directory will do.
    ///
    /// # Errors
    /// [`Failure`] if something is in it already, or it cannot be made.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        match fs::read_dir(path).map(Iterator::count) {
            Ok(0) => {}
            Ok(_) => {
                let what = format!(
                    "data directory {shown} is not empty; init never touches existing data, so name another data_dir or move it away"
                );
                return Err(Failure::Data(what));
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                make(path).map_err(|cause| failed(path, "cannot be made", &cause))?
            }
            Err(cause) => return Err(failed(path, "cannot be read", &cause)),
        }
        Self::lock(path)
    }

    /// Locks what is there.
    ///
    /// # Errors
    /// [`Failure`] if another holds it.
    pub(crate) fn lock(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let lock = File::open(path).map_err(|cause| failed(path, "cannot be opened", &cause))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self {
                path: path.to_path_buf(),
                _lock: lock,
            }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(Failure::Failed(format!(
                "data directory {shown} is in use by another portvaktd; stop that one first"
            ))),
            Err(cause) => Err(failed(path, "cannot be locked", &cause.into())),
        }
    }

    /// The directory as key store and log see it.
    pub(crate) fn disk(&self) -> Arc<dyn Disk> {
        Arc::new(RealDisk::new(self.path.clone()))
    }

    /// The register's file.
    pub(crate) fn register(&self) -> PathBuf {
        self.path.join(REGISTER)
    }

    /// Notes durably that a run begins; says whether one before it never ended. One octet is written in place, which a full disk takes,
    /// too: a run whose records the log never took leaves this behind.
    ///
    /// # Errors
    /// What the disk says; then it is not known.
    pub(crate) fn begin_run(&self) -> io::Result<bool> {
        let path = self.path.join(RUNNING);
        let is_there = path.exists();
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        let mut mark = [0; 1];
        let was_running = file.read_at(&mut mark, 0)? == 1 && mark == RUNS;
        file.write_all_at(&RUNS, 0)?;
        file.sync_all()?;
        if !is_there {
            File::open(&self.path)?.sync_all()?;
        }
        Ok(was_running)
    }

    /// Notes durably that the run has ended, and everything of it is in the log.
    ///
    /// # Errors
    /// What the disk says; then the next start takes it for one that did not end.
    pub(crate) fn end_run(&self) -> io::Result<()> {
        let file = File::options().write(true).open(self.path.join(RUNNING))?;
        file.write_all_at(&ENDED, 0)?;
        file.sync_all()
    }

    /// The log's folder.
    pub(crate) fn log(&self) -> PathBuf {
        self.path.join("log")
    }
}

fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o750).create(path)
}

fn failed(path: &Path, what: &str, cause: &io::Error) -> Failure {
    Failure::failed(
        format_args!("data directory {} {what}", path.display()),
        cause,
    )
}

/// `1` while a daemon runs, `0` after one that ended in order.
const RUNNING: &str = "running";
const RUNS: [u8; 1] = *b"1";
const ENDED: [u8; 1] = *b"0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let held = DataDir::create(&path).unwrap();
        assert!(
            DataDir::create(&path)
                .unwrap_err()
                .to_string()
                .contains("in use by another portvaktd")
        );
        drop(held);
        DataDir::create(&path).unwrap();
    }

    #[test]
    fn a_run_that_never_ended_is_known_by_what_it_left() {
        let folder = tempfile::tempdir().unwrap();
        let held = DataDir::create(&folder.path().join("data")).unwrap();
        assert!(!held.begin_run().unwrap(), "the first");
        held.end_run().unwrap();
        assert!(!held.begin_run().unwrap());
        assert!(held.begin_run().unwrap(), "cut off");
        assert_eq!(fs::read(held.path.join(RUNNING)).unwrap(), RUNS);
    }

    #[test]
    fn what_is_there_already_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letter"), "dear").unwrap();
        assert!(matches!(
            DataDir::create(folder.path()),
            Err(Failure::Data(_))
        ));
        assert!(matches!(
            DataDir::open(folder.path()),
            Err(Failure::Data(_))
        ));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
