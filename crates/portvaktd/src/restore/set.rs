//! The backup that is restored: read whole and verified before anything of it is used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use event_log::verify::{Options, verify_dir};
use event_log::{is_life_of, verifier_of};
use key_store::disk::RealDisk;
use key_store::{BackedUp, Fixed, Key32, open_backup};

use crate::backup_set::{
    self, KEYS, LOG, Listed, MANIFEST, Manifest, REGISTER, SEAL, contents, former_logs,
};
use crate::failure::Failure;
use crate::house_seal::HouseSeal;

/// A backup, and what its list says.
pub(super) struct Set {
    dir: PathBuf,
    /// The list.
    pub(super) manifest: Manifest,
    /// Its octets, which the seal is on.
    listed: Vec<u8>,
}

impl Set {
    /// Reads the list, and every file in it against it.
    ///
    /// # Errors
    /// [`Failure::Data`] for what is no whole backup of a version that is known, [`Failure::Failed`] for what cannot be read.
    pub(super) fn open(dir: &Path) -> Result<Self, Failure> {
        let shown = dir.display();
        let unread = |cause: io::Error| {
            Failure::failed(format_args!("the backup {shown} cannot be read"), cause)
        };
        let listed = match fs::read(dir.join(MANIFEST)) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(Failure::Data(format!(
                    "{shown} is no backup: there is no {MANIFEST} in it; name the folder that portvakt backup create made"
                )));
            }
            listed => listed.map_err(unread)?,
        };
        let version: Versioned = serde_json::from_slice(&listed)
            .map_err(|cause| Failure::data(format_args!("{shown}/{MANIFEST}"), cause))?;
        if version.version != backup_set::VERSION {
            return Err(Failure::Data(format!(
                "{shown}/{MANIFEST}: a backup of format {}, and this version restores format {}",
                version.version,
                backup_set::VERSION
            )));
        }
        let manifest: Manifest = serde_json::from_slice(&listed)
            .map_err(|cause| Failure::data(format_args!("{shown}/{MANIFEST}"), cause))?;
        let found = contents(dir).map_err(unread)?;
        let besides = [MANIFEST, SEAL];
        let found: Vec<Listed> = found
            .into_iter()
            .filter(|file| !besides.contains(&file.path.as_str()))
            .collect();
        if let Some(what) = difference(&manifest.files, &found) {
            return Err(Failure::Data(format!(
                "the backup {shown} is damaged: {what}"
            )));
        }
        Ok(Self {
            dir: dir.to_path_buf(),
            manifest,
            listed,
        })
    }

    /// Where it lies.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The copy of the register.
    pub(super) fn register(&self) -> PathBuf {
        self.dir.join(REGISTER)
    }

    /// The copy of the log.
    pub(super) fn log(&self) -> PathBuf {
        self.dir.join(LOG)
    }

    /// The copies of logs of earlier lives, by their names.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn former_logs(&self) -> io::Result<Vec<String>> {
        former_logs(&self.dir)
    }

    /// The keys under the passphrase.
    ///
    /// # Errors
    /// [`Failure::Data`] for another passphrase.
    pub(super) fn keys(&self, passphrase: &str) -> Result<Vec<BackedUp>, Failure> {
        let path = self.dir.join(KEYS);
        let sealed = fs::read(&path)
            .map_err(|cause| Failure::failed(format_args!("{}", path.display()), cause))?;
        open_backup(&sealed, passphrase)
            .map_err(|cause| Failure::data(format_args!("{}", path.display()), cause))
    }

    /// Whether this house made it, and its log is as it was signed.
    ///
    /// # Errors
    /// [`Failure::Data`] with what is wrong.
    pub(super) fn verify(&self, seal: &HouseSeal, name: &str) -> Result<(), Failure> {
        let shown = self.dir.display();
        let data = |what: String| Err(Failure::Data(format!("the backup {shown}: {what}")));
        let on = fs::read_to_string(self.dir.join(SEAL))
            .map_err(|cause| Failure::data(format_args!("{shown}/{SEAL}"), cause))?;
        if !seal.is_on(&self.listed, &on) {
            return data(format!(
                "{MANIFEST} is not as this house sealed it: somebody altered it"
            ));
        }
        if !is_life_of(&self.manifest.origin, name) {
            return data(format!(
                "it is of the house \"{}\", and the configuration says origin = \"{name}\"; an origin never changes",
                self.manifest.origin
            ));
        }
        Ok(())
    }

    /// Verifies the copy of the log against the house's key.
    ///
    /// # Errors
    /// [`Failure::Data`] with what is wrong.
    pub(super) fn verify_log(&self, signing: &Key32) -> Result<(), Failure> {
        let report = verified(&self.log(), &self.manifest.origin, signing)?;
        let is_listed = report.sealed == self.manifest.events
            && backup_set::hex(&report.root) == self.manifest.root
            && report.origin == self.manifest.origin;
        if is_listed {
            Ok(())
        } else {
            Err(Failure::Data(format!(
                "the backup {}: its log has not the size and root that {MANIFEST} names",
                self.dir.display()
            )))
        }
    }
}

/// Only which format it is.
#[derive(serde::Deserialize)]
struct Versioned {
    version: u16,
}

/// Verifies a log of this origin in a folder.
///
/// # Errors
/// [`Failure::Data`] with the first bad point.
pub(super) fn verified(
    dir: &Path,
    origin: &str,
    signing: &Key32,
) -> Result<event_log::verify::Report, Failure> {
    let mut options = Options::default();
    options
        .pin(&verifier_of(origin, signing).to_string())
        .map_err(|cause| Failure::data(dir.display(), cause))?;
    let verified = verify_dir(&RealDisk::new(dir.to_path_buf()), options, &mut |_| {});
    verified.map_err(|cause| {
        Failure::Data(format!(
            "{}: the log does not verify: {cause}",
            dir.display()
        ))
    })
}

/// One of the house's keys.
///
/// # Errors
/// [`Failure::Data`] if it is missing.
pub(super) fn fixed(keys: &[BackedUp], which: Fixed) -> Result<&Key32, Failure> {
    let of_house = |key: &'_ BackedUp| matches!(key, BackedUp::Fixed(of, _) if *of == which);
    let found = keys.iter().find(|key| of_house(key));
    match found {
        Some(BackedUp::Fixed(_, key)) => Ok(key),
        Some(BackedUp::Reader(..) | BackedUp::Operator(..)) | None => Err(Failure::Data(format!(
            "{KEYS}: a key of the house is missing: {which:?}"
        ))),
    }
}

/// The first file that is not as it is listed.
fn difference(listed: &[Listed], found: &[Listed]) -> Option<String> {
    for file in listed {
        match found.iter().find(|other| other.path == file.path) {
            None => return Some(format!("{} is missing", file.path)),
            Some(other) if other.octets != file.octets => {
                return Some(format!(
                    "{} has {} octets, and {} are listed",
                    file.path, other.octets, file.octets
                ));
            }
            Some(other) if other.sha256 != file.sha256 => {
                return Some(format!("{} has not the SHA-256 that is listed", file.path));
            }
            Some(_) => {}
        }
    }
    let unlisted = found
        .iter()
        .find(|other| !listed.iter().any(|file| file.path == other.path));
    unlisted.map(|file| format!("{} is not listed", file.path))
}
