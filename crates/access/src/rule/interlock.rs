//! Interlock: the other doors of the lock are shut.

use crate::id::DoorId;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Are the other doors shut and locked?
pub(crate) const RULE: Rule = Rule {
    name: "interlock",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match in_the_way(case) {
        Some(_) => Err(Reason::Interlock),
        None => Ok(()),
    }
}

fn in_the_way(case: &Case<'_>) -> Option<DoorId> {
    let others = &case.rules?.interlock;
    others
        .iter()
        .copied()
        .find(|other| *other != case.door && case.house.is_busy(*other))
}

fn saw(case: &Case<'_>) -> String {
    match in_the_way(case) {
        Some(other) => format!("door {other} of the same lock is open or released"),
        None if case.rules.is_none_or(|rules| rules.interlock.is_empty()) => {
            "this door is in no lock".to_owned()
        }
        None => "the other doors of the lock are shut".to_owned(),
    }
}

fn remedy(case: &Case<'_>) -> String {
    in_the_way(case).map_or_else(String::new, |other| format!("door {other} is shut"))
}
