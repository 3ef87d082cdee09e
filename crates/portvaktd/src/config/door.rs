//! A door: who lets people in at it, what opens it, what tells that it opened.

use std::time::Duration;

use access::{DoorMode, DoorRules, Level};
use toml::Spanned;

use super::finding::Place;
use super::fitting::{InputAt, OutputAt, STRIKE_EXAMPLE, Wiring};
use super::leaf::{self, Leaf};
use super::table::{Document, DoorTable, Field, OneOrMany};
use super::{Findings, demand, name, period};

/// One `[[door]]`; readers are positions in [`super::Config::readers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Door {
    /// What people call it.
    pub(crate) name: String,
    /// Readers that ask for this door, those of `exit` after those of `entry`.
    pub(crate) readers: Vec<usize>,
    /// Those of them that stand inside, for people who leave.
    pub(crate) exits: Vec<usize>,
    /// The output that opens it.
    pub(crate) strike: OutputAt,
    /// How long one grant keeps it unlocked, in whole tenths of a second.
    pub(crate) open_for: Duration,
    /// Tells whether the leaf is open.
    pub(crate) contact: Option<InputAt>,
    /// The button inside.
    pub(crate) exit_button: Option<InputAt>,
    /// How the leaf is watched.
    pub(crate) leaf: Leaf,
    /// What happens when the log does not answer.
    pub(crate) class: DoorClass,
    /// What it asks of people besides a right.
    pub(crate) rules: DoorRules,
    /// Where it is defined.
    place: Place,
}

/// What a door does while the log cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DoorClass {
    /// Opens for known cards from a bounded memory ring.
    Standard,
    /// Stays shut.
    Strict,
}

/// Every `[[door]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(
    document: &Document,
    wiring: Wiring<'_>,
    findings: &mut Findings<'_>,
) -> Vec<Door> {
    let mut doors: Vec<Door> = Vec::new();
    for table in &document.door {
        let opening = Opening { table, wiring };
        if let Some(door) = opening.door(&doors, findings) {
            doors.push(door);
        }
    }
    doors
}

/// One door table and what it may refer to.
struct Opening<'a> {
    table: &'a Spanned<DoorTable>,
    wiring: Wiring<'a>,
}

