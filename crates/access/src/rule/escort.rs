//! Escort: a visitor comes behind somebody of the house.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Was a host let in just before the visitor?
pub(crate) const RULE: Rule = Rule {
    name: "escort",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    let Some(within) = case.rules.and_then(|rules| rules.escort_within) else {
        return Ok(());
    };
    if case.card.visitor
        && !case
            .house
            .host_came((case.door, case.reader), within, case.kept)
    {
        return Err(Reason::EscortNeeded);
    }
    Ok(())
}

fn saw(case: &Case<'_>) -> String {
    let Some(within) = case.rules.and_then(|rules| rules.escort_within) else {
        return "visitors need no escort here".to_owned();
    };
    if !case.card.visitor {
        return "this is no visitor's card".to_owned();
    }
    let came = if case
        .house
        .host_came((case.door, case.reader), within, case.kept)
    {
        "a"
    } else {
        "no"
    };
    format!("{came} host was let in here within {} s", within.as_secs())
}

fn remedy(_: &Case<'_>) -> String {
    "the host shows a card here first".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, OTHER_DOOR, READER, SPAN, SPAN_MICROS, Scene, at};

    fn scene() -> Scene {
        let mut scene = Scene::new();
        scene.entry.visitor = true;
        scene.door(|door| door.escort_within = Some(SPAN));
        scene
    }

    #[test]
    fn a_visitor_comes_behind_a_host_and_not_too_long_after() {
        let mut scene = scene();
        assert_eq!(scene.reason(0), Reason::EscortNeeded);
        scene.house.note_host(DOOR, READER, at(0));
        let said = [-1, 0, 1, SPAN_MICROS - 1, SPAN_MICROS].map(|now| scene.reason(now));
        let no = Reason::EscortNeeded;
        assert_eq!(said, [no, Reason::Ok, Reason::Ok, Reason::Ok, no]);
        assert_eq!(
            scene.told(&RULE, 0),
            ("a host was let in here within 60 s".to_owned(), None)
        );
        assert_eq!(
            scene.told(&RULE, SPAN_MICROS),
            (
                "no host was let in here within 60 s".to_owned(),
                Some("the host shows a card here first".to_owned())
            )
        );
        assert_eq!(scene.decided(0).map(|remarks| remarks.visitor), Ok(true));
    }

    #[test]
    fn a_later_host_counts_from_then() {
        let mut scene = scene();
        scene.house.note_host(DOOR, READER, at(0));
        scene.house.note_host(DOOR, READER, at(SPAN_MICROS));
        assert_eq!(scene.reason(2 * SPAN_MICROS - 1), Reason::Ok);
        assert_eq!(scene.reason(2 * SPAN_MICROS), Reason::EscortNeeded);
    }

    #[test]
    fn a_host_at_another_door_is_none_here() {
        let mut scene = scene();
        scene.house.note_host(OTHER_DOOR, READER, at(0));
        assert_eq!(scene.reason(0), Reason::EscortNeeded);
    }

    #[test]
    fn whoever_is_of_the_house_and_doors_that_do_not_ask_need_no_host() {
        let mut of_the_house = scene();
        of_the_house.entry.visitor = false;
        assert_eq!(of_the_house.reason(0), Reason::Ok);
        assert_eq!(of_the_house.told(&RULE, 0).0, "this is no visitor's card");
        let mut unasked = scene();
        unasked.door(|door| door.escort_within = None);
        assert_eq!(unasked.reason(0), Reason::Ok);
    }
}
