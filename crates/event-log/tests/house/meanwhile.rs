//! Meanwhile: whatever a writer does between any two reads of a verifier, a sound log is found to be sound.

use std::io;
use std::sync::{Arc, Mutex};

use event_log::disk::{Disk, DiskFile, SubDisk};
use event_log::read::Reader;
use event_log::verify::{Finding, Options, Report, verify_dir};
use event_log::{Log, PartOwner};

use crate::rig::{House, at};

const DAY: i64 = 86_400_000_000;

type Act = Box<dyn FnMut(&House, &mut Log) + Send>;

/// What a writer does before the reads, and the looks for a file, of these numbers.
struct Writer {
    house: House,
    log: Log,
    reads: u64,
    acts: Vec<(u64, Act)>,
}

/// The log's folder, with a writer at work on it.
#[derive(Clone)]
struct Busy {
    folder: Arc<SubDisk>,
    writer: Arc<Mutex<Writer>>,
}

impl Busy {
    fn new(house: House, log: Log, acts: Vec<(u64, Act)>) -> Self {
        let folder = Arc::new(SubDisk::new(Arc::clone(&house.disk), "log"));
        let reads = 0;
        let writer = Writer {
            house,
            log,
            reads,
            acts,
        };
        Self {
            folder,
            writer: Arc::new(Mutex::new(writer)),
        }
    }

    fn read(&self) {
        let mut writer = self.writer.lock().unwrap();
        let now = writer.reads;
        writer.reads += 1;
        let Writer {
            house, log, acts, ..
        } = &mut *writer;
        for (_, act) in acts.iter_mut().filter(|(when, _)| *when == now) {
            act(house, log);
        }
    }

    /// What the verifier says, and how often it has read.
    fn verify(&self) -> (Result<Report, Finding>, u64) {
        let report = verify_dir(self, Options::default(), &mut |_| {});
        (report, self.writer.lock().unwrap().reads)
    }
}

impl Disk for Busy {
    fn open(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        unreachable!("a verifier opens nothing for writing")
    }

    fn open_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.read();
        let file = self.folder.open_read(path)?;
        let disk = self.clone();
        Ok(Box::new(BusyFile { file, disk }))
    }

    fn create(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        unreachable!("a verifier makes no file")
    }

    fn exists(&self, path: &str) -> io::Result<bool> {
        self.read();
        self.folder.exists(path)
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
        self.read();
        self.folder.for_each_name(dir, visit)
    }

    fn sync_dir(&self, _: &str) -> io::Result<()> {
        unreachable!("a verifier writes nothing")
    }
}

struct BusyFile {
    file: Box<dyn DiskFile>,
    disk: Busy,
}

impl DiskFile for BusyFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.disk.read();
        self.file.read_at(buf, offset)
    }

    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        unreachable!("a verifier writes nothing")
    }

    fn sync(&self) -> io::Result<()> {
        unreachable!("a verifier writes nothing")
    }

    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn set_len(&self, _: u64) -> io::Result<()> {
        unreachable!("a verifier writes nothing")
    }
}

/// A log with records of a holder in two segments, sealed, and two records behind the seal.
fn begun() -> (House, Log) {
    let (house, mut log) = House::new();
    drop(log.append(&house.batch(0..21)).unwrap());
    log.seal(at(50_000)).unwrap();
    append(&house, &mut log, 14);
    log.seal(at(DAY)).unwrap();
    append(&house, &mut log, 2);
    (house, log)
}

/// So many records of the next day.
fn append(house: &House, log: &mut Log, count: u64) {
    let mut batch = house.batch(log.size()..log.size() + count);
    for ticketed in &mut batch {
        ticketed.event.time = at(DAY);
    }
    drop(log.append(&batch).unwrap());
}

/// Tries one act before each read that a verifier makes.
fn at_each_read(act: fn(&House, &mut Log)) {
    for when in 0.. {
        let (house, log) = begun();
        let busy = Busy::new(house, log, vec![(when, Box::new(act))]);
        let (verdict, reads) = busy.verify();
        // What the writer has finished is no torn end.
        let torn = verdict.as_ref().map(|report| report.torn);
        assert_eq!(torn, Ok(0), "before read {when}");
        if reads <= when {
            assert!(when > 8, "only {when} reads");
            return;
        }
    }
}

#[test]
fn a_log_that_grows_meanwhile_verifies() {
    at_each_read(|house, log| append(house, log, 2));
    at_each_read(|house, log| (0..3).for_each(|_| append(house, log, 1)));
}

#[test]
fn a_log_that_grows_and_is_sealed_meanwhile_verifies() {
    at_each_read(|house, log| {
        append(house, log, 2);
        log.seal(at(DAY)).unwrap();
    });
}

#[test]
fn a_log_of_which_somebody_is_erased_meanwhile_verifies() {
    at_each_read(|house, log| {
        erase(house, log);
        log.finish_erasure().unwrap();
    });
}

fn erase(house: &House, log: &mut Log) {
    let reader = Reader::open(&house.disk, house.store_keys()).unwrap();
    let found = reader.parts_of(PartOwner::Holder(house.holder), 0..log.size());
    log.begin_erasure(found.unwrap()).unwrap();
}

const SEGMENT: &str = "log/segments/0000000000.seg";

/// The segment before and after somebody's parts in it were overwritten.
fn erased_segment() -> (Vec<u8>, Vec<u8>) {
    let (house, mut log) = begun();
    let before = house.mem.contents(SEGMENT).unwrap();
    erase(&house, &mut log);
    log.finish_erasure().unwrap();
    (before, house.mem.contents(SEGMENT).unwrap())
}

/// A reader sees some of an erasure's octets and not yet the others; a few reads later it is finished.
#[test]
fn a_log_in_which_an_erasure_is_half_done_for_a_while_verifies() {
    let (before, after) = erased_segment();
    let changed: Vec<usize> = (0..before.len())
        .filter(|at| before[*at] != after[*at])
        .collect();
    for cut in changed.iter().step_by(changed.len() / 5).skip(1) {
        for when in 0..50 {
            for later in [1, 2, 4] {
                let (house, mut log) = begun();
                erase(&house, &mut log);
                let half_done = [&after[..*cut], &before[*cut..]].concat();
                let half: Act = Box::new(move |house, _| house.mem.put(SEGMENT, half_done.clone()));
                let rest: Act = Box::new(|_, log| log.finish_erasure().unwrap());
                let busy = Busy::new(house, log, vec![(when, half), (when + later, rest)]);
                let (verdict, _) = busy.verify();
                let which = format!("octet {cut} before read {when}, the rest {later} later");
                assert!(verdict.is_ok(), "{which}: {verdict:?}");
            }
        }
    }
}
