//! Traces: octets that are to be nowhere on a disk.

use std::collections::BTreeSet;
use std::io;

use access::KeySlot;
use key_store::Key32;
use key_store::disk::{Disk, MemDisk};

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Traces(BTreeSet<Vec<u8>>);

impl Traces {
    /// These octets are looked for. Fewer than eight would be found by chance.
    pub(super) fn add(&mut self, octets: &[u8]) {
        if octets.len() >= 8 {
            self.0.insert(octets.to_vec());
        }
    }

    /// Looks for a key, and for what its slot holds of it: the key as it is sealed.
    pub(super) fn add_key(
        &mut self,
        disk: &dyn Disk,
        slot: KeySlot,
        key: &Key32,
    ) -> io::Result<()> {
        self.add(key.as_bytes());
        let mut sealed = [0; KEY_LEN];
        let at = (u64::from(slot.get()) + 1) * SLOT_LEN + KEY_AT;
        if disk.open_read(SLOTS)?.read_at(&mut sealed, at)? == KEY_LEN {
            self.add(&sealed);
        }
        Ok(())
    }

    /// Looks for these too.
    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// The first file in which one of them stands.
    pub(super) fn found_on(&self, disk: &MemDisk) -> Option<String> {
        let begins: BTreeSet<u16> = self.0.iter().filter_map(|trace| beginning(trace)).collect();
        let is_begin: Vec<bool> = (0..=u16::MAX).map(|two| begins.contains(&two)).collect();
        let is_here = |octets: &[u8], at: usize| {
            let rest = octets.get(at..).unwrap_or_default();
            let begins = beginning(rest).and_then(|two| is_begin.get(usize::from(two)));
            begins == Some(&true) && self.0.iter().any(|trace| rest.starts_with(trace))
        };
        let begins_with_zero = self.0.iter().any(|trace| trace.first() == Some(&0));
        let is_in = |path: &String| {
            let octets = disk.contents(path).unwrap_or_default();
            // Most of a log's files is zeros ahead.
            let mut blocks = (0..).step_by(BLOCK).zip(octets.chunks(BLOCK));
            blocks.any(|(from, block)| {
                let is_zero = ZEROS.get(..block.len()) == Some(block);
                let may_begin = begins_with_zero || !is_zero;
                may_begin && (from..from + block.len()).any(|at| is_here(&octets, at))
            })
        };
        disk.files().into_iter().find(is_in)
    }
}

/// The two octets with which something begins.
fn beginning(octets: &[u8]) -> Option<u16> {
    octets.first_chunk().map(|two| u16::from_le_bytes(*two))
}

const BLOCK: usize = 4_096;
const ZEROS: [u8; BLOCK] = [0; BLOCK];
/// The slots of the key store: a head of one slot's length, then slot after slot; in each the sealed key.
const SLOTS: &str = "keys/slots.bin";
const SLOT_LEN: u64 = 64;
const KEY_AT: u64 = 16;
const KEY_LEN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_anywhere_in_a_file_is_found_and_what_does_not_is_not() {
        let disk = MemDisk::new();
        let mut traces = Traces::default();
        traces.add(b"short");
        assert_eq!(traces.len(), 0);
        traces.add(b"long enough");
        let mut octets = vec![0; 9_000];
        disk.put("a", octets.clone());
        assert_eq!(traces.found_on(&disk), None);
        octets[4_090..4_101].copy_from_slice(b"long enough");
        disk.put("b", octets);
        assert_eq!(traces.found_on(&disk), Some("b".to_owned()));
    }
}
