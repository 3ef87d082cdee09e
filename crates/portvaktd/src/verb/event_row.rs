//! An event's row: a record as people and scripts see it, in names instead of numbers.

use access::OperatorId;
use control::reply::event::EventRow;
use control::{Class, Moment};
use event_log::View;
use event_log::read::Entry;
use tokio::sync::watch;

use crate::desk::Roster;
use crate::names::Names;

/// How numbers are spelt.
#[derive(Clone)]
pub(super) struct Spelling {
    names: Names,
    roster: watch::Receiver<Roster>,
}

impl Spelling {
    /// By these names, and by who is an operator when a row is spelt.
    pub(super) fn new(names: Names, roster: watch::Receiver<Roster>) -> Self {
        Self { names, roster }
    }

    /// The record as a row. What is about a holder in words stays out: a row is pseudonymous.
    pub(super) fn row(&self, record: &Entry, view: &View) -> EventRow {
        EventRow {
            index: record.index,
            time: Moment::from(record.time),
            class: class(record.class),
            event: view.name.unwrap_or("erased").to_owned(),
            door: view.door.map(|door| self.names.door_name(door)),
            reader: view.reader.map(|reader| self.names.reader_name(reader)),
            issuance: view.issuance,
            unknown: view.unknown.map(|(tag, _)| hex(tag.as_bytes())),
            bits: view.unknown.map(|(_, bits)| bits),
            reason: view.reason.map(|reason| reason.as_str().to_owned()),
            generation: view.generation.map(access::Generation::get),
            operator: view.operator.map(|operator| self.operator(operator)),
            detail: detail(view),
            clock: record.clock.as_str().to_owned(),
            late: record.late,
            erased: view.erased > 0,
        }
    }

    fn operator(&self, id: OperatorId) -> String {
        let roster = self.roster.borrow();
        let known = roster.iter().find(|operator| operator.id == id);
        known.map_or_else(|| format!("operator-{id}"), |known| known.user.clone())
    }
}

/// The words of the record; of a reading also what was asked and how much it named.
fn detail(view: &View) -> Option<String> {
    let mut words = Vec::new();
    words.extend(view.verb.as_ref().map(|verb| verb.as_str().to_owned()));
    words.extend((!view.detail.is_empty()).then(|| view.detail.as_str().to_owned()));
    words.extend(view.hits.map(|hits| format!("hits={hits}")));
    (!words.is_empty()).then(|| words.join(" "))
}

fn class(class: event_log::Class) -> Class {
    match class {
        event_log::Class::Passage => Class::Passage,
        event_log::Class::Door => Class::Door,
        event_log::Class::Reader => Class::Reader,
        event_log::Class::Administration => Class::Administration,
        event_log::Class::Reading => Class::Reading,
        event_log::Class::System => Class::System,
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
