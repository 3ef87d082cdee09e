//! A return whose shredding is held for a case.

use std::time::Duration;

use control::request::card::CardHold;
use control::request::card::CardReturn;
use control::{Client, Moment, Reply, Request};

use super::day::{
    CARD, events, issue_in_person, must_be_nowhere, set_key, status, stays_shut, wait_online,
};
use super::house::House;

/// The card is dead with its return; the holder is forgotten when the hold ends, and not before, not at a restart either.
#[test]
fn m19_a_holder_who_is_held_for_a_case_is_forgotten_when_the_hold_ends() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let hold = |days: u64| {
        Request::CardHold(CardHold {
            issuance,
            until: Moment::from(
                status(&house)
                    .now
                    .utc()
                    .saturating_add(Duration::from_secs(days * 86_400)),
            ),
            reason: "case 2026-7".into(),
        })
    };
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refused = client.ask(hold(91), false).unwrap_err();
    assert!(refused.to_string().contains("90 days"), "{refused}");
    house.ask(hold(30));
    let Reply::Changed(changed) = house.ask(Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    })) else {
        panic!("a change")
    };
    assert!(changed.held_until.is_some());
    assert!(stays_shut(&house, CARD));
    daemon.kill();
    let daemon = house.start();
    let there = events(&house);
    assert!(there.contains(&"shred-held".to_owned()) && !there.contains(&"shred-done".to_owned()));
    house.ask(Request::CardHoldEnd { issuance });
    assert!(events(&house).contains(&"shred-done".to_owned()));
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
}
