//! Allowlist: the register's cards as the doors want them, straight from the tables.

use access::{Allowlist, AllowlistBuilder, CardEntry, CardTag};

use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::register::Register;
use crate::rights::{self, DoorRight};

impl Register {
    /// The allowlist of the present generation: every card bound to an issuance that was not returned.
    ///
    /// # Errors
    /// What SQLite says; [`RegisterError::Corrupt`]; [`RegisterError::Allowlist`] if there is more than a list holds.
    pub fn allowlist(&self) -> Result<Allowlist, RegisterError> {
        let cards: i64 = self
            .connection
            .query_row("SELECT count(*) FROM card", [], |row| row.get(0))?;
        let mut builder = AllowlistBuilder::with_capacity(usize::try_from(cards).unwrap_or(0));
        self.each_entry(&mut |entry| Ok(builder.add(entry)?))?;
        Ok(builder.finish(self.generation()?)?)
    }

    /// Every entry in the order of the tags; one row a right comes from the database, gathered here.
    fn each_entry(
        &self,
        each: &mut dyn FnMut(CardEntry) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let mut statement = self.connection.prepare(&in_tag_order())?;
        let mut rows = statement.query([])?;
        let mut gathered: Option<CardEntry> = None;
        while let Some(row) = rows.next()? {
            let tag = CardTag::new(row.get(issuance::COLUMNS_LEN)?);
            let right = rights::read(row, issuance::COLUMNS_LEN + 1).and_then(DoorRight::to_right);
            match &mut gathered {
                Some(entry) if entry.tag == tag => entry.rights.push(right?),
                _ => {
                    let issuance = Issuance::read(row)?;
                    let standing = issuance.standing().ok_or(RegisterError::Corrupt {
                        what: "a returned card on the list",
                    })?;
                    let next = CardEntry {
                        tag,
                        holder: issuance.holder(),
                        standing,
                        valid: issuance.valid,
                        rights: vec![right?],
                    };
                    gathered.replace(next).map_or(Ok(()), &mut *each)?;
                }
            }
        }
        gathered.map_or(Ok(()), each)
    }
}

/// `CROSS JOIN` fixes the order of the loops: cards by tag, each with its issuance and rights. An issuance has rights
/// always.
fn in_tag_order() -> String {
    format!(
        "SELECT {}, c.tag, r.door, r.valid_from, r.valid_until
         FROM card c CROSS JOIN issuance i ON i.id = c.issuance CROSS JOIN door_right r ON r.issuance = i.id
         WHERE i.state <> 'returned' ORDER BY c.tag",
        issuance::COLUMNS
    )
}
