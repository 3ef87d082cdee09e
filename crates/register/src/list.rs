//! List: looking things up, under pseudonyms where a name is not needed.

use std::fmt;
use std::ops::ControlFlow;

use access::{
    CardEntry, CardNumber, CardTag, IssuanceId, OperatorId, Place, StockId, UtcMicros, Validity,
};
use key_store::{Fixed, Owner};
use rusqlite::Row;

use crate::contact::TenantId;
use crate::error::RegisterError;
use crate::holder::{ContactPerson, HolderFields};
use crate::issuance::{self, Blocked, COLUMNS, COLUMNS_LEN, Issuance, Lost};
use crate::kind::Kind;
use crate::register::Register;
use crate::rights;
use crate::seal::{Field, FieldKey};
use crate::state::State;
use crate::vouch::{self, Vouched};

/// An issuance without its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRow {
    /// The pseudonym.
    pub id: IssuanceId,
    /// Why it was issued, and its end.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Whether it is denied at every door, beside its state.
    pub blocked: Option<Blocked>,
    /// Whether it is reported lost, beside its state.
    pub lost: Option<Lost>,
    /// The tenant's name.
    pub tenant: String,
    /// The tenant.
    pub tenant_id: TenantId,
    /// From when until when the card holds.
    pub valid: Validity,
    /// The places it has rights on, doors before groups, ascending, each once.
    pub places: Vec<Place>,
    /// Whether a card is bound to it.
    pub has_card: bool,
    /// Whether it waits for the word of a superior (M13).
    pub is_unsure: bool,
    /// Whether it waits for its tenant's personnel office (M16).
    pub awaits_hr: bool,
    /// Which card of the house it is, if that is one.
    pub stock: Option<StockId>,
    /// Whether that card is blocked, whoever holds it.
    pub is_stock_blocked: bool,
    /// Whether the holder has to be registered anew: what was known went with a lost disk.
    pub is_unnamed: bool,
}

/// An issuance with its holder; a reading of personal data.
#[derive(Clone)]
pub struct HolderView {
    /// What a list shows.
    pub row: CardRow,
    /// Who holds it; `None` after a restore, until they are registered anew.
    pub holder: Option<HolderFields>,
    /// Who answers for the holder.
    pub contact: ContactPerson,
    /// The card's number, if one is bound and its number was not lost with a disk.
    pub number: Option<CardNumber>,
    /// When the holder signed.
    pub signed_at: UtcMicros,
    /// When it was issued.
    pub issued_at: UtcMicros,
    /// By whom.
    pub issued_by: OperatorId,
    /// When the holder was told of the duty to return the card, if so.
    pub return_duty_told_at: Option<UtcMicros>,
    /// What a superior said, where somebody was not sure of the holder (M13).
    pub vouched: Option<Vouched>,
}

impl fmt::Debug for HolderView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HolderView")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

