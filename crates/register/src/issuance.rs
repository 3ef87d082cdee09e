//! Issuance: the row of one handing-out, and what it puts on the allowlist.

use access::{
    CardEntry, CardTag, Holder, IssuanceId, KeySlot, OperatorId, Standing, UtcMicros, Validity,
};
use key_store::Slot;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::card_approval::Batch;
use crate::contact::{ContactId, TenantId};
use crate::error::RegisterError;
use crate::kind::Kind;
use crate::life_error::LifeError;
use crate::pins;
use crate::plastic;
use crate::pseudonym::pseudonym;
use crate::rights::{self, PlaceRight};
use crate::row_mark;
use crate::state::State;
use crate::twins;

/// Who denied a card at every door, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// When.
    pub at: UtcMicros,
    /// By whom.
    pub by: OperatorId,
}

/// Who reported a card lost, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// When.
    pub at: UtcMicros,
    /// By whom.
    pub by: OperatorId,
}

/// What is stored of an issuance, apart from what is sealed.
#[derive(Clone, Debug)]
pub(crate) struct Issuance {
    pub(crate) id: IssuanceId,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) tenant: TenantId,
    pub(crate) contact: ContactId,
    pub(crate) valid: Validity,
    pub(crate) blocked: Option<Blocked>,
    pub(crate) lost: Option<Lost>,
    pub(crate) is_duty_told: bool,
    /// It waits for the word of a superior (M13).
    pub(crate) is_unsure: bool,
    /// It waits for its tenant's personnel office (M16), in this batch.
    pub(crate) awaits: Option<Batch>,
    pub(crate) slot: Slot,
}

/// The columns [`Issuance::read`] wants, for a statement that calls the table `i`.
pub(crate) const COLUMNS: &str = "i.id, i.kind, i.state, i.tenant, i.contact, i.valid_from, i.valid_until, i.blocked_at, i.blocked_by, \
     i.return_duty_told_at IS NOT NULL, i.slot, i.slot_generation, i.lost_at, i.lost_by, i.unsure, \
     (SELECT a.batch FROM card_approval a WHERE a.issuance = i.id)";
/// How many they are.
pub(crate) const COLUMNS_LEN: usize = 16;

impl Issuance {
    pub(crate) fn load(connection: &Connection, id: IssuanceId) -> Result<Self, RegisterError> {
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM issuance i WHERE i.id = ?1"))?;
        match statement.query([id.get()])?.next()? {
            Some(row) => Self::read(row),
            None if is_tombstone(connection, id)? => Err(RegisterError::Forgotten),
            None => Err(RegisterError::NoSuchIssuance),
        }
    }

    /// [`Issuance::load`], for what is done only with a card that was not returned.
    pub(crate) fn load_live(
        connection: &Connection,
        id: IssuanceId,
    ) -> Result<Self, RegisterError> {
        let issuance = Self::load(connection, id)?;
        if issuance.state == State::Returned {
            return Err(RegisterError::Forgotten);
        }
        Ok(issuance)
    }

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, RegisterError> {
        let damaged = RegisterError::corrupt;
        let text = |at| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
        let from = UtcMicros::from_micros(row.get(5)?);
        let until = row.get::<_, Option<i64>>(6)?.map(UtcMicros::from_micros);
        let blocked = match (row.get(7)?, row.get(8)?) {
            (Some(at), Some(by)) => Some(Blocked {
                at: UtcMicros::from_micros(at),
                by: OperatorId::new(by),
            }),
            (None, _) | (_, None) => None,
        };
        let lost = match (row.get(12)?, row.get(13)?) {
            (Some(at), Some(by)) => Some(Lost {
                at: UtcMicros::from_micros(at),
                by: OperatorId::new(by),
            }),
            (None, _) | (_, None) => None,
        };
        Ok(Self {
            id: pseudonym(row.get(0)?)?,
            kind: Kind::from_parts(text(1)?, until)
                .ok_or(damaged("an unknown kind, or a visitor's without an end"))?,
            state: State::from_name(text(2)?).ok_or(damaged("an unknown state"))?,
            tenant: TenantId(row.get(3)?),
            contact: ContactId(row.get(4)?),
            valid: Validity::new(from, until)?,
            blocked,
            lost,
            is_duty_told: row.get(9)?,
            is_unsure: row.get(14)?,
            awaits: row.get(15)?,
            slot: Slot {
                index: row.get(10)?,
                generation: row.get(11)?,
            },
        })
    }

