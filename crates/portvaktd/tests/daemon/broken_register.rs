//! A register that is broken, held by somebody else or an old copy: the doors go on by what was kept beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use access::IssuanceId;
use control::request::card::{CardList, CardReason, CardReturn};
use control::request::house::{HouseRequest, Places};
use control::{Client, Request};
use key_store::disk::{Disk, RealDisk};
use key_store::{Entropy, KeyStore};
use register::Register;

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{House, text};
use super::offline::now;
use super::reconcile::reconcile;

/// A house with one card that opens, stopped in order.
fn house_at_rest() -> (House, IssuanceId) {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    assert!(daemon.stop().status.success());
    (house, issuance)
}

fn register(house: &House) -> PathBuf {
    house.data().join("register.db")
}

fn snapshot(house: &House) -> PathBuf {
    house.data().join("allowlist.snapshot")
}

fn alter(file: &Path, at: usize, octets: &[u8]) {
    let mut whole = fs::read(file).unwrap();
    whole[at..at + octets.len()].copy_from_slice(octets);
    fs::write(file, whole).unwrap();
}

fn block(issuance: IssuanceId) -> Request {
    Request::CardBlock(CardReason {
        issuance,
        reason: "left behind".to_owned(),
    })
}

fn refusal(house: &House, request: Request) -> (u8, String) {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refusal = client.ask(request, false).unwrap_err();
    (u8::from(refusal.code()), refusal.to_string())
}

/// The house decides as before, says what is wrong, and refuses what it cannot do.
fn must_go_on(house: &House, issuance: IssuanceId, state: &str) {
    let daemon = house.start();
    wait_online(house);
    assert!(opens(house, CARD), "{state}");
    let told = status(house);
    assert_eq!(told.register, state);
    assert!(
        told.warnings
            .iter()
            .any(|warning| warning.starts_with(state)),
        "{:?}",
        told.warnings
    );
    assert_eq!(told.cards, 1);
    for request in [
        block(issuance),
        Request::CardShow { issuance },
        Request::CardList(CardList::default()),
        Request::TenantList {},
    ] {
        let (code, why) = refusal(house, request);
        assert!(
            code == 1 && why.contains("the register cannot be used"),
            "{code} {why}"
        );
    }
    let happened = events(house);
    assert!(happened.iter().any(|event| event == state), "{happened:?}");
    assert!(happened.iter().any(|event| event == "access-granted"));
    let left = daemon.stop();
    assert!(left.status.success(), "{}", text(&left.stderr));
}

#[test]
fn doors_go_on_when_the_register_is_cut_altered_missing_or_of_a_later_version() {
    let (house, issuance) = house_at_rest();
    let whole = fs::read(register(&house)).unwrap();
    let cut = || fs::write(register(&house), &whole[..whole.len() / 2]).unwrap();
    let empty = || fs::write(register(&house), b"").unwrap();
    let altered = || alter(&register(&house), 100, &[0xFF; 3_000]);
    let newer = || alter(&register(&house), 60, &99_u32.to_be_bytes());
    let missing = || fs::remove_file(register(&house)).unwrap();
    let unreadable = || {
        missing();
        fs::create_dir(register(&house)).unwrap();
    };
    let all: [&dyn Fn(); 6] = [&cut, &empty, &altered, &newer, &missing, &unreadable];
    for break_it in all {
        break_it();
        must_go_on(&house, issuance, "register-unusable");
        fs::remove_dir(register(&house)).ok();
        fs::write(register(&house), &whole).unwrap();
    }
    let daemon = house.start();
    assert_eq!(status(&house).register, "usable");
    // Answered, so it is done.
    drop(house.ask(block(issuance)));
    drop(daemon);
}

struct Zeros;

impl Entropy for Zeros {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

#[test]
fn doors_go_on_while_another_process_holds_the_register() {
    let (house, issuance) = house_at_rest();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(house.data()));
    let keys = Arc::new(KeyStore::open(&disk).unwrap());
    let held = Register::open(&register(&house), keys, Box::new(Zeros)).unwrap();
    must_go_on(&house, issuance, "register-unusable");
    drop(held);
    let _daemon = house.start();
    assert_eq!(status(&house).register, "usable");
}

