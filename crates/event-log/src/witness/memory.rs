//! A witness's memory: its key, and of each log the largest tree it has vouched for.
//!
//! ```text
//! key     the verifier key and BASE64(seed), a line each
//! seen    a first line, then SIZE BASE64(ROOT) ORIGIN, a line each
//! ```
//!
//! `seen` is there before `key`, so a witness without it has lost its memory and must not go on.

use std::collections::BTreeMap;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use key_store::disk::Disk;
use zeroize::Zeroizing;

use crate::checkpoint::{TreeHead, decimal};
use crate::cosignature::{Cosigner, WitnessKey};
use crate::error::LogError;
use crate::tree::{Hash, Tree};

/// The two files.
pub(super) struct Memory {
    disk: Box<dyn Disk>,
    seen: BTreeMap<String, (u64, Hash)>,
}

impl Memory {
    /// Reads both, or makes them.
    pub(super) fn open(
        disk: Box<dyn Disk>,
        fresh: (&str, &[u8; 32]),
    ) -> Result<(Self, Cosigner), LogError> {
        let key = read(disk.as_ref(), KEY)?;
        let seen = read(disk.as_ref(), SEEN)?;
        let mut memory = Self {
            disk,
            seen: BTreeMap::new(),
        };
        match (key, seen) {
            (Some(key), Some(seen)) => {
                memory.seen = seen_of(&seen).ok_or(damaged(SEEN))?;
                let cosigner = cosigner_of(&key).ok_or(damaged(KEY))?;
                Ok((memory, cosigner))
            }
            (Some(_), None) => Err(LogError::DamagedFile {
                file: SEEN,
                what: "it is missing: what was witnessed is forgotten; begin with another folder, and another key",
            }),
            (None, _) => {
                let cosigner = memory.begin(fresh)?;
                Ok((memory, cosigner))
            }
        }
    }

    /// The largest tree of a log that was vouched for: of one never seen, the empty tree.
    pub(super) fn of(&self, origin: &str) -> (u64, Hash) {
        let empty = || (0, Tree::new().root());
        self.seen.get(origin).copied().unwrap_or_else(empty)
    }

    /// Keeps a tree in mind, durably.
    pub(super) fn keep(&mut self, head: TreeHead) -> Result<(), LogError> {
        let tree = (head.size, head.root);
        let before = self.seen.insert(head.origin.clone(), tree);
        if before == Some(tree) {
            return Ok(());
        }
        let kept = self.write();
        if kept.is_err() {
            // What is on the disk now is not known to be there to stay; in doubt it is asked for again.
            match before {
                Some(before) => self.seen.insert(head.origin, before),
                None => self.seen.remove(&head.origin),
            };
        }
        kept
    }

    fn begin(&mut self, (name, seed): (&str, &[u8; 32])) -> Result<Cosigner, LogError> {
        let cosigner = Cosigner::new(name, seed).map_err(LogError::Origin)?;
        self.write()?;
        let seed = Zeroizing::new(STANDARD.encode(seed));
        let text = Zeroizing::new(format!("{}\n{}\n", cosigner.verifier(), seed.as_str()));
        self.disk
            .put_whole(KEY, text.as_bytes())
            .map_err(LogError::io("the witness's key cannot be written"))?;
        Ok(cosigner)
    }

    fn write(&self) -> Result<(), LogError> {
        let line = |(origin, (size, root)): (&String, &(u64, Hash))| {
            format!("{size} {} {origin}\n", STANDARD.encode(root))
        };
        let lines: String = self.seen.iter().map(line).collect();
        let text = format!("{FIRST_LINE}\n{lines}");
        self.disk
            .put_whole(SEEN, text.as_bytes())
            .map_err(LogError::io("what was witnessed cannot be written"))
    }
}

fn cosigner_of(text: &str) -> Option<Cosigner> {
    let (key, seed) = text.strip_suffix('\n')?.split_once('\n')?;
    let key: WitnessKey = key.parse().ok()?;
    let seed = Zeroizing::new(STANDARD.decode(seed).ok()?);
    let cosigner = Cosigner::new(key.name(), seed.as_slice().try_into().ok()?).ok()?;
    (cosigner.verifier() == key).then_some(cosigner)
}

fn seen_of(text: &str) -> Option<BTreeMap<String, (u64, Hash)>> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    if lines.next()? != FIRST_LINE {
        return None;
    }
    let tree = |line: &str| {
        let (size, rest) = line.split_once(' ')?;
        let (root, origin) = rest.split_once(' ')?;
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        Some((origin.to_owned(), (decimal(size)?, root)))
    };
    lines.map(tree).collect()
}

fn read(disk: &dyn Disk, path: &'static str) -> Result<Option<Zeroizing<String>>, LogError> {
    let unread = || LogError::io("the witness's folder cannot be read");
    let file = match disk.open_read(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(unread()(cause)),
    };
    let mut octets = Zeroizing::new(vec![0; LEN_MAX]);
    let len = file.read_at(&mut octets, 0).map_err(unread())?;
    let text = std::str::from_utf8(octets.get(..len).unwrap_or_default());
    let text = text.map_err(|_| damaged(path))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

const fn damaged(file: &'static str) -> LogError {
    LogError::DamagedFile {
        file,
        what: "it is not what a witness wrote",
    }
}

const KEY: &str = "key";
const SEEN: &str = "seen";
const FIRST_LINE: &str = "portvakt witness 1";
/// Octets of the longest file: some thousands of logs.
const LEN_MAX: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use key_store::disk::MemDisk;

    use super::*;

    #[test]
    fn many_logs_are_kept_in_mind() {
        let disk = MemDisk::new();
        let open = || {
            Memory::open(Box::new(disk.clone()), ("witness.example", &[9; 32]))
                .unwrap()
                .0
        };
        let mut memory = open();
        let head = |number: u8| TreeHead {
            origin: format!("house-{number}.example/portvakt"),
            size: u64::from(number) + 1,
            root: [number; 32],
        };
        for number in 0..200 {
            memory.keep(head(number)).unwrap();
        }
        let memory = open();
        for number in 0..200 {
            let TreeHead { origin, size, root } = head(number);
            assert_eq!(memory.of(&origin), (size, root));
        }
    }
}
