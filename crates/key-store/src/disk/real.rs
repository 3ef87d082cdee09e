//! The real disk: a directory of the operating system.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{Disk, DiskFile};

/// A directory of the operating system, and everything below it.
#[derive(Clone, Debug)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// The disk whose root is this directory.
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn at(&self, path: &str) -> PathBuf {
        // Path::join with "" would append a slash; harmless for directories, but not for messages.
        if path.is_empty() {
            self.root.clone()
        } else {
            self.root.join(path)
        }
    }
}

impl Disk for RealDisk {
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(self.at(path))?;
        Ok(Box::new(RealFile(file)))
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let path = self.at(path);
        // Opening a pipe that somebody laid there would wait for a writer for ever.
        if !std::fs::metadata(&path)?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "this is no regular file",
            ));
        }
        Ok(Box::new(RealFile(File::open(path)?)))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(self.at(path))?;
        Ok(Box::new(RealFile(file)))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.at(path).try_exists()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.at(from), self.at(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        std::fs::remove_file(self.at(path))
    }

    fn create_dir(&self, path: &str, mode: u32) -> io::Result<()> {
        let there = self.at(path);
        match DirBuilder::new().mode(mode).create(&there) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && there.is_dir() => Ok(()),
            other => other,
        }
    }

    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        for entry in std::fs::read_dir(self.at(dir))? {
            // A name that is no UTF-8 is none of ours.
            if let Some(name) = entry?.file_name().to_str() {
                visit(name);
            }
        }
        Ok(())
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        sync_directory(&self.at(dir))
    }
}

fn sync_directory(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

struct RealFile(File);

impl DiskFile for RealFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled: usize = 0;
        while let Some(rest) = buf.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let at = offset.saturating_add(u64::try_from(filled).unwrap_or(u64::MAX));
            match self.0.read_at(rest, at) {
                Ok(0) => break,
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
}

const FILE_MODE: u32 = 0o600;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_and_directories_belong_to_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let disk = RealDisk::new(dir.path().to_owned());
        disk.create_dir("keys", 0o700).unwrap();
        disk.create_dir("keys", 0o700).unwrap();
        let file = disk.create("keys/a").unwrap();
        file.write_at(b"hello", 3).unwrap();
        file.sync().unwrap();
        disk.sync_dir("keys").unwrap();
        disk.sync_dir("").unwrap();
        let mode = |path: &str| {
            dir.path()
                .join(path)
                .metadata()
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(mode("keys"), 0o700);
        assert_eq!(mode("keys/a"), 0o600);
        let mut bytes = [1; 9];
        assert_eq!(file.read_at(&mut bytes, 0).unwrap(), 8);
        assert_eq!(&bytes, b"\0\0\0hello\x01");
        assert!(disk.create("keys/a").is_err());
        disk.rename("keys/a", "keys/b").unwrap();
        assert_eq!(disk.list("keys").unwrap(), ["b"]);
        disk.remove("keys/b").unwrap();
        assert!(!disk.exists("keys/b").unwrap());
    }
}
