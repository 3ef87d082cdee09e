//! Text files of a log: each is small and read whole.

use std::io;

use key_store::disk::Disk;

/// What such a file holds, up to 64 KiB of it: far more than any of them has, and no more than a hostile folder may cost.
pub(crate) fn octets(disk: &dyn Disk, path: &str) -> io::Result<Vec<u8>> {
    let mut octets = vec![0; LEN_MAX];
    let read = disk.open_read(path)?.read_at(&mut octets, 0)?;
    octets.truncate(read);
    Ok(octets)
}

const LEN_MAX: usize = 64 * 1024;
