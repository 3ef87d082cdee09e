//! The life of readers' keys: set by hand, drawn for a reader, taken by it or not.

use key_store::disk::{Fault, FaultOn, MemDisk};
use key_store::{KeyError, Weakness};

use super::{Counter, create, open};

#[test]
fn weak_and_shared_reader_keys_change_nothing() {
    let disk = MemDisk::new();
    let store = create(&disk).unwrap();
    store.set_reader_key(1, *b"a key of reader1").unwrap();
    let weak = store.set_reader_key(2, [9; 16]);
    assert!(matches!(
        weak,
        Err(KeyError::Weak {
            weakness: Weakness::AllSame
        })
    ));
    let shared = store.set_reader_key(2, *b"a key of reader1");
    assert!(matches!(shared, Err(KeyError::Shared { with: 1 })));
    assert!(store.reader_key(2).unwrap().is_none());
    store.set_reader_key(1, *b"a key of reader1").unwrap();
    store.set_reader_key(1, *b"its second key..").unwrap();
    store.set_reader_key(2, *b"a key of reader1").unwrap();
    assert_eq!(
        **open(&disk)
            .unwrap()
            .reader_key(1)
            .unwrap()
            .as_ref()
            .unwrap(),
        *b"its second key.."
    );
}

#[test]
fn a_key_on_its_way_stands_beside_the_old_one_until_it_is_taken_or_not() {
    let disk = MemDisk::new();
    let mut entropy = Counter(1_000);
    let store = create(&disk).unwrap();
    let old = *b"reader key three";
    store.set_reader_key(3, old).unwrap();
    store.pin_reader_identity(3, *b"somebody").unwrap();
    let next = store.draw_next_reader_key(3, &mut entropy).unwrap();
    assert_ne!(*next, old);

    let again = open(&disk).unwrap();
    assert_eq!(**again.reader_key(3).unwrap().as_ref().unwrap(), old);
    assert_eq!(again.next_reader_key(3).unwrap(), Some(next.clone()));
    assert!(again.next_reader_key(4).unwrap().is_none());
    assert!(
        matches!(
            again.set_reader_key(4, *next),
            Err(KeyError::Shared { with: 3 })
        ),
        "a key on its way is a reader's key already"
    );

    again.adopt_next_reader_key(3).unwrap();
    again.adopt_next_reader_key(3).unwrap();
    assert_eq!(*again.reader_key(3).unwrap().unwrap(), *next);
    assert_eq!(again.reader_identity(3).unwrap(), Some(*b"somebody"));
    assert!(again.next_reader_key(3).unwrap().is_none());

    let refused = again.draw_next_reader_key(3, &mut entropy).unwrap();
    assert_ne!(refused, next);
    again.forget_next_reader_key(3).unwrap();
    again.forget_next_reader_key(3).unwrap();
    assert_eq!(*open(&disk).unwrap().reader_key(3).unwrap().unwrap(), *next);
    assert!(open(&disk).unwrap().next_reader_key(3).unwrap().is_none());
}

#[test]
fn a_key_set_by_hand_puts_an_end_to_one_on_its_way_and_the_reader_stays_known() {
    let disk = MemDisk::new();
    let store = create(&disk).unwrap();
    assert!(matches!(
        store.pin_reader_identity(3, *b"somebody"),
        Err(KeyError::NoKey { index: 3 })
    ));
    store.set_reader_key(3, *b"reader key three").unwrap();
    store.pin_reader_identity(3, *b"somebody").unwrap();
    store.draw_next_reader_key(3, &mut Counter(50)).unwrap();
    store.set_reader_key(3, *b"another key of 3").unwrap();
    let again = open(&disk).unwrap();
    assert!(again.next_reader_key(3).unwrap().is_none());
    assert_eq!(again.reader_identity(3).unwrap(), Some(*b"somebody"));
    assert_eq!(again.reader_identity(4).unwrap(), None);
}

#[test]
fn a_power_cut_while_a_key_is_drawn_or_taken_leaves_one_that_the_reader_has() {
    let old = *b"reader key three";
    for seed in 0..300 {
        let disk = MemDisk::new();
        let store = create(&disk).unwrap();
        store.set_reader_key(3, old).unwrap();
        disk.inject(Some(Fault {
            on: FaultOn::Change,
            after: seed % 8,
            times: u64::MAX,
            errno: 5,
        }));
        let mut readers = vec![old];
        let told = store.draw_next_reader_key(3, &mut Counter(7));
        if let Ok(next) = &told {
            // From here on the reader may have taken it.
            readers.push(**next);
            let _cut = store.adopt_next_reader_key(3);
        }
        disk.crash(seed);
        let after = open(&disk).unwrap();
        let known = [
            after.reader_key(3).unwrap(),
            after.next_reader_key(3).unwrap(),
        ];
        let newest = readers.last().unwrap();
        assert!(
            known.iter().flatten().any(|key| **key == *newest),
            "seed {seed}: the key the reader may have is lost"
        );
    }
}
