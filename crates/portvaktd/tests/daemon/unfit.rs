//! Modes that a door cannot have, with the real binary.

use control::request::house::{DoorHours, HouseRequest};

use super::house::House;
use super::modes::{do_it, places, refused};

#[test]
fn a_strict_door_on_wiegand_is_unlocked_by_no_order_and_at_no_hour() {
    let house = House::new();
    house.configure(
        r#"[[line]]
name = "west"
device = "/dev/null"
protocol = "wiegand-ascii"
[[reader]]
name = "gate"
line = "west"
secure = false
format = "H10301"
[[door]]
name = "gate"
entry = "gate"
strike = { reader = "front", output = 1 }
class = "strict"
level = "limited"
"#,
    );
    let _daemon = house.start();
    let order = |doors: &[&str], mode: &str| HouseRequest::OrderMode {
        doors: places(doors, &[]),
        mode: mode.to_owned(),
        until: None,
    };
    for doors in [&["gate"][..], &["front", "gate"]] {
        let refused = refused(&house, order(doors, "unlocked"));
        assert!(
            refused.contains("\"gate\" never stands unlocked"),
            "{refused}"
        );
    }
    let hours = DoorHours {
        schedule: "day".to_owned(),
        mode: "unlocked".to_owned(),
        after_first_card: true,
    };
    let refused = refused(
        &house,
        HouseRequest::SetHours {
            doors: places(&["gate"], &[]),
            hours: vec![hours],
        },
    );
    assert!(
        refused.contains("\"gate\" never stands unlocked"),
        "{refused}"
    );
    do_it(&house, order(&["gate"], "card+pin"));
    do_it(&house, order(&["front"], "unlocked"));
}

/// A door beside the front, with a reader whose keys nobody reads.
const MUTE: &str = r#"[[line]]
name = "west"
device = "/dev/null"
protocol = "wiegand-modbus"
[[reader]]
name = "side"
line = "west"
address = 1
secure = false
format = "H10301"
[[door]]
name = "side"
entry = "side"
strike = { reader = "front", output = 1 }
[[door]]
name = "safe"
entry = "safe"
strike = { reader = "front", output = 2 }
level = "limited"
[[reader]]
name = "safe"
line = "north"
address = 1
format = "H10301"
"#;

#[test]
fn no_order_and_no_hour_gives_a_door_a_mode_that_the_configuration_refuses() {
    let house = House::new();
    house.configure(MUTE);
    let _daemon = house.start();
    let order = |doors: &[&str], mode: &str| HouseRequest::OrderMode {
        doors: places(doors, &[]),
        mode: mode.to_owned(),
        until: None,
    };
    let hours = |doors: &[&str], mode: &str| {
        let hours = |mode: &str| DoorHours {
            schedule: "day".to_owned(),
            mode: mode.to_owned(),
            after_first_card: false,
        };
        HouseRequest::SetHours {
            doors: places(doors, &[]),
            hours: vec![hours("locked"), hours(mode)],
        }
    };
    let no_keys = "a PIN is wanted at reader \"side\", which has no keys";
    let no_card = "which level \"limited\" does not";
    for (doors, mode, why) in [
        (&["side"][..], "card+pin", no_keys),
        (&["front", "side"], "card+pin", no_keys),
        (&["side"], "card-or-pin", no_keys),
        (&["safe"], "card-or-pin", no_card),
    ] {
        let door = doors.last().unwrap();
        let what = format!("door \"{door}\" cannot have mode \"{mode}\": ");
        for wish in [order(doors, mode), hours(doors, mode)] {
            let refused = refused(&house, wish);
            assert!(
                refused.contains(&what) && refused.contains(why),
                "{refused}"
            );
        }
    }
    do_it(&house, order(&["safe"], "card+pin"));
    do_it(&house, order(&["side"], "locked"));
    do_it(&house, order(&["front"], "card-or-pin"));
}
