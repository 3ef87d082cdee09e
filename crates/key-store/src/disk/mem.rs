//! A disk in memory that forgets at a power cut what was not synced, for tests and simulations.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

use super::fault::{Fault, FaultOn};
use super::mem_file::{Chance, MemFile};
use super::mem_handle::Handle;
use super::mem_state::{NameChange, Node, State, lock};
use super::{Disk, DiskFile, parent_of};

/// A disk in memory. Clones are the same disk; [`MemDisk::fork`] makes another with the same contents.
///
/// It is as unkind as a real one: [`MemDisk::crash`] keeps or loses each unsynced sector of 512 octets by itself, and of
/// the names made in a directory since its last [`Disk::sync_dir`] only the first few. The same seed loses the same.
#[derive(Clone, Default)]
pub struct MemDisk {
    state: Arc<Mutex<State>>,
}

impl MemDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cuts the power. Files opened before are dead; what was not synced is kept, lost or torn as `seed` wants.
    pub fn crash(&self, seed: u64) {
        let mut state = self.lock();
        let mut chance = Chance(seed);
        state.fault = None;
        state.boot = state.boot.wrapping_add(1);
        state.lose_names(&mut chance);
        for file in state.files.values_mut() {
            file.lose(&mut chance);
            file.forget_live();
        }
    }

    /// Another disk with the same contents, the unsynced among them, and no fault. Open files stay with this one.
    #[must_use]
    pub fn fork(&self) -> Self {
        let mut state = self.lock().clone();
        state.fault = None;
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Plans a fault; counting begins now. `None` heals the disk.
    pub fn inject(&self, fault: Option<Fault>) {
        self.lock().fault = fault;
    }

    /// From now on all files together hold at most so many octets; what would be more is refused as a full disk does it
    /// (ENOSPC), and nothing of it arrives. `None` takes the limit away.
    pub fn limit(&self, octets: Option<u64>) {
        self.lock().octets_max = octets;
    }

    /// Octets of all files together.
    #[must_use]
    pub fn octets(&self) -> u64 {
        self.lock().octets()
    }

    /// How many changes (writes, syncs, names) were asked for so far, so that a test can fail each in turn.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// What a file holds now, or `None` if there is none of this name.
    #[must_use]
    pub fn contents(&self, path: &str) -> Option<Vec<u8>> {
        let state = self.lock();
        match state.names.get(path) {
            Some(Node::File(id)) => state.files.get(id).map(|file| file.live().to_vec()),
            Some(Node::Dir) | None => None,
        }
    }

    /// Every name, and every octet of every file, as one number that is the same for the same.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let (state, mut hash) = (self.lock(), DefaultHasher::new());
        for (path, node) in &state.names {
            path.hash(&mut hash);
            if let Node::File(id) = node {
                state.files.get(id).map(MemFile::live).hash(&mut hash);
            }
        }
        hash.finish()
    }

    /// Makes a file hold exactly these octets, durably, behind everyone's back.
    pub fn put(&self, path: &str, bytes: Vec<u8>) {
        let mut state = self.lock();
        let id = match state.names.get(path) {
            Some(Node::File(id)) => *id,
            Some(Node::Dir) | None => state.next_file(),
        };
        state.files.insert(id, MemFile::of(&bytes));
        state.names.insert(path.to_owned(), Node::File(id));
        state.durable_names.insert(path.to_owned(), Node::File(id));
    }

    /// The paths of all files, sorted.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let is_file = |(path, node): (&String, &Node)| (*node != Node::Dir).then(|| path.clone());
        self.lock().names.iter().filter_map(is_file).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn handle(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let state = self.lock();
        match state.names.get(path) {
            Some(Node::File(id)) => Ok(Box::new(Handle {
                state: Arc::clone(&self.state),
                id: *id,
                boot: state.boot,
            })),
            Some(Node::Dir) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
}

/// Shows how many names there are, never what a file holds.
impl fmt::Debug for MemDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemDisk({} names)", self.lock().names.len())
    }
}

