//! Bodies of fuzz targets for folders: a log's on an auditor's laptop, and the daemon's own, with files that somebody wrote over.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use building_sim::LongLog;
use event_log::disk::{Disk, MemDisk};
use event_log::foreign;
use event_log::verify::{Options, verify_dir};
use event_log::{Note, VerifierKey};
use key_store::{Entropy, Fixed, KeyStore, Owner};

/// A log whose files were written over is read or refused within bounds, and is never taken for sound with another root.
pub fn log_folder(script: &[u8]) {
    let (sound, root, anchor, key) = sound_log();
    let disk = sound.disk.fork();
    struck(&disk, &sound.files, script);
    let options = Options {
        key: Some(key.clone()),
        anchor: Some(anchor.clone()),
        ..Options::default()
    };
    if let Ok(report) = verify_dir(&disk, options, &mut |_| {}) {
        assert_eq!(report.root, *root, "another log was taken for ours");
    }
}

/// A disk, and its files with how much of each says anything.
pub(crate) struct Sound {
    disk: MemDisk,
    files: Vec<(String, u64)>,
}

impl Sound {
    fn of(disk: MemDisk) -> Self {
        let mut files = Vec::new();
        gather(&disk, "", &mut files);
        Self { disk, files }
    }
}

/// Files of a disk, written over as the script says.
fn struck(disk: &MemDisk, files: &[(String, u64)], script: &[u8]) {
    for order in script.chunks(6) {
        let [which, high, middle, low, value, way] = *order else {
            break;
        };
        let (path, len) = &files[usize::from(which) % files.len()];
        let at = (u64::from(high) << 16 | u64::from(middle) << 8 | u64::from(low)) % len.max(&1);
        strike(disk, path, (at, value, way));
    }
}

fn strike(disk: &MemDisk, path: &str, (at, value, way): (u64, u8, u8)) {
    if way == 0 {
        disk.remove(path).ok();
        return;
    }
    let Ok(file) = disk.open(path) else { return };
    if way == 1 {
        file.set_len(at).ok();
    } else {
        file.write_at(&[value], at).ok();
    }
}

/// A sound log, its root and its newest checkpoint; and the key that signed it.
pub(crate) fn sound_log() -> &'static (Sound, [u8; 32], Note, VerifierKey) {
    static LOG: OnceLock<(Sound, [u8; 32], Note, VerifierKey)> = OnceLock::new();
    LOG.get_or_init(|| {
        let whole = MemDisk::new();
        let plan = LongLog {
            events: 200,
            cards: 5,
            span: Duration::from_secs(60),
            seed: 21,
        };
        let on: Arc<dyn Disk> = Arc::new(whole.clone());
        let written = plan.write(&on, &mut |_| {}).expect("a log in memory");
        let key: VerifierKey = written.keys[0].parse().expect("our own key");
        let disk = log_of(&whole);
        let note = disk.contents("checkpoint").expect("a checkpoint");
        let note = String::from_utf8(note).expect("text");
        let report = verify_dir(&disk, Options::default(), &mut |_| {}).expect("sound");
        let note = note.parse().expect("a note");
        (Sound::of(disk), report.root, note, key)
    })
}

/// The log's folder alone, as an auditor is given it.
fn log_of(whole: &MemDisk) -> MemDisk {
    let (disk, mut files) = (MemDisk::new(), Vec::new());
    gather(whole, "log", &mut files);
    for (path, _) in files {
        let octets = whole.contents(&path).unwrap_or_default();
        let path = path.trim_start_matches("log/");
        for (at, _) in path.match_indices('/') {
            disk.create_dir(&path[..at], 0o750)
                .expect("a folder in memory");
        }
        disk.put_whole(path, &octets).expect("a file in memory");
    }
    disk
}

fn gather(disk: &MemDisk, folder: &str, files: &mut Vec<(String, u64)>) {
    for name in disk.list(folder).expect("a folder of the log") {
        let path = format!("{folder}/{name}");
        let path = path.trim_start_matches('/').to_owned();
        match disk.contents(&path) {
            Some(octets) => files.push((path, told(&octets))),
            None => gather(disk, &path, files),
        }
    }
}

