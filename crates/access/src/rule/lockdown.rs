//! Lockdown: the door is not locked down.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the door free of a lockdown?
pub(crate) const RULE: Rule = Rule {
    name: "lockdown",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    if case.house.is_locked_down(case.door) {
        return Err(Reason::Lockdown);
    }
    Ok(())
}

fn saw(case: &Case<'_>) -> String {
    if case.house.is_locked_down(case.door) {
        "the door is locked down".to_owned()
    } else {
        "no lockdown".to_owned()
    }
}

fn remedy(_: &Case<'_>) -> String {
    "the lockdown is released (door release)".to_owned()
}
