//! Persons: where a door wants several people, so many have shown their cards.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Have the others come as well?
pub(crate) const RULE: Rule = Rule {
    name: "persons",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match missing(case) {
        0 => Ok(()),
        _ => Err(Reason::SecondPersonNeeded),
    }
}

/// How many people are still missing besides the one who stands here.
fn missing(case: &Case<'_>) -> usize {
    let Some(persons) = case.rules.and_then(|rules| rules.persons) else {
        return 0;
    };
    let others = case.house.others_waiting(
        case.door,
        case.card.holder.issuance,
        persons.within,
        case.now,
    );
    usize::from(persons.count)
        .saturating_sub(1)
        .saturating_sub(others)
}

fn saw(case: &Case<'_>) -> String {
    match case.rules.and_then(|rules| rules.persons) {
        None => "one person is enough here".to_owned(),
        Some(persons) => format!(
            "{} persons within {} s are wanted; {} still missing besides this card's",
            persons.count,
            persons.within.as_secs(),
            missing(case)
        ),
    }
}

fn remedy(case: &Case<'_>) -> String {
    format!("{} more show their cards here in time", missing(case))
}
