//! Groups of doors.

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
];

fn behind(tables: &str) -> Result<Config, ConfigError> {
    parse(&format!("{GOOD}{tables}"))
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
fn what_a_decision_goes_by_changes_at_the_next_start() {
    let old = behind("").unwrap();
    let new = behind("[[group]]\nname = \"all\"\ndoors = \"main\"\n").unwrap();
    assert_eq!(old.needs_restart_for(&new), ["a [[group]]"]);
}
