//! What holds over a restart, an orderly one or not: who is where, and which doors are locked down.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use access::IssuanceId;
use control::request::card::CardReturn;
use control::request::house::{HouseRequest, Places};
use control::request::log::EventFilter;
use control::{Client, Reply, Request, Row};

use super::day::{
    CARD, issue_in_person, must_be_nowhere, opens, set_key, status, stays_shut, wait_online,
};
use super::house::{Daemon, House, text};

/// Behind the door lies a hall, with a way out at a reader that nobody has wired yet.
const HALL: &str = r#"exit = "out"
[[reader]]
name = "out"
line = "north"
address = 1
format = "H10301"
[[area]]
name = "hall"
into = "front"
out_of = "out"
passback = "hard"
"#;

fn file(house: &House) -> PathBuf {
    house.data().join("occupancy.snapshot")
}

/// Whether the file knows where the card is.
fn is_kept(house: &House, issuance: IssuanceId) -> bool {
    let octets = fs::read(file(house)).unwrap();
    let number = issuance.get().to_le_bytes();
    octets.windows(number.len()).any(|window| window == number)
}

/// Waits until it does: at most a second, and what a slow disk needs.
pub(crate) fn wait_kept(house: &House, issuance: IssuanceId) {
    let kept = (0..500).any(|_| {
        sleep(Duration::from_millis(10));
        is_kept(house, issuance)
    });
    assert!(kept, "the file does not follow");
}

/// The reasons of all refusals.
fn refusals(house: &House) -> Vec<String> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let all = Request::LogShow(EventFilter::default());
    client.send(all, false).unwrap();
    let mut reasons = Vec::new();
    while let Reply::Part {
        row: Row::Event(event),
    } = client.receive().unwrap()
    {
        let reason = event.reason.filter(|_| event.event == "access-denied");
        reasons.extend(reason);
    }
    reasons
}

/// A house with an area, and a card that was let into it.
fn house_with_a_guest() -> (House, Daemon, IssuanceId) {
    let house = House::new();
    house.configure(HALL);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    (house, daemon, issuance)
}

#[test]
fn who_came_in_before_a_kill_or_a_stop_does_not_come_in_again() {
    let (house, daemon, issuance) = house_with_a_guest();
    assert!(stays_shut(&house, CARD));
    wait_kept(&house, issuance);
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    assert!(daemon.stop().status.success());
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    assert_eq!(refusals(&house), ["passback"; 3]);
    house.ask(Request::House(HouseRequest::AreaForgiveCard { issuance }));
    // A stop writes what the last second brought.
    assert!(daemon.stop().status.success());
    assert!(!is_kept(&house, issuance));
    let _daemon = house.start();
    wait_online(&house);
    assert!(opens(&house, CARD));
}

/// What was acknowledged is on disk, and its seal follows within milliseconds: on a loaded machine a kill comes between.
fn kill_once_sealed(house: &House, daemon: Daemon) {
    let log = || status(house).log;
    while log().sealed < log().size {
        sleep(Duration::from_millis(5));
    }
    daemon.kill();
}

#[test]
fn a_return_is_acknowledged_when_the_file_has_forgotten_the_card() {
    let (house, daemon, issuance) = house_with_a_guest();
    wait_kept(&house, issuance);
    let back = CardReturn {
        issuance,
        form_shredded: true,
    };
    house.ask(Request::CardReturn(back));
    assert!(!is_kept(&house, issuance));
    kill_once_sealed(&house, daemon);
    must_be_nowhere(&house, issuance);
}

/// As after a power cut behind the sync of the new file and before its name: the file itself knows nothing of the card.
#[test]
fn a_return_takes_the_card_also_from_what_a_cut_off_write_left_beside_the_file() {
    let (house, daemon, issuance) = house_with_a_guest();
    wait_kept(&house, issuance);
    let with_the_card = fs::read(file(&house)).unwrap();
    house.ask(Request::House(HouseRequest::AreaForgiveCard { issuance }));
    assert!(daemon.stop().status.success());
    assert!(!is_kept(&house, issuance));
    fs::write(house.data().join("occupancy.snapshot.new"), with_the_card).unwrap();
    let daemon = house.start();
    let back = CardReturn {
        issuance,
        form_shredded: true,
    };
    house.ask(Request::CardReturn(back));
    kill_once_sealed(&house, daemon);
    must_be_nowhere(&house, issuance);
}