    pub(crate) fn holder(&self) -> Holder {
        Holder {
            issuance: self.id,
            slot: KeySlot::new(self.slot.index),
        }
    }

    /// The same issuance from and until other instants.
    pub(crate) fn within(self, valid: Validity) -> Result<Self, RegisterError> {
        let kind = Kind::from_parts(self.kind.name(), valid.until()).ok_or(LifeError::EndNeeded)?;
        Ok(Self {
            kind,
            valid,
            ..self
        })
    }

    /// Whether no card was made live for it yet.
    pub(crate) const fn is_before_activation(&self) -> bool {
        match self.state {
            State::Ordered | State::Arrived | State::Notified | State::Issued => true,
            State::Active | State::Returned => false,
        }
    }

    /// Where a card bound to it stands, which itself may be blocked; `None` once it is returned: such a card is on no list.
    pub(crate) fn standing(&self, is_plastic_blocked: bool) -> Option<Standing> {
        if self.state != State::Returned && self.lost.is_some() {
            return Some(Standing::Lost);
        }
        let is_blocked = self.blocked.is_some() || is_plastic_blocked;
        match (self.state, is_blocked) {
            (State::Returned, _) => None,
            (
                State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active,
                true,
            ) => Some(Standing::Blocked),
            (State::Active, false) if self.awaits.is_some() => Some(Standing::Pending),
            (State::Active, false) => Some(Standing::Active),
            (State::Ordered | State::Arrived | State::Notified | State::Issued, false) => {
                Some(Standing::Pending)
            }
        }
    }

    /// The card on the allowlist, if one is bound and not returned.
    pub(crate) fn entry(
        &self,
        connection: &Connection,
    ) -> Result<Option<CardEntry>, RegisterError> {
        let Some(tag) = tag_of(connection, self.id)? else {
            return Ok(None);
        };
        let Some(standing) = self.standing(plastic::is_blocked(connection, &tag)?) else {
            return Ok(None);
        };
        let rights = rights::of(connection, self.id)?
            .into_iter()
            .map(PlaceRight::to_right)
            .collect::<Result<_, _>>()?;
        Ok(Some(CardEntry {
            rights,
            visitor: self.kind.is_visitor(),
            pin: pins::of(connection, self.id)?,
            twin: twins::of(connection, self.id)?,
            ..CardEntry::new(tag, self.holder(), standing, self.valid)
        }))
    }

    /// What the operator's part of a record says of it: nothing that names the holder.
    pub(crate) fn bare_words(&self, rights: &[PlaceRight]) -> String {
        format!("kind={} rights={}", self.kind.name(), rights::word(rights))
    }

    /// What the holder's part of a record says of it, with a blank for the mark of its rows.
    pub(crate) fn words(&self, rights: &[PlaceRight]) -> String {
        let until = self
            .valid
            .until()
            .map_or_else(|| "-".to_owned(), |until| until.to_string());
        let waits = match (self.is_unsure, self.awaits.is_some()) {
            (false, false) => "",
            (true, false) => " waits=superior",
            (false, true) => " waits=hr",
            (true, true) => " waits=superior,hr",
        };
        format!(
            "kind={} state={} blocked={} lost={} tenant={} contact={} from={} until={until} rights={}{waits}{}",
            self.kind.name(),
            self.state,
            u8::from(self.blocked.is_some()),
            u8::from(self.lost.is_some()),
            self.tenant.0,
            self.contact.0,
            self.valid.from(),
            rights::word(rights),
            row_mark::BLANK,
        )
    }
}

