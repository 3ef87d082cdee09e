//! Persons: where a door wants several people, so many have shown their cards.

use std::time::Duration;

use crate::issuance::IssuanceId;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Have the others come as well?
pub(crate) const RULE: Rule = Rule {
    name: "persons",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match missing(case) {
        0 => Ok(()),
        _ => Err(Reason::SecondPersonNeeded),
    }
}

/// How many people are still missing besides the one who stands here.
fn missing(case: &Case<'_>) -> usize {
    let Some(persons) = case.rules.and_then(|rules| rules.persons) else {
        return 0;
    };
    usize::from(persons.count)
        .saturating_sub(1)
        .saturating_sub(others(case, persons.within))
}

/// How many others wait here, each once, whatever cards they showed.
fn others(case: &Case<'_>, within: Duration) -> usize {
    let waiting = || {
        case.house
            .waiting((case.door, case.reader), within, case.kept)
    };
    let mine = case.card.holder.issuance;
    let counted = waiting().enumerate().filter(|(place, card)| {
        let mut before = waiting().take(*place).chain([mine]);
        !before.any(|known| is_one_person(case, known, *card))
    });
    counted.count()
}

/// Whether two cards are one, or stand for each other.
fn is_one_person(case: &Case<'_>, one: IssuanceId, other: IssuanceId) -> bool {
    let stands_for = |one, other| case.allowlist.twin(one) == Some(other);
    one == other || stands_for(one, other) || stands_for(other, one)
}

fn saw(case: &Case<'_>) -> String {
    match case.rules.and_then(|rules| rules.persons) {
        None => "one person is enough here".to_owned(),
        Some(persons) => format!(
            "{} persons within {} s are wanted; {} still missing besides this card's",
            persons.count,
            persons.within.as_secs(),
            missing(case)
        ),
    }
}

fn remedy(case: &Case<'_>) -> String {
    format!("{} more show their cards here in time", missing(case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{
        CARD, DOOR, FRIEND, OTHER_DOOR, READER, SPAN, SPAN_MICROS, STRANGER, Scene, at,
    };
    use crate::plan::Persons;

    fn scene(count: u8) -> Scene {
        let mut scene = Scene::new();
        let persons = Persons {
            count,
            within: SPAN,
        };
        scene.door(|door| door.persons = Some(persons));
        scene
    }

    #[test]
    fn the_second_comes_within_the_time_or_is_the_first_again() {
        let mut scene = scene(2);
        assert_eq!(scene.reason(0), Reason::SecondPersonNeeded);
        scene.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        let said = [-1, 0, 1, SPAN_MICROS - 1, SPAN_MICROS].map(|now| scene.reason(now));
        let no = Reason::SecondPersonNeeded;
        assert_eq!(said, [no, Reason::Ok, Reason::Ok, Reason::Ok, no]);
        let told = (
            "2 persons within 60 s are wanted; 1 still missing besides this card's".to_owned(),
            Some("1 more show their cards here in time".to_owned()),
        );
        assert_eq!(scene.told(&RULE, SPAN_MICROS), told);
    }

    #[test]
    fn the_same_card_twice_is_one_person() {
        let mut scene = scene(2);
        scene.house.note_waiting(DOOR, (CARD, READER), at(0));
        scene.house.note_waiting(DOOR, (CARD, READER), at(1));
        assert_eq!(scene.reason(2), Reason::SecondPersonNeeded);
    }

    #[test]
    fn two_cards_of_one_person_are_one_person() {
        let mut own = scene(2);
        own.entry.twin = Some(FRIEND);
        own.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        assert_eq!(own.reason(1), Reason::SecondPersonNeeded);
        own.house.note_waiting(DOOR, (STRANGER, READER), at(0));
        assert_eq!(own.reason(1), Reason::Ok);
        let mut others = scene(3);
        others.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        others.house.note_waiting(DOOR, (STRANGER, READER), at(0));
        assert_eq!(others.reason(1), Reason::Ok);
        others.other(STRANGER, FRIEND);
        assert_eq!(others.reason(1), Reason::SecondPersonNeeded);
    }

    #[test]
    fn whoever_shows_a_card_again_counts_from_then() {
        let mut scene = scene(2);
        scene.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        scene
            .house
            .note_waiting(DOOR, (FRIEND, READER), at(SPAN_MICROS));
        assert_eq!(scene.reason(2 * SPAN_MICROS - 1), Reason::Ok);
    }

    #[test]
    fn three_are_three_within_one_time() {
        let mut scene = scene(3);
        scene.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        assert_eq!(scene.reason(1), Reason::SecondPersonNeeded);
        scene.house.note_waiting(DOOR, (STRANGER, READER), at(10));
        let said = [10, SPAN_MICROS - 1, SPAN_MICROS].map(|now| scene.reason(now));
        assert_eq!(said, [Reason::Ok, Reason::Ok, Reason::SecondPersonNeeded]);
    }

    #[test]
    fn those_at_another_door_and_those_let_in_already_do_not_count() {
        let mut scene = scene(2);
        scene
            .house
            .note_waiting(OTHER_DOOR, (FRIEND, READER), at(0));
        assert_eq!(scene.reason(1), Reason::SecondPersonNeeded);
        scene.house.note_waiting(DOOR, (FRIEND, READER), at(0));
        scene.house.forget_waiting(DOOR, READER);
        assert_eq!(scene.reason(1), Reason::SecondPersonNeeded);
    }

    #[test]
    fn a_door_that_asks_for_one_person_or_for_none_opens_for_one() {
        assert_eq!(scene(1).reason(0), Reason::Ok);
        assert_eq!(scene(0).reason(0), Reason::Ok);
        assert_eq!(Scene::new().reason(0), Reason::Ok);
        assert_eq!(Scene::new().told(&RULE, 0).0, "one person is enough here");
    }
}