#[test]
fn a_return_that_the_file_cannot_follow_is_not_acknowledged_and_finished_at_the_next_start() {
    let (house, daemon, issuance) = house_with_a_guest();
    wait_kept(&house, issuance);
    // Where the new file would be made lies something that no file replaces.
    let in_the_way = house.data().join("occupancy.snapshot.new");
    fs::create_dir(&in_the_way).unwrap();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let back = CardReturn {
        issuance,
        form_shredded: true,
    };
    let refused = client.ask(Request::CardReturn(back), false).unwrap_err();
    let refused = refused.to_string();
    assert!(
        refused.contains("occupancy.snapshot cannot be written"),
        "{refused}"
    );
    assert!(is_kept(&house, issuance));
    assert!(stays_shut(&house, CARD), "the card is dead all the same");
    let said = text(&daemon.stop().stderr);
    assert_eq!(
        said.matches("occupancy.snapshot cannot be written").count(),
        1,
        "{said}"
    );
    // A start that cannot follow either serves the doors, and calls nobody forgotten.
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "dead still");
    assert!(is_kept(&house, issuance));
    let said = text(&daemon.stop().stderr);
    assert!(
        said.contains("is finished later: occupancy.snapshot cannot be written"),
        "{said}"
    );
    assert!(!said.contains("was finished"), "{said}");
    assert!(is_kept(&house, issuance));
    // What a write leaves that is cut off before it gives the file its name.
    fs::remove_dir(&in_the_way).unwrap();
    fs::copy(file(&house), &in_the_way).unwrap();
    let daemon = house.start();
    // It was made good before anybody is answered.
    assert!(!is_kept(&house, issuance) && !in_the_way.exists());
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
}

/// As after a crash between the return in the register and the file, or when somebody lays an older file there.
#[test]
fn a_file_older_than_a_return_does_not_bring_the_card_back() {
    let (house, daemon, issuance) = house_with_a_guest();
    wait_kept(&house, issuance);
    let older = fs::read(file(&house)).unwrap();
    let back = CardReturn {
        issuance,
        form_shredded: true,
    };
    house.ask(Request::CardReturn(back));
    daemon.kill();
    fs::write(file(&house), older).unwrap();
    let daemon = house.start();
    let gone = (0..500).any(|_| {
        sleep(Duration::from_millis(10));
        !is_kept(&house, issuance)
    });
    assert!(gone);
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
}

#[test]
fn a_file_that_is_not_as_it_was_written_is_refused_and_told() {
    let (house, daemon, issuance) = house_with_a_guest();
    wait_kept(&house, issuance);
    daemon.kill();
    let written = fs::read(file(&house)).unwrap();
    let mut altered = written.clone();
    altered[20] ^= 1;
    let torn = written[..written.len() - 1].to_vec();
    for (octets, why) in [
        (Some(altered), "refused: it was altered or torn"),
        (Some(torn), "refused: it was altered or torn"),
        (None, "is not there"),
    ] {
        match octets {
            Some(octets) => fs::write(file(&house), octets).unwrap(),
            None => fs::remove_file(file(&house)).unwrap(),
        }
        let daemon = house.start();
        let warnings = status(&house).warnings;
        let told = warnings
            .iter()
            .any(|warning| warning.contains("occupancy.snapshot") && warning.contains(why));
        assert!(told, "{warnings:?}");
        let said = text(&daemon.stop().stderr);
        assert!(said.contains(why), "{said}");
        assert!(!said.contains(&issuance.to_string()));
    }
    let _daemon = house.start();
    let warnings = status(&house).warnings;
    let told = warnings
        .iter()
        .any(|warning| warning.contains("occupancy.snapshot"));
    assert!(!told, "a stop writes it anew: {warnings:?}");
}

#[test]
fn a_door_that_was_locked_down_before_a_kill_stays_so() {
    let (house, daemon, _) = house_with_a_guest();
    let all = Places::default;
    // The strike is locked by itself again: a lockdown has nothing to tell the reader.
    sleep(Duration::from_millis(1_500));
    house.ask(Request::House(HouseRequest::LockDown { doors: all() }));
    daemon.kill();
    let _daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD));
    assert_eq!(refusals(&house), ["lockdown"]);
    house.ask(Request::House(HouseRequest::Release { doors: all() }));
    house.ask(Request::House(HouseRequest::AreaForgive {
        area: "hall".into(),
    }));
    assert!(opens(&house, CARD));
}
