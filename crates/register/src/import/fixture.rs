//! Fixture: lists of employees, for the tests of the import.

use access::UtcMicros;

use super::{ImportRow, ImportTerms};
use crate::fixture::{House, at, number, text};

/// A list; line 1 is its heading.
pub(crate) struct Sheet(Vec<Line>);

struct Line {
    card: Option<u64>,
    name: String,
    contact: String,
    tenant: String,
    doors: Vec<String>,
    from: Option<UtcMicros>,
    until: Option<UtcMicros>,
    kind: String,
}

pub(crate) fn terms() -> ImportTerms {
    ImportTerms {
        reason: text("works here"),
        identified_by: text("the personnel office"),
        signed_at: at(0),
        fee: None,
        return_duty_told: true,
    }
}

impl Sheet {
    pub(crate) fn new(people: &[(&str, u64)]) -> Self {
        let line = |(name, card): &(&str, u64)| Line {
            card: Some(*card),
            name: (*name).to_owned(),
            contact: "Ola Kontakt".to_owned(),
            tenant: "Kommunen".to_owned(),
            doors: vec!["main".to_owned(), "side".to_owned()],
            from: None,
            until: None,
            kind: "employee".to_owned(),
        };
        Self(people.iter().map(line).collect())
    }

    /// So many, with the cards 1, 2, 3 and so on.
    pub(crate) fn crowd(cards: u64) -> Self {
        let people = (1..=cards).map(|card| (format!("Person {card}"), card));
        let people: Vec<(String, u64)> = people.collect();
        let people = people.iter().map(|(name, card)| (name.as_str(), *card));
        Self::new(&people.collect::<Vec<_>>())
    }

    pub(crate) fn rows<'a>(&'a self, house: &'a House) -> impl Iterator<Item = ImportRow<'a>> {
        self.0
            .iter()
            .zip(2..)
            .map(|(line, number_of_line)| ImportRow {
                line: number_of_line,
                card: line
                    .card
                    .map(|card| (number(card), house.tag(card)))
                    .ok_or_else(|| "no number".to_owned()),
                name: &line.name,
                firm: "Kommunen",
                mobile: "91234567",
                contact: &line.contact,
                tenant: &line.tenant,
                doors: &line.doors,
                valid_from: line.from,
                valid_until: line.until,
                kind: &line.kind,
            })
    }

    pub(crate) fn with_name(mut self, at: usize, name: &str) -> Self {
        self.0[at].name = name.to_owned();
        self
    }

    /// Of a visitor's kind it gets an end, too.
    pub(crate) fn with_kind(mut self, line: usize, kind: &str) -> Self {
        self.0[line].kind = kind.to_owned();
        self.with_end(line, at(3600))
    }

    pub(crate) fn with_beginning(mut self, line: usize, from: UtcMicros) -> Self {
        self.0[line].from = Some(from);
        self
    }

    pub(crate) fn with_end(mut self, line: usize, until: UtcMicros) -> Self {
        self.0[line].until = Some(until);
        self
    }

    pub(crate) fn without_end(mut self, line: usize) -> Self {
        self.0[line].until = None;
        self
    }

    pub(crate) fn without_card(mut self, line: usize) -> Self {
        self.0[line].card = None;
        self
    }

    pub(crate) fn with_doors(mut self, line: usize, doors: &[&str]) -> Self {
        self.0[line].doors = doors.iter().map(|door| (*door).to_owned()).collect();
        self
    }

    pub(crate) fn with_tenant(mut self, line: usize, tenant: &str) -> Self {
        self.0[line].tenant = tenant.to_owned();
        self
    }

    pub(crate) fn with_contact(mut self, line: usize, contact: &str) -> Self {
        self.0[line].contact = contact.to_owned();
        self
    }
}