/// The tag of the card bound to an issuance.
pub(crate) fn tag_of(
    connection: &Connection,
    id: IssuanceId,
) -> Result<Option<CardTag>, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT tag FROM card WHERE issuance = ?1")?;
    let tag: Option<[u8; 16]> = statement
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    Ok(tag.map(CardTag::new))
}

/// The issuance a card is bound to.
pub(crate) fn of_tag(
    connection: &Connection,
    tag: &CardTag,
) -> Result<Option<Issuance>, RegisterError> {
    ByTag::prepare(connection)?.find(tag)
}

/// Finds issuances by their cards' tags.
pub(crate) struct ByTag<'c>(CachedStatement<'c>);

impl<'c> ByTag<'c> {
    pub(crate) fn prepare(connection: &'c Connection) -> Result<Self, RegisterError> {
        Ok(Self(connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM card c JOIN issuance i ON i.id = c.issuance WHERE c.tag = ?1"
        ))?))
    }

    pub(crate) fn find(&mut self, tag: &CardTag) -> Result<Option<Issuance>, RegisterError> {
        self.0
            .query(params![tag.as_bytes().as_slice()])?
            .next()?
            .map(Issuance::read)
            .transpose()
    }
}

/// Whether a pseudonym is or was in use.
pub(crate) fn is_taken(connection: &Connection, id: IssuanceId) -> Result<bool, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM issuance WHERE id = ?1")?;
    Ok(statement.exists([id.get()])? || is_tombstone(connection, id)?)
}

/// All pseudonyms that are or were in use, ascending.
pub(crate) fn taken(connection: &Connection) -> Result<Vec<IssuanceId>, RegisterError> {
    let mut statement =
        connection.prepare("SELECT id FROM issuance UNION SELECT id FROM tombstone ORDER BY id")?;
    let ids = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<u32>, _>>()?;
    ids.into_iter().map(pseudonym).collect()
}

/// Live issuances bound to a contact person that are not blocked yet.
pub(crate) fn unblocked_of(
    connection: &Connection,
    contact: ContactId,
) -> Result<Vec<IssuanceId>, RegisterError> {
    let mut statement = connection.prepare(
        "SELECT i.id FROM contact c JOIN issuance i ON i.tenant = c.tenant AND i.contact = c.id
         WHERE c.id = ?1 AND i.state <> 'returned' AND i.blocked_at IS NULL ORDER BY i.id",
    )?;
    let ids = statement
        .query_map([contact.0], |row| row.get(0))?
        .collect::<Result<Vec<u32>, _>>()?;
    Ok(ids.into_iter().filter_map(IssuanceId::new).collect())
}

/// Whether a contact person is active.
pub(crate) fn is_active(
    connection: &Connection,
    contact: ContactId,
) -> Result<bool, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM contact WHERE id = ?1 AND active = 1")?;
    Ok(statement.exists([contact.0])?)
}

fn is_tombstone(connection: &Connection, id: IssuanceId) -> Result<bool, RegisterError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?
        .exists([id.get()])?)
}

#[cfg(test)]
mod tests {
    use crate::fixture::House;
    use crate::{RegisterError, StorageError};

    #[test]
    fn m08_the_schema_itself_refuses_what_the_types_do_not_allow() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 7).get();
        for forbidden in [
            "UPDATE issuance SET valid_until = NULL WHERE id = ?1",
            "UPDATE issuance SET return_duty_told_at = NULL WHERE id = ?1",
            "UPDATE issuance SET contact = 99 WHERE id = ?1",
            "UPDATE issuance SET state = 'returned' WHERE id = ?1",
            "UPDATE card SET tag = x'00' WHERE issuance = ?1",
            "INSERT INTO card (tag, issuance, number) SELECT tag, 0, number FROM card WHERE issuance = ?1",
        ] {
            let refusal = RegisterError::from(
                house
                    .register
                    .connection
                    .execute(forbidden, [id])
                    .unwrap_err(),
            );
            assert!(
                matches!(
                    refusal,
                    RegisterError::Storage(StorageError::Database { .. })
                ),
                "{forbidden}"
            );
        }
    }
}
