//! A key whose destruction could not be made durable.

use key_store::disk::{Fault, FaultOn, MemDisk};
use key_store::{Owner, Slot};

use super::{Counter, create, open};

/// The second time it said that all was done, and a power cut brought the key back.
#[test]
fn a_key_whose_destruction_was_not_synced_is_destroyed_again_and_never_comes_back() {
    for seed in 0..40 {
        let disk = MemDisk::new();
        let store = create(&disk).unwrap();
        let mut entropy = Counter(1_000);
        let slot = store.allocate(Owner::Issuance(7), &mut entropy).unwrap();
        let sealed = slot_octets(&disk, slot);
        disk.inject(Some(Fault {
            on: FaultOn::Sync,
            after: 0,
            times: 1,
            errno: 5,
        }));
        assert!(store.destroy(slot).is_err());
        assert!(store.destroy(slot).is_err(), "nothing proves it");
        // Killed, and started again: the system's memory says that it is destroyed.
        open(&disk).unwrap().destroy(slot).unwrap();
        disk.crash(seed);
        let slots = disk.contents("keys/slots.bin").unwrap();
        assert!(
            !slots.windows(32).any(|window| window == &sealed[16..48]),
            "seed {seed}"
        );
        assert!(open(&disk).unwrap().key(slot.index).is_err());
    }
}

fn slot_octets(disk: &MemDisk, slot: Slot) -> Vec<u8> {
    let at = (usize::try_from(slot.index).unwrap() + 1) * 64;
    disk.contents("keys/slots.bin").unwrap()[at..at + 64].to_vec()
}
