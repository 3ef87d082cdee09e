//! PIN: where the door wants one, the right one was typed, and not too many wrong ones before.

use crate::modes::DoorMode;
use crate::pin::PinEntry;
use crate::plan::{Level, Trust};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Was the PIN typed that the door wants?
pub(crate) const RULE: Rule = Rule {
    name: "pin",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    if !case.card_shown && !card_is_optional(case) {
        return Err(Reason::CardNeeded);
    }
    if !is_wanted(case) {
        return Ok(());
    }
    let locked = case
        .house
        .pin_locked_until(case.card.holder.issuance, case.kept);
    match (case.pin, locked) {
        (_, Some(_)) => Err(Reason::PinLocked),
        (PinEntry::Right | PinEntry::Duress, None) => Ok(()),
        (PinEntry::None, None) => Err(Reason::PinNeeded),
        (PinEntry::Wrong, None) => Err(Reason::PinWrong),
    }
}

/// Where a PIN may stand instead of a card, and the door asks for no second factor.
fn card_is_optional(case: &Case<'_>) -> bool {
    let controlled = case
        .rules
        .is_some_and(|rules| rules.level == Level::Controlled);
    controlled && case.is_mode(DoorMode::CardOrPin)
}

/// Who shows no card has to type a PIN. One that was typed is judged also where none was asked for: it may stand instead of a card.
fn is_wanted(case: &Case<'_>) -> bool {
    let by_level = match (case.rules.map(|rules| rules.level), case.at.trust) {
        (Some(Level::Exclusion), _) | (Some(Level::Limited), Trust::Low) => true,
        (Some(Level::Limited), Trust::High) | (Some(Level::Controlled), _) => false,
        (None, _) => true,
    };
    let typed = case.pin != PinEntry::None || !case.card_shown;
    by_level || typed || case.is_mode(DoorMode::CardAndPin)
}

fn saw(case: &Case<'_>) -> String {
    let typed = match case.pin {
        PinEntry::None => "no PIN was typed",
        PinEntry::Right | PinEntry::Duress => "the PIN is right",
        PinEntry::Wrong => "the PIN is wrong",
    };
    if !case.card_shown && !card_is_optional(case) {
        return "a PIN was typed, and no card shown".to_owned();
    }
    if !is_wanted(case) {
        return "this door asks for no PIN".to_owned();
    }
    match case
        .house
        .pin_locked_until(case.card.holder.issuance, case.kept)
    {
        Some(until) => format!("{typed}; after too many wrong ones none is taken until {until}"),
        None => typed.to_owned(),
    }
}

