//! Exports: the log as tiles for tools that others wrote. That such a tool takes them is played in `tests/tests/go_auditor.rs`.

use std::sync::Arc;

use event_log::disk::{Fault, FaultOn, MemDisk, SubDisk};
use event_log::{ExportError, Exported, Log, PartOwner, VerifierKey, export_tiles};

use crate::rig::{House, at};

fn grow(house: &House, log: &mut Log, until: u64) {
    while log.size() < until {
        let next = log.size();
        let batch = house.batch(next..(next + 97).min(until));
        drop(log.append(&batch).unwrap());
    }
    log.seal(at(10_000_000)).unwrap();
}

fn sealed(events: u64) -> (House, Log) {
    let (house, mut log) = House::new();
    grow(&house, &mut log, events);
    (house, log)
}

fn export(house: &House, to: &MemDisk) -> Result<Exported, ExportError> {
    let log = SubDisk::new(Arc::clone(&house.disk), "log");
    export_tiles(&log, &verifier(house), to, &mut |_| {})
}

fn verifier(house: &House) -> VerifierKey {
    let keys = String::from_utf8(house.mem.contents("log/verifier").unwrap()).unwrap();
    keys.lines().next().unwrap().parse().unwrap()
}

/// Every file and what it holds.
fn files(disk: &MemDisk) -> Vec<(String, Vec<u8>)> {
    let contents = |path: String| {
        let octets = disk.contents(&path).unwrap();
        (path, octets)
    };
    disk.files().into_iter().map(contents).collect()
}

#[test]
fn an_export_has_the_files_that_the_specification_says() {
    for (events, paths) in [
        (1, "tile/0/000.p/1 tile/entries/000.p/1"),
        (255, "tile/0/000.p/255 tile/entries/000.p/255"),
        (256, "tile/0/000 tile/1/000.p/1 tile/entries/000"),
        (
            600,
            "tile/0/000 tile/0/001 tile/0/002.p/88 tile/1/000.p/2 tile/entries/000 tile/entries/001 tile/entries/002.p/88",
        ),
    ] {
        let (house, log) = sealed(events);
        let to = MemDisk::new();
        let exported = export(&house, &to).unwrap();
        assert_eq!((exported.size, exported.root), (events, log.root()));
        assert_eq!(to.files().join(" "), format!("checkpoint {paths}"));
        assert_eq!(
            to.contents("checkpoint"),
            house.mem.contents("log/checkpoint")
        );
    }
}

#[test]
fn an_export_goes_on_from_a_former_one() {
    let (house, mut log) = sealed(300);
    let to = MemDisk::new();
    export(&house, &to).unwrap();
    assert_eq!(export(&house, &to).unwrap().files, 0, "nothing is new");
    grow(&house, &mut log, 1_000);
    assert_eq!(export(&house, &to).unwrap().files, 8);
    let fresh = MemDisk::new();
    export(&house, &fresh).unwrap();
    let again = files(&to);
    assert!(files(&fresh).iter().all(|file| again.contains(file)));
}

/// A day later there are so many records, those of the day in another segment.
fn the_next_day(house: &House, log: &mut Log, until: u64) {
    let mut tomorrow = house.batch(log.size()..until);
    for ticketed in &mut tomorrow {
        ticketed.event.time = at(90_000_000_000);
    }
    drop(log.append(&tomorrow).unwrap());
    log.seal(at(90_000_000_000)).unwrap();
}

/// What was exported ends where what is left begins: nothing is missing between the two.
#[test]
fn an_export_is_gone_on_with_if_it_reaches_to_the_first_record_that_is_left() {
    let (house, mut log) = sealed(512);
    let to = MemDisk::new();
    export(&house, &to).unwrap();
    the_next_day(&house, &mut log, 900);
    house.disk.remove("log/segments/0000000000.seg").unwrap();
    let exported = export(&house, &to).unwrap();
    assert_eq!((exported.first, exported.size), (512, 900));
}

/// Two years later: the oldest segment has left, and the roots of its blocks are kept.
#[test]
fn a_log_whose_oldest_records_left_is_exported_from_the_first_whole_block_on() {
    let (house, mut log) = sealed(300);
    let (early, former) = (MemDisk::new(), MemDisk::new());
    export(&house, &early).unwrap();
    the_next_day(&house, &mut log, 900);
    export(&house, &former).unwrap();
    let all = files(&former);
    house.disk.remove("log/segments/0000000000.seg").unwrap();

    let to = MemDisk::new();
    let exported = export(&house, &to).unwrap();
    assert_eq!((exported.first, exported.size), (512, 900));
    let paths = "checkpoint tile/0/002 tile/0/003.p/132 tile/1/000.p/3 tile/entries/002 tile/entries/003.p/132";
    assert_eq!(to.files().join(" "), paths);
    assert!(files(&to).iter().all(|file| all.contains(file)));
    assert_eq!(export(&house, &former).unwrap().files, 0, "and goes on");
    assert!(matches!(
        export(&house, &early),
        Err(ExportError::Gap {
            until: 300,
            first: 512
        })
    ));

    let mut roots = house.mem.contents("log/tiles/8").unwrap();
    roots.truncate(40);
    house.mem.put("log/tiles/8", roots);
    assert!(matches!(
        export(&house, &MemDisk::new()),
        Err(ExportError::Pruned { first: 300 })
    ));
}

