//! Known: how far the old log is known, from the backup and from whatever else was saved. The new log goes on from the farthest
//! checkpoint, so that no two lives of the house ever have one name.

use std::fs;
use std::path::{Path, PathBuf};

use event_log::Former;
use key_store::Key32;

use super::report::beside;
use super::set::{Set, verified};
use crate::arguments::Restore;
use crate::config::Config;
use crate::failure::Failure;

/// The farthest checkpoint, and the old log's farthest copy.
pub(super) struct Known {
    /// What the new log goes on from.
    pub(super) former: Former,
    /// The folder that is kept as the old log.
    pub(super) log: PathBuf,
}

impl Known {
    /// Looks at the backup's log, at what was begun from this backup before, and at what was named: each is verified.
    ///
    /// # Errors
    /// [`Failure::Data`] for a log or a checkpoint that is not this house's.
    pub(super) fn gather(
        set: &Set,
        arguments: &Restore,
        (config, signing): (&Config, &Key32),
    ) -> Result<Self, Failure> {
        set.verify_log(signing)?;
        let name = &config.section.origin;
        let read = |note: &Path| -> Result<Former, Failure> {
            let shown = note.display();
            let text = fs::read_to_string(note)
                .map_err(|cause| Failure::failed(format_args!("{shown} cannot be read"), cause))?;
            Former::of_any_life(&text, name, signing).map_err(|cause| Failure::data(shown, cause))
        };
        let mut known = Self {
            former: read(&set.log().join(CHECKPOINT))?,
            log: set.log(),
        };
        let whole = |dir: PathBuf| -> Result<Self, Failure> {
            let former = read(&dir.join(CHECKPOINT))?;
            verified(&dir, &former.checkpoint.origin, signing)?;
            Ok(Self { former, log: dir })
        };
        if let Some(dir) = &arguments.log {
            known.go_on_to(whole(log_in(dir))?);
        }
        let there = config.section.data_dir.join("log");
        if arguments.replace && there.join(CHECKPOINT).exists() {
            match whole(there) {
                Ok(replaced) => known.go_on_to(replaced),
                // A house that was made anew meanwhile, or a disk that is broken.
                Err(cause) => eprintln!("the log that gives way is not gone on from: {cause}"),
            }
        }
        let begun = beside(set.dir());
        let begun = begun.into_iter().filter(|note| note.exists());
        for note in arguments.anchor.iter().cloned().chain(begun) {
            let former = read(&note)?;
            if former.reach() > known.former.reach() {
                known.former = former;
            }
        }
        Ok(known)
    }

    fn go_on_to(&mut self, other: Self) {
        if other.former.reach() > self.former.reach() {
            *self = other;
        }
    }

    /// Which life of the house its log is of.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn life_of_log(&self, house: (&str, &Key32)) -> Result<u32, Failure> {
        Ok(self.newest_in_log(house)?.reach().0)
    }

    /// The origin of its log.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn origin_of_log(&self, house: (&str, &Key32)) -> Result<String, Failure> {
        Ok(self.newest_in_log(house)?.checkpoint.origin)
    }

    fn newest_in_log(&self, (name, signing): (&str, &Key32)) -> Result<Former, Failure> {
        let path = self.log.join(CHECKPOINT);
        let text =
            fs::read_to_string(&path).map_err(|cause| Failure::failed(path.display(), cause))?;
        Former::of_any_life(&text, name, signing)
            .map_err(|cause| Failure::data(path.display(), cause))
    }
}

/// The log's folder, or that of the data directory it is in.
fn log_in(dir: &Path) -> PathBuf {
    let within = dir.join("log");
    if within.join(CHECKPOINT).exists() {
        within
    } else {
        dir.to_path_buf()
    }
}

const CHECKPOINT: &str = "checkpoint";
