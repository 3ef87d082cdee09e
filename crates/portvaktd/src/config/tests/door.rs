//! What a door may ask of people, and how its leaf and its strike may be wired.

use std::time::Duration;

use access::{DoorMode, Level, Persons};

use super::*;

/// As [`REFUSED`], for what stands in the place of the gate's reader, which is Wiegand.
const REFUSED_AT_GATE: &[(&str, &str)] = &[
    (
        "level = \"high\"",
        "house.toml:48: door \"gate\": level \"high\" is unknown; write \"controlled\", \"limited\" or \"exclusion\"",
    ),
    (
        "level = \"exclusion\"",
        "house.toml:48: door \"gate\": level \"exclusion\" lets nobody in at reader \"gate\", whose wires can be imitated; use an OSDP reader with secure = true, or level \"limited\"",
    ),
    (
        "class = \"strict\"\nlevel = \"controlled\"",
        "house.toml:48: door \"gate\": class \"strict\" does not trust Wiegand reader \"gate\" without a PIN; write level = \"limited\", or use an OSDP reader or class \"standard\"",
    ),
    (
        "class = \"strict\"\nmode = \"card+pin\"",
        "house.toml:48: door \"gate\": class \"strict\" does not trust Wiegand reader \"gate\" without a PIN; write level = \"limited\", or use an OSDP reader or class \"standard\"",
    ),
    (
        "class = \"strict\"\nlevel = \"limited\"\nmode = \"unlocked\"",
        "house.toml:48: door \"gate\": class \"strict\" at Wiegand reader \"gate\" wants a card and a PIN of everyone, mode \"unlocked\" of nobody; write another mode, or class \"standard\"",
    ),
    (
        "class = \"strict\"\nlevel = \"exclusion\"",
        "house.toml:49: door \"gate\": level \"exclusion\" lets nobody in at reader \"gate\", whose wires can be imitated; use an OSDP reader with secure = true, or level \"limited\"",
    ),
    (
        "level = \"limited\"\nmode = \"card-or-pin\"",
        "house.toml:49: door \"gate\": mode \"card-or-pin\" lets a PIN stand for a card, which level \"limited\" does not; write mode \"card\" or \"card+pin\"",
    ),
    (
        "persons = { within = \"10s\" }",
        "house.toml:48: door \"gate\": persons is not complete; write count = 2",
    ),
    (
        "persons = { count = 1 }",
        "house.toml:48: door \"gate\": persons: count 1 is out of range; write 2 to 16",
    ),
    (
        "persons = { count = 17 }",
        "house.toml:48: door \"gate\": persons: count 17 is out of range; write 2 to 16",
    ),
    (
        "persons = { count = 2, within = \"1h\" }",
        "house.toml:48: door \"gate\": persons: within = \"1h\" is out of range; write 1s to 600s",
    ),
    (
        "persons = 2",
        "house.toml:48: invalid type: integer `2`, expected { count = 2, within = \"30s\" }",
    ),
    (
        "escort_within = \"soon\"",
        "house.toml:48: door \"gate\": escort_within = \"soon\" is not a duration; write it as \"30s\"",
    ),
    (
        "again_after = \"0s\"",
        "house.toml:48: door \"gate\": again_after = \"0s\" is out of range; write 1s to 86400s",
    ),
    (
        "relock_on_close = true",
        "house.toml:48: door \"gate\": relock_on_close needs a contact; write contact = { reader = \"READER\", input = 0 }, or remove it",
    ),
    (
        "warn_before_held = \"10s\"",
        "house.toml:48: door \"gate\": warn_before_held needs a contact; write contact = { reader = \"READER\", input = 0 }, or remove it",
    ),
    (
        "debounce = \"20ms\"",
        "house.toml:48: door \"gate\": debounce needs a contact or an exit_button; write contact = { reader = \"READER\", input = 0 }, or remove it",
    ),
    (
        "exit = \"gate\"",
        "house.toml:48: door \"gate\": reader \"gate\" stands at both sides; name it in entry or in exit",
    ),
    (
        "exit_button = { reader = \"main-in\", input = 1, active = \"up\" }",
        "house.toml:48: door \"gate\": exit_button: active \"up\" is unknown; write \"high\" or \"low\"",
    ),
];

/// The same for the main door's leaf.
const REFUSED_AT_LEAF: &[(&str, &str)] = &[
    (
        "warn_before_held = \"30s\"",
        "house.toml:43: door \"main\": warn_before_held = \"30s\" is not shorter than held_after, which is 30s; the warning would come before the opening",
    ),
    (
        "debounce = \"201ms\"",
        "house.toml:43: door \"main\": debounce = \"201ms\" is out of range; write 0ns to 200ms",
    ),
];

fn at_gate(more: &str) -> String {
    GOOD.replacen("entry = \"gate\"", &format!("entry = \"gate\"\n{more}"), 1)
}

