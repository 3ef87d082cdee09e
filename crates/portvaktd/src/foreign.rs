//! Octets that others wrote, read alone: for tests that hand the daemon's parsers whatever there is, without a daemon around
//! them. Nothing here is called by the daemon itself.

use std::path::Path;
use std::sync::Arc;

use key_store::Key32;
use key_store::disk::{Disk, MemDisk};

use crate::backup_set::Manifest;
use crate::config::Config;
use crate::occupancy::OccupancyFile;
use crate::passwd;
use crate::snapshot::{self, SnapshotFile};

/// Reads a configuration.
///
/// # Errors
/// Everything that is wrong with it, each as it is told, in a line of its own that begins with the file's name, `strange.toml`.
pub fn configuration(text: &str) -> Result<(), Vec<String>> {
    match Config::parse(Path::new("strange.toml"), text) {
        Ok(_) => Ok(()),
        Err(wrong) => Err(wrong.told().collect()),
    }
}

/// What would have to be started again if one text took the other's place; `None` if either is refused.
#[must_use]
pub fn needs_restart(before: &str, after: &str) -> Option<Vec<&'static str>> {
    let read = |text| Config::parse(Path::new("strange.toml"), text).ok();
    Some(read(before)?.needs_restart_for(&read(after)?))
}

/// Reads the list of a backup's files and writes it again; `None` if it is none.
#[must_use]
pub fn manifest(octets: &[u8]) -> Option<Vec<u8>> {
    let manifest: Manifest = serde_json::from_slice(octets).ok()?;
    serde_json::to_vec(&manifest).ok()
}

/// The names and numbers in a system's list of users or groups.
#[must_use]
pub fn users(text: &str) -> Vec<(String, u32)> {
    let entries = passwd::entries(text);
    entries
        .map(|(name, number)| (name.to_owned(), number))
        .collect()
}

/// Reads what a list of cards and facts would be in `allowlist.snapshot`, and writes it again; `None` if it is none.
#[must_use]
pub fn snapshot_payload(octets: &[u8]) -> Option<Vec<u8>> {
    snapshot::again(octets)
}

/// Whether a file is taken for `allowlist.snapshot` under a key that is 32 octets of 7.
#[must_use]
pub fn is_snapshot(octets: &[u8]) -> bool {
    let disk = Arc::new(MemDisk::new());
    let is_put = disk.put_whole(snapshot::PATH, octets).is_ok();
    is_put
        && SnapshotFile::under(disk, &Key32::new([7; 32]))
            .read()
            .is_ok()
}

/// Vouches for octets as `occupancy.snapshot` under that key, reads them and writes them again: as they were vouched for, and
/// anew; `None` if they are refused all the same.
#[must_use]
pub fn occupancy(octets: &[u8]) -> Option<[Vec<u8>; 2]> {
    OccupancyFile::under(Arc::new(MemDisk::new()), &Key32::new([7; 32])).again(octets)
}
