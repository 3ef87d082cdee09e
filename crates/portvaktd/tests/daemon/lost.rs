//! A lost card: denied at once, charged once, told to whoever looks, and given back when it is found (M18, M33).

use access::IssuanceId;
use control::reply::card::Changed;
use control::reply::charge::ChargeRow;
use control::request::card::{CardList, CardReturn};
use control::request::charge::ChargeRequest;
use control::{CardState, Client, Reply, Request, Row};

use super::day::{
    CARD, events, issue_in_person, must_be_nowhere, opens, set_key, status, stays_shut, wait_online,
};
use super::house::House;
use super::restart::wait_kept;

pub(crate) fn changed(house: &House, request: Request) -> Changed {
    let reply = house.ask(request);
    let Reply::Changed(changed) = reply else {
        panic!("{reply:?}")
    };
    changed
}

pub(crate) fn charges(house: &House, request: ChargeRequest) -> Vec<ChargeRow> {
    let rows = rows(house, Request::Charge(request));
    let charge = |row| {
        let Row::Charge(charge) = row else {
            panic!("{row:?}")
        };
        charge
    };
    rows.into_iter().map(charge).collect()
}

pub(crate) fn rows(house: &House, request: Request) -> Vec<Row> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(request, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part { row } = client.receive().unwrap() {
        rows.push(row);
    }
    rows
}

pub(crate) const LIST: ChargeRequest = ChargeRequest::List {
    since: None,
    until: None,
};
const EXPORT: ChargeRequest = ChargeRequest::Export {
    since: None,
    until: None,
    again: false,
};

/// A house with its reader online, and a supplier's card that opens.
fn house_with_a_card() -> (House, super::house::Daemon, IssuanceId) {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    (house, daemon, issuance)
}

fn lost_cards(house: &House) -> Vec<IssuanceId> {
    let wanted = CardList {
        state: Some(CardState::Lost),
        ..CardList::default()
    };
    let lost = rows(house, Request::CardList(wanted)).into_iter();
    let lost = lost.map(|row| {
        let Row::Card(card) = row else {
            panic!("{row:?}")
        };
        assert!(card.lost_since.is_some());
        card.issuance
    });
    lost.collect()
}

fn says_lost(house: &House) -> bool {
    let warnings = status(house).warnings;
    warnings
        .iter()
        .any(|line| line.starts_with("1 card lost since "))
}

#[test]
fn m33_a_lost_card_is_denied_its_use_raises_an_alarm_and_the_manager_sees_it() {
    let (house, daemon, issuance) = house_with_a_card();
    assert!(!says_lost(&house) && lost_cards(&house).is_empty());
    let lost = changed(&house, Request::CardLost { issuance });
    assert_eq!(lost.state, CardState::Lost);
    assert!(stays_shut(&house, CARD));
    assert!(says_lost(&house), "{:?}", status(&house).warnings);
    assert_eq!(lost_cards(&house), [issuance]);
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "after a kill");
    assert!(says_lost(&house));
    let there = events(&house);
    let count = |name: &str| there.iter().filter(|event| *event == name).count();
    assert_eq!((count("card-lost"), count("lost-card-used")), (1, 2));
    let found = changed(&house, Request::CardFound { issuance });
    assert_eq!(found.state, CardState::Active);
    assert!(opens(&house, CARD));
    assert!(!says_lost(&house) && lost_cards(&house).is_empty());
    assert!(daemon.stop().status.success());
}

#[test]
fn m18_a_visitors_card_is_free_a_lost_one_costs_400_once_and_a_find_gives_them_back() {
    let (house, _daemon, issuance) = house_with_a_card();
    assert_eq!(charges(&house, LIST), [], "a visitor's card is free");
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let lose = || Request::CardLost { issuance };
    let tried = client.ask(lose(), true).unwrap();
    assert!(matches!(tried, Reply::Changed(_)));
    assert_eq!(charges(&house, LIST), [], "a dry run");
    let charge = changed(&house, lose()).charge.unwrap();
    assert_eq!((charge.ore, charge.tenant.as_str()), (40_000, "Kommunen"));
    let again = client.ask(lose(), false).unwrap_err();
    assert_eq!(u8::from(again.code()), 3, "{again}");
    let back = changed(&house, Request::CardFound { issuance });
    assert_eq!(back.charge.unwrap().ore, -40_000);
    let rows = charges(&house, LIST);
    let kinds: Vec<_> = rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["lost-card", "reversal"]);
    assert_eq!(rows[1].reverses.as_ref(), Some(&rows[0].voucher));
    assert_eq!(rows.iter().map(|row| row.ore).sum::<i64>(), 0);
    assert!(rows[0].voucher.ends_with("-0001") && rows[1].voucher.ends_with("-0002"));
    let there = events(&house);
    for name in ["card-lost", "charge-made", "card-found", "charge-reversed"] {
        assert!(there.contains(&name.to_owned()), "{name}");
    }
}

#[test]
fn m18_prices_are_the_configurations() {
    let house = House::new();
    house.configure("[charges]\nlost_card = \"0.00\"\n");
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let lost = changed(&house, Request::CardLost { issuance });
    assert_eq!(lost.charge, None);
    assert_eq!(charges(&house, LIST), []);
}

#[test]
fn m18_the_name_leaves_with_the_export_and_the_charge_outlives_the_holder() {
    let (house, daemon, issuance) = house_with_a_card();
    let _lost = changed(&house, Request::CardLost { issuance });
    let named = charges(&house, EXPORT);
    let name = named[0].name.as_ref().unwrap().expose().to_owned();
    assert_eq!((named.len(), name.as_str()), (1, "Kari Nordmann"));
    assert_eq!(charges(&house, EXPORT), [], "once");
    let there = events(&house);
    for name in ["charges-exported", "log-read"] {
        assert!(there.contains(&name.to_owned()), "{name}");
    }
    wait_kept(&house, issuance);
    let form_shredded = true;
    let back = changed(
        &house,
        Request::CardReturn(CardReturn {
            issuance,
            form_shredded,
        }),
    );
    assert_eq!(
        (back.state, back.was_lost, back.unexported),
        (CardState::Returned, true, 0)
    );
    let rows = charges(&house, LIST);
    assert_eq!((rows[0].ore, rows[0].issuance), (40_000, None));
    assert!(rows[0].exported.is_some());
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
}

#[test]
fn m18_a_return_says_that_a_charge_was_not_exported() {
    let (house, _daemon, issuance) = house_with_a_card();
    let _lost = changed(&house, Request::CardLost { issuance });
    let form_shredded = true;
    let back = changed(
        &house,
        Request::CardReturn(CardReturn {
            issuance,
            form_shredded,
        }),
    );
    assert_eq!((back.was_lost, back.unexported), (true, 1));
    let named = charges(&house, EXPORT);
    assert_eq!((named[0].ore, &named[0].name), (40_000, &None));
}
