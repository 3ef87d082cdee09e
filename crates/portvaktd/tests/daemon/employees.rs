//! Employees' cards: ordered, arrived, notified and live, and the new hire's card that one takes the place of (M10, M17).

use control::request::card::{CardIssue, Due};
use control::request::life::LifeRequest;
use control::{CardKind, CardState, Request};

use super::day::{CARD, opens, set_key, stays_shut, wait_online};
use super::house::House;
use super::visitors::{
    SECOND, activate, changed, due, issued, number, refused, tenant, wait_for, wish,
};

#[test]
fn m10_the_new_hires_card_dies_when_the_employee_card_is_live() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    tenant(&house);
    let temporary = issued(
        &house,
        CardIssue {
            card: Some(number(1)),
            return_duty_told: true,
            ..wish(&house, CardKind::NewHire)
        },
    );
    let temporary = temporary.issuance.unwrap();
    let ordered = issued(
        &house,
        CardIssue {
            replaces: Some(temporary),
            ..wish(&house, CardKind::Employee)
        },
    );
    let own = ordered.issuance.unwrap();
    assert!(opens(&house, CARD));
    changed(&house, Request::CardArrived { issuance: own });
    changed(&house, Request::CardNotify { issuance: own });
    assert!(opens(&house, CARD));
    changed(&house, activate(own, number(2), true));
    assert!(stays_shut(&house, CARD));
    assert!(opens(&house, SECOND));
    assert_eq!(due(&house, Due::Overdue {}), [temporary]);
    wait_for(&house, "card-expired", 1);
}

#[test]
fn m17_an_employee_card_goes_through_its_states_in_order() {
    let house = House::new();
    let _daemon = house.start();
    tenant(&house);
    let ordered = issued(&house, wish(&house, CardKind::Employee));
    assert_eq!(ordered.state, CardState::Ordered);
    let issuance = ordered.issuance.unwrap();
    let notify = Request::CardNotify { issuance };
    let arrived = Request::CardArrived { issuance };
    for early in [notify.clone(), activate(issuance, number(1), true)] {
        let (code, said) = refused(&house, early);
        assert!(code == 3 && said.contains("the card is ordered"), "{said}");
    }
    assert_eq!(changed(&house, arrived.clone()).state, CardState::Arrived);
    assert_eq!(refused(&house, arrived).0, 3);
    assert_eq!(changed(&house, notify).state, CardState::Notified);
    changed(&house, activate(issuance, number(1), true));
    let undo = Request::CardLife(LifeRequest::Undo { issuance });
    let (code, said) = refused(&house, undo);
    assert!(code == 3 && said.contains("cannot be withdrawn"), "{said}");
}
