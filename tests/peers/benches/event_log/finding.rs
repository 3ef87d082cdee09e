//! One card's events among all, decrypted, beside an SQLite table in clear with an index on the card.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use access::{Holder, UtcMicros};
use building_sim::{Dice, Written};
use event_log::disk::{Disk, RealDisk};
use event_log::read::Reader;
use event_log::{Keys, PartOwner, StoreKeys};
use key_store::{Key32, KeyError, KeyStore};

use crate::table::Table;
use crate::{median, seconds};

/// Measures and prints.
pub(crate) fn run(folder: &Path, log: &Path, written: &Written, events: u64) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(log.to_owned()));
    let keys = Arc::new(KeyStore::open(&disk).unwrap());
    let all = Reader::open(&disk, Arc::new(StoreKeys::new(Arc::clone(&keys)))).unwrap();
    let mut segments = 0;
    let indexing = seconds(|| {
        while all.index_next().unwrap().is_some() {
            segments += 1;
        }
    });
    println!("{segments} segments indexed in {indexing:.1} s");
    let mut table = peer(folder, written, events);
    let mut dice = Dice::new(17);
    let (mut ours, mut peers, mut found) = (Vec::new(), Vec::new(), 0);
    for _ in 0..CARDS {
        let card =
            usize::try_from(dice.below(u64::try_from(written.holders.len()).unwrap())).unwrap();
        let holder = written.holders[card];
        ours.push(seconds(|| found = events_of(&disk, &keys, holder)));
        peers.push(seconds(|| {
            black_box(table.of(holder));
        }));
    }
    let (ours, peers) = (median(ours), median(peers));
    println!(
        "one card's events among {events} (the last had {found}), ms: decrypted by index {:.2}, SQLite in clear {:.2}, ratio {:.2} (goal 0.4)",
        ours * 1e3,
        peers * 1e3,
        ours / peers
    );
}

/// Opened, found, decrypted and decoded; how many.
fn events_of(disk: &Arc<dyn Disk>, keys: &Arc<KeyStore>, holder: Holder) -> usize {
    let one: Arc<dyn Keys> = Arc::new(OneKey {
        all: StoreKeys::new(Arc::clone(keys)),
        owner: PartOwner::Holder(holder),
    });
    let mut reader = Reader::open(disk, one).unwrap();
    let mut entries = Vec::new();
    let owner = PartOwner::Holder(holder);
    let asked = reader.each_of(owner, 0..u64::MAX, &mut |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    });
    asked.unwrap();
    let views = entries.iter().map(|entry| reader.view(entry).unwrap());
    views
        .filter(|view| view.issuance == Some(holder.issuance))
        .count()
}

/// The same passages in a table: as many, spread over the same cards and time.
fn peer(folder: &Path, written: &Written, events: u64) -> Table {
    let folder = folder.join("finding");
    std::fs::create_dir_all(&folder).unwrap();
    let mut table = Table::new(&folder);
    let mut dice = Dice::new(3);
    let cards = u64::try_from(written.holders.len()).unwrap();
    let mut batch = Vec::with_capacity(BATCH);
    for number in 0..events {
        let card = usize::try_from(dice.below(cards)).unwrap();
        let time = UtcMicros::from_micros(i64::try_from(number).unwrap() * STEP_MICROS);
        batch.push((time, written.holders[card]));
        if batch.len() == BATCH {
            table.append(&batch);
            batch.clear();
        }
    }
    table
}

/// One card's key.
struct OneKey {
    all: StoreKeys,
    owner: PartOwner,
}

impl Keys for OneKey {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        self.all.key(owner)
    }

    fn stamp(&self) -> Option<u64> {
        self.all.stamp()
    }

    fn owners(&self) -> Vec<PartOwner> {
        vec![self.owner]
    }
}

const CARDS: usize = 101;
const BATCH: usize = 20_000;
const STEP_MICROS: i64 = 6_307_200;
