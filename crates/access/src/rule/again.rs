//! Again: the card is not taken twice at one reader within a time.

use crate::house::is_within;
use crate::reason::Reason;
use crate::rule::{Case, Rule};
use crate::time::UtcMicros;

/// Was the card not let in at this reader just now?
pub(crate) const RULE: Rule = Rule {
    name: "reader-passback",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match again_from(case) {
        Some(_) => Err(Reason::Passback),
        None => Ok(()),
    }
}

/// When the card is taken here again, if it is not now.
fn again_from(case: &Case<'_>) -> Option<UtcMicros> {
    let after = case.rules?.again_after?;
    let known = case.whereabouts?;
    let recent = known.reader == case.reader && is_within(known.at, after, case.kept);
    recent.then(|| known.at.saturating_add(after))
}

fn saw(case: &Case<'_>) -> String {
    match (
        case.rules.and_then(|rules| rules.again_after),
        again_from(case),
    ) {
        (None, _) => "this door has no such rule".to_owned(),
        (Some(after), None) => format!("not let in at this reader within {} s", after.as_secs()),
        (Some(_), Some(from)) => format!("let in at this reader just now; again from {from}"),
    }
}

fn remedy(case: &Case<'_>) -> String {
    again_from(case).map_or_else(String::new, |from| {
        format!("it is {from}, or the card is forgiven (area forgive)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CARD, FRIEND, READER, SPAN, SPAN_MICROS, Scene, WAY_OUT, at};
    use crate::{Decision, decide_held};

    fn scene() -> Scene {
        let mut scene = Scene::new();
        scene.door(|door| door.again_after = Some(SPAN));
        scene
    }

    #[test]
    fn a_card_is_taken_again_at_its_reader_after_the_time_and_not_before() {
        let mut scene = scene();
        assert_eq!(scene.reason(0), Reason::Ok);
        scene.house.note_entry(CARD, READER, at(0));
        let said =
            [0, 1, SPAN_MICROS - 1, SPAN_MICROS, SPAN_MICROS + 1].map(|now| scene.reason(now));
        let no = Reason::Passback;
        assert_eq!(said, [no, no, no, Reason::Ok, Reason::Ok]);
        let told = (
            format!(
                "let in at this reader just now; again from {}",
                at(SPAN_MICROS)
            ),
            Some(format!(
                "it is {}, or the card is forgiven (area forgive)",
                at(SPAN_MICROS)
            )),
        );
        assert_eq!(scene.told(&RULE, 1), told);
        assert_eq!(
            scene.told(&RULE, SPAN_MICROS),
            ("not let in at this reader within 60 s".to_owned(), None)
        );
    }

    #[test]
    fn another_reader_another_card_and_another_door_do_not_count() {
        let mut elsewhere = scene();
        elsewhere.house.note_entry(CARD, WAY_OUT, at(0));
        assert_eq!(elsewhere.reason(1), Reason::Ok);
        let mut other = scene();
        other.house.note_entry(FRIEND, READER, at(0));
        assert_eq!(other.reason(1), Reason::Ok);
        let mut unasked = Scene::new();
        unasked.house.note_entry(CARD, READER, at(0));
        assert_eq!(unasked.reason(1), Reason::Ok);
        assert_eq!(
            unasked.told(&RULE, 1),
            ("this door has no such rule".to_owned(), None)
        );
    }

    #[test]
    fn a_passage_that_is_still_to_come_holds_nobody_up() {
        let mut scene = scene();
        scene.house.note_entry(CARD, READER, at(10));
        assert_eq!(scene.reason(9), Reason::Ok);
        assert_eq!(scene.reason(10), Reason::Passback);
    }

    #[test]
    fn while_a_jump_of_the_clock_is_held_the_time_that_is_kept_counts() {
        let mut scene = scene();
        scene.house.note_entry(CARD, READER, at(0));
        let list = scene.list();
        let decided =
            |now, kept| decide_held(&list, &scene.house, &scene.request, (at(now), at(kept)));
        let Decision::Deny(denial) = decided(SPAN_MICROS, 1) else {
            panic!("let in by a clock that nobody vouches for")
        };
        assert_eq!(denial.reason(), Reason::Passback);
        assert_eq!(denial.holder(), Some(scene.entry.holder));
        assert!(matches!(decided(1, SPAN_MICROS), Decision::Allow(_)));
    }

    #[test]
    fn a_forgiven_card_is_taken_at_once() {
        let mut scene = scene();
        scene.house.note_entry(CARD, READER, at(0));
        assert!(scene.house.occupancy_mut().forget(CARD));
        assert_eq!(scene.reason(1), Reason::Ok);
    }
}