/// How much of a file says anything, and a little of the zeros ahead: there alone is it worth while to write over it.
fn told(octets: &[u8]) -> u64 {
    let last = octets.iter().rposition(|octet| *octet != 0);
    let end = last.map_or(0, |last| last + 1) + AHEAD;
    end.min(octets.len()) as u64
}

/// Each file of a log's folder, whatever is in it, is read within bounds, or refused. The first octets choose the file, whether
/// its check is right, and what is looked for.
pub fn log_files(octets: &[u8]) {
    let Some(([which, is_checked, seek @ ..], rest)) = octets.split_first_chunk::<10>() else {
        return;
    };
    let content = if is_checked % 2 == 0 {
        foreign::checked(rest)
    } else {
        rest.to_vec()
    };
    let disk = MemDisk::new();
    for folder in ["index", "tiles", "segments"] {
        disk.create_dir(folder, 0o750).expect("a folder in memory");
    }
    let path = LOG_FILES[usize::from(*which) % LOG_FILES.len()];
    disk.put(path, content);
    foreign::files(&disk, u64::from_le_bytes(*seek));
}

/// A key store with files that somebody wrote over opens or is refused, and gives no key but those that were in it.
pub fn key_files(script: &[u8]) {
    let (sound, keys) = sound_store();
    let disk = sound.disk.fork();
    struck(&disk, &sound.files, script);
    let disk: Arc<dyn Disk> = Arc::new(disk);
    let Ok(store) = KeyStore::open(&disk) else {
        return;
    };
    let known = |key: &[u8]| keys.iter().any(|known| known == key);
    for (slot, owner) in store.live() {
        // A generation and an owner that were written over are found by whoever asks for the key.
        if let Ok((found, key)) = store.key(slot.index) {
            assert!(found == owner && known(key.as_bytes()), "{owner:?}");
        }
    }
    for which in [Fixed::House, Fixed::Tag, Fixed::LogSigning, Fixed::Register] {
        assert!(
            store.fixed(which).is_ok_and(|key| known(key.as_bytes()))
                || store.fixed(which).is_err()
        );
    }
    for reader in 0..3 {
        let read = [store.reader_key(reader), store.next_reader_key(reader)];
        for key in read.into_iter().flatten().flatten() {
            assert!(known(&*key), "a key of reader {reader} that nobody gave");
        }
        store.reader_identity(reader).ok();
    }
}

/// A store with a key of every kind, and the octets of all of them.
fn sound_store() -> &'static (Sound, Vec<Vec<u8>>) {
    static STORE: OnceLock<(Sound, Vec<Vec<u8>>)> = OnceLock::new();
    STORE.get_or_init(|| {
        let memory = MemDisk::new();
        let disk: Arc<dyn Disk> = Arc::new(memory.clone());
        let mut entropy = Counting(0);
        let store = KeyStore::create(&disk, &mut entropy).expect("a store in memory");
        let owners = [Owner::Issuance(7), Owner::Operator(5), Owner::Day(20_000)];
        let slots = store.allocate_many(&owners, &mut entropy).expect("room");
        let mut keys: Vec<Vec<u8>> = Vec::new();
        for slot in slots {
            let (_, key) = store.key(slot.index).expect("a key");
            keys.push(key.as_bytes().to_vec());
        }
        for which in [Fixed::House, Fixed::Tag, Fixed::LogSigning, Fixed::Register] {
            let key = store.fixed_or_new(which, &mut entropy).expect("a key");
            keys.push(key.as_bytes().to_vec());
        }
        let base = *b"\x01\x07\x03\x09\x02\x08\x04\x06\x05\x0a\x0c\x0b\x0e\x0d\x0f\x10";
        store.set_reader_key(1, base).expect("a strong key");
        let next = store.draw_next_reader_key(1, &mut entropy).expect("a key");
        keys.extend([base.to_vec(), next.to_vec()]);
        drop(store);
        (Sound::of(memory), keys)
    })
}

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, octets: &mut [u8]) {
        for octet in octets {
            self.0 = self.0.wrapping_mul(77).wrapping_add(31);
            *octet = self.0;
        }
    }
}

const AHEAD: usize = 64;
/// Every file of a log that has a parser of its own.
const LOG_FILES: [&str; 8] = [
    "index/0000000000.idx",
    "tiles/8",
    "tiles/16",
    "tiles/24",
    "seals",
    "scrub",
    "witnessed",
    "segments/0000000000.seg",
];
