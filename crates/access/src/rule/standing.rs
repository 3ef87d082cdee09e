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
