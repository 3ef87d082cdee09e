//! Validity: the card as a whole holds now.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Does the card hold now?
pub(crate) const RULE: Rule = Rule {
    name: "validity",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    case.card.valid.check(case.now)
}

fn saw(case: &Case<'_>) -> String {
    format!("the card holds {}; it is {}", case.card.valid, case.now)
}

fn remedy(case: &Case<'_>) -> String {
    if case.now < case.card.valid.from() {
        format!("it is {}", case.card.valid.from())
    } else {
        "the card is extended, or another is issued".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Scene, at, span};

    #[test]
    fn a_card_holds_from_its_beginning_until_just_before_its_end() {
        let mut scene = Scene::new();
        scene.entry.valid = span(10, Some(20));
        let said = [9, 10, 11, 19, 20, 21].map(|now| scene.reason(now));
        let (early, late) = (Reason::NotYetValid, Reason::Expired);
        assert_eq!(
            said,
            [early, Reason::Ok, Reason::Ok, Reason::Ok, late, late]
        );
        let remedy = |now| scene.told(&RULE, now).1;
        assert_eq!(remedy(9), Some(format!("it is {}", at(10))));
        assert_eq!(remedy(10), None);
        assert_eq!(
            remedy(20).as_deref(),
            Some("the card is extended, or another is issued")
        );
    }

    #[test]
    fn a_card_of_one_microsecond_holds_for_one() {
        let mut scene = Scene::new();
        scene.entry.valid = span(0, Some(1));
        let said = [-1, 0, 1].map(|now| scene.reason(now));
        assert_eq!(said, [Reason::NotYetValid, Reason::Ok, Reason::Expired]);
    }
}
