//! Stock: the house's own cards, which outlive whoever they are lent to and keep nothing of them (M32, M34).

use access::card::CardNumber;
use access::{CardTag, IssuanceId, OperatorId, SpareCards, StockId, TagKey, UtcMicros};
use key_store::Fixed;
use rusqlite::{Connection, params};

use crate::audit::{AuditVerb, Change};
use crate::block;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::life;
use crate::mark::mark;
use crate::plastic::{Plastic, stock_id};
use crate::register::Register;
use crate::seal::{Field, FieldKey};
use crate::state::State;
use crate::stock_error::StockError;

/// One card of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Its number.
    pub id: StockId,
    /// Who blocked it, if it is blocked: then it opens nothing, whoever holds it.
    pub blocked_by: Option<OperatorId>,
    /// Whether it is lost: reported so by whoever holds it, or never brought back.
    pub is_lost: bool,
    /// Who holds it.
    pub lent_to: Option<IssuanceId>,
}

impl Register {
    /// Takes a card into the house's stock, also one that somebody holds.
    ///
    /// # Errors
    /// [`RegisterError::Stock`] if it is there already; [`RegisterError::NumbersExhausted`].
    pub fn add_stock(
        &mut self,
        (card, tag): (&CardNumber, CardTag),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(StockId, Change), RegisterError> {
        self.change(by, now, |draft| {
            if let Some(known) = Plastic::of_tag(&draft.tx, &tag)? {
                return Err(StockError::Known { number: known.id }.into());
            }
            let id = stock_id(draft.number("stock")?)?;
            let key = FieldKey::of(&draft.keys.fixed(Fixed::Register)?)?;
            let text = card.to_text();
            let number = u64::from(id.get());
            let sealed = key.seal(draft.entropy, Field::Stock, number, text.as_bytes())?;
            draft.tx.execute(
                "INSERT INTO stock (id, tag, number, is_lost, recorded_at, recorded_by) VALUES (?1, ?2, ?3, 0, ?4, ?5)",
                params![id.get(), tag.as_bytes().as_slice(), sealed, now.micros(), by.get()],
            )?;
            tell(draft, id, AuditVerb::StockAdded)?;
            Ok(id)
        })
    }

    /// Every card of the house, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stock(&self) -> Result<Vec<StockRow>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY s.id"))?;
        let mut rows = statement.query([])?;
        let mut stock = Vec::new();
        while let Some(row) = rows.next()? {
            stock.push(read(row)?);
        }
        Ok(stock)
    }

    /// The card of the house with this tag, if it is one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stock_by_tag(&self, tag: &CardTag) -> Result<Option<StockRow>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE s.tag = ?1"))?;
        let mut rows = statement.query([tag.as_bytes().as_slice()])?;
        rows.next()?.map(read).transpose()
    }

    /// The number on a card of the house, to bind it to an issuance.
    ///
    /// # Errors
    /// [`RegisterError::Stock`], [`RegisterError::Unsealable`].
    pub fn stock_number(&self, id: StockId) -> Result<CardNumber, RegisterError> {
        Plastic::load(&self.connection, id)?;
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        let sealed: Vec<u8> = self.connection.query_row(
            "SELECT number FROM stock WHERE id = ?1",
            [id.get()],
            |row| row.get(0),
        )?;
        let text = key.open_text(Field::Stock, u64::from(id.get()), &sealed)?;
        CardNumber::from_text(&text).map_err(|_| RegisterError::Unsealable {
            what: "card of the stock",
        })
    }

    /// Denies a card of the house at every door, whoever holds it now or later; over a lesser block as [`Register::block`] does.
    ///
    /// # Errors
    /// [`RegisterError::Stock`].
    pub fn block_stock(
        &mut self,
        id: StockId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.turn(id, (by, now), |draft, plastic| {
            let before = plastic.blocked_by.replace(by.get()).map(OperatorId::new);
            match before {
                Some(other) if !block::outranks(draft, by, other)? => {
                    Err(StockError::AlreadyBlocked.into())
                }
                Some(_) | None => Ok(AuditVerb::CardBlocked),
            }
        })
    }

    /// Lifts that.
    ///
    /// # Errors
    /// [`RegisterError::Stock`].
    pub fn unblock_stock(
        &mut self,
        id: StockId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.turn(id, (by, now), |_, plastic| {
            if plastic.blocked_by.take().is_none() {
                return Err(StockError::NotBlocked.into());
            }
            Ok(AuditVerb::CardUnblocked)
        })
    }

    /// A card of the house that was lost and whose holder is gone is here again.
    ///
    /// # Errors
    /// [`RegisterError::Stock`].
    pub fn stock_found(
        &mut self,
        id: StockId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.turn(id, (by, now), |_, plastic| {
            if !std::mem::take(&mut plastic.is_lost) {
                return Err(StockError::NotLost.into());
            }
            Ok(AuditVerb::CardFound)
        })
    }

    /// What is said of the house's cards when nobody holds them; part of [`Register::hours`].
    pub(crate) fn spares(&self) -> Result<SpareCards, RegisterError> {
        Ok(SpareCards::new(self.stock_tags()?))
    }

    /// The tags of the house's cards, and which of them are lost.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn stock_tags(&self) -> Result<Vec<(CardTag, bool)>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT tag, is_lost FROM stock ORDER BY id")?;
        let tags = statement.query_map([], |row| Ok((CardTag::new(row.get(0)?), row.get(1)?)))?;
        Ok(tags.collect::<Result<_, _>>()?)
    }

    /// Changes one card of the house, and tells the doors of whoever holds it.
    fn turn(
        &mut self,
        id: StockId,
        (by, now): (OperatorId, UtcMicros),
        work: impl FnOnce(&Draft<'_>, &mut Plastic) -> Result<AuditVerb, RegisterError>,
    ) -> Result<Change, RegisterError> {
        let turned = self.change(by, now, |draft| {
            let mut plastic = Plastic::load(&draft.tx, id)?;
            let verb = work(draft, &mut plastic)?;
            keep(draft, &plastic)?;
            if let Some(holder) = holder(draft, &plastic.tag)? {
                life::announce(draft, &holder)?;
            }
            tell(draft, id, verb)
        });
        turned.map(|((), change)| change)
    }
}

