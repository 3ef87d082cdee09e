//! Right: the card has a right on this door that holds now, at this hour.

use crate::allowlist::{Place, Right};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Has the card a right on this door, now?
pub(crate) const RULE: Rule = Rule {
    name: "right",
    judge,
    saw,
    remedy,
};

/// One right that holds is enough. Of several that do not, one that only waits for its hours speaks first, then one still to come,
/// then one that has ended.
fn judge(case: &Case<'_>) -> Result<(), Reason> {
    let mut refused = Reason::NoRight;
    for right in on_this_door(case) {
        match check(case, right) {
            Ok(()) => return Ok(()),
            Err(reason) if nearness(reason) > nearness(refused) => refused = reason,
            Err(_) => {}
        }
    }
    Err(refused)
}

fn check(case: &Case<'_>, right: &Right) -> Result<(), Reason> {
    right.valid.check(case.now)?;
    match right.schedule {
        Some(schedule) => case.allowlist.timetable().check(schedule, case.now),
        None => Ok(()),
    }
}

fn nearness(reason: Reason) -> usize {
    const FROM_AFAR: [Reason; 4] = [
        Reason::Expired,
        Reason::NotYetValid,
        Reason::OutsideSchedule,
        Reason::Holiday,
    ];
    let place = FROM_AFAR.iter().position(|known| *known == reason);
    place.map_or(0, |place| place + 1)
}

fn saw(case: &Case<'_>) -> String {
    let holds: Vec<String> = on_this_door(case).map(|right| told(case, right)).collect();
    if holds.is_empty() {
        return format!(
            "none of the card's {} rights is on this door",
            case.card.rights.len()
        );
    }
    format!("{}; it is {}", holds.join("; "), case.now)
}

fn told(case: &Case<'_>, right: &Right) -> String {
    let place = match right.place {
        Place::Door(_) => "the right on this door".to_owned(),
        Place::Group(group) => format!("the right on {}", case.naming.group(group)),
    };
    let Some(schedule) = right.schedule else {
        return format!("{place} holds {}", right.valid);
    };
    let timetable = case.allowlist.timetable();
    let hours = timetable.hours(schedule).map_or_else(
        || "which is not there".to_owned(),
        |hours| format!("{hours}, where it is {}", timetable.wall(hours, case.now)),
    );
    format!(
        "{place} holds {} in the hours of {}: {hours}",
        right.valid,
        case.naming.schedule(schedule)
    )
}

fn remedy(case: &Case<'_>) -> String {
    match judge(case) {
        Err(Reason::OutsideSchedule | Reason::Holiday) => {
            "the schedule's hours have come, or the card has a right with other hours (right grant)"
        }
        Err(Reason::NotYetValid) => "the right's time has come",
        Err(_) | Ok(()) => "the card is given a right on this door (right grant)",
    }
    .to_owned()
}