impl Register {
    /// Calls `each` for every issuance after `after`, in the order of the pseudonyms, until it breaks. Holds one row at a time;
    /// a slow reader takes pages by the last pseudonym it got.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn card_list(
        &self,
        after: Option<IssuanceId>,
        each: &mut dyn FnMut(CardRow) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{} WHERE i.id > ?1 ORDER BY i.id", select()))?;
        let mut rows = statement.query([after.map_or(-1, |id| i64::from(id.get()))])?;
        while let Some(row) = rows.next()? {
            if each(self.card_row(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// One issuance without its holder.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn find(&self, id: IssuanceId) -> Result<CardRow, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{} WHERE i.id = ?1", select()))?;
        match statement.query([id.get()])?.next()? {
            Some(row) => self.card_row(row),
            None => Issuance::load(&self.connection, id).and(Err(RegisterError::NoSuchIssuance)),
        }
    }

    /// Who issued it, and when.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn issued(&self, id: IssuanceId) -> Result<(OperatorId, UtcMicros), RegisterError> {
        Issuance::load(&self.connection, id)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT issued_by, issued_at FROM issuance WHERE id = ?1")?;
        let (by, at) = statement.query_row([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((OperatorId::new(by), UtcMicros::from_micros(at)))
    }

    /// Whose card it is: which tenant's.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn tenant_of(&self, id: IssuanceId) -> Result<TenantId, RegisterError> {
        Ok(Issuance::load(&self.connection, id)?.tenant)
    }

    /// The issuance a card is bound to, a returned one not.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find_by_tag(&self, tag: &CardTag) -> Result<Option<IssuanceId>, RegisterError> {
        let bound = issuance::of_tag(&self.connection, tag)?;
        Ok(bound
            .filter(|issuance| issuance.state != State::Returned)
            .map(|issuance| issuance.id))
    }

    /// What an issuance has on the allowlist; `None` if no card is bound to it or it was returned.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`].
    pub fn entry(&self, id: IssuanceId) -> Result<Option<CardEntry>, RegisterError> {
        Issuance::load(&self.connection, id)?.entry(&self.connection)
    }

    /// One issuance with its holder, for the act at hand; the caller records the reading.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`]; [`RegisterError::Unsealable`] or
    /// [`RegisterError::Keys`] if the key is gone already.
    pub fn show(&self, id: IssuanceId) -> Result<HolderView, RegisterError> {
        let row = self.find(id)?;
        let issuance = Issuance::load(&self.connection, id)?;
        let key = FieldKey::of_owner(&self.keys, issuance.slot.index, Owner::Issuance(id.get()))?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT i.holder, i.signed_at, i.issued_at, i.issued_by, i.return_duty_told_at, c.number, i.superior FROM issuance i LEFT JOIN card c ON c.issuance = i.id WHERE i.id = ?1")?;
        let mut rows = statement.query([id.get()])?;
        let stored = rows.next()?.ok_or(RegisterError::NoSuchIssuance)?;
        let number = match stored.get::<_, Option<Vec<u8>>>(5)? {
            Some(sealed) => opened_number(&key, id, &sealed)?,
            None => None,
        };
        let vouched = stored.get::<_, Option<Vec<u8>>>(6)?;
        let vouched = vouched.map(|sealed| vouch::opened(&key, id, &sealed));
        Ok(HolderView {
            row,
            holder: opened_holder(&key, id, &stored.get::<_, Vec<u8>>(0)?)?,
            contact: self.contact_of(&issuance)?,
            number,
            signed_at: UtcMicros::from_micros(stored.get(1)?),
            issued_at: UtcMicros::from_micros(stored.get(2)?),
            issued_by: OperatorId::new(stored.get(3)?),
            return_duty_told_at: stored.get::<_, Option<i64>>(4)?.map(UtcMicros::from_micros),
            vouched: vouched.transpose()?,
        })
    }

    pub(crate) fn card_row(&self, row: &Row<'_>) -> Result<CardRow, RegisterError> {
        let issuance = Issuance::read(row)?;
        let mut places: Vec<Place> = rights::of(&self.connection, issuance.id)?
            .iter()
            .map(|right| right.place)
            .collect();
        places.dedup();
        Ok(CardRow {
            id: issuance.id,
            kind: issuance.kind,
            state: issuance.state,
            blocked: issuance.blocked,
            lost: issuance.lost,
            tenant: row.get(COLUMNS_LEN)?,
            tenant_id: issuance.tenant,
            valid: issuance.valid,
            places,
            has_card: row.get(COLUMNS_LEN + 1)?,
            is_unsure: issuance.is_unsure,
            awaits_hr: issuance.awaits.is_some(),
            stock: row
                .get::<_, Option<u32>>(COLUMNS_LEN + 2)?
                .and_then(StockId::new),
            is_stock_blocked: row.get(COLUMNS_LEN + 3)?,
            is_unnamed: row.get(COLUMNS_LEN + 4)?,
        })
    }

    fn contact_of(&self, issuance: &Issuance) -> Result<ContactPerson, RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        let sealed: Vec<u8> = self.connection.query_row(
            "SELECT person FROM contact WHERE id = ?1",
            [issuance.contact.0],
            |row| row.get(0),
        )?;
        let packed = key.open(Field::Contact, u64::from(issuance.contact.0), &sealed)?;
        ContactPerson::unpack(&packed).ok_or(RegisterError::Unsealable {
            what: "contact person",
        })
    }
}

