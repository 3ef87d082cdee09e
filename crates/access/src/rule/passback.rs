//! Passback: the card is on the side of the door that it asks from.

use crate::house::{Whereabouts, is_within};
use crate::plan::Passback;
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the card where it would have to be to show up here?
pub(crate) const RULE: Rule = Rule {
    name: "passback",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match finding(case) {
        Some(Finding { hard: true, .. }) => Err(Reason::Passback),
        Some(Finding { hard: false, .. }) | None => Ok(()),
    }
}

/// Whether the card is on the wrong side, and is let in all the same.
pub(crate) fn is_soft(case: &Case<'_>) -> bool {
    finding(case).is_some_and(|finding| !finding.hard)
}

/// A card on the wrong side.
struct Finding {
    hard: bool,
    what: &'static str,
}

/// A card whose whereabouts nobody knows may be on any side; the first passage settles it.
fn finding(case: &Case<'_>) -> Option<Finding> {
    let known = case.house.occupancy().of(case.card.holder.issuance)?;
    let found = [
        entered_twice(case, known),
        left_twice(case, known),
        too_soon(case, known),
    ];
    let mut found = found.into_iter().flatten();
    let first = found.next()?;
    if first.hard {
        return Some(first);
    }
    Some(found.find(|finding| finding.hard).unwrap_or(first))
}

fn entered_twice(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.into?;
    let what = "the card is inside already";
    let inside = known.area == Some(area);
    inside
        .then(|| of(case.house.plan().area(area).passback, what))
        .flatten()
}

fn left_twice(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.out_of?;
    let what = "the card leaves an area that it is not in";
    let elsewhere = known.area != Some(area);
    elsewhere
        .then(|| of(case.house.plan().area(area).passback, what))
        .flatten()
}

fn too_soon(case: &Case<'_>, known: &Whereabouts) -> Option<Finding> {
    let area = case.at.into?;
    let after = case.house.plan().area(area).timed?;
    let (entered, at) = known.entered?;
    let what = "the card entered this area just now";
    (entered == area && is_within(at, after, case.now)).then_some(Finding { hard: true, what })
}

const fn of(passback: Passback, what: &'static str) -> Option<Finding> {
    match passback {
        Passback::Off => None,
        Passback::Soft => Some(Finding { hard: false, what }),
        Passback::Hard => Some(Finding { hard: true, what }),
    }
}

fn saw(case: &Case<'_>) -> String {
    let place = match case.house.occupancy().of(case.card.holder.issuance) {
        None => "where the card is, is not known".to_owned(),
        Some(Whereabouts { area: None, at, .. }) => format!("the card has been outside since {at}"),
        Some(Whereabouts {
            area: Some(area),
            at,
            ..
        }) => format!("the card has been in area {area} since {at}"),
    };
    match finding(case) {
        Some(finding) => format!(
            "{place}; {}{}",
            finding.what,
            if finding.hard {
                ""
            } else {
                ", which is only noted"
            }
        ),
        None => place,
    }
}

fn remedy(_: &Case<'_>) -> String {
    "the card is shown on the other side, or is forgiven (area forgive)".to_owned()
}
