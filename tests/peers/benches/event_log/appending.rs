//! Durable appends of 1, 64 and 512 passages: ours, the table, and the raw write that is the floor.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{
    ClockQuality, DoorId, Generation, Holder, IssuanceId, KeySlot, ReaderId, Reason, UtcMicros,
};
use building_sim::Dice;
use event_log::disk::{Disk, DiskFile, RealDisk};
use event_log::{Event, Identity, Log, Passage, PassageKind, StoreKeys, Ticketed, What, Who};
use key_store::{Fixed, KeyStore, Owner};

use crate::table::Table;
use crate::{median, seconds};

/// Measures and prints.
pub(crate) fn run(folder: &Path) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(folder.to_owned()));
    let mut ours = House::new(&disk);
    let mut table = Table::new(folder);
    let mut raw = Raw::new(disk.as_ref());
    println!(
        "durable append, medians of {ROUNDS}, microseconds; SQLite: WAL, FULL, one index, in clear"
    );
    println!("batch      log   SQLite      raw   SQLite / log   goal   raw / log   goal");
    for (batch, goal, raw_goal) in [(1, 2.5, "0.92"), (64, 3.5, ""), (512, 4.5, "")] {
        let (mut mine, mut theirs, mut floor) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let passages = ours.passages(batch);
            let events: Vec<Ticketed> = passages.iter().map(ticketed).collect();
            mine.push(seconds(|| drop(ours.log.append(&events).unwrap())));
            theirs.push(seconds(|| table.append(&passages)));
            floor.push(seconds(|| raw.append(batch * RECORD_LEN)));
        }
        let (mine, theirs, floor) = (median(mine), median(theirs), median(floor));
        println!(
            "{batch:>5} {:>8.0} {:>8.0} {:>8.0} {:>14.2} {goal:>6} {:>11.2} {raw_goal:>6}",
            mine * 1e6,
            theirs * 1e6,
            floor * 1e6,
            theirs / mine,
            floor / mine
        );
    }
}

struct House {
    log: Log,
    holders: Vec<Holder>,
    next: u64,
}

impl House {
    fn new(disk: &Arc<dyn Disk>) -> Self {
        let mut dice = Dice::new(1);
        let keys = Arc::new(KeyStore::create(disk, &mut dice).unwrap());
        let owners: Vec<Owner> = (0..HOLDERS).map(Owner::Issuance).collect();
        let slots = keys.allocate_many(&owners, &mut dice).unwrap();
        let holders = (0..HOLDERS).zip(slots).map(|(number, slot)| Holder {
            issuance: IssuanceId::from_random(number),
            slot: KeySlot::new(slot.index),
        });
        let holders = holders.collect();
        let identity = Identity {
            origin: String::from("bench.example/portvakt"),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let writing = StoreKeys::of_writer(keys, Box::new(dice.split()));
        let log = Log::create(disk, Arc::new(writing), identity, &mut dice).unwrap();
        Self {
            log,
            holders,
            next: 0,
        }
    }

    fn passages(&mut self, count: usize) -> Vec<(UtcMicros, Holder)> {
        let one = |_| {
            self.next += 1;
            let after = Duration::from_millis(self.next);
            let holder = self.holders[usize::try_from(self.next).unwrap() % self.holders.len()];
            (BEGIN.saturating_add(after), holder)
        };
        (0..count).map(one).collect()
    }
}

fn ticketed((time, holder): &(UtcMicros, Holder)) -> Ticketed {
    let event = Event {
        time: *time,
        clock: ClockQuality::Synchronised,
        late: false,
        what: What::Passage(Passage {
            kind: PassageKind::Granted,
            door: Some(DoorId::new(7)),
            reader: ReaderId::new(7),
            who: Who::Holder(*holder),
            reason: Reason::Ok,
            generation: Generation::new(812),
        }),
    };
    Ticketed { ticket: 0, event }
}

/// The floor: octets over zeros, then a sync.
struct Raw {
    file: Box<dyn DiskFile>,
    at: u64,
}

impl Raw {
    fn new(disk: &dyn Disk) -> Self {
        let file = disk.create("raw").unwrap();
        let zeros = vec![0; ROUNDS * RECORD_LEN * (1 + 64 + 512)];
        file.write_at(&zeros, 0).unwrap();
        file.sync().unwrap();
        Self { file, at: 0 }
    }

    fn append(&mut self, octets: usize) {
        let bytes = vec![0xA5; octets];
        self.file.write_at(&bytes, self.at).unwrap();
        self.file.sync().unwrap();
        self.at += u64::try_from(octets).unwrap();
    }
}

const BEGIN: UtcMicros = UtcMicros::from_micros(1_795_335_243_000_000);
const ROUNDS: usize = 300;
const HOLDERS: u32 = 1_000;
/// Frame 12, header 16, one part of 48.
const RECORD_LEN: usize = 76;
