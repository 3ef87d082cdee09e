//! Right: the card has a right on this door that holds now.

use crate::allowlist::Right;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Has the card a right on this door, now?
pub(crate) const RULE: Rule = Rule {
    name: "right",
    judge,
    saw,
};

/// One right that holds is enough. Of several that do not, one still to come speaks before one that has ended.
fn judge(case: &Case<'_>) -> Result<(), Reason> {
    let mut refused = Reason::NoRight;
    for right in on_this_door(case) {
        match right.valid.check(case.now) {
            Ok(()) => return Ok(()),
            Err(_) if refused == Reason::NotYetValid => {}
            Err(reason) => refused = reason,
        }
    }
    Err(refused)
}

fn saw(case: &Case<'_>) -> String {
    let holds: Vec<String> = on_this_door(case)
        .map(|right| right.valid.to_string())
        .collect();
    if holds.is_empty() {
        return format!(
            "none of the card's {} rights is on this door",
            case.card.rights.len()
        );
    }
    format!(
        "the right on this door holds {}; it is {}",
        holds.join(" and "),
        case.now
    )
}

fn on_this_door<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Right> {
    let door = case.door;
    let from = case.card.rights.partition_point(|right| right.door < door);
    case.card
        .rights
        .iter()
        .skip(from)
        .take_while(move |right| right.door == door)
}
