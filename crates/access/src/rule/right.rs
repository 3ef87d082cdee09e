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
        Place::Group(group) => format!("the right on door group {group}"),
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
        "{place} holds {} in the hours of schedule {schedule}: {hours}",
        right.valid
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
