//! Mode: the door lets cards in at all.

use crate::house::DoorMode;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Does the door let cards in?
pub(crate) const RULE: Rule = Rule {
    name: "door-mode",
    judge,
    saw,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match case.mode {
        Some(DoorMode::Card | DoorMode::Unlocked) => Ok(()),
        Some(DoorMode::Locked) | None => Err(Reason::DoorLocked),
    }
}

fn saw(case: &Case<'_>) -> String {
    match case.mode {
        Some(mode) => format!("the door is in mode {}", mode.as_str()),
        None => "this is no door of the house".to_owned(),
    }
}
