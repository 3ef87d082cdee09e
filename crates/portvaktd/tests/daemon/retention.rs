//! For how long events are kept: set by who may, on record, signed, and never longer than the configuration says.

use std::thread::sleep;
use std::time::Duration;

use control::reply::Row;
use control::{Class, Client, Reply, Request};

use super::day::events;
use super::house::House;

fn set(house: &House, class: Class, keep: &str) -> Result<Reply, (u8, String)> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let keep = keep.to_owned();
    let asked = client.ask(Request::RetentionSet { class, keep }, false);
    asked.map_err(|refused| (u8::from(refused.code()), refused.to_string()))
}

/// Class, for how long it is kept, and the most.
fn shown(house: &House) -> Vec<(String, String, String)> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(Request::RetentionShow {}, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part {
        row: Row::Retention(row),
    } = client.receive().unwrap()
    {
        rows.push((row.class.to_string(), row.keep, row.at_most));
    }
    rows
}

fn passage(house: &House) -> (String, String) {
    let (_, keep, most) = shown(house)
        .into_iter()
        .find(|(class, ..)| class == "passage")
        .unwrap();
    (keep, most)
}

#[test]
fn m20_two_years_are_kept_and_a_shorter_time_is_on_record_and_signed() {
    let house = House::new();
    let daemon = house.start();
    assert_eq!(shown(&house).len(), 6);
    assert!(shown(&house).iter().all(|(_, keep, _)| keep == "2y"));
    set(&house, Class::Passage, "90d").unwrap();
    assert_eq!(passage(&house), ("90d".to_owned(), "2y".to_owned()));
    assert!(events(&house).contains(&"retention-set".to_owned()));
    let signed = std::fs::read_to_string(house.data().join("log/retention")).unwrap();
    assert!(signed.contains("\npassage 90d\ndoor 2y\n"), "{signed}");
    daemon.kill();
    let _daemon = house.start();
    assert_eq!(passage(&house).0, "90d", "after a kill");
}

#[test]
fn what_operators_did_is_not_shortened_and_nonsense_is_refused_with_what_would_be_right() {
    let house = House::new();
    let _daemon = house.start();
    let (code, what) = set(&house, Class::Administration, "90d").unwrap_err();
    assert!(
        code == 3 && what.contains("always stay two years"),
        "{what}"
    );
    for keep in ["731d", "3y", "soon"] {
        let (code, what) = set(&house, Class::Door, keep).unwrap_err();
        assert!(code == 2 && what.contains("from 1d to 730d"), "{what}");
    }
    assert!(shown(&house).iter().all(|(_, keep, _)| keep == "2y"));
}

#[test]
fn only_the_operations_manager_sets_it() {
    let house = House::with_roles("technician,daily-manager,auditor");
    let _daemon = house.start();
    let (code, _) = set(&house, Class::Passage, "90d").unwrap_err();
    assert_eq!(code, 3);
    assert!(events(&house).contains(&"refused".to_owned()));
    assert_eq!(passage(&house).0, "2y");
}

#[test]
fn the_configuration_shortens_and_is_never_passed() {
    let house = House::new();
    house.configure("[retention]\npassage = \"60d\"\n");
    let daemon = house.start();
    let waited = (0..200).any(|_| {
        sleep(Duration::from_millis(50));
        passage(&house).0 == "60d"
    });
    assert!(waited, "{:?}", passage(&house));
    assert!(events(&house).contains(&"retention-set".to_owned()));
    let (code, what) = set(&house, Class::Passage, "61d").unwrap_err();
    assert!(code == 3 && what.contains("60d at most"), "{what}");
    set(&house, Class::Passage, "30d").unwrap();
    assert_eq!(passage(&house), ("30d".to_owned(), "60d".to_owned()));
    drop(daemon);
    for (table, said) in [
        ("passages = \"60d\"", "passages is no class of events"),
        ("passage = \"3y\"", "is no time to keep events for"),
        ("system = \"60d\"", "always stay two years"),
    ] {
        house.configure(&format!("[retention]\n{table}\n"));
        let refused = house.run(&["--check"]);
        let what = super::house::text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(78));
        assert!(what.contains(said), "{what}");
    }
}
