//! A backup of a house that runs, with the real binary.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use control::reply::backup::BackupMade;
use control::request::backup::BackupRequest;
use control::{Client, Private, Reply, Request, Row};
use event_log::verify::{Options, verify_dir};
use key_store::disk::{Disk, RealDisk, SubDisk};
use key_store::{BackedUp, BackupError, KeyStore, Owner, open_backup};

use super::day::{events, issue_in_person, set_key, wait_online};
use super::house::House;

const PASSPHRASE: &str = "correct horse battery";

fn create(passphrase: &str) -> Request {
    Request::Backup(BackupRequest::Create {
        passphrase: Private::new(passphrase),
    })
}

fn made(house: &House) -> BackupMade {
    let Reply::BackupMade(made) = house.ask(create(PASSPHRASE)) else {
        panic!("no backup");
    };
    *made
}

fn refused(house: &House, request: Request) -> String {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.ask(request, false).unwrap_err().to_string()
}

fn listed(house: &House) -> Vec<Reply> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let list = Request::Backup(BackupRequest::List {});
    client.send(list, false).unwrap();
    let mut replies = vec![client.receive().unwrap()];
    while !replies.last().unwrap().is_last() {
        replies.push(client.receive().unwrap());
    }
    replies
}

fn files(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        if path.is_dir() {
            assert_eq!(mode, 0o700, "{}", path.display());
            files(&path, found);
        } else {
            assert_eq!(mode, 0o600, "{}", path.display());
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
}

fn has(octets: &[u8], sought: &[u8]) -> bool {
    octets.windows(sought.len()).any(|window| window == sought)
}

/// Where backups of this house go.
fn configured(house: &House) -> PathBuf {
    let dir = house.folder().join("backups");
    house.configure(&format!("[backup]\ndir = \"{}\"\n", dir.display()));
    dir
}

/// No key of the house in clear, nobody's name, not the passphrase.
fn holds_nothing_of_anybody(keys: &KeyStore, found: &BTreeMap<PathBuf, Vec<u8>>) {
    let live = keys.live();
    let is_of_holder = |(_, owner): &(_, Owner)| matches!(owner, Owner::Issuance(_));
    assert!(live.iter().any(is_of_holder));
    for (path, octets) in found {
        let shown = path.display();
        for (slot, owner) in &live {
            let (_, key) = keys.key(slot.index).unwrap();
            assert!(
                !has(octets, key.as_bytes()),
                "the key of {owner:?} in {shown}"
            );
        }
        for sought in ["Kari", "Nordmann", PASSPHRASE] {
            assert!(!has(octets, sought.as_bytes()), "{sought} in {shown}");
        }
    }
}

#[test]
fn m30_a_backup_is_made_while_the_house_runs_and_holds_nobodys_key_name_or_number() {
    let house = House::new();
    let dir = configured(&house);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let before = made(&house);
    assert!(before.dir.starts_with(dir.to_str().unwrap()));
    let mut found = BTreeMap::new();
    files(Path::new(&before.dir), &mut found);
    let names: Vec<_> = found
        .keys()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    for name in [
        "register.db",
        "keys.bin",
        "manifest.json",
        "checkpoint",
        "0000000000.seg",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    // The list and its seal are not in the list.
    assert_eq!(before.backup.files, found.len() as u64 - 2);
    assert!(daemon.stop().status.success());

    let disk: std::sync::Arc<dyn Disk> = std::sync::Arc::new(RealDisk::new(house.data()));
    let keys = KeyStore::open(&disk).unwrap();
    holds_nothing_of_anybody(&keys, &found);
    let sealed = fs::read(Path::new(&before.dir).join("keys.bin")).unwrap();
    let in_it = open_backup(&sealed, PASSPHRASE).unwrap();
    assert_eq!(in_it.len() as u64, before.keys);
    assert!(in_it.iter().any(|key| matches!(key, BackedUp::Reader(..))));
    assert!(
        in_it
            .iter()
            .any(|key| matches!(key, BackedUp::Operator(..)))
    );
    assert_eq!(
        open_backup(&sealed, "another phrase").unwrap_err(),
        BackupError::Refused
    );
}

#[test]
fn a_backup_is_on_record_is_listed_and_its_log_verifies_alone() {
    let house = House::new();
    configured(&house);
    let daemon = house.start();
    assert_eq!(listed(&house), [Reply::End { rows: 0 }]);
    let Reply::LogStatus(status) = house.ask(Request::LogStatus {}) else {
        panic!("no status");
    };
    let made = made(&house);
    let mut options = Options::default();
    options.pin(&status.verifier).unwrap();
    let copy = RealDisk::new(PathBuf::from(&made.dir));
    let copy: std::sync::Arc<dyn Disk> = std::sync::Arc::new(copy);
    let report = verify_dir(&SubDisk::new(copy, "log"), options, &mut |_| {}).unwrap();
    assert_eq!(
        (report.origin, report.sealed),
        (status.origin, made.backup.events)
    );
    assert!(events(&house).iter().any(|event| event == "backup-created"));
    let row = Row::Backup(made.backup);
    let all = [Reply::Part { row }, Reply::End { rows: 1 }];
    assert_eq!(listed(&house), all);
    let manifest = fs::read_to_string(Path::new(&made.dir).join("manifest.json")).unwrap();
    assert!(manifest.contains("\"sha256\"") && manifest.contains("\"root\""));
    assert!(refused(&house, create("short")).contains("12 characters"));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_backup_goes_nowhere_without_a_place_and_is_for_technicians() {
    let house = House::new();
    let daemon = house.start();
    assert!(refused(&house, create(PASSPHRASE)).contains("[backup] dir"));
    assert!(daemon.stop().status.success());

    let house = House::with_roles("operations-manager,auditor,receptionist");
    let dir = configured(&house);
    let daemon = house.start();
    refused(&house, create(PASSPHRASE));
    assert!(!dir.exists());
    assert!(daemon.stop().status.success());
}
