//! Tests of the keeper and its file on a disk that loses what was not synced.

use std::sync::Arc;

use access::{
    Allowlist, AllowlistBuilder, CardEntry, CardTag, Change, DoorId, Generation, Holder,
    IssuanceId, KeySlot, Right, Standing, UtcMicros, Validity,
};
use key_store::KeyStore;
use key_store::disk::{Disk, MemDisk};

use super::*;

fn entry(number: u32, standing: Standing) -> CardEntry {
    let mut octets = [0; 16];
    octets[..4].copy_from_slice(&number.wrapping_mul(0x9E37_79B9).to_be_bytes());
    let valid = Validity::new(UtcMicros::from_micros(7), None).unwrap();
    let holder = Holder {
        issuance: IssuanceId::new(number).unwrap(),
        slot: KeySlot::new(number),
    };
    CardEntry {
        rights: vec![Right::on(DoorId::new(3), valid)],
        ..CardEntry::new(CardTag::new(octets), holder, standing, valid)
    }
}

fn list(cards: u32) -> Allowlist {
    let mut builder = AllowlistBuilder::default();
    for number in 1..=cards {
        builder.add(entry(number, Standing::Active)).unwrap();
    }
    builder.finish(Generation::new(1)).unwrap()
}

fn mark(record: u64) -> Mark {
    Mark {
        generation: record,
        record,
        log_size: record * 2,
    }
}

fn place() -> (Arc<dyn Disk>, Arc<KeyStore>) {
    let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
    let keys = Arc::new(KeyStore::create(&disk, &mut OsEntropy).unwrap());
    (disk, keys)
}

fn file(disk: &Arc<dyn Disk>, keys: &KeyStore) -> SnapshotFile {
    SnapshotFile::new(Arc::clone(disk), keys).unwrap()
}

fn octets(disk: &Arc<dyn Disk>) -> Vec<u8> {
    let file = disk.open_read(PATH).unwrap();
    let mut octets = vec![0; usize::try_from(file.len().unwrap()).unwrap()];
    file.read_at(&mut octets, 0).unwrap();
    octets
}

fn put(disk: &Arc<dyn Disk>, octets: &[u8]) {
    disk.put_whole(PATH, octets).unwrap();
}

fn standing(picture: &Picture, number: u32) -> Option<Standing> {
    let tag = entry(number, Standing::Active).tag;
    picture.cards.find(&tag).map(|card| card.standing)
}

#[test]
fn what_was_written_and_every_change_since_is_read() {
    let (disk, keys) = place();
    let mut keeper = SnapshotKeeper::new(file(&disk, &keys));
    assert!(
        !keeper.add(&[], Facts::default(), mark(1)).unwrap(),
        "it is written whole first"
    );
    keeper
        .write(&list(20_000), Facts::default(), mark(1))
        .unwrap();
    assert!(keeper.is_clean());
    let changes = [
        Change::Put(entry(5, Standing::Blocked)),
        Change::Remove(entry(6, Standing::Active).tag),
    ];
    assert!(keeper.add(&changes, Facts::default(), mark(2)).unwrap());
    assert!(keeper.add(&[], Facts::default(), mark(3)).unwrap());
    assert!(keeper.is_kept() && !keeper.is_clean());
    let picture = file(&disk, &keys).read().unwrap();
    assert_eq!((picture.mark, picture.cards.len()), (mark(3), 19_999));
    assert_eq!(picture.cards.generation(), Generation::new(3));
    assert_eq!(standing(&picture, 4), Some(Standing::Active));
    assert_eq!(standing(&picture, 5), Some(Standing::Blocked));
    assert_eq!(standing(&picture, 6), None);
}

#[test]
fn a_file_without_room_is_written_whole() {
    let (disk, keys) = place();
    let mut keeper = SnapshotKeeper::new(file(&disk, &keys));
    keeper.write(&list(1), Facts::default(), mark(1)).unwrap();
    let mut record = 1;
    while keeper.add(&[], Facts::default(), mark(record + 1)).unwrap() {
        record += 1;
    }
    assert!(record > 1_000 && !keeper.is_kept());
    assert_eq!(file(&disk, &keys).read().unwrap().mark, mark(record));
    keeper
        .write(&list(1), Facts::default(), mark(record + 1))
        .unwrap();
    assert!(keeper.add(&[], Facts::default(), mark(record + 2)).unwrap());
}