#[test]
fn while_the_daemon_runs_no_other_process_gets_its_register_and_nobody_waits_for_who_tries() {
    let (house, issuance) = house_at_rest();
    let daemon = house.start();
    wait_online(&house);
    let before = fs::read(register(&house)).unwrap();
    let over = AtomicBool::new(false);
    let tried = thread::scope(|scope| {
        let (data, file, over) = (house.data(), register(&house), &over);
        let other = scope.spawn(move || {
            let mut tried = 0;
            while !over.load(Ordering::Relaxed) {
                let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(data.clone()));
                let keys = Arc::new(KeyStore::open(&disk).unwrap());
                let taken = Register::open(&file, keys, Box::new(Zeros));
                assert!(taken.is_err(), "the daemon holds it alone");
                tried += 1;
            }
            tried
        });
        for number in 0..5 {
            assert!(opens(&house, CARD));
            let begun = now();
            let tenant = format!("Nabo {number}");
            house.ask(Request::TenantAdd { tenant });
            let took = now().micros() - begun.micros();
            assert!(took < 2_000_000, "answered after {took} us");
        }
        over.store(true, Ordering::Relaxed);
        other.join().unwrap()
    });
    assert!(tried > 0);
    assert_eq!(fs::read(register(&house)).unwrap(), before);
    assert_eq!(status(&house).register, "usable");
    assert_eq!(reconcile(&house).differences, 0);
    house.ask(block(issuance));
    assert!(stays_shut(&house, CARD));
    assert!(daemon.stop().status.success());
}

#[test]
fn last_weeks_register_brings_no_old_right_back() {
    let (house, issuance) = house_at_rest();
    let (old, old_snapshot) = (
        fs::read(register(&house)).unwrap(),
        fs::read(snapshot(&house)).unwrap(),
    );
    let daemon = house.start();
    wait_online(&house);
    house.ask(block(issuance));
    assert!(stays_shut(&house, CARD));
    assert!(daemon.stop().status.success());
    let new_snapshot = fs::read(snapshot(&house)).unwrap();

    fs::write(register(&house), &old).unwrap();
    let daemon = house.start();
    wait_online(&house);
    assert_eq!(status(&house).register, "register-differs");
    assert!(stays_shut(&house, CARD));
    assert!(
        events(&house)
            .iter()
            .any(|event| event == "register-differs")
    );
    assert!(daemon.stop().status.success());

    // With the snapshot of that week too, or none, the log still knows better.
    fs::write(snapshot(&house), &old_snapshot).unwrap();
    let refused = house.run(&[]);
    assert_eq!(refused.status.code(), Some(65));
    let said = text(&refused.stderr);
    assert!(
        said.contains("old copy") && said.contains("allowlist.snapshot"),
        "{said}"
    );
    fs::remove_file(snapshot(&house)).unwrap();
    assert_eq!(house.run(&[]).status.code(), Some(65));

    // Cut where the block begins, the snapshot would still have the card.
    fs::remove_file(register(&house)).unwrap();
    let differs = old_snapshot
        .iter()
        .zip(&new_snapshot)
        .skip(32)
        .position(|(old, new)| old != new);
    let cut = differs.map_or(old_snapshot.len() / 2, |at| at + 32);
    fs::write(snapshot(&house), &new_snapshot[..cut]).unwrap();
    assert_eq!(house.run(&[]).status.code(), Some(65));
}

#[test]
fn a_lockdown_holds_and_can_be_ordered_without_a_register() {
    let (house, _) = house_at_rest();
    fs::write(register(&house), b"").unwrap();
    let _daemon = house.start();
    wait_online(&house);
    let doors = Places {
        doors: vec!["front".into()],
        groups: Vec::new(),
    };
    let (code, why) = refusal(&house, Request::House(HouseRequest::LockDown { doors }));
    assert!(code == 1 && why.contains("register"), "{why}");
    assert!(stays_shut(&house, CARD));
}

#[test]
fn m19_the_snapshot_has_forgotten_a_card_when_its_return_is_acknowledged() {
    let (house, issuance) = house_at_rest();
    let number = issuance.get().to_le_bytes();
    let is_there = || {
        let octets = fs::read(snapshot(&house)).unwrap();
        octets.windows(4).any(|window| window == number)
    };
    let daemon = house.start();
    house.ask(block(issuance));
    assert!(is_there());
    let back = CardReturn {
        issuance,
        form_shredded: true,
    };
    house.ask(Request::CardReturn(back));
    assert!(!is_there());
    daemon.kill();
    fs::write(register(&house), b"").unwrap();
    let _daemon = house.start();
    wait_online(&house);
    assert_eq!(status(&house).cards, 0);
    assert!(stays_shut(&house, CARD));
}
