//! Mode: the door lets cards in at all.

use crate::modes::{DoorMode, ModeCause};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Does the door let cards in?
pub(crate) const RULE: Rule = Rule {
    name: "door-mode",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match case.mode {
        Some((
            DoorMode::Card | DoorMode::CardAndPin | DoorMode::CardOrPin | DoorMode::Unlocked,
            _,
        )) => Ok(()),
        Some((DoorMode::Locked, _)) | None => Err(Reason::DoorLocked),
    }
}

fn saw(case: &Case<'_>) -> String {
    let Some((mode, cause)) = case.mode else {
        return "this is no door of the house".to_owned();
    };
    let why = match cause {
        ModeCause::Configuration => "by its configuration".to_owned(),
        ModeCause::Order(order) => match order.until {
            Some(until) => format!("by an operator's order until {until}"),
            None => "by an operator's order".to_owned(),
        },
        ModeCause::Schedule(schedule) => format!("by {}", case.naming.schedule(schedule)),
        ModeCause::WaitsForFirstCard(schedule) => {
            let schedule = case.naming.schedule(schedule);
            format!("until the first card in the hours of {schedule}")
        }
    };
    format!("the door is in mode {} {why}", mode.as_str())
}

fn remedy(case: &Case<'_>) -> String {
    match case.mode {
        Some(_) => "the door is given another mode (door mode)".to_owned(),
        None => "the door is in the configuration".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, HOURS, Scene, at};
    use crate::house::HouseState;
    use crate::modes::{ModeBySchedule, ModeOrder, ModePlan};
    use crate::pin::PinEntry;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn only_a_locked_door_lets_no_card_in() {
        for mode in DoorMode::ALL {
            let mut scene = Scene::new();
            scene.door(|door| door.mode = mode);
            scene.typing(PinEntry::Right);
            let reason = if mode == DoorMode::Locked {
                Reason::DoorLocked
            } else {
                Reason::Ok
            };
            assert_eq!(scene.reason(0), reason, "{}", mode.as_str());
        }
    }

    #[test]
    fn a_door_that_nobody_knows_is_locked() {
        let mut scene = Scene::new();
        scene.house = HouseState::new();
        assert_eq!(scene.reason(0), Reason::DoorLocked);
        let told = (
            "this is no door of the house".to_owned(),
            Some("the door is in the configuration".to_owned()),
        );
        assert_eq!(scene.told(&RULE, 0), told);
    }

    #[test]
    fn the_explanation_says_where_the_mode_comes_from() {
        let order = |until| ModePlan {
            order: Some(ModeOrder {
                mode: DoorMode::Locked,
                until,
            }),
            by_schedule: Vec::new(),
        };
        let in_hours = ModePlan {
            order: None,
            by_schedule: vec![ModeBySchedule {
                schedule: HOURS,
                mode: DoorMode::Unlocked,
                after_first_card: true,
            }],
        };
        let mut scene = Scene::new();
        let mut saw = |plan: Option<ModePlan>, now| {
            scene.modes = plan.into_iter().map(|plan| (DOOR, plan)).collect();
            scene.told(&RULE, now).0
        };
        assert_eq!(
            saw(None, 0),
            "the door is in mode card by its configuration"
        );
        assert_eq!(
            saw(Some(order(None)), 0),
            "the door is in mode locked by an operator's order"
        );
        assert_eq!(
            saw(Some(order(Some(at(1)))), 0),
            format!(
                "the door is in mode locked by an operator's order until {}",
                at(1)
            )
        );
        assert_eq!(
            saw(Some(in_hours.clone()), 0),
            "the door is in mode card until the first card in the hours of schedule 5"
        );
        assert_eq!(
            saw(Some(in_hours.clone()), 6 * HOUR),
            "the door is in mode card by its configuration"
        );
        scene.modes = vec![(DOOR, in_hours)];
        scene.house.set_first_card(DOOR, true);
        assert_eq!(
            scene.told(&RULE, 0).0,
            "the door is in mode unlocked by schedule 5"
        );
    }
}
