//! Again: the card is not taken twice at one reader within a time.

use crate::house::is_within;
use crate::reason::Reason;
use crate::rule::{Case, Rule};
use crate::time::UtcMicros;

/// Was the card not let in at this reader just now?
pub(crate) const RULE: Rule = Rule {
    name: "reader-passback",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match again_from(case) {
        Some(_) => Err(Reason::Passback),
        None => Ok(()),
    }
}

/// When the card is taken here again, if it is not now.
fn again_from(case: &Case<'_>) -> Option<UtcMicros> {
    let after = case.rules?.again_after?;
    let known = case.house.occupancy().of(case.card.holder.issuance)?;
    let recent = known.reader == case.reader && is_within(known.at, after, case.now);
    recent.then(|| known.at.saturating_add(after))
}

fn saw(case: &Case<'_>) -> String {
    match (
        case.rules.and_then(|rules| rules.again_after),
        again_from(case),
    ) {
        (None, _) => "this door has no such rule".to_owned(),
        (Some(after), None) => format!("not let in at this reader within {} s", after.as_secs()),
        (Some(_), Some(from)) => format!("let in at this reader just now; again from {from}"),
    }
}

fn remedy(case: &Case<'_>) -> String {
    again_from(case).map_or_else(String::new, |from| {
        format!("it is {from}, or the card is forgiven (area forgive)")
    })
}
