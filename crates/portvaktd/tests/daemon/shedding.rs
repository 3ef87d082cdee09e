//! A register whose write-ahead log cannot be written back: what was done stands, is on record in its turn, and is not called
//! undone.

use access::IssuanceId;
use control::request::card::CardReturn;
use control::{Client, Request};

use super::day::{issue_in_person, set_key, status, wait_online};
use super::house::House;
use super::reconcile::reconcile;
use super::reconcile_many::import;
use super::strace::Fault;

fn give_back(issuance: IssuanceId) -> Request {
    Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    })
}

fn add_tenant(house: &House, tenant: &str) {
    let tenant = tenant.to_owned();
    house.ask(Request::TenantAdd { tenant });
}

#[test]
fn a_return_whose_old_pages_stay_is_on_record_in_its_turn_and_acknowledged_by_nobody() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    // What goes into the write-ahead log is taken; only the way back is not.
    let file = house.data().join("register.db");
    let fault = Fault::begin(&daemon, "pwrite64", "error=EIO", file.to_str());
    let Some(fault) = fault else { return };
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refused = client.ask(give_back(issuance), false).unwrap_err();
    assert!(refused.to_string().contains("old pages"), "{refused}");
    add_tenant(&house, "Nykommunen");
    assert_eq!(reconcile(&house).differences, 0);
    drop(fault);
    add_tenant(&house, "Gamlebyen");
    assert!(daemon.stop().status.success());
    let daemon = house.start();
    assert_eq!(reconcile(&house).differences, 0);
    assert!(daemon.stop().status.success());
    let pseudonym = issuance.to_string();
    for (file, octets) in house.snapshot() {
        let mut windows = octets.windows(pseudonym.len());
        let is_there = windows.any(|window| window == pseudonym.as_bytes());
        assert!(!is_there, "{}", file.display());
    }
}

#[test]
fn an_import_behind_which_old_pages_stay_is_done_all_the_same() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    // A tenant, a contact and a card.
    issue_in_person(&house);
    let file = house.data().join("register.db");
    let fault = Fault::begin(&daemon, "pwrite64", "error=EIO", file.to_str());
    let Some(fault) = fault else { return };
    import(&house, 3);
    assert_eq!(status(&house).cards, 4);
    drop(fault);
    assert_eq!(reconcile(&house).differences, 0);
    assert!(daemon.stop().status.success());
}