impl Disk for MemDisk {
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.handle(path)
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.handle(path)
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.lock();
        state.admit(FaultOn::Change)?;
        state.require_parent(path)?;
        if state.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let id = state.next_file();
        state.files.insert(id, MemFile::default());
        state.change_names(NameChange::Link {
            path: path.to_owned(),
            node: Node::File(id),
        });
        drop(state);
        self.handle(path)
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        Ok(path.is_empty() || self.lock().names.contains_key(path))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.admit(FaultOn::Change)?;
        if !matches!(state.names.get(from), Some(Node::File(_))) || parent_of(from) != parent_of(to)
        {
            return Err(ErrorKind::NotFound.into());
        }
        state.change_names(NameChange::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.admit(FaultOn::Change)?;
        if !matches!(state.names.get(path), Some(Node::File(_))) {
            return Err(ErrorKind::NotFound.into());
        }
        state.change_names(NameChange::Unlink {
            path: path.to_owned(),
        });
        Ok(())
    }

    fn create_dir(&self, path: &str, _mode: u32) -> io::Result<()> {
        let mut state = self.lock();
        state.admit(FaultOn::Change)?;
        state.require_parent(path)?;
        match state.names.get(path) {
            Some(Node::Dir) => Ok(()),
            Some(Node::File(_)) => Err(ErrorKind::AlreadyExists.into()),
            None => {
                state.change_names(NameChange::Link {
                    path: path.to_owned(),
                    node: Node::Dir,
                });
                Ok(())
            }
        }
    }

    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        let state = self.lock();
        if !dir.is_empty() && state.names.get(dir) != Some(&Node::Dir) {
            return Err(ErrorKind::NotFound.into());
        }
        for path in state.names.keys().filter(|path| parent_of(path) == dir) {
            visit(path.rsplit('/').next().unwrap_or(path));
        }
        Ok(())
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.admit(FaultOn::Change)?;
        let (done, waiting) = std::mem::take(&mut state.name_changes)
            .into_iter()
            .partition(|change| change.dir() == dir);
        state.name_changes = waiting;
        let done: Vec<NameChange> = done;
        for change in &done {
            change.apply(&mut state.durable_names);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_survives_every_crash_and_the_rest_comes_in_sectors() {
        for seed in 0..200 {
            let disk = MemDisk::new();
            let file = disk.create("a").unwrap();
            file.write_at(&[1; 2048], 0).unwrap();
            file.sync().unwrap();
            disk.sync_dir("").unwrap();
            file.write_at(&[2; 1000], 600).unwrap();
            disk.crash(seed);
            assert!(
                file.sync().is_err(),
                "a handle from before the crash still works"
            );
            let bytes = disk.contents("a").unwrap();
            assert!(
                bytes[..600]
                    .iter()
                    .chain(&bytes[1600..])
                    .all(|octet| *octet == 1)
            );
            for sector in [600..1024, 1024..1536, 1536..1600] {
                let sector = &bytes[sector];
                assert!(
                    sector.iter().all(|octet| *octet == sector[0]),
                    "a sector is torn"
                );
            }
        }
    }

    #[test]
    fn a_name_is_durable_only_with_its_directory() {
        let outcomes: std::collections::BTreeSet<bool> = (0..50)
            .map(|seed| {
                let disk = MemDisk::new();
                disk.create("a").unwrap().sync().unwrap();
                disk.crash(seed);
                disk.exists("a").unwrap()
            })
            .collect();
        assert_eq!(outcomes.len(), 2);
    }

    #[test]
    fn a_failed_sync_is_never_made_good_by_a_later_one() {
        let lost = (0..50).any(|round| {
            let disk = MemDisk::new();
            let file = disk.create("a").unwrap();
            disk.sync_dir("").unwrap();
            for _ in 0..round {
                file.write_at(&[0], 0).unwrap();
            }
            file.write_at(&[7; 512], 0).unwrap();
            disk.inject(Some(Fault {
                on: FaultOn::Sync,
                after: 0,
                times: 1,
                errno: 5,
            }));
            assert!(file.sync().is_err());
            file.sync().unwrap();
            disk.crash(round);
            disk.contents("a").unwrap().first() != Some(&7)
        });
        assert!(lost);
    }

    #[test]
    fn the_same_seed_loses_the_same() {
        let disk = MemDisk::new();
        let file = disk.create("a").unwrap();
        disk.sync_dir("").unwrap();
        file.write_at(&[3; 8192], 0).unwrap();
        let (one, two) = (disk.fork(), disk.fork());
        one.crash(9);
        two.crash(9);
        assert_eq!(one.contents("a"), two.contents("a"));
    }
}
