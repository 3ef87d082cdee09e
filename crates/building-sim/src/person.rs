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

/// Employed in the house.
pub const ADA: Person = person(
    "Ada Oppdikt",
    "Luftslott Drift AS",
    "+999 00 000 001",
    4_101,
);
/// A supplier.
pub const BO: Person = person("Bo Påfunn", "Luftslott Drift AS", "+999 00 000 002", 4_102);
/// A supplier who comes by car.
pub const CECILIE: Person = person(
    "Cecilie Eventyr",
    "Skrøne Rør & Varme",
    "+999 00 000 003",
    4_103,
);
/// Loses his card.
pub const DIDRIK: Person = person(
    "Didrik Dikt",
    "Skrøne Rør & Varme",
    "+999 00 000 004",
    4_104,
);
/// New here, and carries heavy things.
pub const EIRA: Person = person("Eira Fabel", "Fabel Arkiv", "+999 00 000 005", 4_105);
/// A visitor for a short while.
pub const FINN: Person = person("Finn Ingen", "Ingensteds Elektro", "+999 00 000 006", 4_106);
/// Hands her card back.
pub const GRO: Person = person("Gro Gåte", "Gåtefull Revisjon", "+999 00 000 007", 4_107);
/// Is enrolled in person.
pub const HASSE: Person = person(
    "Hasse Hittepå",
    "Hittepå Vaktmester",
    "+999 00 000 008",
    4_108,
);
/// Everybody who is enrolled.
pub const PEOPLE: &[Person] = &[ADA, BO, CECILIE, DIDRIK, EIRA, FINN, GRO, HASSE];
/// Somebody nobody has enrolled, with a card from elsewhere.
pub const STRANGER: Person = person("Ukjent", "", "", 61_999);

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
