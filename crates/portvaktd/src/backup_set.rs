//! A backup set: one directory with a copy of the register, of the log and of the house's keys, and a list of all that is in it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use control::Moment;
use control::reply::backup::BackupRow;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::house_seal::HouseSeal;

/// A set that is being written: nobody takes it for one before it is whole.
pub(crate) struct BackupSet {
    name: String,
    partial: PathBuf,
    whole: PathBuf,
    /// On the directory itself: one set at a time is written there.
    _lock: File,
}

/// What is in the set, and of when it is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The format of the set.
    pub(crate) version: u16,
    /// What wrote it.
    pub(crate) daemon: String,
    /// The house.
    pub(crate) site: String,
    /// The log's identity.
    pub(crate) origin: String,
    /// When it was begun.
    pub(crate) created: Moment,
    /// The allowlist's number.
    pub(crate) generation: u64,
    /// The register's newest record.
    pub(crate) record: u64,
    /// Events under the log's checkpoint.
    pub(crate) events: u64,
    /// The root of their tree, in hex.
    pub(crate) root: String,
    /// Every other file.
    pub(crate) files: Vec<Listed>,
}

/// A file of the set.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// Where in the set it lies.
    pub(crate) path: String,
    /// How long it is.
    pub(crate) octets: u64,
    /// The hash of its octets, in hex.
    pub(crate) sha256: String,
}

impl BackupSet {
    /// Begins a set in a directory, which is made if it is missing; what an earlier one left half done there is cleared away.
    ///
    /// # Errors
    /// What the system says; also if there is a set of this second, or one is being written.
    pub(crate) fn begin(dir: &Path, at: Moment) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let lock = File::open(dir)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(in_use)?;
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == PARTIAL)
            {
                fs::remove_dir_all(path)?;
            }
        }
        let name = name_of(at);
        let (partial, whole) = (dir.join(format!("{name}.{PARTIAL}")), dir.join(&name));
        if whole.try_exists()? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        DirBuilder::new().mode(0o700).create(&partial)?;
        Ok(Self {
            name,
            partial,
            whole,
            _lock: lock,
        })
    }

    /// What it will be called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where a file of the set is written.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Writes a file of the set.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn put(&self, name: &str, octets: &[u8]) -> io::Result<()> {
        let mut file = fresh(&self.path(name))?;
        file.write_all(octets)?;
        file.sync_all()
    }

    /// Copies the log's folder, from which records may leave and to which they are added meanwhile: what is signed first, so that
    /// what it covers is all among what is copied after it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn copy_log(&self, log: &Path) -> io::Result<()> {
        copy_log(log, &self.path(LOG))
    }

    /// Copies the logs of earlier lives of the house, which nobody writes any more.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn copy_former_logs(&self, data_dir: &Path) -> io::Result<()> {
        for name in former_logs(data_dir)? {
            copy_folder(&data_dir.join(&name), &self.path(&name), &|_| true)?;
        }
        Ok(())
    }

    /// Writes the list of all that is in it under the house's seal, makes everything durable and gives the set its name.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn finish(
        self,
        mut manifest: Manifest,
        seal: &HouseSeal,
    ) -> io::Result<(PathBuf, Manifest)> {
        manifest.files = contents(&self.partial)?;
        let text = serde_json::to_vec_pretty(&manifest)?;
        self.put(MANIFEST, &text)?;
        self.put(SEAL, seal.on(&text).as_bytes())?;
        File::open(&self.partial)?.sync_all()?;
        fs::rename(&self.partial, &self.whole)?;
        if let Some(dir) = self.whole.parent() {
            File::open(dir)?.sync_all()?;
        }
        Ok((self.whole.clone(), manifest))
    }
}

