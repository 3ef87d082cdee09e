//! The names and files of the disk in memory, and what of them a power cut leaves.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::{Fault, FaultOn};
use super::mem_file::{Chance, MemFile};
use super::parent_of;

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) names: BTreeMap<String, Node>,
    pub(super) durable_names: BTreeMap<String, Node>,
    pub(super) name_changes: Vec<NameChange>,
    pub(super) files: BTreeMap<u64, MemFile>,
    made: u64,
    pub(super) boot: u64,
    pub(super) changes: u64,
    pub(super) fault: Option<Fault>,
    pub(super) octets_max: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Dir,
    File(u64),
}

#[derive(Clone)]
pub(super) enum NameChange {
    Link { path: String, node: Node },
    Unlink { path: String },
    Rename { from: String, to: String },
}

impl State {
    pub(super) fn next_file(&mut self) -> u64 {
        self.made = self.made.wrapping_add(1);
        self.made
    }

    /// Counts one change, and refuses it if a fault is due.
    pub(super) fn admit(&mut self, what: FaultOn) -> io::Result<()> {
        self.changes = self.changes.wrapping_add(1);
        let Some(fault) = self.fault.as_mut() else {
            return Ok(());
        };
        if fault.on != FaultOn::Change && fault.on != what {
            return Ok(());
        }
        if fault.after > 0 {
            fault.after = fault.after.saturating_sub(1);
            return Ok(());
        }
        let errno = fault.errno;
        if fault.times != u64::MAX {
            fault.times = fault.times.saturating_sub(1);
            if fault.times == 0 {
                self.fault = None;
            }
        }
        Err(io::Error::from_raw_os_error(errno))
    }

    /// Octets of all files together that have a name.
    pub(super) fn octets(&self) -> u64 {
        let named = self.names.values().filter_map(|node| match node {
            Node::File(id) => self.files.get(id),
            Node::Dir => None,
        });
        let lens = named.map(|file| file.live().len());
        lens.fold(0, |sum: u64, len| {
            sum.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
        })
    }

    /// Refuses to make a file as long as that if the disk has no room for it.
    pub(super) fn require_room(&self, id: u64, end: usize) -> io::Result<()> {
        let Some(most) = self.octets_max else {
            return Ok(());
        };
        let len = self.files.get(&id).map_or(0, |file| file.live().len());
        let more = u64::try_from(end.saturating_sub(len)).unwrap_or(u64::MAX);
        if more > 0 && self.octets().saturating_add(more) > most {
            return Err(ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    pub(super) fn require_parent(&self, path: &str) -> io::Result<()> {
        match parent_of(path) {
            "" => Ok(()),
            dir if self.names.get(dir) == Some(&Node::Dir) => Ok(()),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    pub(super) fn change_names(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.name_changes.push(change);
    }

    /// A journalling file system keeps the order of what happened in a directory, but not how much of it.
    pub(super) fn lose_names(&mut self, chance: &mut Chance) {
        let changes = std::mem::take(&mut self.name_changes);
        let mut stopped: Vec<String> = Vec::new();
        for change in &changes {
            let dir = change.dir();
            if stopped.iter().any(|known| known == dir) {
                continue;
            }
            if chance.below(3) == 0 {
                stopped.push(dir.to_owned());
            } else {
                change.apply(&mut self.durable_names);
            }
        }
        self.names = self.durable_names.clone();
        let kept = &self.names;
        self.durable_names
            .retain(|path, _| is_reachable(path, kept));
        self.names = self.durable_names.clone();
        let names = &self.names;
        self.files
            .retain(|id, _| names.values().any(|node| *node == Node::File(*id)));
    }
}

impl NameChange {
    pub(super) fn dir(&self) -> &str {
        match self {
            Self::Link { path, .. } | Self::Unlink { path } => parent_of(path),
            Self::Rename { to, .. } => parent_of(to),
        }
    }

    pub(super) fn apply(&self, names: &mut BTreeMap<String, Node>) {
        match self {
            Self::Link { path, node } => {
                names.insert(path.clone(), *node);
            }
            Self::Unlink { path } => {
                names.remove(path);
            }
            Self::Rename { from, to } => {
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
        }
    }
}

/// The state, whatever became of the thread that held it last.
pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_reachable(path: &str, names: &BTreeMap<String, Node>) -> bool {
    let dir = parent_of(path);
    dir.is_empty() || (names.contains_key(dir) && is_reachable(dir, names))
}
