//! Golden octets: one whole record of each class under fixed keys, the head of their segment and their checkpoint. They lie in
//! logs that auditors hold: a format is added beside them, they are never edited.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use access::KeySlot;
use event_log::disk::{Disk, MemDisk};
use event_log::{Identity, Keys, Log, PartOwner};
use key_store::{Entropy, Key32, KeyError};

use crate::rig::{House, at};

const SEGMENT: &str = "log/segments/0000000000.seg";
const HEAD_LEN: usize = 4_096;
const FRAME_LEN: usize = 12;

/// Every octet of each key is the same, and says whose it is.
struct FixedKeys;

impl Keys for FixedKeys {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        let octet = match owner {
            PartOwner::House => 0x11,
            PartOwner::Day(_) => 0x22,
            PartOwner::Holder(holder) => 0x33 + u8::try_from(holder.slot.get()).unwrap(),
            PartOwner::Operator(operator) => 0x33 + u8::try_from(operator.slot.get()).unwrap(),
        };
        Ok(Key32::new([octet; 32]))
    }

    fn owners(&self) -> Vec<PartOwner> {
        vec![PartOwner::House]
    }
}

/// The same, and keys of epochs: the n-th that is made is 32 times 0x50 + n.
#[derive(Default)]
struct WithEpochs(Mutex<(u8, [u8; 2])>);

impl Keys for WithEpochs {
    fn key(&self, owner: PartOwner) -> Result<Key32, KeyError> {
        FixedKeys.key(owner)
    }

    fn owners(&self) -> Vec<PartOwner> {
        FixedKeys.owners()
    }

    fn epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        let (_, slots) = *self.0.lock().unwrap();
        Ok(Some(Key32::new([slots[usize::from(odd)]; 32])))
    }

    fn renew_epoch_key(&self, odd: bool) -> Result<Option<Key32>, KeyError> {
        let mut state = self.0.lock().unwrap();
        state.1[usize::from(odd)] = 0x50 + state.0;
        state.0 += 1;
        drop(state);
        self.epoch_key(odd)
    }
}

struct Nines;

impl Entropy for Nines {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0x99);
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        write!(text, "{octet:02x}").unwrap();
        text
    })
}

/// One event of each kind of the rig, written by a log of which everything is fixed.
fn disk_with_seven_records() -> MemDisk {
    disk_written_with(Arc::new(FixedKeys))
}

fn disk_written_with(keys: Arc<dyn Keys>) -> MemDisk {
    let (mut house, _) = House::new();
    house.holder.slot = KeySlot::new(2);
    house.operator.slot = KeySlot::new(3);
    let mem = MemDisk::new();
    let disk: Arc<dyn Disk> = Arc::new(mem.clone());
    let identity = Identity {
        origin: "golden.example/portvakt".to_owned(),
        signing: Key32::new([0x44; 32]),
    };
    let mut log = Log::create(&disk, keys, identity, &mut Nines).unwrap();
    drop(log.append(&house.batch(0..4)).unwrap());
    drop(log.append(&house.batch(4..7)).unwrap());
    log.seal(at(0)).unwrap();
    mem
}

#[test]
fn one_record_of_each_class_is_these_octets() {
    let segment = disk_with_seven_records().contents(SEGMENT).unwrap();
    let mut rest = &segment[HEAD_LEN..];
    let mut lines = String::new();
    while rest[..FRAME_LEN] != [0; FRAME_LEN] {
        let len = FRAME_LEN + usize::from(u16::from_le_bytes([rest[0], rest[1]]));
        writeln!(lines, "{}", hex(&rest[..len])).unwrap();
        rest = &rest[len..];
    }
    assert_eq!(lines, include_str!("../golden/records-1.hex"));
}

#[test]
fn the_head_of_a_segment_is_these_octets() {
    let segment = disk_with_seven_records().contents(SEGMENT).unwrap();
    let lines: Vec<String> = segment[..HEAD_LEN].chunks(64).map(hex).collect();
    assert_eq!(
        format!("{}\n", lines.join("\n")),
        include_str!("../golden/head-1.hex")
    );
}

#[test]
fn the_checkpoint_over_them_is_this_note() {
    let mem = disk_with_seven_records();
    let note = String::from_utf8(mem.contents("log/checkpoint").unwrap()).unwrap();
    assert_eq!(note, include_str!("../golden/checkpoint-1.txt"));
    let verifier = String::from_utf8(mem.contents("log/verifier").unwrap()).unwrap();
    assert_eq!(verifier, include_str!("../golden/verifier-1.txt"));
}

#[test]
fn the_seal_over_them_is_these_octets() {
    let mem = disk_written_with(Arc::new(WithEpochs::default()));
    let seals = mem.contents("log/seals").unwrap();
    let lines: Vec<String> = seals.chunks(32).map(hex).collect();
    assert_eq!(
        format!("{}\n", lines.join("\n")),
        include_str!("../golden/seals-1.hex")
    );
    let text = |path| String::from_utf8(mem.contents(path).unwrap()).unwrap();
    assert_eq!(
        text("log/checkpoint"),
        include_str!("../golden/checkpoint-2.txt")
    );
    assert_eq!(
        text("log/verifier"),
        include_str!("../golden/verifier-2.txt")
    );
}
