//! Escort: a visitor comes behind somebody of the house.

use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Was a host let in just before the visitor?
pub(crate) const RULE: Rule = Rule {
    name: "escort",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    let Some(within) = case.rules.and_then(|rules| rules.escort_within) else {
        return Ok(());
    };
    if case.card.visitor && !case.house.host_came(case.door, within, case.now) {
        return Err(Reason::EscortNeeded);
    }
    Ok(())
}

fn saw(case: &Case<'_>) -> String {
    let Some(within) = case.rules.and_then(|rules| rules.escort_within) else {
        return "visitors need no escort here".to_owned();
    };
    if !case.card.visitor {
        return "this is no visitor's card".to_owned();
    }
    let came = if case.house.host_came(case.door, within, case.now) {
        "a"
    } else {
        "no"
    };
    format!("{came} host was let in here within {} s", within.as_secs())
}

fn remedy(_: &Case<'_>) -> String {
    "the host shows a card here first".to_owned()
}
