//! What an index finds, how little is read for it, and what is no index.

use std::sync::atomic::{AtomicU64, Ordering};

use key_store::disk::MemDisk;
use proptest::prelude::*;

use super::*;

fn entry(handle: u64, record: u32) -> Entry {
    Entry {
        handle: handle.to_be_bytes(),
        record,
        offset: record * 100,
    }
}

/// An index of these entries, as it is on disk.
fn octets(mut entries: Vec<Entry>) -> Vec<u8> {
    entries.sort_unstable();
    let mut octets = MAGIC.to_vec();
    octets.extend(VERSION);
    octets.extend([0; 20]);
    octets.extend(u32::try_from(entries.len()).unwrap().to_le_bytes());
    octets.resize(HEAD_LEN, 0);
    entries.iter().for_each(|entry| entry.encode(&mut octets));
    octets
}

fn index(entries: Vec<Entry>) -> Index {
    let disk = MemDisk::new();
    disk.put(&path_of(0), octets(entries));
    Index::open(&disk, 0).unwrap()
}

#[test]
fn an_entry_is_these_octets() {
    let mut octets = Vec::new();
    let entry = entry(0x0102_0304_0506_0708, 5);
    entry.encode(&mut octets);
    assert_eq!(octets, [1, 2, 3, 4, 5, 6, 7, 8, 5, 0, 0, 0, 244, 1, 0, 0]);
    assert_eq!(Entry::decode(octets.as_slice().try_into().unwrap()), entry);
}

/// A file that counts how often it is read.
struct Counted(Box<dyn DiskFile>, Arc<AtomicU64>);

impl DiskFile for Counted {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.read_at(buf, offset)
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
}

/// The place is guessed well: a window or two to find it, and one for the entries themselves.
#[test]
fn little_is_read_to_find_a_handle_among_many() {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let handle = |record: u32| u64::from(record).wrapping_mul(GOLDEN);
    let whole = index(
        (0..100_000)
            .map(|record| entry(handle(record), record))
            .collect(),
    );
    let reads = Arc::new(AtomicU64::new(0));
    let index = Index {
        file: Box::new(Counted(whole.file, Arc::clone(&reads))),
        ..whole
    };
    for record in (0..100_000).step_by(100) {
        let found = index.find(handle(record).to_be_bytes()).unwrap();
        assert_eq!(found, [entry(handle(record), record)]);
    }
    let reads = reads.load(Ordering::Relaxed);
    assert!(reads <= 2_100, "{reads} reads for a thousand handles");
}

/// Then the segment itself is read.
#[test]
fn an_index_of_which_anything_is_wrong_is_none() {
    let disk = MemDisk::new();
    let octets = octets(vec![entry(7, 0), entry(7, 1)]);
    let opens = |octets: &[u8], segment| {
        disk.put(&path_of(segment), octets.to_vec());
        Index::open(&disk, segment).is_some()
    };
    assert!(opens(&octets, 0));
    for (at, what) in [
        (0, "magic"),
        (8, "version"),
        (12, "segment"),
        (HEAD_LEN - 4, "-"),
        (32, "count"),
    ] {
        let mut wrong = octets.clone();
        wrong[at] ^= 1;
        assert_eq!(opens(&wrong, 0), what == "-", "{what}");
    }
    assert!(!opens(&octets, 1), "of another segment");
    assert!(
        !opens(&octets[..octets.len() - 1], 0) && !opens(&[octets.as_slice(), &[0]].concat(), 0)
    );
    assert!(!opens(&octets[..HEAD_LEN - 1], 0));
}

#[test]
fn a_handle_with_many_entries_hides_no_other() {
    let mut entries: Vec<Entry> = (0..5_000).map(|record| entry(1 << 63, record)).collect();
    entries.extend((0..2_000).map(|record| entry(u64::from(record) << 40, record)));
    let index = index(entries);
    assert_eq!(
        index.find((1_u64 << 63).to_be_bytes()).unwrap().len(),
        5_000
    );
    for record in [0, 1, 77, 1_999] {
        let found = index.find((u64::from(record) << 40).to_be_bytes()).unwrap();
        assert_eq!(found, [entry(u64::from(record) << 40, record)]);
    }
    assert_eq!(index.find(7_u64.to_be_bytes()).unwrap(), []);
    assert_eq!(index.find([255; 8]).unwrap(), []);
}

proptest! {
    #[test]
    fn what_is_found_is_what_is_there(handles in prop::collection::vec(0_u64..400, 0..1_500), spread in 0_u32..55, asked in 0_u64..400) {
        let entries: Vec<Entry> = (0..).zip(&handles).map(|(record, handle)| entry(handle << spread, record)).collect();
        let mut expected: Vec<Entry> = entries.iter().filter(|entry| entry.handle == (asked << spread).to_be_bytes()).copied().collect();
        expected.sort_unstable();
        prop_assert_eq!(index(entries).find((asked << spread).to_be_bytes()).unwrap(), expected);
    }
}
