//! Mode: the door lets cards in at all.

use crate::modes::{DoorMode, ModeCause};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Does the door let cards in?
pub(crate) const RULE: Rule = Rule {
    name: "door-mode",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match case.mode {
        Some((
            DoorMode::Card | DoorMode::CardAndPin | DoorMode::CardOrPin | DoorMode::Unlocked,
            _,
        )) => Ok(()),
        Some((DoorMode::Locked, _)) | None => Err(Reason::DoorLocked),
    }
}

fn saw(case: &Case<'_>) -> String {
    let Some((mode, cause)) = case.mode else {
        return "this is no door of the house".to_owned();
    };
    let why = match cause {
        ModeCause::Configuration => "by its configuration".to_owned(),
        ModeCause::Order(order) => match order.until {
            Some(until) => format!("by an operator's order until {until}"),
            None => "by an operator's order".to_owned(),
        },
        ModeCause::Schedule(schedule) => format!("by schedule {schedule}"),
        ModeCause::WaitsForFirstCard(schedule) => {
            format!("until the first card in the hours of schedule {schedule}")
        }
    };
    format!("the door is in mode {} {why}", mode.as_str())
}

fn remedy(case: &Case<'_>) -> String {
    match case.mode {
        Some(_) => "the door is given another mode (door mode)".to_owned(),
        None => "the door is in the configuration".to_owned(),
    }
}
