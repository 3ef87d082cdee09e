//! Standing: the card is active, not pending, blocked, lost or returned.

use crate::allowlist::Standing;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the card active?
pub(crate) const RULE: Rule = Rule {
    name: "standing",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    case.card.standing.check()
}

fn saw(case: &Case<'_>) -> String {
    format!("the card is {}", case.card.standing)
}

fn remedy(case: &Case<'_>) -> String {
    match case.card.standing {
        Standing::Active => "",
        Standing::Pending => "the card is activated",
        Standing::Blocked => "the block is lifted (card unblock)",
        Standing::Lost => "the card is found (card found)",
        Standing::Returned => "another card is issued",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Scene, always};

    #[test]
    fn only_an_active_card_gets_in() {
        for (standing, reason, remedy) in [
            (Standing::Active, Reason::Ok, None),
            (
                Standing::Pending,
                Reason::Pending,
                Some("the card is activated"),
            ),
            (
                Standing::Blocked,
                Reason::Blocked,
                Some("the block is lifted (card unblock)"),
            ),
            (
                Standing::Lost,
                Reason::Lost,
                Some("the card is found (card found)"),
            ),
            (
                Standing::Returned,
                Reason::Returned,
                Some("another card is issued"),
            ),
        ] {
            let mut scene = Scene::new();
            scene.entry.standing = standing;
            assert_eq!(scene.reason(0), reason);
            let told = (format!("the card is {standing}"), remedy.map(str::to_owned));
            assert_eq!(scene.told(&RULE, 0), told);
        }
    }

    #[test]
    fn a_lost_card_is_lost_also_after_its_end() {
        let mut scene = Scene::new();
        scene.entry.standing = Standing::Lost;
        scene.entry.valid = crate::fixture::span(-2, Some(-1));
        scene.entry.rights.clear();
        assert_eq!(scene.reason(0), Reason::Lost);
        scene.entry.standing = Standing::Active;
        assert_eq!(scene.reason(0), Reason::Expired);
        scene.entry.valid = always();
        assert_eq!(scene.reason(0), Reason::NoRight);
    }
}
