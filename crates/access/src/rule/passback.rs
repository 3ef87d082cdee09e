//! Passback: the card is on the side of the door that it asks from.

use crate::house::{Whereabouts, is_within};
use crate::plan::Passback;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the card where it would have to be to show up here?
pub(crate) const RULE: Rule = Rule {
    name: "passback",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match finding(case) {
        Some(Finding { hard: true, .. }) => Err(Reason::Passback),
        Some(Finding { hard: false, .. }) | None => Ok(()),
    }
}

/// Whether the card is on the wrong side, and is let in all the same.
pub(crate) fn is_soft(case: &Case<'_>) -> bool {
    finding(case).is_some_and(|finding| !finding.hard)
}

/// A card on the wrong side.
struct Finding {
    hard: bool,
    what: &'static str,
}

/// A card whose whereabouts nobody knows may be on any side; the first passage settles it.
fn finding(case: &Case<'_>) -> Option<Finding> {
    let known = case.whereabouts?;
    let found = [
        entered_twice(case, known),
        left_twice(case, known),
        too_soon(case, known),
    ];
    let mut found = found.into_iter().flatten();
    let first = found.next()?;
    if first.hard {
        return Some(first);
    }
    Some(found.find(|finding| finding.hard).unwrap_or(first))
}

fn entered_twice(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.into?;
    let what = "the card is inside already";
    let inside = known.area == Some(area);
    inside
        .then(|| of(case.house.plan().area(area).passback, what))
        .flatten()
}

fn left_twice(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.out_of?;
    let what = "the card leaves an area that it is not in";
    let elsewhere = known.area != Some(area);
    elsewhere
        .then(|| of(case.house.plan().area(area).passback, what))
        .flatten()
}

fn too_soon(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.into?;
    let after = case.house.plan().area(area).timed?;
    let (entered, at) = known.entered?;
    let what = "the card entered this area just now";
    (entered == area && is_within(at, after, case.kept)).then_some(Finding { hard: true, what })
}

const fn of(passback: Passback, what: &'static str) -> Option<Finding> {
    match passback {
        Passback::Off => None,
        Passback::Soft => Some(Finding { hard: false, what }),
        Passback::Hard => Some(Finding { hard: true, what }),
    }
}

fn saw(case: &Case<'_>) -> String {
    let place = match case.house.occupancy().of(case.card.holder.issuance) {
        None => "where the card is, is not known".to_owned(),
        Some(Whereabouts { area: None, at, .. }) => format!("the card has been outside since {at}"),
        Some(Whereabouts {
            area: Some(area),
            at,
            ..
        }) => format!(
            "the card has been in {} since {at}",
            case.naming.area(*area)
        ),
    };
    match finding(case) {
        Some(finding) => format!(
            "{place}; {}{}",
            finding.what,
            if finding.hard {
                ""
            } else {
                ", which is only noted"
            }
        ),
        None => place,
    }
}

