//! Allowlist: the register's cards as the doors want them, straight from the tables.

use access::{Allowlist, AllowlistBuilder, CardEntry, CardTag};

use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::pins;
use crate::register::Register;
use crate::rights::{self, PlaceRight};
use crate::twins;

impl Register {
    /// The allowlist of the present generation: every card bound to an issuance that was not returned, with the hours.
    ///
    /// # Errors
    /// What SQLite says; [`StorageError::Corrupt`](crate::StorageError); [`RegisterError::Allowlist`] if there is more than a list holds.
    pub fn allowlist(&self) -> Result<Allowlist, RegisterError> {
        let cards: i64 = self
            .connection
            .query_row("SELECT count(*) FROM card", [], |row| row.get(0))?;
        let mut builder = AllowlistBuilder::with_capacity(usize::try_from(cards).unwrap_or(0));
        self.each_entry(&mut |entry| Ok(builder.add(entry)?))?;
        self.with_hours(builder)
    }

    /// The list of these cards, of the present generation and with the present hours.
    pub(crate) fn with_hours(&self, cards: AllowlistBuilder) -> Result<Allowlist, RegisterError> {
        let (hours, generation) = (self.hours()?, self.generation()?);
        let cards = cards.finish(generation)?.with_spares(hours.spares);
        Ok(cards.with_hours(hours.timetable, hours.modes, generation))
    }

    /// Every entry in the order of the tags; one row a right comes from the database, gathered here.
    fn each_entry(
        &self,
        each: &mut dyn FnMut(CardEntry) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let others = twins::all(&self.connection)?;
        let mut statement = self.connection.prepare(&in_tag_order())?;
        let mut rows = statement.query([])?;
        let mut gathered: Option<CardEntry> = None;
        while let Some(row) = rows.next()? {
            let tag = CardTag::new(row.get(issuance::COLUMNS_LEN)?);
            let right = rights::read(row, RIGHT_AT)?;
            let right = right.map(PlaceRight::to_right).transpose()?;
            match &mut gathered {
                Some(entry) if entry.tag == tag => entry.rights.extend(right),
                _ => {
                    let issuance = Issuance::read(row)?;
                    let standing = issuance
                        .standing(row.get(BLOCKED_AT)?)
                        .ok_or(RegisterError::corrupt("a returned card on the list"))?;
                    let next = CardEntry {
                        rights: right.into_iter().collect(),
                        visitor: issuance.kind.is_visitor(),
                        pin: pins::read(row, PIN_AT)?,
                        twin: others.get(&issuance.id).copied(),
                        ..CardEntry::new(tag, issuance.holder(), standing, issuance.valid)
                    };
                    gathered.replace(next).map_or(Ok(()), &mut *each)?;
                }
            }
        }
        gathered.map_or(Ok(()), each)
    }
}

/// `CROSS JOIN` fixes the order of the loops: cards by tag, each with its issuance, PIN and rights.
fn in_tag_order() -> String {
    format!(
        "SELECT {}, c.tag, p.number, p.hash, p.duress, r.place, r.schedule, r.valid_from, r.valid_until,
                s.blocked_by IS NOT NULL
         FROM card c CROSS JOIN issuance i ON i.id = c.issuance LEFT JOIN pin p ON p.issuance = i.id
         LEFT JOIN place_right r ON r.issuance = i.id LEFT JOIN stock s ON s.tag = c.tag
         WHERE i.state <> 'returned' ORDER BY c.tag",
        issuance::COLUMNS
    )
}

/// Where the columns of a PIN begin: behind those of the issuance and the tag.
const PIN_AT: usize = issuance::COLUMNS_LEN + 1;
/// Where those of a right begin.
const RIGHT_AT: usize = PIN_AT + 3;
/// Where it says whether the card itself is blocked.
const BLOCKED_AT: usize = RIGHT_AT + 4;

#[cfg(test)]
mod tests;
