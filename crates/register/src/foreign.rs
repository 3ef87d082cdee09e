//! Octets that others wrote, read alone: for tests that hand the register's parsers whatever there is, as if it had been sealed
//! under the right key. The register calls nothing here.

use crate::holder::{ContactPerson, HolderFields};

/// Reads what lies under a holder's or a contact person's seal, and packs it again; `None` if it is neither.
#[must_use]
pub fn sealed_person(octets: &[u8]) -> Option<Vec<u8>> {
    let holder = HolderFields::unpack(octets).map(|fields| fields.pack().to_vec());
    holder.or_else(|| ContactPerson::unpack(octets).map(|person| person.pack().to_vec()))
}
