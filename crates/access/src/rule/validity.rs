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