/// The rights on the door itself, which lie together, and those on groups it is in, which come last.
fn on_this_door<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Right> {
    let (door, plan) = (case.door, case.house.plan());
    let rights = case.card.rights;
    let from = rights.partition_point(|right| right.place < Place::Door(door));
    let of_door = rights
        .iter()
        .skip(from)
        .take_while(move |right| right.place == Place::Door(door));
    let groups = rights.partition_point(|right| matches!(right.place, Place::Door(_)));
    let of_groups = rights
        .iter()
        .skip(groups)
        .filter(move |right| match right.place {
            Place::Group(group) => plan.is_member(group, door),
            Place::Door(_) => false,
        });
    of_door.chain(of_groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, HOURS, OTHER_DOOR, Scene, always, span};
    use crate::{GroupId, ScheduleId, Validity};

    const GROUP: GroupId = GroupId::new(4);
    const HOUR: i64 = 3_600_000_000;
    const DAY: i64 = 24 * HOUR;

    fn on(place: Place, valid: Validity, schedule: Option<ScheduleId>) -> Right {
        Right {
            place,
            valid,
            schedule,
        }
    }

    fn scene(rights: Vec<Right>) -> Scene {
        let mut scene = Scene::new();
        scene.entry.rights = rights;
        scene
    }

    #[test]
    fn a_right_on_another_door_is_none_on_this() {
        let scene = scene(vec![Right::on(OTHER_DOOR, always())]);
        assert_eq!(scene.reason(0), Reason::NoRight);
        assert_eq!(
            scene.told(&RULE, 0).0,
            "none of the card's 1 rights is on this door"
        );
    }

    #[test]
    fn a_right_holds_from_its_beginning_until_just_before_its_end() {
        let scene = scene(vec![Right::on(DOOR, span(10, Some(20)))]);
        let said = [9, 10, 19, 20].map(|now| scene.reason(now));
        assert_eq!(
            said,
            [Reason::NotYetValid, Reason::Ok, Reason::Ok, Reason::Expired]
        );
        assert_eq!(
            scene.told(&RULE, 9).1.as_deref(),
            Some("the right's time has come")
        );
        assert_eq!(
            scene.told(&RULE, 20).1.as_deref(),
            Some("the card is given a right on this door (right grant)")
        );
    }

    #[test]
    fn a_right_on_a_group_is_one_on_every_door_in_it() {
        let mut scene = scene(vec![on(Place::Group(GROUP), always(), None)]);
        assert_eq!(scene.reason(0), Reason::NoRight);
        scene.plan(|plan| plan.set_member(GROUP, OTHER_DOOR));
        assert_eq!(scene.reason(0), Reason::NoRight);
        scene.plan(|plan| plan.set_member(GROUP, DOOR));
        assert_eq!(scene.reason(0), Reason::Ok);
        assert!(
            scene
                .told(&RULE, 0)
                .0
                .starts_with("the right on door group 4 holds from")
        );
    }

    #[test]
    fn a_right_holds_in_the_hours_of_its_schedule_to_the_microsecond() {
        let scene = scene(vec![on(Place::Door(DOOR), always(), Some(HOURS))]);
        let shut = Reason::OutsideSchedule;
        for (edge, before, after) in [(-2 * HOUR, shut, Reason::Ok), (6 * HOUR, Reason::Ok, shut)] {
            let said = [-1_000, -1, 0, 1, 1_000].map(|micros| scene.reason(edge + micros));
            assert_eq!(said, [before, before, after, after, after]);
        }
        let (saw, remedy) = scene.told(&RULE, 6 * HOUR);
        let hours = "in the hours of schedule 5: mon-fri 08:00-16:00 (Europe/Oslo), where it is Wed 2026-11-25 16:00:00";
        assert!(saw.contains(hours), "{saw}");
        assert_eq!(
            remedy.as_deref(),
            Some(
                "the schedule's hours have come, or the card has a right with other hours (right grant)"
            )
        );
    }

    #[test]
    fn on_a_special_day_the_hours_of_the_week_are_shut() {
        let scene = scene(vec![on(Place::Door(DOOR), always(), Some(HOURS))]);
        assert_eq!(scene.reason(DAY), Reason::Holiday);
        assert_eq!(scene.reason(2 * DAY), Reason::Ok);
        assert_eq!(scene.reason(3 * DAY), Reason::OutsideSchedule);
        let saw = scene.told(&RULE, DAY).0;
        assert!(
            saw.contains("where it is Thu 2026-11-26 10:00:00, a holiday"),
            "{saw}"
        );
    }

    #[test]
    fn a_schedule_that_is_not_there_never_holds() {
        let missing = Some(ScheduleId::new(99));
        let scene = scene(vec![on(Place::Door(DOOR), always(), missing)]);
        assert_eq!(scene.reason(0), Reason::OutsideSchedule);
        assert!(scene.told(&RULE, 0).0.contains("which is not there"));
    }

    #[test]
    fn of_rights_that_do_not_hold_the_nearest_speaks() {
        let ended = Right::on(DOOR, span(-20, Some(-10)));
        let to_come = Right::on(DOOR, span(10, None));
        let in_hours = on(Place::Door(DOOR), always(), Some(HOURS));
        let night = -3 * HOUR;
        for (rights, now, reason) in [
            (vec![ended, to_come], 0, Reason::NotYetValid),
            (vec![to_come, ended], 0, Reason::NotYetValid),
            (vec![to_come, in_hours], night, Reason::OutsideSchedule),
            (vec![ended, in_hours], DAY + night, Reason::Holiday),
            (vec![ended, in_hours], 0, Reason::Ok),
        ] {
            assert_eq!(scene(rights).reason(now), reason);
        }
    }

    #[test]
    fn a_right_on_a_group_stands_in_where_the_one_on_the_door_has_ended() {
        let rights = vec![
            Right::on(DOOR, span(-20, Some(-10))),
            on(Place::Group(GROUP), always(), None),
        ];
        let mut scene = scene(rights);
        assert_eq!(scene.reason(0), Reason::Expired);
        scene.plan(|plan| plan.set_member(GROUP, DOOR));
        assert_eq!(scene.reason(0), Reason::Ok);
    }
}