#[test]
fn an_altered_octet_or_a_cut_gives_a_whole_older_picture_or_none() {
    let (disk, keys) = place();
    let mut keeper = SnapshotKeeper::new(file(&disk, &keys));
    keeper.write(&list(3), Facts::default(), mark(1)).unwrap();
    let blocked = [Change::Put(entry(2, Standing::Blocked))];
    assert!(keeper.add(&blocked, Facts::default(), mark(2)).unwrap());
    let whole = octets(&disk);
    let used = whole.iter().rposition(|octet| *octet != 0).unwrap() + 1;
    let mut none = 0;
    let read = |octets: &[u8]| {
        put(&disk, octets);
        file(&disk, &keys).read()
    };
    for at in 0..used {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        for octets in [&altered[..], &whole[..at]] {
            match read(octets) {
                Ok(picture) => {
                    // The caller sees by the mark that the log knows better.
                    assert_eq!(
                        (picture.mark, standing(&picture, 2)),
                        (mark(1), Some(Standing::Active))
                    );
                }
                Err(_) => none += 1,
            }
        }
    }
    assert!(none > 200);
    assert_eq!(read(&whole).unwrap().mark, mark(2));
}

#[test]
fn another_houses_file_is_refused_and_no_frame_fits_into_another_file() {
    let (disk, keys) = place();
    let (other_disk, other_keys) = place();
    let mut keeper = SnapshotKeeper::new(file(&disk, &keys));
    keeper.write(&list(3), Facts::default(), mark(1)).unwrap();
    let first = octets(&disk);
    put(&other_disk, &first);
    let refused = file(&other_disk, &other_keys).read().err().unwrap();
    assert!(refused.to_string().contains("another house"), "{refused}");
    keeper.write(&list(3), Facts::default(), mark(2)).unwrap();
    let spliced = [&octets(&disk)[..32], &first[32..]].concat();
    put(&disk, &spliced);
    assert!(file(&disk, &keys).read().is_err());
    disk.remove(PATH).unwrap();
    assert!(matches!(file(&disk, &keys).read(), Err(NoPicture::Missing)));
}

/// `cargo test --release -p portvaktd --lib -- --ignored --nocapture snapshot_costs`, on the disk of `TMPDIR`.
#[test]
#[ignore = "measures; figures stand in docs/performance.md"]
fn snapshot_costs() {
    for cards in [100_000, 1_000_000] {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> =
            Arc::new(key_store::disk::RealDisk::new(folder.path().to_owned()));
        let keys = KeyStore::create(&disk, &mut OsEntropy).unwrap();
        let mut keeper = SnapshotKeeper::new(file(&disk, &keys));
        let list = list(cards);
        let took = |what: &str, work: &mut dyn FnMut(u64)| {
            let clock = crate::clock::Clock::start();
            let mut each: Vec<u64> = (0..if what == "a change" { 500 } else { 5 })
                .map(|turn| {
                    let begun = clock.now().up.micros();
                    work(turn);
                    clock.now().up.micros() - begun
                })
                .collect();
            each.sort_unstable();
            let (median, last) = (each[each.len() / 2], each[each.len() - 1]);
            println!("{cards} cards, {what}: median {median} us, longest {last} us");
        };
        took("the whole", &mut |turn| {
            keeper.write(&list, Facts::default(), mark(turn)).unwrap()
        });
        println!("octets: {}", octets(&disk).len());
        let change = [Change::Put(entry(77, Standing::Blocked))];
        took("a change", &mut |turn| {
            assert!(
                keeper
                    .add(&change, Facts::default(), mark(turn + 9))
                    .unwrap()
            );
        });
        took("reading", &mut |_| drop(file(&disk, &keys).read().unwrap()));
    }
}
