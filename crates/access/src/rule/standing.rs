//! Standing: the card is active, not pending, blocked, lost or returned.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the card active?
pub(crate) const RULE: Rule = Rule {
    name: "standing",
    judge,
    saw,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    case.card.standing.check()
}

fn saw(case: &Case<'_>) -> String {
    format!("the card is {}", case.card.standing)
}
