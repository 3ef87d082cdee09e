//! Interlock: the other doors of the lock are shut.

use crate::id::DoorId;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Are the other doors shut and locked?
pub(crate) const RULE: Rule = Rule {
    name: "interlock",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match in_the_way(case) {
        Some(_) => Err(Reason::Interlock),
        None => Ok(()),
    }
}

fn in_the_way(case: &Case<'_>) -> Option<DoorId> {
    let others = &case.rules?.interlock;
    others
        .iter()
        .copied()
        .find(|other| *other != case.door && case.house.is_busy(*other))
}

fn saw(case: &Case<'_>) -> String {
    match in_the_way(case) {
        Some(other) => {
            let other = case.naming.door(other);
            format!("{other} of the same lock is open or released")
        }
        None if case.rules.is_none_or(|rules| rules.interlock.is_empty()) => {
            "this door is in no lock".to_owned()
        }
        None => "the other doors of the lock are shut".to_owned(),
    }
}

fn remedy(case: &Case<'_>) -> String {
    in_the_way(case).map_or_else(String::new, |other| {
        format!("{} is shut", case.naming.door(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, OTHER_DOOR, Scene};

    #[test]
    fn a_door_of_a_lock_waits_until_the_others_are_shut() {
        let mut scene = Scene::new();
        assert_eq!(scene.told(&RULE, 0).0, "this door is in no lock");
        scene.house.set_busy(OTHER_DOOR, true);
        assert_eq!(scene.reason(0), Reason::Ok);
        scene.door(|door| door.interlock = vec![DOOR, OTHER_DOOR]);
        assert_eq!(scene.reason(0), Reason::Interlock);
        let told = (
            "door 2 of the same lock is open or released".to_owned(),
            Some("door 2 is shut".to_owned()),
        );
        assert_eq!(scene.told(&RULE, 0), told);
        scene.house.set_busy(OTHER_DOOR, false);
        assert_eq!(scene.reason(0), Reason::Ok);
        assert_eq!(
            scene.told(&RULE, 0).0,
            "the other doors of the lock are shut"
        );
    }

    #[test]
    fn a_door_does_not_wait_for_itself() {
        let mut scene = Scene::new();
        scene.door(|door| door.interlock = vec![DOOR, OTHER_DOOR]);
        scene.house.set_busy(DOOR, true);
        assert_eq!(scene.reason(0), Reason::Ok);
    }

    #[test]
    fn one_open_door_of_many_is_enough() {
        let others: Vec<DoorId> = (2..9).map(DoorId::new).collect();
        for open in &others {
            let mut scene = Scene::new();
            scene.door(|door| door.interlock.clone_from(&others));
            scene.house.set_busy(*open, true);
            assert_eq!(scene.reason(0), Reason::Interlock, "{open}");
        }
    }
}
