//! Whether the register is what the log says, with the real binary.

use std::fs;
use std::path::Path;
use std::time::Duration;

use control::reply::integrity::Reconciled;
use control::request::card::{CardIssue, CardReason, CardReturn};
use control::request::house::{HouseRequest, Places};
use control::request::integrity::IntegrityRequest;
use control::{CardKind, Client, Moment, Private, Reply, Request};

use super::day::{events, issue_in_person, set_key, wait_online};
use super::house::House;

pub(crate) fn reconcile(house: &House) -> Reconciled {
    reconcile_at(&house.socket())
}

pub(crate) fn reconcile_at(socket: &Path) -> Reconciled {
    let (mut client, _) = Client::connect(socket).unwrap();
    let wish = Request::Integrity(IntegrityRequest::Reconcile {});
    client.send(wish, false).unwrap();
    loop {
        let reply = client.receive().unwrap();
        if let Reply::Reconciled(found) = reply {
            return found;
        }
        assert!(matches!(reply, Reply::Progress { .. }), "{reply:?}");
    }
}

/// Issues one card after another until the daemon is gone.
pub(crate) fn issue_until_it_breaks(socket: &Path) {
    let Ok((mut client, _)) = Client::connect(socket) else {
        return;
    };
    let until = super::offline::now().saturating_add(Duration::from_secs(3_600));
    loop {
        let wish = CardIssue {
            kind: CardKind::Supplier,
            name: Private::new("Kari Nordmann"),
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
            card: None,
            return_duty_told: true,
            uncertain: false,
            replaces: None,
        };
        let issued = client.ask(Request::CardIssue(Box::new(wish)), false);
        if issued.is_err() {
            return;
        }
    }
}

/// Writes other octets of the same length wherever these are in a file.
fn replace(file: &Path, these: &[u8], others: &[u8]) {
    let mut octets = fs::read(file).unwrap();
    let mut found = 0;
    for at in 0..octets.len() - these.len() {
        if octets[at..].starts_with(these) {
            octets[at..at + these.len()].copy_from_slice(others);
            found += 1;
        }
    }
    assert!(found > 0);
    fs::write(file, octets).unwrap();
}

#[test]
fn a_register_that_somebody_edited_is_found_out_with_the_first_difference_and_an_alarm() {
    let house = House::with_roles("technician,operations-manager,auditor");
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let doors = Places {
        doors: vec!["front".into()],
        groups: Vec::new(),
    };
    house.ask(Request::House(HouseRequest::LockDown { doors }));
    let clean = reconcile(&house);
    assert_eq!((clean.differences, &clean.first), (0, &None));
    // The issuance, the operator, the tenant, the contact, the lockdown, the names of door and reader.
    assert_eq!(clean.rows, 7);
    assert!(clean.events > 5);
    let happened = events(&house);
    assert!(happened.iter().any(|event| event == "reconciled"));
    assert!(!happened.iter().any(|event| event == "register-differs"));
    assert!(daemon.stop().status.success());

    replace(&house.data().join("register.db"), b"supplier", b"new-hire");
    let daemon = house.start();
    let found = reconcile(&house);
    assert_eq!(found.differences, 1);
    let first = found.first.unwrap();
    assert_eq!(first.what, format!("issuance {issuance}"));
    assert!(first.event.is_some());
    assert!(
        first
            .expected
            .unwrap()
            .starts_with("kind=supplier state=active")
    );
    assert!(
        first
            .found
            .unwrap()
            .starts_with("kind=new-hire state=active")
    );
    assert!(
        events(&house)
            .iter()
            .any(|event| event == "register-differs")
    );
    assert!(daemon.stop().status.success());
    replace(&house.data().join("register.db"), b"new-hire", b"supplier");
    let _daemon = house.start();
    assert_eq!(reconcile(&house).differences, 0);
}

#[test]
fn m19_a_forgotten_holder_is_no_difference() {
    let house = House::with_roles("technician,operations-manager,auditor");
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    house.ask(Request::CardBlock(CardReason {
        issuance,
        reason: "left behind".to_owned(),
    }));
    house.ask(Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    }));
    let found = reconcile(&house);
    assert_eq!((found.differences, found.first), (0, None));
}
