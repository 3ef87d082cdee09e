//! Small files that are there whole or not at all.

use std::io;

use key_store::disk::Disk;

/// Writes a small file whole: under another name, synced, then renamed.
pub(crate) fn put(disk: &dyn Disk, path: &str, octets: &[u8]) -> io::Result<()> {
    let new = format!("{path}.new");
    if disk.exists(&new)? {
        disk.remove(&new)?;
    }
    let file = disk.create(&new)?;
    file.write_at(octets, 0)?;
    file.sync()?;
    disk.rename(&new, path)?;
    disk.sync_dir("")
}
