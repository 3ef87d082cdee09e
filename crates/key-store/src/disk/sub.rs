//! A directory of another disk, as a disk of its own.

use std::io;
use std::sync::Arc;

use super::{Disk, DiskFile};

/// A disk whose root is a directory of another disk.
pub struct SubDisk {
    whole: Arc<dyn Disk>,
    dir: String,
}

impl SubDisk {
    /// The disk that begins at `dir` of `whole`.
    #[must_use]
    pub fn new(whole: Arc<dyn Disk>, dir: &str) -> Self {
        Self {
            whole,
            dir: dir.to_owned(),
        }
    }

    fn at(&self, path: &str) -> String {
        if path.is_empty() {
            self.dir.clone()
        } else {
            format!("{}/{path}", self.dir)
        }
    }
}

impl Disk for SubDisk {
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.whole.open(&self.at(path))
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.whole.open_read(&self.at(path))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.whole.create(&self.at(path))
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.whole.exists(&self.at(path))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.whole.rename(&self.at(from), &self.at(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.whole.remove(&self.at(path))
    }

    fn create_dir(&self, path: &str, mode: u32) -> io::Result<()> {
        self.whole.create_dir(&self.at(path), mode)
    }

    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        self.whole.for_each_name(&self.at(dir), visit)
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.whole.sync_dir(&self.at(dir))
    }
}
