//! A house that lost its disk and goes on from a backup, with the real binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use access::IssuanceId;
use control::request::TenantContact;
use control::request::approval::ApprovalRequest;
use control::request::backup::BackupRequest;
use control::request::card::{CardIssue, CardReason, CardReturn, CardSource};
use control::request::life::{CardChange, LifeRequest};
use control::request::person::PersonRequest;
use control::{CardKind, Class, Client, Moment, Private, Reply, Request};
use event_log::disk::RealDisk;
use event_log::verify::{Options, Report, verify_dir};

use super::day::{CARD, events, opens, set_key, status, stays_shut, wait_online};
use super::house::{Daemon, House, text};
use super::people::{ask_as, connected, house_of, name_of};
use super::reconcile::reconcile;
use super::restart::wait_kept;

type Card = ([u8; 4], u16);

/// H10301 1:2.
const PERS: Card = ([0x80, 0x80, 0x01, 0x00], 26);
pub(super) const PASSPHRASE: &str = "correct horse battery";

fn tenant(house: &House) {
    let tenant = || "Kommunen".to_owned();
    house.ask(Request::TenantAdd { tenant: tenant() });
    house.ask(Request::TenantContact(TenantContact {
        tenant: tenant(),
        name: Private::new("Ola Kontakt"),
        mobile: Private::new("90000001"),
    }));
}

