//! An area: a part of the house that people enter and leave by known readers.

use std::time::Duration;

use access::{AreaRules, Passback};
use toml::Spanned;

use super::door::Door;
use super::finding::Place;
use super::fitting::Wiring;
use super::table::{AreaTable, Document, Field, OneOrMany};
use super::{Findings, name, period};

/// One `[[area]]`; readers are positions in [`super::Config::readers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    /// What people call it.
    pub(crate) name: String,
    /// The readers that lead into it.
    pub(crate) into: Vec<usize>,
    /// The readers that lead out of it.
    pub(crate) out_of: Vec<usize>,
    /// Who may not enter or leave.
    pub(crate) rules: AreaRules,
    /// Where it is defined.
    place: Place,
}

/// Every `[[area]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(
    document: &Document,
    (doors, wiring): (&[Door], Wiring<'_>),
    findings: &mut Findings<'_>,
) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for table in &document.area {
        let drawing = Drawing {
            table,
            doors,
            wiring,
        };
        if let Some(area) = drawing.area(&areas, findings) {
            areas.push(area);
        }
    }
    areas
}

/// Which way a reader leads.
#[derive(Clone, Copy)]
enum Way {
    Into,
    OutOf,
}

impl Way {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Into => "into",
            Self::OutOf => "out of",
        }
    }

    /// The readers of an area that lead this way.
    fn of(self, area: &Area) -> &[usize] {
        match self {
            Self::Into => &area.into,
            Self::OutOf => &area.out_of,
        }
    }
}

/// One area table and what it may refer to.
struct Drawing<'a> {
    table: &'a Spanned<AreaTable>,
    doors: &'a [Door],
    wiring: Wiring<'a>,
}

impl Drawing<'_> {
    fn area(&self, before: &[Area], findings: &mut Findings<'_>) -> Option<Area> {
        let (at, fields) = (self.table.span(), self.table.get_ref());
        let taken: Vec<(String, Place)> = before
            .iter()
            .map(|area| (area.name.clone(), area.place))
            .collect();
        let name = findings.need(fields.name.as_ref(), &at, "[[area]]", "name = \"vault\"")?;
        let place = findings.place_of(&name.span());
        let name = name::parse(name, "area", &taken, findings)?;
        let owner = format!("area \"{name}\"");
        let example = "into = [\"READER\"], the readers by which people enter it";
        let field = findings.need(fields.into.as_ref(), &at, &owner, example)?;
        let into = self.side(field, (&owner, Way::Into), before, findings);
        let out_of = match &fields.out_of {
            None => Some(Vec::new()),
            Some(field) => self.side(field, (&owner, Way::OutOf), before, findings),
        };
        let passback = self.passback(&owner, findings);
        let timed = timed(&fields.timed, &owner, findings);
        let (into, out_of) = (into?, out_of?);
        self.refuse_circle(&owner, (&into, &out_of), findings)?;
        Some(Area {
            name,
            into,
            out_of,
            rules: AreaRules {
                passback: passback?,
                timed,
            },
            place,
        })
    }

    /// The readers that lead one way: each asks for a door, and leads this way for no other area.
    fn side(
        &self,
        field: &Spanned<OneOrMany>,
        (owner, way): (&str, Way),
        before: &[Area],
        findings: &mut Findings<'_>,
    ) -> Option<Vec<usize>> {
        let names = self.wiring.names();
        let found = name::find_each(field, owner, "reader", names, findings)?;
        for reader in &found {
            let leads = |area: &&Area| way.of(area).contains(reader);
            let reader_name = self.wiring.reader_name(*reader);
            let what = if let Some(other) = before.iter().find(leads) {
                let (other, way) = (&other.name, way.as_str());
                format!(
                    "reader \"{reader_name}\" leads {way} area \"{other}\" already; a reader leads into one area and out of one"
                )
            } else if self.doors.iter().any(|door| door.readers.contains(reader)) {
                continue;
            } else {
                format!(
                    "reader \"{reader_name}\" asks for no door, so nobody goes through there; name a reader of a door"
                )
            };
            findings.add(&field.span(), format!("{owner}: {what}"));
            return None;
        }
        Some(found)
    }

    fn refuse_circle(
        &self,
        owner: &str,
        (into, out_of): (&[usize], &[usize]),
        findings: &mut Findings<'_>,
    ) -> Option<()> {
        let Some(both) = into.iter().find(|reader| out_of.contains(reader)) else {
            return Some(());
        };
        let reader = self.wiring.reader_name(*both);
        let what = format!(
            "{owner}: reader \"{reader}\" leads both into it and out of it; a reader at each side tells which way people go"
        );
        findings.add(&self.table.span(), what);
        None
    }

    fn passback(&self, owner: &str, findings: &mut Findings<'_>) -> Option<Passback> {
        let fields = self.table.get_ref();
        let Some(field) = &fields.passback else {
            return Some(Passback::Off);
        };
        let what = match field.get_ref().as_str() {
            "off" => return Some(Passback::Off),
            "soft" => return Some(Passback::Soft),
            "hard" if fields.out_of.is_some() => return Some(Passback::Hard),
            "hard" => {
                "passback \"hard\" without a reader out of it lets nobody in a second time; write out_of = [\"READER\"], or passback = \"soft\"".to_owned()
            }
            other => {
                format!("passback \"{other}\" is unknown; write \"off\", \"soft\" or \"hard\"")
            }
        };
        findings.add(&field.span(), format!("{owner}: {what}"));
        None
    }
}

fn timed(field: &Field<String>, owner: &str, findings: &mut Findings<'_>) -> Option<Duration> {
    let limits = Duration::from_secs(1)..=Duration::from_secs(86_400);
    let (key, example) = (format!("{owner}: timed"), Duration::from_secs(600));
    period::optional(field.as_ref(), &key, example, limits, findings)
}
