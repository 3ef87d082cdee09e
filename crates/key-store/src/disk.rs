//! The disk as the key store and the event log need it: positioned writes, explicit syncs, explicit directory syncs.

mod fault;
mod mem;
mod mem_file;
mod mem_handle;
mod mem_pages;
mod mem_state;
mod real;
mod sub;

use std::io;

pub use fault::{Fault, FaultOn};
pub use mem::MemDisk;
pub use real::RealDisk;
pub use sub::SubDisk;

/// A directory tree with durable storage. Paths are relative, with `/` between names; `""` is the root itself.
///
/// Nothing is durable before it is synced: a file's octets by [`DiskFile::sync`], a new, renamed or removed name by
/// [`Disk::sync_dir`] on its directory.
pub trait Disk: Send + Sync {
    /// Opens an existing file for reading and writing.
    ///
    /// # Errors
    /// `NotFound`, or whatever the system says.
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing file for reading only, as an auditor must.
    ///
    /// # Errors
    /// `NotFound`, or whatever the system says.
    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Makes a new, empty file with mode 0600.
    ///
    /// # Errors
    /// `AlreadyExists`, or whatever the system says.
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;

    /// Whether a file or directory of this name is there.
    ///
    /// # Errors
    /// Whatever the system says.
    fn exists(&self, path: &str) -> io::Result<bool>;

    /// Gives a file another name in the same directory, replacing a file that has it.
    ///
    /// # Errors
    /// `NotFound`, or whatever the system says.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// `NotFound`, or whatever the system says.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Makes a directory with this mode; nothing happens if it is there.
    ///
    /// # Errors
    /// Whatever the system says.
    fn create_dir(&self, path: &str, mode: u32) -> io::Result<()>;

    /// Shows each name in a directory once, in no order.
    ///
    /// # Errors
    /// `NotFound`, or whatever the system says.
    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()>;

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// As [`Disk::for_each_name`].
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        self.for_each_name(dir, &mut |name| names.push(name.to_owned()))?;
        names.sort();
        Ok(names)
    }

    /// Writes a small file whole, durably: under another name, synced, then renamed. It is there as it was or as it should be.
    ///
    /// # Errors
    /// Whatever the system says.
    fn put_whole(&self, path: &str, octets: &[u8]) -> io::Result<()> {
        let (dir, new) = (parent_of(path), format!("{path}.new"));
        if self.exists(&new)? {
            self.remove(&new)?;
        }
        let file = self.create(&new)?;
        file.write_at(octets, 0)?;
        file.sync()?;
        self.rename(&new, path)?;
        self.sync_dir(dir)
    }

    /// Makes the names in a directory durable.
    ///
    /// # Errors
    /// Whatever the system says.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
}

/// An open file.
pub trait DiskFile: Send + Sync {
    /// Reads at `offset` until `buf` is full or the file ends; returns how many octets were read.
    ///
    /// # Errors
    /// Whatever the system says.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Writes all of `bytes` at `offset`. After an error any part of them may have been written.
    ///
    /// # Errors
    /// Whatever the system says.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Makes the file's octets and its length durable (`fdatasync`).
    ///
    /// # Errors
    /// Whatever the system says. After an error nothing may be believed about what was written since the last sync, and a
    /// later success says nothing about it either.
    fn sync(&self) -> io::Result<()>;

    /// The file's length in octets.
    ///
    /// # Errors
    /// Whatever the system says.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file has no octets.
    ///
    /// # Errors
    /// Whatever the system says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Cuts or extends (with zeros) the file to this length.
    ///
    /// # Errors
    /// Whatever the system says.
    fn set_len(&self, len: u64) -> io::Result<()>;
}

/// The directory of a path; `""` is the root.
fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file_is_there_as_it_was_or_as_it_should_be() {
        let disk = MemDisk::new();
        disk.create_dir("keys", 0o700).unwrap();
        disk.sync_dir("").unwrap();
        let read = |disk: &MemDisk, path| {
            let file = disk.open_read(path).unwrap();
            let mut octets = [0; 4];
            let read = file.read_at(&mut octets, 0).unwrap();
            octets[..read].to_vec()
        };
        for path in ["whole", "keys/whole"] {
            disk.put_whole(path, b"old").unwrap();
            // Somebody was cut off here before.
            disk.create(&format!("{path}.new")).unwrap();
            disk.put_whole(path, b"new").unwrap();
            assert_eq!(read(&disk, path), b"new");
            assert!(!disk.exists(&format!("{path}.new")).unwrap());
        }
    }
}