fn at_main(more: &str) -> String {
    GOOD.replacen("class = \"strict\"", more, 1)
}

#[test]
fn what_a_door_cannot_keep_is_refused() {
    for (more, line) in REFUSED_AT_GATE {
        assert_eq!(parse(&at_gate(more)).unwrap_err().to_string(), *line);
    }
    for (more, line) in REFUSED_AT_LEAF {
        assert_eq!(parse(&at_main(more)).unwrap_err().to_string(), *line);
    }
}

#[test]
fn a_door_says_what_it_asks_of_people() {
    let asked = "mode = \"card+pin\"\nlevel = \"exclusion\"\npersons = { count = 3, within = \"20s\" }\n\
                 escort_within = \"45s\"\nagain_after = \"10s\"";
    let config = parse(&at_main(asked)).unwrap();
    let rules = &config.doors[0].rules;
    assert_eq!(
        (rules.mode, rules.level),
        (DoorMode::CardAndPin, Level::Exclusion)
    );
    let persons = Persons {
        count: 3,
        within: Duration::from_secs(20),
    };
    assert_eq!(rules.persons, Some(persons));
    assert_eq!(rules.escort_within, Some(Duration::from_secs(45)));
    assert_eq!(rules.again_after, Some(Duration::from_secs(10)));
    let usual = &config.doors[1].rules;
    assert_eq!(*usual, access::DoorRules::of_mode(DoorMode::Card));
}

/// `card+pin` would do, but an operator or a schedule may set another mode; a level holds in every one.
#[test]
fn a_strict_door_takes_a_wiegand_reader_where_its_level_wants_a_pin() {
    let config = parse(&at_gate("class = \"strict\"\nlevel = \"limited\"")).unwrap();
    assert_eq!(config.doors[1].class, DoorClass::Strict);
    let never = [0, 1].map(|at| config.never_unlocked(&config.doors[at]));
    assert_eq!(never, [false, true], "the main door's readers are OSDP");
}

#[test]
fn a_door_says_how_its_leaf_is_watched() {
    let watched = "held_after = \"1m\"\nwarn_before_held = \"15s\"\nrelock_on_close = true\ndebounce = \"0s\"";
    let config = parse(&at_main(watched)).unwrap();
    let leaf = config.doors[0].leaf;
    assert_eq!(leaf.held_after, Duration::from_secs(60));
    assert_eq!(leaf.warn_before_held, Some(Duration::from_secs(15)));
    assert!(leaf.relock_on_close && leaf.debounce.is_zero());
    let usual = config.doors[1].leaf;
    assert_eq!(usual.debounce, Duration::from_millis(50));
    assert!(!usual.relock_on_close && usual.warn_before_held.is_none());
}

#[test]
fn what_releases_by_no_current_behind_a_relay_turned_round_is_released_by_current() {
    for (wired, inverted) in [
        ("", false),
        (", fail = \"secure\", active = \"high\"", false),
        (", fail = \"safe\"", true),
        (", active = \"low\"", true),
        (", fail = \"safe\", active = \"low\"", false),
    ] {
        let text = GOOD.replacen(
            "{ reader = \"main-out\", output = 0 }",
            &format!("{{ reader = \"main-out\", output = 0{wired} }}"),
            1,
        );
        let config = parse(&text).unwrap();
        assert_eq!(config.doors[1].strike.inverted, inverted, "{wired}");
    }
}

#[test]
fn one_output_opens_one_door_however_it_is_wired() {
    let text = GOOD.replacen(
        "{ reader = \"main-out\", output = 0 }",
        "{ reader = \"main-in\", output = 0, fail = \"safe\" }",
        1,
    );
    let line = "house.toml:48: door \"gate\": strike: this output already opens door \"main\" (line 37); wire each door to its own";
    assert_eq!(parse(&text).unwrap_err().to_string(), line);
}

#[test]
fn a_contact_may_be_closed_while_the_leaf_is() {
    let text = GOOD.replacen("input = 0 }", "input = 0, active = \"low\" }", 1);
    let contact = parse(&text).unwrap().doors[0].contact.unwrap();
    assert!(contact.inverted);
}

/// The main door of the good house is strict.
#[test]
fn a_strict_door_trusts_no_reader_in_clear_without_a_pin() {
    let in_clear = GOOD.replacen("address = 0\n", "address = 0\nsecure = false\n", 1);
    let refused = parse(&in_clear).unwrap_err().to_string();
    let said =
        "class \"strict\" does not trust reader \"main-in\" with secure = false without a PIN";
    assert!(refused.contains(said), "{refused}");
    let with_pin = in_clear.replacen(
        "class = \"strict\"",
        "class = \"strict\"\nlevel = \"limited\"",
        1,
    );
    let config = parse(&with_pin).unwrap();
    assert!(config.never_unlocked(&config.doors[0]));
}