/// The plastic of a returned issuance was reported lost: what is the house's stays so.
pub(crate) fn stays_lost(draft: &mut Draft<'_>, tag: &CardTag) -> Result<(), RegisterError> {
    let Some(plastic) = Plastic::of_tag(&draft.tx, tag)? else {
        return Ok(());
    };
    let lost = Plastic {
        is_lost: true,
        ..plastic
    };
    keep(draft, &lost)?;
    tell(draft, plastic.id, AuditVerb::CardLost)
}

/// The issuance that the card with this tag is bound to and that was not returned.
pub(crate) fn holder(draft: &Draft<'_>, tag: &CardTag) -> Result<Option<Issuance>, RegisterError> {
    let bound = issuance::of_tag(&draft.tx, tag)?;
    Ok(bound.filter(|issuance| issuance.state != State::Returned))
}

fn keep(draft: &Draft<'_>, plastic: &Plastic) -> Result<(), RegisterError> {
    draft.tx.execute(
        "UPDATE stock SET blocked_by = ?2, is_lost = ?3 WHERE id = ?1",
        params![plastic.id.get(), plastic.blocked_by, plastic.is_lost],
    )?;
    Ok(())
}

/// The record names the card by its number, and nobody who holds it.
pub(crate) fn tell(
    draft: &mut Draft<'_>,
    id: StockId,
    verb: AuditVerb,
) -> Result<(), RegisterError> {
    draft.tx.execute(
        "UPDATE stock SET recorded_at = ?2, recorded_by = ?3 WHERE id = ?1",
        params![id.get(), draft.now.micros(), draft.operator()?.get()],
    )?;
    draft.renew_hours();
    let words = said(&draft.tx, id)?;
    let said = Said {
        verb,
        of_holder: "",
        of_operator: &words,
    };
    draft.record(None, &said)
}

/// What is said of a card of the house, with the mark of its sealed number.
pub(crate) fn said(connection: &Connection, id: StockId) -> Result<String, RegisterError> {
    let plastic = Plastic::load(connection, id)?;
    let mut statement = connection.prepare_cached("SELECT number FROM stock WHERE id = ?1")?;
    let sealed: Vec<u8> = statement.query_row([id.get()], |row| row.get(0))?;
    Ok(format!("{} sealed={}", plastic.words(), mark(&sealed)))
}

/// Whether the tag by which doors know a card of the house is that of the number sealed beside it.
pub(crate) fn is_its_own(
    connection: &Connection,
    (key, tags): (&FieldKey, &TagKey),
    id: StockId,
) -> Result<bool, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT tag, number FROM stock WHERE id = ?1")?;
    let (tag, sealed): ([u8; 16], Vec<u8>) =
        statement.query_row([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Ok(text) = key.open_text(Field::Stock, u64::from(id.get()), &sealed) else {
        return Ok(false);
    };
    let number = CardNumber::from_text(&text);
    Ok(number.is_ok_and(|number| tags.tag(&number) == CardTag::new(tag)))
}

fn read(row: &rusqlite::Row<'_>) -> Result<StockRow, RegisterError> {
    let blocked_by: Option<u16> = row.get(1)?;
    Ok(StockRow {
        id: stock_id(row.get(0)?)?,
        blocked_by: blocked_by.map(OperatorId::new),
        is_lost: row.get(2)?,
        lent_to: row.get::<_, Option<u32>>(3)?.and_then(IssuanceId::new),
    })
}

const SELECT: &str = "SELECT s.id, s.blocked_by, s.is_lost OR i.lost_at IS NOT NULL, i.id
     FROM stock s LEFT JOIN (card c JOIN issuance i ON i.id = c.issuance AND i.state <> 'returned') ON c.tag = s.tag";

#[cfg(test)]
mod tests;