#[test]
fn an_erasure_changes_no_tile() {
    let (house, mut log) = sealed(300);
    let to = MemDisk::new();
    export(&house, &to).unwrap();
    let before = files(&to);
    let reader = event_log::read::Reader::open(&house.disk, house.store_keys()).unwrap();
    let parts = reader.parts_of(PartOwner::Holder(house.holder), 0..300);
    log.begin_erasure(parts.unwrap()).unwrap();
    assert_eq!(export(&house, &to).unwrap().files, 0, "half done");
    log.finish_erasure().unwrap();
    let fresh = MemDisk::new();
    export(&house, &fresh).unwrap();
    assert_eq!(files(&fresh), before);
}

#[test]
fn a_folder_that_holds_something_else_is_refused() {
    let (house, mut log) = sealed(300);
    let (other, _) = {
        let (house, mut log) = House::seeded(5);
        grow(&house, &mut log, 300);
        (house, log)
    };
    let foreign = MemDisk::new();
    foreign.put("holiday.jpg", vec![1]);
    assert!(
        matches!(export(&house, &foreign), Err(ExportError::Foreign { name }) if name == "holiday.jpg")
    );

    let to = MemDisk::new();
    export(&house, &to).unwrap();
    assert!(matches!(
        export(&other, &to.fork()),
        Err(ExportError::OtherLog)
    ));

    let changed = to.fork();
    let mut tile = changed.contents("tile/0/000").unwrap();
    tile[77] ^= 1;
    changed.put("tile/0/000", tile);
    assert!(
        matches!(export(&house, &changed), Err(ExportError::Differs { path }) if path == "tile/0/000")
    );

    let old = house.mem.fork();
    grow(&house, &mut log, 400);
    export(&house, &to).unwrap();
    let rolled_back = House {
        disk: Arc::new(old.clone()),
        mem: old,
        ..house
    };
    assert!(matches!(
        export(&rolled_back, &to),
        Err(ExportError::Longer)
    ));
}

/// Two logs of one name and key, of which the longer one has another past.
#[test]
fn an_export_is_not_gone_on_with_by_another_past_of_the_log() {
    let (house, _log) = sealed(200);
    let to = MemDisk::new();
    export(&house, &to).unwrap();
    let before = files(&to);
    let (other, mut log) = House::new();
    drop(log.append(&other.batch(7..8)).unwrap());
    grow(&other, &mut log, 220);
    let refused = export(&other, &to.fork());
    assert!(
        matches!(refused, Err(ExportError::OtherPast { size: 200 })),
        "{refused:?}"
    );
    assert_eq!(files(&to), before);
}

#[test]
fn the_last_word_about_the_progress_is_that_all_is_done() {
    let (house, log) = sealed(4_200);
    let mut said = Vec::new();
    let key = verifier(&house);
    let folder = SubDisk::new(Arc::clone(&house.disk), "log");
    export_tiles(&folder, &key, &MemDisk::new(), &mut |progress| {
        said.push((progress.done, progress.total));
    })
    .unwrap();
    assert_eq!(log.size(), 4_200);
    assert_eq!(said, [(4_096, 4_200), (4_200, 4_200)]);
}

#[test]
fn a_log_that_was_changed_leaves_no_checkpoint() {
    let (house, _log) = sealed(300);
    let mut segment = house.mem.contents("log/segments/0000000000.seg").unwrap();
    segment[9_000] ^= 1;
    house.mem.put("log/segments/0000000000.seg", segment);
    let to = MemDisk::new();
    assert!(matches!(export(&house, &to), Err(ExportError::Log(_))));
    assert_eq!(to.contents("checkpoint"), None);
}

/// Wherever the power is cut, a checkpoint that is there stands on whole tiles, and the next export finishes the work.
#[test]
fn a_power_cut_leaves_a_former_export_or_a_new_one() {
    let (house, mut log) = sealed(300);
    let former = MemDisk::new();
    export(&house, &former).unwrap();
    let old_note = former.contents("checkpoint");
    grow(&house, &mut log, 600);
    let whole = former.fork();
    export(&house, &whole).unwrap();
    let whole = files(&whole);
    for after in 0.. {
        let to = former.fork();
        to.inject(Some(Fault {
            on: FaultOn::Change,
            after,
            times: u64::MAX,
            errno: 5,
        }));
        let finished = export(&house, &to).is_ok();
        to.crash(after);
        let note = to.contents("checkpoint");
        assert!(note == old_note || files(&to) == whole, "cut {after}");
        export(&house, &to).unwrap();
        let left: Vec<_> = files(&to);
        assert!(whole.iter().all(|file| left.contains(file)), "cut {after}");
        if finished {
            assert!(after > 20);
            return;
        }
    }
}