/// A supplier's card that is presented at the reader.
fn issue(house: &House, name: &str, card: Card) -> IssuanceId {
    let until = status(house).now.utc();
    let until = until.saturating_add(Duration::from_secs(3_600));
    let wish = CardIssue {
        kind: CardKind::Supplier,
        name: Private::new(name),
        firm: Private::new("Rør AS"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        rights: Vec::new(),
        instead_of: None,
        valid_from: None,
        valid_until: Some(Moment::from(until)),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: Some(CardSource::Present {
            reader: "front".into(),
            wait_s: 10,
        }),
        return_duty_told: true,
        uncertain: false,
        replaces: None,
    };
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let wish = Request::CardIssue(Box::new(wish));
    client.send(wish, false).unwrap();
    assert!(matches!(client.receive().unwrap(), Reply::Waiting { .. }));
    house.reader.present(&card.0, card.1);
    let Reply::Issued(issued) = client.receive().unwrap() else {
        panic!("not issued")
    };
    issued.issuance.unwrap()
}

/// A house that runs, makes backups and has two cards: Kari's and Per's.
pub(super) fn furnished(house: &House) -> (Daemon, IssuanceId, IssuanceId) {
    let dir = house.folder().join("backups");
    house.configure(&format!("[backup]\ndir = \"{}\"\n", dir.display()));
    let phrase = house.folder().join("phrase");
    fs::write(phrase, format!("{PASSPHRASE}\n")).unwrap();
    let daemon = house.start();
    set_key(house);
    wait_online(house);
    tenant(house);
    let (kari, per) = (
        issue(house, "Kari Nordmann", CARD),
        issue(house, "Per Hansen", PERS),
    );
    (daemon, kari, per)
}

pub(super) fn back_up(house: &House) -> PathBuf {
    let create = BackupRequest::Create {
        passphrase: Private::new(PASSPHRASE),
    };
    let Reply::BackupMade(made) = house.ask(Request::Backup(create)) else {
        panic!("no backup")
    };
    PathBuf::from(made.dir)
}

pub(super) fn keep_shreds(house: &House) -> PathBuf {
    let Reply::ShredsKept(kept) = house.ask(Request::Backup(BackupRequest::Shreds {})) else {
        panic!("no shreds")
    };
    PathBuf::from(kept.file)
}

pub(super) fn restore_command(house: &House, from: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portvaktd"));
    command.arg("restore").arg("--config").arg(house.config());
    command.arg("--from").arg(from).arg("--passphrase-file");
    command.arg(house.folder().join("phrase")).args(more);
    command
}

pub(super) fn restore(house: &House, from: &Path, more: &[&str]) -> Output {
    restore_command(house, from, more).output().unwrap()
}

pub(super) fn restored(house: &House, from: &Path, more: &[&str]) -> Output {
    let done = restore(house, from, more);
    assert!(done.status.success(), "{}", text(&done.stderr));
    done
}

pub(super) fn refused(house: &House, from: &Path, more: &[&str]) -> String {
    let done = restore(house, from, more);
    assert!(!done.status.success());
    text(&done.stderr)
}

pub(super) fn lose_the_disk(house: &House) {
    fs::remove_dir_all(house.data()).unwrap();
}

pub(super) fn verified(log: &Path, keys: &[&str]) -> Report {
    let mut options = Options::default();
    for key in keys {
        options.pin(key).unwrap();
    }
    verify_dir(&RealDisk::new(log.to_path_buf()), options, &mut |_| {}).unwrap()
}

fn is_nowhere(house: &House, traces: &[&[u8]]) {
    for (file, octets) in house.snapshot() {
        for trace in traces {
            let found = octets.windows(trace.len()).any(|window| window == *trace);
            assert!(!found, "{} of {trace:02X?}", file.display());
        }
    }
}

fn give_back(house: &House, issuance: IssuanceId) {
    let give = CardReturn {
        issuance,
        form_shredded: true,
    };
    house.ask(Request::CardReturn(give));
}

/// An operator leaves, as one manager asks and the other approves.
fn leaves(house: &House, who: u32, manager: u32) {
    let leave = Request::Person(PersonRequest::LeaveOperator {
        user: name_of(who),
        cards: Vec::new(),
    });
    let Reply::Pending(pending) = ask_as(house, manager, leave).unwrap() else {
        panic!("not pending")
    };
    let approval = pending.approval;
    let approve = Request::Approval(ApprovalRequest::Approve { approval });
    ask_as(house, 0, approve).unwrap();
}

fn tells_nobodys_name(said: &str) {
    let returned = "returned since the backup and forgotten again: 1";
    assert!(said.contains(returned), "{said}");
    for name in ["Kari", "Per ", "Hansen", PASSPHRASE] {
        assert!(!said.contains(name), "{name} in {said}");
    }
}

fn warns_of_what_is_not_known(house: &House) {
    let warnings = status(house).warnings.join("\n");
    assert!(warnings.contains("restored from a backup"), "{warnings}");
    assert!(
        warnings.contains("holders unknown since a restore: 1;"),
        "{warnings}"
    );
}

#[test]
fn m19_m30_after_a_lost_disk_doors_open_for_who_is_still_there_and_nobody_comes_back() {
    let (rita, dagny) = (1, 2);
    let house = house_of(&[(rita, "receptionist"), (dagny, "daily-manager")]);
    let (daemon, _, per) = furnished(&house);
    let old_key = status(&house).log.verifier;
    assert!(opens(&house, PERS));
    wait_kept(&house, per);
    let backup = back_up(&house);
    // What the backup cannot know.
    give_back(&house, per);
    leaves(&house, rita, dagny);
    let shreds = keep_shreds(&house);
    daemon.kill();
    lose_the_disk(&house);

    let shreds = ["--shreds", shreds.to_str().unwrap()];
    let told = restored(&house, &backup, &shreds);
    let keys = text(&told.stdout);
    let keys: Vec<&str> = keys.lines().collect();
    assert!(keys[0].starts_with("test.example/portvakt/2+"), "{keys:?}");
    tells_nobodys_name(&text(&told.stderr));
    let daemon = house.start();
    wait_online(&house);
    assert!(
        opens(&house, CARD),
        "the reader has its key, the card its tag"
    );
    assert!(stays_shut(&house, PERS));
    let refused = connected(&house, rita).err().unwrap();
    assert_eq!(u8::from(refused.code()), 3, "she left");
    let found = reconcile(&house);
    assert_eq!((found.differences, found.first), (0, None));
    warns_of_what_is_not_known(&house);
    assert!(events(&house).iter().any(|event| event == "restored"));
    let backup = back_up(&house);
    assert!(daemon.stop().status.success());

    let old = verified(&house.data().join("log-1"), &[&old_key]);
    let new = verified(&house.data().join("log"), &keys);
    assert_eq!(new.former, Some((old.origin, old.sealed)));
    is_nowhere(
        &house,
        &[
            b"Per Hansen",
            b"Kari Nordmann",
            "Rør AS".as_bytes(),
            b"90000002",
            &PERS.0,
        ],
    );

    begins_a_third_life(&house, &backup, (&old_key, &keys));
}

/// And once more: both old logs are there, and verify.
fn begins_a_third_life(house: &House, backup: &Path, (first, second): (&str, &[&str])) {
    lose_the_disk(house);
    let told = restored(house, backup, &["--without-shreds"]);
    assert!(text(&told.stdout).starts_with("test.example/portvakt/3+"));
    let daemon = house.start();
    assert_eq!(reconcile(house).differences, 0);
    assert!(daemon.stop().status.success());
    verified(&house.data().join("log-1"), &[first]);
    verified(&house.data().join("log-2"), second);
}

#[test]
fn without_a_word_of_who_was_still_there_a_visitors_card_waits_for_somebody_to_look() {
    let house = House::new();
    let (daemon, kari, per) = furnished(&house);
    house.ask(Request::RetentionSet {
        class: Class::Passage,
        keep: "90d".to_owned(),
    });
    let backup = back_up(&house);
    assert!(
        refused(&house, &backup, &["--without-shreds"]).contains("in use by another portvaktd")
    );
    daemon.kill();
    lose_the_disk(&house);
    let said = refused(&house, &backup, &[]);
    assert!(said.contains("--without-shreds"), "{said}");
    assert!(!house.data().exists());
    let told = restored(&house, &backup, &["--dry-run"]);
    assert!(text(&told.stdout).contains("cards: 2, 2 of them visitors'"));
    assert!(!house.data().exists());
    restored(&house, &backup, &["--without-shreds"]);
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    house.ask(Request::CardUnblock(CardReason {
        issuance: kari,
        reason: "stood at the desk".to_owned(),
    }));
    assert!(opens(&house, CARD));
    let kept = fs::read_to_string(house.data().join("log/retention")).unwrap();
    assert!(kept.contains("\npassage 90d\n"), "{kept}");
    // Whose it is is registered anew, as a whole.
    let again = CardChange {
        name: Some(Private::new("Kari Nordmann")),
        firm: Some(Private::new("Rør AS")),
        mobile: Some(Private::new("90000002")),
        identified_by: Some(Private::new("passport")),
        ..CardChange::of(kari)
    };
    house.ask(Request::CardLife(LifeRequest::Change(Box::new(again))));
    let Reply::Card(card) = house.ask(Request::CardShow { issuance: kari }) else {
        panic!("no card")
    };
    assert_eq!(card.name.unwrap().expose(), "Kari Nordmann");
    let Reply::Card(card) = house.ask(Request::CardShow { issuance: per }) else {
        panic!("no card")
    };
    assert_eq!(
        (card.name, card.contact.unwrap().expose()),
        (None, "Ola Kontakt")
    );
    // And both can be given back to the end.
    give_back(&house, per);
    give_back(&house, kari);
    assert_eq!(reconcile(&house).differences, 0);
    assert!(daemon.stop().status.success());
    is_nowhere(
        &house,
        &[b"Kari Nordmann", "Rør AS".as_bytes(), b"90000002"],
    );
}

#[test]
fn what_is_there_is_moved_aside_only_when_asked_and_one_backup_never_begins_two_logs_of_one_name() {
    let house = House::new();
    let (daemon, ..) = furnished(&house);
    let backup = back_up(&house);
    daemon.kill();
    let before = house.snapshot();
    let said = refused(&house, &backup, &["--without-shreds"]);
    assert!(said.contains("restore never overwrites"), "{said}");
    assert_eq!(before, house.snapshot());
    let told = restored(&house, &backup, &["--without-shreds", "--replace"]);
    assert!(text(&told.stdout).starts_with("test.example/portvakt/2+"));
    let aside = fs::read_dir(house.data()).unwrap();
    let aside: Vec<_> = aside
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("/replaced-"))
        .collect();
    assert_eq!(aside.len(), 1);
    assert!(aside[0].join("register.db").exists());
    // The old log was longer than its copy in the backup.
    let old = verified(&house.data().join("log-1"), &[]);
    let new = verified(&house.data().join("log"), &[]);
    assert_eq!(new.former, Some((old.origin, old.sealed)));
    house.start().kill();
    lose_the_disk(&house);
    let told = restored(&house, &backup, &["--without-shreds"]);
    assert!(text(&told.stdout).starts_with("test.example/portvakt/3+"));
}
