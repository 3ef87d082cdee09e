//! Guillotine: a disk that is cut off in the midst of its changes, and keeps what a power cut would find: all that was written and not
//! synced yet.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use key_store::disk::{Disk, DiskFile, MemDisk};

/// A disk in memory that takes so many more changes, and then no more.
#[derive(Clone)]
pub(super) struct Guillotine {
    disk: MemDisk,
    blade: Arc<Mutex<Blade>>,
}

struct Blade {
    /// Changes until it falls.
    left: u64,
    /// What it fell on, the change under way among it if that is a write.
    image: Option<MemDisk>,
    /// A bug is planted: syncs say that they are done.
    lies: bool,
}

impl Guillotine {
    /// A disk that takes so many changes. `lies` plants a bug: it syncs nothing and does not say so.
    pub(super) fn over(disk: MemDisk, changes: u64, lies: bool) -> Self {
        let blade = Blade {
            left: changes,
            image: None,
            lies,
        };
        Self {
            disk,
            blade: Arc::new(Mutex::new(blade)),
        }
    }

    /// What it fell on, or what there is if it has not fallen.
    pub(super) fn image(&self) -> MemDisk {
        let fallen = self.lock().image.clone();
        fallen.unwrap_or_else(|| self.disk.clone())
    }

    /// Whether it has fallen.
    pub(super) fn has_fallen(&self) -> bool {
        self.lock().image.is_some()
    }

    /// One change, which may be the one on which it falls. Of a write all may have arrived then, of anything else nothing.
    fn change(&self, is_write: bool, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let mut blade = self.lock();
        if blade.image.is_some() {
            return Err(gone());
        }
        if let Some(left) = blade.left.checked_sub(1) {
            blade.left = left;
            return act();
        }
        if is_write {
            act()?;
        }
        blade.image = Some(self.disk.fork());
        Err(gone())
    }

    fn lock(&self) -> MutexGuard<'_, Blade> {
        self.blade.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under(&self, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        let disk = self.clone();
        Box::new(FileUnder { file, disk })
    }
}

impl Disk for Guillotine {
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.under(self.disk.open(path)?))
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(self.under(self.disk.open_read(path)?))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.change(false, || self.disk.create(path).map(drop))?;
        self.open(path)
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.disk.exists(path)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.change(false, || self.disk.rename(from, to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.change(false, || self.disk.remove(path))
    }

    fn create_dir(&self, path: &str, mode: u32) -> io::Result<()> {
        self.change(false, || self.disk.create_dir(path, mode))
    }

    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        self.disk.for_each_name(dir, visit)
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.change(false, || self.disk.sync_dir(dir))
    }
}

/// An open file of it.
struct FileUnder {
    file: Box<dyn DiskFile>,
    disk: Guillotine,
}

impl DiskFile for FileUnder {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buf, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.disk.change(true, || self.file.write_at(bytes, offset))
    }

    fn sync(&self) -> io::Result<()> {
        let lies = self.disk.lock().lies;
        self.disk
            .change(false, || if lies { Ok(()) } else { self.file.sync() })
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.change(true, || self.file.set_len(len))
    }
}

fn gone() -> io::Error {
    io::Error::other("the power is gone")
}