impl Drop for BackupSet {
    /// What did not become whole is of no use; one that did has another name.
    fn drop(&mut self) {
        match fs::remove_dir_all(&self.partial) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                tracing::warn!("{} cannot be removed: {cause}", self.partial.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}

impl Manifest {
    /// The set as it is told, under its name.
    pub(crate) fn row(&self, name: String) -> BackupRow {
        BackupRow {
            backup: name,
            at: self.created,
            origin: self.origin.clone(),
            events: self.events,
            generation: self.generation,
            files: u64::try_from(self.files.len()).unwrap_or(u64::MAX),
            octets: self.files.iter().map(|file| file.octets).sum(),
        }
    }
}

/// Every whole set in a directory, oldest first; none if there is no such directory yet.
///
/// # Errors
/// What the system says; also of a list in a set that cannot be read.
pub(crate) fn list(dir: &Path) -> io::Result<Vec<BackupRow>> {
    let entries = match fs::read_dir(dir) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut rows = Vec::new();
    for entry in entries {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let manifest = entry.path().join(MANIFEST);
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if name.ends_with(PARTIAL) || !manifest.try_exists()? {
            continue;
        }
        let manifest: Manifest = serde_json::from_slice(&fs::read(manifest)?)?;
        rows.push(manifest.row(name));
    }
    rows.sort_by(|one, other| one.backup.cmp(&other.backup));
    Ok(rows)
}

/// Every file in a folder, by its path.
///
/// # Errors
/// What the system says.
pub(crate) fn contents(dir: &Path) -> io::Result<Vec<Listed>> {
    let mut files = Vec::new();
    enumerate(dir, dir, &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// The folders of logs of earlier lives of the house, oldest first: `log-1`, `log-2`.
///
/// # Errors
/// What the system says.
pub(crate) fn former_logs(dir: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let life = name.strip_prefix("log-").map(str::parse::<u32>);
        if let (Some(Ok(life)), true) = (life, entry.file_type()?.is_dir()) {
            found.push((life, name.to_owned()));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Octets in hex.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// One set at a time.
fn in_use(errno: rustix::io::Errno) -> io::Error {
    if errno == rustix::io::Errno::WOULDBLOCK {
        let what = "another backup is being written there; wait until it is done";
        return io::Error::new(io::ErrorKind::ResourceBusy, what);
    }
    errno.into()
}

/// `20261122T080000Z`
fn name_of(at: Moment) -> String {
    let text = at.to_string();
    let mut name: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(15)
        .collect();
    name.push('Z');
    name
}

/// Copies a log's folder, but not what lies ready for its writer.
///
/// # Errors
/// What the system says.
pub(crate) fn copy_log(log: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(to)?;
    copy_file(&log.join(CHECKPOINT), &to.join(CHECKPOINT))?;
    copy_folder(log, to, &|name| {
        ![CHECKPOINT, SEGMENTS, RESERVE].contains(&name)
    })?;
    copy_folder(&log.join(SEGMENTS), &to.join(SEGMENTS), &|name| {
        name.ends_with(SEGMENT)
    })
}

/// Copies what is wanted of a folder, durably.
///
/// # Errors
/// What the system says.
pub(crate) fn copy_folder(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(text) = name.to_str().filter(|name| wanted(name)) else {
            continue;
        };
        let (from, to) = (entry.path(), to.join(text));
        match entry.file_type()? {
            kind if kind.is_dir() => copy_folder(&from, &to, &|_| true)?,
            kind if kind.is_file() => copy_file(&from, &to)?,
            _ => {}
        }
    }
    File::open(to)?.sync_all()
}

/// One that left the log meanwhile is not missed.
///
/// # Errors
/// What the system says.
pub(crate) fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    };
    let mut copy = fresh(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.sync_all()
}

fn enumerate(root: &Path, dir: &Path, files: &mut Vec<Listed>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            enumerate(root, &path, files)?;
            continue;
        }
        let (octets, sha256) = digest(&path)?;
        let shown = path.strip_prefix(root).unwrap_or(&path);
        files.push(Listed {
            path: shown.display().to_string(),
            octets,
            sha256,
        });
    }
    Ok(())
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut octets) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        hash.update(part);
        octets += u64::try_from(read).unwrap_or(0);
    }
    let hash: [u8; 32] = hash.finalize().into();
    Ok((octets, hex(&hash)))
}

fn fresh(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// The format of a set.
pub(crate) const VERSION: u16 = 2;
/// The copy of the register.
pub(crate) const REGISTER: &str = "register.db";
/// The copy of the log.
pub(crate) const LOG: &str = "log";
/// The house's keys under a passphrase.
pub(crate) const KEYS: &str = "keys.bin";
/// The list of all files.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The house's seal on the list.
pub(crate) const SEAL: &str = "manifest.seal";
/// What the house's seal on a list is for.
pub(crate) const SORT: &[u8] = b"portvakt backup";
const SEGMENTS: &str = "segments";
const CHECKPOINT: &str = "checkpoint";
const RESERVE: &str = "reserve";
const SEGMENT: &str = ".seg";
const PARTIAL: &str = "partial";
