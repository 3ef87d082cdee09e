//! A hostile folder: a million files where a verifier looks for segments. On a real disk: `tests/tests/hostile_folder.rs`.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_log::disk::{Disk, DiskFile, SubDisk};
use event_log::verify::{Finding, Options, Report, verify_dir};

use crate::rig::{House, at};

const MILLION: u32 = 1_000_000;

/// A log's folder with so many more names in `segments`, of which each is given when it is asked for and none is kept.
struct Crowded {
    log: SubDisk,
    count: u32,
    name: fn(u32) -> String,
    /// Files that were opened.
    opened: AtomicU64,
}

impl Crowded {
    fn new(house: &House, count: u32, name: fn(u32) -> String) -> Self {
        Self {
            log: SubDisk::new(Arc::clone(&house.disk), "log"),
            count,
            name,
            opened: AtomicU64::new(0),
        }
    }

    fn verify(&self, threads: usize) -> Result<Report, Finding> {
        let options = Options {
            threads: NonZeroUsize::new(threads),
            ..Options::default()
        };
        verify_dir(self, options, &mut |_| {})
    }
}

impl Disk for Crowded {
    fn open(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        unreachable!("a verifier opens nothing for writing")
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        if path.starts_with("segments/") && !self.log.exists(path)? {
            return Err(io::Error::other("this is no regular file"));
        }
        self.log.open_read(path)
    }

    fn create(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        unreachable!("a verifier makes no file")
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.log.exists(path)
    }

    fn rename(&self, _: &str, _: &str) -> io::Result<()> {
        unreachable!("a verifier renames nothing")
    }

    fn remove(&self, _: &str) -> io::Result<()> {
        unreachable!("a verifier removes nothing")
    }

    fn create_dir(&self, _: &str, _: u32) -> io::Result<()> {
        unreachable!("a verifier makes no directory")
    }

    fn for_each_name(&self, dir: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
        assert_eq!(dir, "segments");
        self.log.for_each_name(dir, visit)?;
        (0..self.count).for_each(|number| visit(&(self.name)(number)));
        Ok(())
    }

    fn sync_dir(&self, _: &str) -> io::Result<()> {
        unreachable!("a verifier writes nothing")
    }
}

fn sealed() -> House {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..300)).unwrap());
    log.seal(at(1_000_000)).unwrap();
    house
}

/// Names that are nearly those of segments: too short, too long, a sign, a number beyond any, a path, no number at all.
fn odd(number: u32) -> String {
    match number % 6 {
        0 => format!("{number}.seg"),
        1 => format!("{number:011}.seg"),
        2 => format!("+{number:09}.seg"),
        3 => format!("99{number:08}.seg"),
        4 => format!("../{number:07}.seg"),
        _ => format!("{number:010}.seg.new\n"),
    }
}

#[test]
fn a_million_odd_names_are_no_part_of_a_log() {
    let house = sealed();
    let crowded = Crowded::new(&house, MILLION, odd);
    assert_eq!(crowded.verify(1).unwrap(), house.verify().unwrap());
    assert!(crowded.opened.load(Ordering::Relaxed) < 20);
}

#[test]
fn more_segments_than_a_log_can_have_are_a_finding_and_none_is_opened() {
    let house = sealed();
    let crowded = Crowded::new(&house, 2 * MILLION, |number| match number % 2 {
        0 => format!("{:010}.seg", number / 2 + 1),
        _ => odd(number),
    });
    let finding = crowded.verify(1).unwrap_err();
    assert!(
        finding.what.contains("more than 1,000,000 segments"),
        "{finding}"
    );
    // The key, the checkpoint and the seals.
    assert!(crowded.opened.load(Ordering::Relaxed) < 10);
}

#[test]
fn a_million_segments_that_are_none_end_at_the_first() {
    let house = sealed();
    for threads in [1, 4] {
        let crowded = Crowded::new(&house, MILLION - 1, |number| {
            format!("{:010}.seg", number + 1)
        });
        let finding = crowded.verify(threads).unwrap_err();
        assert!(
            finding.what.contains("a segment cannot be opened"),
            "{finding}"
        );
        // What threads scan ahead is a few batches.
        let opened = crowded.opened.load(Ordering::Relaxed);
        assert!(opened < 100, "{opened}");
    }
}

/// Heads that are whole, of segments that hold nothing: as a flush that failed leaves them behind, but 20,000.
#[test]
fn many_empty_segments_are_each_read_a_few_times() {
    let house = sealed();
    let head = house.mem.contents("log/segments/0000000000.seg").unwrap()[..4_096].to_vec();
    let count = 20_000_u32;
    let octets = house.mem.contents("log/segments/0000000000.seg").unwrap();
    for number in 0..=count {
        let mut octets = if number == count {
            octets.clone()
        } else {
            head.clone()
        };
        octets[12..16].copy_from_slice(&number.to_le_bytes());
        let check = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&octets[..4_092]);
        octets[4_092..4_096].copy_from_slice(&check.to_le_bytes());
        house
            .mem
            .put(&format!("log/segments/{number:010}.seg"), octets);
    }
    let crowded = Crowded::new(&house, 0, odd);
    // The records' own checks say in which segment they were written.
    let finding = crowded.verify(1).unwrap_err();
    assert_eq!(finding.index, Some(0), "{finding}");
    let opened = crowded.opened.load(Ordering::Relaxed);
    assert!(opened < 4 * u64::from(count), "{opened}");
}
