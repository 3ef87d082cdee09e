//! Groups, areas, interlocks and the limit of wrong PINs.

use std::time::Duration;

use access::{AreaRules, Passback};

use super::*;

/// Tables behind [`GOOD`], from line 49 on, and the one line that must come.
const REFUSED_BEHIND: &[(&str, &str)] = &[
    (
        "[[group]]\ndoors = [\"main\"]\n",
        "house.toml:49: [[group]] is not complete; write name = \"ground-floor\"",
    ),
    (
        "[[group]]\nname = \"all\"\n",
        "house.toml:49: group \"all\" is not complete; write doors = [\"DOOR\"]",
    ),
    (
        "[[group]]\nname = \"all\"\ndoors = []\n",
        "house.toml:51: group \"all\" is without a door; name at least one",
    ),
    (
        "[[group]]\nname = \"all\"\ndoors = [\"main\", \"gate\", \"main\"]\n",
        "house.toml:51: group \"all\": door \"main\" is named twice; name it once",
    ),
    (
        "[[group]]\nname = \"all\"\ndoors = [\"main\", \"attic\"]\n",
        "house.toml:51: group \"all\": door \"attic\" is not defined; defined are \"main\", \"gate\"",
    ),
    (
        "[[group]]\nname = \"main\"\ndoors = [\"main\"]\n",
        "house.toml:50: group \"main\" is called as a door is; give it a name of its own",
    ),
    (
        "[[group]]\nname = \"all\"\ndoors = \"main\"\n[[group]]\nname = \"all\"\ndoors = \"gate\"\n",
        "house.toml:53: group \"all\" is already defined in line 50; give each a name of its own",
    ),
    (
        "[[group]]\nname = \"all\"\ndoors = \"main\"\ncolour = 1\n",
        "house.toml:52: unknown key `colour`, expected `name` or `doors`",
    ),
    (
        "[[area]]\nname = \"hall\"\n",
        "house.toml:49: area \"hall\" is not complete; write into = [\"READER\"], the readers by which people enter it",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\nout_of = []\n",
        "house.toml:52: area \"hall\" is without a reader; name at least one",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"desk\"\n",
        "house.toml:51: area \"hall\": reader \"desk\" is not defined; defined are \"main-in\", \"main-out\", \"gate\"",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\nout_of = [\"main-out\", \"main-in\"]\n",
        "house.toml:49: area \"hall\": reader \"main-in\" leads both into it and out of it; a reader at each side tells which way people go",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\npassback = \"hard\"\n",
        "house.toml:52: area \"hall\": passback \"hard\" without a reader out of it lets nobody in a second time; write out_of = [\"READER\"], or passback = \"soft\"",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\npassback = \"yes\"\n",
        "house.toml:52: area \"hall\": passback \"yes\" is unknown; write \"off\", \"soft\" or \"hard\"",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\ntimed = \"2 days\"\n",
        "house.toml:52: area \"hall\": timed = \"2 days\" is not a duration; write it as \"600s\"",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\n[[area]]\nname = \"yard\"\ninto = [\"gate\", \"main-in\"]\n",
        "house.toml:54: area \"yard\": reader \"main-in\" leads into area \"hall\" already; a reader leads into one area and out of one",
    ),
    (
        "[[area]]\nname = \"hall\"\ninto = \"main-in\"\nout_of = \"main-out\"\n[[area]]\nname = \"yard\"\ninto = \"gate\"\nout_of = \"main-out\"\n",
        "house.toml:56: area \"yard\": reader \"main-out\" leads out of area \"hall\" already; a reader leads into one area and out of one",
    ),
    (
        "[[interlock]]\ndoors = \"main\"\n",
        "house.toml:50: [[interlock]] has one door only; name two or more",
    ),
    (
        "[[interlock]]\ndoors = [\"main\", \"main\"]\n",
        "house.toml:50: [[interlock]]: door \"main\" is named twice; name it once",
    ),
    (
        "[[interlock]]\ndoors = [\"main\", \"gate\"]\n",
        "house.toml:50: [[interlock]]: door \"gate\" has no contact, so nobody knows whether it is shut; give it one, or leave it out",
    ),
    (
        "[[interlock]]\n",
        "house.toml:49: [[interlock]] is not complete; write doors = [\"OUTER\", \"INNER\"]",
    ),
    (
        "[pin]\nwrong_max = 0\n",
        "house.toml:50: [pin]: wrong_max 0 is out of range; write 1 to 20",
    ),
    (
        "[pin]\nwrong_max = 21\n",
        "house.toml:50: [pin]: wrong_max 21 is out of range; write 1 to 20",
    ),
    (
        "[pin]\nlocked_for = \"10s\"\n",
        "house.toml:50: [pin]: locked_for = \"10s\" is out of range; write 60s to 86400s",
    ),
];

fn behind(tables: &str) -> Result<Config, ConfigError> {
    parse(&format!("{GOOD}{tables}"))
}

/// The gate sees its leaf.
fn mantrap(mode: &str) -> Result<Config, ConfigError> {
    let contact = "contact = { reader = \"main-out\", input = 0 }";
    let gate = format!("entry = \"gate\"\n{contact}\nmode = \"{mode}\"");
    let text = GOOD.replacen("entry = \"gate\"", &gate, 1);
    parse(&format!(
        "{text}[[interlock]]\ndoors = [\"gate\", \"main\"]\n"
    ))
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (tables, line) in REFUSED_BEHIND {
        assert_eq!(behind(tables).unwrap_err().to_string(), *line);
    }
}

#[test]
fn a_group_has_its_doors_in_the_order_of_the_file() {
    let config = behind("[[group]]\nname = \"all\"\ndoors = [\"gate\", \"main\"]\n").unwrap();
    assert_eq!(config.groups[0].name, "all");
    assert_eq!(config.groups[0].doors, [1, 0]);
}

#[test]
fn a_reader_leads_out_of_one_area_into_another() {
    let tables = "[[area]]\nname = \"hall\"\ninto = \"main-in\"\nout_of = [\"main-out\", \"gate\"]\npassback = \"hard\"\n\
                  [[area]]\nname = \"yard\"\ninto = \"gate\"\npassback = \"soft\"\ntimed = \"10m\"\n";
    let config = behind(tables).unwrap();
    let [hall, yard] = &config.areas[..] else {
        panic!("two areas");
    };
    assert_eq!((&*hall.into, &*hall.out_of), (&[0][..], &[1, 2][..]));
    assert_eq!((&*yard.into, yard.out_of.is_empty()), (&[2][..], true));
    assert_eq!(hall.rules.passback, Passback::Hard);
    let soft = AreaRules {
        passback: Passback::Soft,
        timed: Some(Duration::from_secs(600)),
    };
    assert_eq!(yard.rules, soft);
}

#[test]
fn a_reader_of_no_door_leads_nowhere() {
    let reader = "[[reader]]\nname = \"desk\"\nline = \"north\"\naddress = 2\nformat = \"raw\"\n\n[[door]]\nname = \"main\"";
    let text = GOOD.replacen("[[door]]\nname = \"main\"", reader, 1);
    let error = parse(&format!(
        "{text}[[area]]\nname = \"hall\"\ninto = \"desk\"\n"
    ))
    .unwrap_err();
    let line = "house.toml:57: area \"hall\": reader \"desk\" asks for no door, so nobody goes through there; name a reader of a door";
    assert_eq!(error.to_string(), line);
}

#[test]
fn doors_of_an_interlock_see_their_leaves_and_do_not_stand_unlocked() {
    assert_eq!(mantrap("card").unwrap().interlocks[0].doors, [1, 0]);
    let line = "house.toml:52: [[interlock]]: door \"gate\" has mode \"unlocked\", so the others would never open; write another mode, or leave it out";
    assert_eq!(mantrap("unlocked").unwrap_err().to_string(), line);
}

#[test]
fn the_limit_of_wrong_pins_is_the_houses_or_the_usual_one() {
    assert_eq!(behind("").unwrap().pin_limit, access::PinLimit::default());
    let limit = access::PinLimit {
        wrong_max: 3,
        locked_for: Duration::from_secs(600),
    };
    let config = behind("[pin]\nwrong_max = 3\nlocked_for = \"10m\"\n").unwrap();
    assert_eq!(config.pin_limit, limit);
}

#[test]
fn what_a_decision_goes_by_changes_at_the_next_start() {
    let old = behind("").unwrap();
    for (tables, what) in [
        (
            "[[group]]\nname = \"all\"\ndoors = \"main\"\n",
            "a [[group]]",
        ),
        (
            "[[area]]\nname = \"hall\"\ninto = \"main-in\"\n",
            "an [[area]]",
        ),
        ("[pin]\nwrong_max = 3\n", "[pin]"),
    ] {
        assert_eq!(old.needs_restart_for(&behind(tables).unwrap()), [what]);
    }
    let new = mantrap("card").unwrap();
    assert_eq!(
        old.needs_restart_for(&new),
        ["a [[door]]", "an [[interlock]]"]
    );
}
