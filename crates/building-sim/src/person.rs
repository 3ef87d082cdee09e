//! The people of the simulated house. None of them exists; the names say so.

use access::card::{CardBits, formats};

/// Somebody with a card in H10301, the 26-bit open format.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// What they are called.
    pub name: &'static str,
    /// Whom they work for.
    pub firm: &'static str,
    /// A number nobody has: country code 999 is unassigned.
    pub mobile: &'static str,
    /// Facility code of their card.
    pub facility: u8,
    /// Number of their card.
    pub number: u16,
}

impl Person {
    /// What a reader sends when they show their card.
    ///
    /// `None` cannot happen: eight and sixteen bits are what the format carries.
    #[must_use]
    pub fn card(&self) -> Option<CardBits> {
        formats::H10301
            .write(u32::from(self.facility), u64::from(self.number))
            .ok()
    }
}

/// Everybody who comes and goes.
pub const PEOPLE: &[Person] = &[
    person(
        "Ada Oppdikt",
        "Luftslott Drift AS",
        "+999 00 000 001",
        4_101,
    ),
    person("Bo Påfunn", "Luftslott Drift AS", "+999 00 000 002", 4_102),
    person(
        "Cecilie Eventyr",
        "Skrøne Rør & Varme",
        "+999 00 000 003",
        4_103,
    ),
    person(
        "Didrik Dikt",
        "Skrøne Rør & Varme",
        "+999 00 000 004",
        4_104,
    ),
    person("Eira Fabel", "Fabel Arkiv", "+999 00 000 005", 4_105),
    person("Finn Ingen", "Ingensteds Elektro", "+999 00 000 006", 4_106),
    person("Gro Gåte", "Gåtefull Revisjon", "+999 00 000 007", 4_107),
    person(
        "Hasse Hittepå",
        "Hittepå Vaktmester",
        "+999 00 000 008",
        4_108,
    ),
];

const fn person(
    name: &'static str,
    firm: &'static str,
    mobile: &'static str,
    number: u16,
) -> Person {
    Person {
        name,
        firm,
        mobile,
        facility: 57,
        number,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_has_a_card_of_their_own() {
        let cards: BTreeSet<Vec<u8>> = PEOPLE
            .iter()
            .map(|person| person.card().unwrap().bits().to_vec())
            .collect();
        assert_eq!(cards.len(), PEOPLE.len());
    }
}
