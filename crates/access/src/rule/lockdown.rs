//! Lockdown: the door is not locked down.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the door free of a lockdown?
pub(crate) const RULE: Rule = Rule {
    name: "lockdown",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    if case.house.is_locked_down(case.door) {
        return Err(Reason::Lockdown);
    }
    Ok(())
}

fn saw(case: &Case<'_>) -> String {
    if case.house.is_locked_down(case.door) {
        "the door is locked down".to_owned()
    } else {
        "no lockdown".to_owned()
    }
}

fn remedy(_: &Case<'_>) -> String {
    "the lockdown is released (door release)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, OTHER_DOOR, Scene};
    use crate::modes::DoorMode;

    #[test]
    fn a_lockdown_shuts_its_door_in_every_mode_and_no_other() {
        for mode in DoorMode::ALL {
            let mut scene = Scene::new();
            scene.door(|door| door.mode = mode);
            assert!(scene.house.set_lockdown(DOOR, true));
            assert!(!scene.house.set_lockdown(DOOR, true), "it is no news");
            assert_eq!(scene.reason(0), Reason::Lockdown);
            let told = (
                "the door is locked down".to_owned(),
                Some("the lockdown is released (door release)".to_owned()),
            );
            assert_eq!(scene.told(&RULE, 0), told);
        }
        let mut scene = Scene::new();
        scene.house.set_lockdown(OTHER_DOOR, true);
        assert_eq!(scene.reason(0), Reason::Ok);
    }

    #[test]
    fn after_a_release_the_door_opens_again() {
        let mut scene = Scene::new();
        scene.house.set_lockdown(DOOR, true);
        assert!(scene.house.set_lockdown(DOOR, false));
        assert_eq!(scene.reason(0), Reason::Ok);
    }

    #[test]
    fn another_configuration_ends_no_lockdown() {
        let mut scene = Scene::new();
        scene.house.set_lockdown(DOOR, true);
        scene.plan(|_| {});
        assert_eq!(scene.reason(0), Reason::Lockdown);
    }
}
