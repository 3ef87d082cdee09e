//! Keys and records without a row, after a crash and after somebody's hand, with the real binary.

use std::fs;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use access::IssuanceId;
use key_store::disk::{Disk, RealDisk};
use key_store::{KeyStore, Owner};

use super::day::{events, issue_in_person, set_key, wait_online};
use super::house::{House, text};
use super::offline::Dice;
use super::reconcile::reconcile;

/// The keys while the daemon is away.
fn keys(house: &House) -> KeyStore {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(house.data()));
    KeyStore::open(&disk).unwrap()
}

fn has_key(house: &House, issuance: IssuanceId) -> bool {
    keys(house).find(Owner::Issuance(issuance.get())).is_some()
}

/// How often the log says that the register differs. Orphans are looked for 20 s after a start.
fn alarms(house: &House) -> usize {
    let events = events(house).into_iter();
    events.filter(|event| event == "register-differs").count()
}

/// The register's files, put back as they were.
struct Before(Vec<(std::path::PathBuf, Option<Vec<u8>>)>);

impl Before {
    fn of(house: &House) -> Self {
        let names = ["register.db", "register.db-wal", "register.db-shm"];
        let files = names.map(|name| house.data().join(name));
        Self(files.map(|file| (file.clone(), fs::read(file).ok())).into())
    }

    fn put_back(self) {
        for (file, content) in self.0 {
            match content {
                Some(content) => fs::write(file, content).unwrap(),
                None => drop(fs::remove_file(file)),
            }
        }
    }
}

/// A power cut between the key and its row: nobody knows the key, and no record tells of its owner.
#[test]
fn a_key_whose_row_never_came_to_be_is_destroyed_and_is_no_alarm() {
    let house = House::with_roles("technician,operations-manager,auditor");
    let never = IssuanceId::from_random(77);
    let made = keys(&house).allocate(Owner::Issuance(never.get()), &mut Dice);
    made.unwrap();
    assert!(has_key(&house, never));
    let daemon = house.start();
    let found = reconcile(&house);
    assert_eq!((found.differences, found.first), (0, None));
    let waited = (0..60).any(|_| {
        sleep(Duration::from_secs(1));
        !has_key(&house, never)
    });
    assert!(waited, "it is there still");
    assert_eq!(alarms(&house), 0);
    let said = text(&daemon.stop().stderr);
    assert!(said.contains("1 keys that belong to nobody"), "{said}");
    assert!(!said.contains(&never.to_string()));
}

/// Somebody puts a register of before back, so that a card that was issued is not there: the key stays, and what the log tells of
/// the holder with it.
#[test]
fn a_register_from_before_is_an_alarm_and_no_key_is_destroyed_for_it() {
    let house = House::with_roles("technician,operations-manager,auditor");
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    daemon.kill();
    let before = Before::of(&house);
    let daemon = house.start();
    wait_online(&house);
    let issuance = issue_in_person(&house);
    daemon.kill();
    assert!(has_key(&house, issuance));
    before.put_back();

    // The doors' own list knows better: the house goes on without such a register.
    let daemon = house.start();
    assert_eq!(alarms(&house), 1);
    daemon.kill();
    assert!(has_key(&house, issuance));
    // Whoever puts back a register may take that list away, too: then nothing is served, since the log still knows better.
    fs::remove_file(house.data().join("allowlist.snapshot")).unwrap();
    let refused = house.run(&[]);
    assert_eq!(refused.status.code(), Some(65));
    let said = text(&refused.stderr);
    assert!(said.contains("register.db is an old copy"), "{said}");
    assert!(!said.contains(&issuance.to_string()), "{said}");
    assert!(has_key(&house, issuance), "the log can still be read");
}

/// Killed again and again while cards are issued: whatever came of each, no key is without a row and no record without one.
#[test]
fn after_kills_in_the_middle_of_issuing_register_log_and_keys_agree() {
    let house = House::with_roles("technician,operations-manager,auditor");
    let mut daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    for delay in [0, 3, 9, 20, 45] {
        let socket = house.socket();
        let issuing = std::thread::spawn(move || super::reconcile::issue_until_it_breaks(&socket));
        sleep(Duration::from_millis(delay));
        daemon.kill();
        issuing.join().unwrap();
        daemon = house.start();
        let found = reconcile(&house);
        assert_eq!((found.differences, found.first), (0, None), "{delay} ms");
    }
    sleep(Duration::from_secs(25));
    assert_eq!(alarms(&house), 0);
    assert!(daemon.stop().status.success());
    let living = keys(&house).live();
    let cards = living
        .iter()
        .filter(|(_, owner)| matches!(owner, Owner::Issuance(_)));
    let rows = super::offline::offline(&house, |register, _| {
        register.said_of_issuances(None, u32::MAX).unwrap().len()
    });
    assert_eq!(cards.count(), rows);
}