fn remedy(_: &Case<'_>) -> String {
    "the card is shown on the other side, or is forgiven (area forgive)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{AREA, CARD, FRIEND, READER, SPAN, SPAN_MICROS, Scene, WAY_OUT, at};
    use crate::plan::AreaRules;

    fn scene(passback: Passback, is_timed: bool) -> Scene {
        let mut scene = Scene::new();
        let timed = is_timed.then_some(SPAN);
        scene.plan(|plan| plan.set_area(AREA, AreaRules { passback, timed }));
        scene
    }

    /// What is said, and whether the grant is marked.
    fn said(scene: &Scene, now: i64) -> (Reason, bool) {
        match scene.decided(now) {
            Ok(remarks) => (Reason::Ok, remarks.passback),
            Err(reason) => (reason, false),
        }
    }

    #[test]
    fn who_is_inside_does_not_enter_again() {
        for (passback, expected) in [
            (Passback::Off, (Reason::Ok, false)),
            (Passback::Soft, (Reason::Ok, true)),
            (Passback::Hard, (Reason::Passback, false)),
        ] {
            let mut scene = scene(passback, false);
            assert_eq!(said(&scene, 0), (Reason::Ok, false), "nowhere yet");
            scene.house.note_entry(CARD, READER, at(0));
            assert_eq!(said(&scene, 1), expected, "{passback:?}");
            assert_eq!(
                said(&scene, i64::from(u32::MAX) * 1_000),
                expected,
                "however long after"
            );
            scene.house.note_entry(CARD, WAY_OUT, at(2));
            assert_eq!(said(&scene, 3), (Reason::Ok, false), "came out");
        }
    }

    #[test]
    fn who_is_not_inside_does_not_leave() {
        for (passback, expected) in [
            (Passback::Off, (Reason::Ok, false)),
            (Passback::Soft, (Reason::Ok, true)),
            (Passback::Hard, (Reason::Passback, false)),
        ] {
            let mut scene = scene(passback, false);
            scene.at_reader(WAY_OUT);
            assert_eq!(said(&scene, 0), (Reason::Ok, false), "nowhere yet");
            scene.house.note_entry(CARD, READER, at(0));
            assert_eq!(said(&scene, 1), (Reason::Ok, false), "is inside");
            scene.house.note_entry(CARD, WAY_OUT, at(2));
            assert_eq!(said(&scene, 3), expected, "{passback:?}");
        }
    }

    #[test]
    fn whoever_entered_is_not_taken_again_for_a_time_even_from_outside() {
        for passback in [Passback::Off, Passback::Soft, Passback::Hard] {
            let mut scene = scene(passback, true);
            scene.house.note_entry(CARD, READER, at(0));
            scene.house.note_entry(CARD, WAY_OUT, at(1));
            let reasons = [2, SPAN_MICROS - 1, SPAN_MICROS, SPAN_MICROS + 1];
            let no = Reason::Passback;
            assert_eq!(
                reasons.map(|now| said(&scene, now)),
                [
                    (no, false),
                    (no, false),
                    (Reason::Ok, false),
                    (Reason::Ok, false)
                ],
                "{passback:?}"
            );
            scene.at_reader(WAY_OUT);
            scene.house.note_entry(CARD, READER, at(SPAN_MICROS));
            assert_eq!(
                said(&scene, SPAN_MICROS + 1),
                (Reason::Ok, false),
                "the time is for entering"
            );
        }
    }

    #[test]
    fn a_refusal_beats_what_is_only_noted() {
        let mut scene = scene(Passback::Soft, true);
        scene.house.note_entry(CARD, READER, at(0));
        assert_eq!(said(&scene, 1), (Reason::Passback, false));
        assert_eq!(said(&scene, SPAN_MICROS), (Reason::Ok, true));
    }

    #[test]
    fn between_two_areas_the_stricter_counts() {
        let beside = crate::AreaId::new(4);
        let rules = |passback| AreaRules {
            passback,
            timed: None,
        };
        let mut scene = scene(Passback::Soft, false);
        scene.plan(|plan| {
            plan.set_area(beside, rules(Passback::Hard));
            let mut reader = plan.reader(READER);
            reader.out_of = Some(beside);
            plan.set_reader(READER, reader);
        });
        scene.house.note_entry(CARD, READER, at(0));
        assert_eq!(
            said(&scene, 1),
            (Reason::Passback, false),
            "inside, and not beside"
        );
    }

    #[test]
    fn a_forgiven_card_may_enter_or_leave_once() {
        for forgive_area in [false, true] {
            let mut scene = scene(Passback::Hard, true);
            scene.house.note_entry(CARD, READER, at(0));
            scene.house.note_entry(FRIEND, WAY_OUT, at(0));
            assert_eq!(scene.reason(1), Reason::Passback);
            if forgive_area {
                assert_eq!(scene.house.occupancy_mut().forget_area(AREA), 1);
            } else {
                assert!(scene.house.occupancy_mut().forget(CARD));
            }
            assert_eq!(scene.reason(1), Reason::Ok);
            scene.house.note_entry(CARD, READER, at(2));
            assert_eq!(scene.reason(3), Reason::Passback);
        }
    }

    #[test]
    fn the_explanation_says_where_the_card_is() {
        let mut scene = scene(Passback::Soft, false);
        assert_eq!(
            scene.told(&RULE, 0),
            ("where the card is, is not known".to_owned(), None)
        );
        scene.house.note_entry(CARD, READER, at(0));
        let saw = format!(
            "the card has been in area 3 since {}; the card is inside already, which is only noted",
            at(0)
        );
        assert_eq!(scene.told(&RULE, 1), (saw, None));
        scene.plan(|plan| {
            plan.set_area(
                AREA,
                AreaRules {
                    passback: Passback::Hard,
                    timed: None,
                },
            );
        });
        scene.house.note_entry(CARD, WAY_OUT, at(1));
        scene.at_reader(WAY_OUT);
        let saw = format!(
            "the card has been outside since {}; the card leaves an area that it is not in",
            at(1)
        );
        let remedy = "the card is shown on the other side, or is forgiven (area forgive)";
        assert_eq!(scene.told(&RULE, 2), (saw, Some(remedy.to_owned())));
    }
}
