//! A group: doors that are called by one name, for rights, modes and lockdown.

use toml::Spanned;

use super::door::Door;
use super::finding::Place;
use super::table::{Document, GroupTable};
use super::{Findings, name};

/// One `[[group]]`; doors are positions in [`super::Config::doors`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// What people call it; no door is called so.
    pub(crate) name: String,
    /// Its doors, in the order of the file.
    pub(crate) doors: Vec<usize>,
    /// Where it is defined.
    place: Place,
}

/// Every `[[group]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(
    document: &Document,
    doors: &[Door],
    findings: &mut Findings<'_>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for table in &document.group {
        if let Some(group) = parse(table, doors, &groups, findings) {
            groups.push(group);
        }
    }
    groups
}

fn parse(
    table: &Spanned<GroupTable>,
    doors: &[Door],
    before: &[Group],
    findings: &mut Findings<'_>,
) -> Option<Group> {
    let (at, fields) = (table.span(), table.get_ref());
    let taken: Vec<(String, Place)> = before
        .iter()
        .map(|group| (group.name.clone(), group.place))
        .collect();
    let field = findings.need(
        fields.name.as_ref(),
        &at,
        "[[group]]",
        "name = \"ground-floor\"",
    )?;
    let place = findings.place_of(&field.span());
    let name = name::parse(field, "group", &taken, findings)?;
    // A right is given on a place, and a place has one name.
    if doors.iter().any(|door| door.name == name) {
        let what = format!("group \"{name}\" is called as a door is; give it a name of its own");
        findings.add(&field.span(), what);
        return None;
    }
    let owner = format!("group \"{name}\"");
    let field = findings.need(fields.doors.as_ref(), &at, &owner, "doors = [\"DOOR\"]")?;
    let names = doors.iter().map(|door| door.name.as_str());
    let doors = name::find_each(field, &owner, "door", names, findings)?;
    Some(Group { name, doors, place })
}