fn remedy(case: &Case<'_>) -> String {
    if !case.card_shown && !card_is_optional(case) {
        return "the card is shown".to_owned();
    }
    match case
        .house
        .pin_locked_until(case.card.holder.issuance, case.kept)
    {
        Some(until) => format!("it is {until}, and the PIN is typed"),
        None => "the PIN is typed behind the card".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CARD, FRIEND, READER, Scene, WAY_OUT, at};
    use crate::house::PinLimit;

    const MINUTE: i64 = 60_000_000;

    fn at_door(mode: DoorMode) -> Scene {
        let mut scene = Scene::new();
        scene.door(|door| door.mode = mode);
        scene
    }

    #[test]
    fn card_and_pin_are_both_wanted() {
        let mut scene = at_door(DoorMode::CardAndPin);
        for (pin, reason) in [
            (PinEntry::None, Reason::PinNeeded),
            (PinEntry::Wrong, Reason::PinWrong),
            (PinEntry::Right, Reason::Ok),
            (PinEntry::Duress, Reason::Ok),
        ] {
            scene.typing(pin);
            assert_eq!(scene.reason(0), reason, "{pin:?}");
        }
        scene.request.card_shown = false;
        scene.typing(PinEntry::Right);
        assert_eq!(scene.reason(0), Reason::CardNeeded);
        let told = (
            "a PIN was typed, and no card shown".to_owned(),
            Some("the card is shown".to_owned()),
        );
        assert_eq!(scene.told(&RULE, 0), told);
    }

    #[test]
    fn the_pin_of_duress_opens_and_is_told_quietly() {
        let mut scene = at_door(DoorMode::CardAndPin);
        scene.typing(PinEntry::Duress);
        assert_eq!(scene.decided(0).map(|remarks| remarks.duress), Ok(true));
        let forced = scene.told(&RULE, 0);
        scene.typing(PinEntry::Right);
        assert_eq!(scene.decided(0).map(|remarks| remarks.duress), Ok(false));
        assert_eq!(scene.told(&RULE, 0), forced, "nobody beside may see it");
    }

    #[test]
    fn a_pin_alone_is_enough_only_where_it_may_stand_for_the_card() {
        for mode in DoorMode::ALL {
            for level in [Level::Controlled, Level::Limited, Level::Exclusion] {
                let mut scene = at_door(mode);
                scene.door(|door| door.level = level);
                scene.request.card_shown = false;
                scene.typing(PinEntry::Right);
                let reason = match (mode, level) {
                    (DoorMode::Locked, _) => Reason::DoorLocked,
                    (DoorMode::CardOrPin, Level::Controlled) => Reason::Ok,
                    _ => Reason::CardNeeded,
                };
                assert_eq!(scene.reason(0), reason, "{mode:?} {level:?}");
            }
        }
    }

    #[test]
    fn who_shows_no_card_and_types_nothing_is_not_let_in() {
        let mut scene = at_door(DoorMode::CardOrPin);
        scene.request.card_shown = false;
        for (pin, reason) in [
            (PinEntry::None, Reason::PinNeeded),
            (PinEntry::Wrong, Reason::PinWrong),
            (PinEntry::Right, Reason::Ok),
            (PinEntry::Duress, Reason::Ok),
        ] {
            scene.typing(pin);
            assert_eq!(scene.reason(0), reason, "{pin:?}");
        }
    }

    #[test]
    fn a_wrong_pin_is_judged_also_where_none_is_asked_for() {
        for mode in [DoorMode::Card, DoorMode::CardOrPin, DoorMode::Unlocked] {
            let mut scene = at_door(mode);
            assert_eq!(scene.reason(0), Reason::Ok);
            assert_eq!(scene.told(&RULE, 0).0, "this door asks for no PIN");
            scene.typing(PinEntry::Wrong);
            assert_eq!(scene.reason(0), Reason::PinWrong, "{mode:?}");
        }
    }

    #[test]
    fn wires_that_can_be_imitated_make_a_limited_door_ask_for_a_pin() {
        for (reader, reason) in [(WAY_OUT, Reason::PinNeeded), (READER, Reason::Ok)] {
            let mut scene = at_door(DoorMode::Card);
            scene.door(|door| door.level = Level::Limited);
            scene.at_reader(reader);
            assert_eq!(scene.reason(0), reason);
        }
    }

    #[test]
    fn after_too_many_wrong_pins_none_is_taken_until_the_time_is_over() {
        let mut scene = at_door(DoorMode::CardAndPin);
        for wrong in 1..=4 {
            assert!(!scene.house.note_wrong_pin(CARD, at(wrong)), "{wrong}");
        }
        scene.typing(PinEntry::Right);
        assert_eq!(scene.reason(5), Reason::Ok);
        assert!(scene.house.note_wrong_pin(CARD, at(10)));
        let end = 10 + 5 * MINUTE;
        for pin in [
            PinEntry::None,
            PinEntry::Right,
            PinEntry::Duress,
            PinEntry::Wrong,
        ] {
            scene.typing(pin);
            let said = [10, 11, end - 1_000, end - 1].map(|now| scene.reason(now));
            assert_eq!(said, [Reason::PinLocked; 4], "{pin:?}");
        }
        scene.typing(PinEntry::Right);
        assert_eq!(
            [end, end + 1, end + 1_000].map(|now| scene.reason(now)),
            [Reason::Ok; 3]
        );
        let until = at(end);
        let told = (
            format!("the PIN is right; after too many wrong ones none is taken until {until}"),
            Some(format!("it is {until}, and the PIN is typed")),
        );
        assert_eq!(scene.told(&RULE, 11), told);
    }

    #[test]
    fn a_lock_is_for_one_card_and_for_its_pin() {
        let mut scene = at_door(DoorMode::CardAndPin);
        let limit = PinLimit {
            wrong_max: 1,
            ..PinLimit::default()
        };
        scene.house.set_pin_limit(limit);
        scene.house.note_wrong_pin(FRIEND, at(0));
        scene.typing(PinEntry::Right);
        assert_eq!(scene.reason(1), Reason::Ok);
        scene.house.note_wrong_pin(CARD, at(0));
        assert_eq!(scene.reason(1), Reason::PinLocked);
        scene.door(|door| door.mode = DoorMode::Card);
        scene.typing(PinEntry::None);
        assert_eq!(scene.reason(1), Reason::Ok, "the card alone still opens");
    }
}
