//! Restoring: a key store from what was in a backup.

use std::sync::Arc;

use super::KeyStore;
use super::create::{Filled, Filling, HOUSE, lay};
use super::readers::entry_of;
use super::state::GENERATIONS_OF_A_LIFE;
use crate::backup::BackedUp;
use crate::disk::Disk;
use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::{Fixed, Owner};
use crate::slot::{Holding, SlotHead, SlotState};

impl KeyStore {
    /// Makes a key store in `keys/` of this disk from the keys of a backup, under a seal of its own. The house's keys and those
    /// of readers and operators lie where they lay. Whatever is given out from now on has a generation that no earlier life
    /// of the house has given out, in the backup or behind it. `life` is 2 after the first restore.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] for a backup that lacks a key of the house, [`KeyError::Full`] for one life too many; as
    /// [`KeyStore::create`]. Before success there is no store, and another try may follow.
    pub fn restore(
        disk: &Arc<dyn Disk>,
        (backed_up, life): (&[BackedUp], u32),
        entropy: &mut dyn Entropy,
    ) -> Result<Self, KeyError> {
        let damaged = |what| KeyError::Damaged {
            file: "the backup",
            what,
        };
        let floor = life
            .checked_sub(1)
            .and_then(|lives| lives.checked_mul(GENERATIONS_OF_A_LIFE + 1))
            .filter(|floor| floor.checked_add(GENERATIONS_OF_A_LIFE).is_some())
            .ok_or(KeyError::Full {
                slots_max: GENERATIONS_OF_A_LIFE,
            })?;
        let (mut fixed, mut slots, mut readers) = (Vec::new(), Vec::new(), Vec::new());
        for key in backed_up {
            match key {
                BackedUp::Fixed(which, key) => {
                    fixed.push((which.index(), HOUSE, Some(copy(key))));
                }
                BackedUp::Reader(reader, key, identity) => {
                    let held = entry_of(key.clone(), *identity);
                    readers.push(filled((u32::from(*reader), 1), Holding::Reader, held));
                }
                BackedUp::Operator(operator, slot, key) => {
                    if slot.generation == 0 || slot.generation > floor {
                        return Err(damaged("an operator's key is of a later life of the house"));
                    }
                    let holding = Holding::Person(Owner::Operator(*operator));
                    slots.push(filled((slot.index, slot.generation), holding, copy(key)));
                }
            }
        }
        let has = |which: &Fixed| fixed.iter().any(|(index, ..)| *index == which.index());
        if !Fixed::ALL.iter().all(has) {
            return Err(damaged("a key of the house is missing"));
        }
        let filling = Filling {
            fixed: &fixed,
            slots: &slots,
            readers: &readers,
        };
        lay(disk.as_ref(), (&filling, floor), entropy)?;
        Self::open(disk)
    }
}

fn filled((index, generation): (u32, u32), holding: Holding, key: Key32) -> Filled {
    let head = SlotHead {
        generation,
        state: SlotState::Live(holding),
    };
    (index, head, Some(key))
}

