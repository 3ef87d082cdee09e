//! An interlock: doors of which one opens only while the others are shut.

use std::ops::Range;

use access::DoorMode;
use toml::Spanned;

use super::door::Door;
use super::table::{Document, InterlockTable};
use super::{Findings, name};

/// One `[[interlock]]`: positions in [`super::Config::doors`], two or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interlock {
    /// Its doors, in the order of the file.
    pub(crate) doors: Vec<usize>,
}

/// Every `[[interlock]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(
    document: &Document,
    doors: &[Door],
    findings: &mut Findings<'_>,
) -> Vec<Interlock> {
    let tables = document.interlock.iter();
    tables
        .filter_map(|table| parse(table, doors, findings))
        .collect()
}

fn parse(
    table: &Spanned<InterlockTable>,
    doors: &[Door],
    findings: &mut Findings<'_>,
) -> Option<Interlock> {
    let (at, owner) = (table.span(), "[[interlock]]");
    let field = table.get_ref().doors.as_ref();
    let field = findings.need(field, &at, owner, "doors = [\"OUTER\", \"INNER\"]")?;
    let names = doors.iter().map(|door| door.name.as_str());
    let found = name::find_each(field, owner, "door", names, findings)?;
    if found.len() < 2 {
        let what = format!("{owner} has one door only; name two or more");
        findings.add(&field.span(), what);
        return None;
    }
    let locked = found.iter().filter_map(|door| doors.get(*door));
    locked.for_each(|door| refuse_unseen(door, &field.span(), findings));
    Some(Interlock { doors: found })
}

/// A lock is of no use where a door of it stands open by itself, or may stand open unseen.
fn refuse_unseen(door: &Door, at: &Range<usize>, findings: &mut Findings<'_>) {
    let name = &door.name;
    if door.contact.is_none() {
        let what = format!(
            "[[interlock]]: door \"{name}\" has no contact, so nobody knows whether it is shut; give it one, or leave it out"
        );
        findings.add(at, what);
    }
    if door.rules.mode == DoorMode::Unlocked {
        let what = format!(
            "[[interlock]]: door \"{name}\" has mode \"unlocked\", so the others would never open; write another mode, or leave it out"
        );
        findings.add(at, what);
    }
}
