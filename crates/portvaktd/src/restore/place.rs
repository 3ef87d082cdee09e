//! Place: how a restored house comes into the data directory: made in a folder there, renamed when it is whole, and moved out of
//! it. From the rename on whoever comes next finishes it; before it nothing was restored.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use access::UtcMicros;

use crate::failure::Failure;

/// Begins an empty folder; what an earlier try left half made is cleared away.
///
/// # Errors
/// What the system says.
pub(crate) fn begin(data_dir: &Path) -> Result<PathBuf, Failure> {
    clear_what_is_not_whole(data_dir)?;
    let partial = data_dir.join(PARTIAL);
    let made = DirBuilder::new().mode(0o700).create(&partial);
    made.map_err(|cause| failed(&partial, &cause))?;
    Ok(partial)
}

/// Clears away what a try that was cut off left half made.
///
/// # Errors
/// What the system says.
pub(crate) fn clear_what_is_not_whole(data_dir: &Path) -> Result<(), Failure> {
    let partial = data_dir.join(PARTIAL);
    match fs::remove_dir_all(&partial) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(failed(&partial, &cause)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether a restored house is whole and waits to be put in place.
pub(crate) fn is_whole(data_dir: &Path) -> bool {
    data_dir.join(WHOLE).exists()
}

/// Gives what was made its name and puts it in place; what is there is moved aside first, if it is to be replaced.
///
/// # Errors
/// What the system says; once the folder has its name, the next start or restore finishes it.
pub(crate) fn commit(dir: &Path, replaces: bool, now: UtcMicros) -> Result<(), Failure> {
    let (partial, whole) = (dir.join(PARTIAL), dir.join(WHOLE));
    let named = || -> io::Result<()> {
        if replaces {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(partial.join(ASIDE))?;
            let stamp: String = now
                .to_string()
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .take(15)
                .collect();
            file.write_all(format!("{REPLACED}{stamp}Z").as_bytes())?;
            file.sync_all()?;
        }
        sync_tree(&partial)?;
        fs::rename(&partial, &whole)?;
        sync(dir)
    };
    named().map_err(|cause| failed(&whole, &cause))?;
    finish_begun(dir).map(drop)
}

/// Puts in place what is whole and not in place yet; says whether there was anything. Repeatable; to be called by whoever holds the
/// data directory.
///
/// # Errors
/// What the system says.
pub(crate) fn finish_begun(dir: &Path) -> Result<bool, Failure> {
    let whole = dir.join(WHOLE);
    if !whole.exists() {
        return Ok(false);
    }
    let moved = move_aside(dir, &whole).and_then(|()| move_in(dir, &whole));
    moved.map_err(|cause| failed(&whole, &cause))?;
    Ok(true)
}

/// Nothing of the new house is in place before all of the old one gave way.
fn move_aside(dir: &Path, whole: &Path) -> io::Result<()> {
    let aside = whole.join(ASIDE);
    let name = match fs::read_to_string(&aside) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        name => name?,
    };
    let to = dir.join(&name);
    DirBuilder::new().recursive(true).mode(0o700).create(&to)?;
    for name in names(dir)? {
        if !is_none_of_the_house(&name) {
            fs::rename(dir.join(&name), to.join(&name))?;
        }
    }
    sync(&to)?;
    sync(dir)?;
    fs::remove_file(aside)?;
    sync(whole)
}

/// The register last: a data directory without one is not used.
fn move_in(dir: &Path, whole: &Path) -> io::Result<()> {
    let mut all = names(whole)?;
    all.sort_by_key(|name| name == REGISTER);
    for name in all {
        if name == REGISTER {
            sync(dir)?;
        }
        fs::rename(whole.join(&name), dir.join(&name))?;
    }
    sync(dir)?;
    fs::remove_dir(whole)?;
    sync(dir)
}

/// Whether a name in a data directory is none of what makes a house.
pub(crate) fn is_none_of_the_house(name: &str) -> bool {
    [PARTIAL, WHOLE, LOST_AND_FOUND].contains(&name) || name.starts_with(REPLACED)
}

fn names(dir: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(dir)?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

fn sync_tree(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            sync(&entry.path())?;
        }
    }
    sync(dir)
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn failed(path: &Path, cause: &io::Error) -> Failure {
    Failure::failed(format_args!("{}", path.display()), cause)
}

/// The register's file in a data directory.
pub(crate) const REGISTER: &str = "register.db";
/// What is being made.
const PARTIAL: &str = "restore.partial";
/// What is whole, on its way into place.
const WHOLE: &str = "restore.whole";
/// In it: the name of the folder for what is to give way.
const ASIDE: &str = "aside";
const REPLACED: &str = "replaced-";
/// In the root of a file system of its own.
const LOST_AND_FOUND: &str = "lost+found";

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, octets: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }

    /// An old house, and a new one that is whole and waits.
    fn waiting(replaces: bool) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        if replaces {
            for name in [
                "register.db",
                "log/checkpoint",
                "keys/seal.bin",
                "allowlist.snapshot",
            ] {
                write(&dir.join(name), "old");
            }
            write(&dir.join(WHOLE).join(ASIDE), "replaced-1");
        }
        for name in [
            "register.db",
            "log/checkpoint",
            "log-1/checkpoint",
            "keys/seal.bin",
        ] {
            write(&dir.join(WHOLE).join(name), "new");
        }
        folder
    }

    fn read(dir: &Path, name: &str) -> Option<String> {
        fs::read_to_string(dir.join(name)).ok()
    }

    fn assert_restored(dir: &Path, replaces: bool) {
        for name in [
            "register.db",
            "log/checkpoint",
            "log-1/checkpoint",
            "keys/seal.bin",
        ] {
            assert_eq!(read(dir, name).as_deref(), Some("new"), "{name}");
        }
        assert_eq!(read(dir, "allowlist.snapshot"), None);
        let old = read(dir, "replaced-1/log/checkpoint");
        assert_eq!(old.is_some(), replaces);
        assert!(!dir.join(WHOLE).exists());
    }

    #[test]
    fn a_restore_that_was_cut_off_anywhere_is_finished_and_nothing_of_the_old_house_is_mixed_in() {
        for replaces in [false, true] {
            // As many of the moves as were made before a crash.
            for made in 0..12 {
                let folder = waiting(replaces);
                let dir = folder.path();
                let mut left = made;
                let mut one = |from: PathBuf, to: PathBuf| {
                    if left > 0 {
                        left -= 1;
                        fs::create_dir_all(to.parent().unwrap()).unwrap();
                        fs::rename(from, to).unwrap();
                    }
                };
                if replaces {
                    for name in ["register.db", "log", "keys", "allowlist.snapshot"] {
                        one(dir.join(name), dir.join("replaced-1").join(name));
                    }
                }
                if left > 0 && replaces {
                    fs::remove_file(dir.join(WHOLE).join(ASIDE)).unwrap();
                    left -= 1;
                }
                for name in ["keys", "log", "log-1", "register.db"] {
                    if left > 0 {
                        left -= 1;
                        fs::rename(dir.join(WHOLE).join(name), dir.join(name)).unwrap();
                    }
                }
                assert!(finish_begun(dir).unwrap(), "{made}");
                assert_restored(dir, replaces);
                assert!(!finish_begun(dir).unwrap());
            }
        }
    }

    #[test]
    fn what_was_not_whole_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join(PARTIAL).join("keys/seal.bin"), "half");
        assert!(!finish_begun(folder.path()).unwrap());
        let partial = begin(folder.path()).unwrap();
        assert_eq!(fs::read_dir(partial).unwrap().count(), 0);
    }
}