fn copy(key: &Key32) -> Key32 {
    Key32::new(*key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{Fault, FaultOn, MemDisk};
    use crate::open_backup;

    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 = self.0.wrapping_add(1);
            bytes.fill(self.0);
        }
    }

    const BASE: [u8; 16] = *b"\x01\x07\x03\x09\x02\x08\x04\x06\x05\x0a\x0c\x0b\x0e\x0d\x0f\x10";

    fn old_house(entropy: &mut Counting) -> (KeyStore, Vec<BackedUp>) {
        let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
        let store = KeyStore::create(&disk, entropy).unwrap();
        store.allocate(Owner::Issuance(7), entropy).unwrap();
        store.allocate(Owner::Operator(5), entropy).unwrap();
        store.set_reader_key(3, BASE).unwrap();
        store.pin_reader_identity(3, *b"reader-3").unwrap();
        let octets = store
            .backup("correct horse battery", &[3], entropy)
            .unwrap();
        let keys = open_backup(&octets, "correct horse battery").unwrap();
        (store, keys)
    }

    #[test]
    fn the_keys_lie_where_they_lay_and_no_holders_is_among_them() {
        let mut entropy = Counting(9);
        let (old, keys) = old_house(&mut entropy);
        let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
        let new = KeyStore::restore(&disk, (&keys, 2), &mut entropy).unwrap();
        for which in Fixed::ALL {
            let (one, other) = (old.fixed(which).unwrap(), new.fixed(which).unwrap());
            assert_eq!(one.as_bytes(), other.as_bytes());
        }
        assert!(matches!(
            new.fixed(Fixed::EvenEpoch),
            Err(KeyError::NoKey { .. })
        ));
        let operator = old.find(Owner::Operator(5)).unwrap();
        assert_eq!(new.live(), [(operator, Owner::Operator(5))]);
        assert_eq!(
            new.key(operator.index).unwrap().1.as_bytes(),
            old.key(operator.index).unwrap().1.as_bytes()
        );
        assert_eq!(*new.reader_key(3).unwrap().unwrap(), BASE);
        assert_eq!(new.reader_identity(3).unwrap(), Some(*b"reader-3"));
        let again = KeyStore::restore(&disk, (&keys, 2), &mut entropy);
        assert!(matches!(again, Err(KeyError::Exists)));
        KeyStore::open(&disk).unwrap();
    }

    #[test]
    fn no_pair_of_slot_and_generation_of_an_earlier_life_is_given_out_again() {
        let mut entropy = Counting(9);
        let (old, keys) = old_house(&mut entropy);
        let mut given: Vec<_> = old.live().into_iter().map(|(slot, _)| slot).collect();
        // What the old house did after its backup.
        for issuance in 100..180 {
            let slot = old
                .allocate(Owner::Issuance(issuance), &mut entropy)
                .unwrap();
            given.push(slot);
            old.destroy(slot).unwrap();
        }
        for life in 2..5 {
            let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
            let new = KeyStore::restore(&disk, (&keys, life), &mut entropy).unwrap();
            for issuance in 0..100 {
                let slot = new
                    .allocate(Owner::Issuance(issuance), &mut entropy)
                    .unwrap();
                assert!(!given.contains(&slot), "{slot:?}");
                given.push(slot);
                if issuance % 3 == 0 {
                    new.destroy(slot).unwrap();
                }
            }
            // The operator's slot is not given back to a generation of before either.
            let operator = new.find(Owner::Operator(5)).unwrap();
            new.destroy(operator).unwrap();
            drop(new);
            let new = KeyStore::open(&disk).unwrap();
            for issuance in 0..40 {
                let slot = new
                    .allocate(Owner::Issuance(issuance), &mut entropy)
                    .unwrap();
                assert!(!given.contains(&slot), "{slot:?}");
                given.push(slot);
            }
            // What a row of before names went with the disk, and to destroy it is no error.
            new.destroy(old.live()[0].0).unwrap();
        }
    }

    #[test]
    fn a_backup_without_a_key_of_the_house_makes_no_store() {
        let mut entropy = Counting(9);
        let (_, mut keys) = old_house(&mut entropy);
        keys.retain(|key| !matches!(key, BackedUp::Fixed(Fixed::Tag, _)));
        let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
        let refused = KeyStore::restore(&disk, (&keys, 2), &mut entropy);
        assert!(matches!(refused, Err(KeyError::Damaged { .. })));
        assert!(matches!(KeyStore::open(&disk), Err(KeyError::Missing)));
        let (_, keys) = old_house(&mut entropy);
        let refused = KeyStore::restore(&disk, (&keys, 257), &mut entropy);
        assert!(matches!(refused, Err(KeyError::Full { .. })));
    }

    #[test]
    fn a_store_whose_restoring_was_cut_off_can_be_restored_again() {
        let (_, keys) = old_house(&mut Counting(9));
        let restore = |disk: &MemDisk| {
            let disk: Arc<dyn Disk> = Arc::new(disk.clone());
            KeyStore::restore(&disk, (&keys, 2), &mut Counting(9))
        };
        let whole = MemDisk::new();
        restore(&whole).unwrap();
        for cut in 0..whole.changes() {
            let disk = MemDisk::new();
            disk.inject(Some(Fault {
                on: FaultOn::Change,
                after: cut,
                times: u64::MAX,
                errno: 5,
            }));
            assert!(restore(&disk).is_err(), "change {cut} was not needed");
            disk.crash(cut);
            disk.inject(None);
            let restored = match restore(&disk) {
                Err(KeyError::Exists) => KeyStore::open(&(Arc::new(disk) as Arc<dyn Disk>)),
                made => made,
            };
            assert!(restored.unwrap().find(Owner::Operator(5)).is_some());
        }
    }
}