impl Opening<'_> {
    fn door(&self, before: &[Door], findings: &mut Findings<'_>) -> Option<Door> {
        let (at, fields) = (self.table.span(), self.table.get_ref());
        let taken = before
            .iter()
            .map(|door| (door.name.clone(), door.place))
            .collect::<Vec<_>>();
        let name = findings.need(fields.name.as_ref(), &at, "[[door]]", "name = \"main\"")?;
        let place = findings.place_of(&name.span());
        let name = name::parse(name, "door", &taken, findings)?;
        let owner = format!("door \"{name}\"");
        let (readers, exits) = self.asking(&owner, before, findings).unzip();
        let strike = self.strike(&owner, before, findings);
        let contact = self
            .wiring
            .input(&fields.contact, &format!("{owner}: contact"), findings);
        let button = format!("{owner}: exit_button");
        let exit_button = self.wiring.input(&fields.exit_button, &button, findings);
        let open_for = open_for(&fields.open_for, &owner, findings);
        let leaf = leaf::parse(fields, &owner, findings);
        let (readers, rules) = (readers, demand::parse(fields, &owner, findings));
        let asking = readers.as_deref().unwrap_or_default();
        let class = self.class(&owner, (asking, rules.as_ref()), findings);
        let (readers, rules) = (readers?, rules?);
        let asked = (&rules, &*readers);
        demand::refuse_readers(fields, asked, (&owner, self.wiring), findings);
        Some(Door {
            name,
            readers,
            exits: exits?,
            strike: strike?,
            open_for,
            contact: contact?,
            exit_button: exit_button?,
            leaf,
            class: class?,
            rules,
            place,
        })
    }

    /// The readers of `entry` and `exit`, and those of `exit` alone.
    fn asking(
        &self,
        owner: &str,
        before: &[Door],
        findings: &mut Findings<'_>,
    ) -> Option<(Vec<usize>, Vec<usize>)> {
        let (at, fields) = (self.table.span(), self.table.get_ref());
        let example = "entry = \"READER\", the reader outside it";
        let entry = findings.need(fields.entry.as_ref(), &at, owner, example)?;
        let mut positions = Vec::new();
        let mut outside = None;
        for field in [Some(entry), fields.exit.as_ref()].into_iter().flatten() {
            let names = self.wiring.names();
            for position in name::find_each(field, owner, "reader", names, findings)? {
                self.asks_once(field, position, before, findings)?;
                if positions.contains(&position) {
                    let reader = self.wiring.reader_name(position);
                    let what = format!(
                        "{owner}: reader \"{reader}\" stands at both sides; name it in entry or in exit"
                    );
                    findings.add(&field.span(), what);
                    return None;
                }
                positions.push(position);
            }
            outside = outside.or(Some(positions.len()));
        }
        let exits = positions.iter().copied().skip(outside.unwrap_or(0));
        let exits = exits.collect();
        Some((positions, exits))
    }

    /// A reader that asked for two doors would give a badge two answers.
    fn asks_once(
        &self,
        field: &Spanned<OneOrMany>,
        position: usize,
        before: &[Door],
        findings: &mut Findings<'_>,
    ) -> Option<()> {
        let Some(other) = before.iter().find(|door| door.readers.contains(&position)) else {
            return Some(());
        };
        let (reader, other) = (self.wiring.reader_name(position), &other.name);
        let what = format!(
            "reader \"{reader}\" already asks for door \"{other}\"; a reader asks for one door"
        );
        findings.add(&field.span(), what);
        None
    }

    fn strike(
        &self,
        owner: &str,
        before: &[Door],
        findings: &mut Findings<'_>,
    ) -> Option<OutputAt> {
        let field = self.table.get_ref().strike.as_ref();
        let field = findings.need(field, &self.table.span(), owner, STRIKE_EXAMPLE)?;
        let strike = self.wiring.strike(field, owner, findings)?;
        if let Some(other) = before.iter().find(|door| door.strike.is_same_as(&strike)) {
            let (name, line) = (&other.name, other.place);
            let what = format!(
                "{owner}: strike: this output already opens door \"{name}\" (line {line}); wire each door to its own"
            );
            findings.add(&field.span(), what);
            return None;
        }
        Some(strike)
    }

    fn class(
        &self,
        owner: &str,
        (readers, rules): (&[usize], Option<&DoorRules>),
        findings: &mut Findings<'_>,
    ) -> Option<DoorClass> {
        let Some(field) = &self.table.get_ref().class else {
            return Some(DoorClass::Standard);
        };
        let what = match field.get_ref().as_str() {
            "standard" => return Some(DoorClass::Standard),
            "strict" => {
                let mut readers = readers.iter();
                let imitable = readers.find(|at| self.wiring.is_imitable(**at));
                let imitable = imitable.map(|at| {
                    let name = self.wiring.reader_name(*at);
                    if self.wiring.is_wiegand(*at) {
                        format!("Wiegand reader \"{name}\"")
                    } else {
                        format!("reader \"{name}\" with secure = false")
                    }
                });
                match imitable.zip(rules).and_then(doubt) {
                    None => return Some(DoorClass::Strict),
                    Some(doubt) => doubt,
                }
            }
            other => format!("class \"{other}\" is unknown; write \"standard\" or \"strict\""),
        };
        findings.add(&field.span(), format!("{owner}: {what}"));
        None
    }
}

/// Why a door with such a reader, where a copied card passes for the card, cannot be strict; `None` if everyone types a PIN there.
fn doubt((imitable, rules): (String, &DoorRules)) -> Option<String> {
    if rules.mode == DoorMode::Unlocked {
        Some(format!(
            "class \"strict\" at {imitable} wants a card and a PIN of everyone, mode \"unlocked\" of nobody; write another mode, or class \"standard\""
        ))
    } else if rules.level == Level::Controlled {
        Some(format!(
            "class \"strict\" does not trust {imitable} without a PIN; write level = \"limited\", or use an OSDP reader or class \"standard\""
        ))
    } else {
        None
    }
}

fn open_for(field: &Field<String>, owner: &str, findings: &mut Findings<'_>) -> Duration {
    let limits = Duration::from_millis(200)..=Duration::from_secs(600);
    let key = format!("{owner}: open_for");
    let default = Duration::from_secs(5);
    let period = period::parse(field.as_ref(), &key, default, limits, findings);
    let is_fine = !period.subsec_nanos().is_multiple_of(100_000_000);
    if let Some(field) = field.as_ref().filter(|_| is_fine) {
        let written = field.get_ref();
        let what = format!(
            "{key} = \"{written}\" is finer than a reader counts; write tenths of a second"
        );
        findings.add(&field.span(), what);
    }
    period
}