/// `None` where nothing was sealed: after a restore.
pub(crate) fn opened_holder(
    key: &FieldKey,
    id: IssuanceId,
    sealed: &[u8],
) -> Result<Option<HolderFields>, RegisterError> {
    let packed = key.open(Field::Holder, u64::from(id.get()), sealed)?;
    if packed.is_empty() {
        return Ok(None);
    }
    let holder = HolderFields::unpack(&packed);
    holder
        .ok_or(RegisterError::Unsealable { what: "holder" })
        .map(Some)
}

/// `None` where nothing was sealed: after a restore.
pub(crate) fn opened_number(
    key: &FieldKey,
    id: IssuanceId,
    sealed: &[u8],
) -> Result<Option<CardNumber>, RegisterError> {
    let text = key.open_text(Field::Number, u64::from(id.get()), sealed)?;
    if text.is_empty() {
        return Ok(None);
    }
    let number = CardNumber::from_text(&text);
    number.map(Some).map_err(|_| RegisterError::Unsealable {
        what: "card number",
    })
}

pub(crate) fn select() -> String {
    format!(
        "SELECT {COLUMNS}, t.name, c.tag IS NOT NULL, s.id, s.blocked_by IS NOT NULL, i.unnamed
         FROM issuance i JOIN tenant t ON t.id = i.tenant LEFT JOIN card c ON c.issuance = i.id LEFT JOIN stock s ON s.tag = c.tag"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    fn ids(house: &House, after: Option<IssuanceId>, limit: usize) -> Vec<IssuanceId> {
        let mut ids = Vec::new();
        let mut take = |row: CardRow| {
            ids.push(row.id);
            if ids.len() == limit {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        house.register.card_list(after, &mut take).unwrap();
        ids
    }

    #[test]
    fn a_list_goes_on_where_it_stopped() {
        let mut house = House::settled();
        for card in 0..7 {
            house.active_supplier("Kari", card);
        }
        let all = ids(&house, None, usize::MAX);
        assert_eq!(all.len(), 7);
        assert!(all.is_sorted());
        assert_eq!(ids(&house, None, 3), all[..3]);
        assert_eq!(ids(&house, Some(all[2]), 9), all[3..]);
        assert_eq!(ids(&house, Some(all[6]), 9), []);
    }

    #[test]
    fn a_view_shows_all_to_its_caller_and_nothing_in_debug() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari Nordmann", 12345);
        let view = house.register.show(id).unwrap();
        assert_eq!(view.contact.name.expose(), "Ola Kontakt");
        assert_eq!(
            (view.issued_at, view.signed_at, view.issued_by),
            (at(1), at(0), house.operator)
        );
        let debug = format!(
            "{view:?} {:?} {:?}",
            house.supplier("Kari Nordmann"),
            house.register.tenants().unwrap()
        );
        for personal in ["Kari", "Ola", "900", "912", "passport", "12345", "Rør"] {
            assert!(!debug.contains(personal), "{personal} in {debug}");
        }
    }

    #[test]
    fn a_holder_altered_in_the_database_is_found_out() {
        let mut house = House::settled();
        let (first, second) = (
            house.active_supplier("Kari", 1),
            house.active_supplier("Per", 2),
        );
        let swap = "UPDATE issuance SET holder = (SELECT holder FROM issuance WHERE id = ?2) WHERE id = ?1";
        house
            .register
            .connection
            .execute(swap, [first.get(), second.get()])
            .unwrap();
        assert!(matches!(
            house.register.show(first).unwrap_err(),
            RegisterError::Unsealable { what: "holder" }
        ));
        house.register.show(second).unwrap();
    }
}
