//! Plastic: which card is the house's own, and what is known of that card itself.

use std::collections::BTreeSet;

use access::{CardTag, StockId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::RegisterError;
use crate::stock_error::StockError;

/// What is stored of a card of the house, apart from its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plastic {
    pub(crate) id: StockId,
    pub(crate) tag: CardTag,
    pub(crate) blocked_by: Option<u16>,
    pub(crate) is_lost: bool,
}

impl Plastic {
    pub(crate) fn load(connection: &Connection, id: StockId) -> Result<Self, RegisterError> {
        let mut statement = connection
            .prepare_cached("SELECT id, tag, blocked_by, is_lost FROM stock WHERE id = ?1")?;
        let mut rows = statement.query([id.get()])?;
        let row = rows.next()?.ok_or(StockError::NoSuch)?;
        Self::read(row)
    }

    /// The card with this tag, if it is the house's.
    pub(crate) fn of_tag(
        connection: &Connection,
        tag: &CardTag,
    ) -> Result<Option<Self>, RegisterError> {
        let mut statement = connection
            .prepare_cached("SELECT id, tag, blocked_by, is_lost FROM stock WHERE tag = ?1")?;
        let mut rows = statement.query([tag.as_bytes().as_slice()])?;
        rows.next()?.map(Self::read).transpose()
    }

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, RegisterError> {
        Ok(Self {
            id: stock_id(row.get(0)?)?,
            tag: CardTag::new(row.get(1)?),
            blocked_by: row.get(2)?,
            is_lost: row.get(3)?,
        })
    }

    /// As records say it.
    pub(crate) fn words(&self) -> String {
        let by = self.blocked_by;
        let by = by.map_or_else(|| "-".to_owned(), |by| by.to_string());
        format!(
            "stock={} blocked={} lost={} blocked-by={by}",
            self.id,
            u8::from(self.blocked_by.is_some()),
            u8::from(self.is_lost)
        )
    }
}

/// The number of a card of the house as it was stored.
pub(crate) fn stock_id(stored: u32) -> Result<StockId, RegisterError> {
    StockId::new(stored).ok_or(RegisterError::corrupt("a card of the stock with number 0"))
}

/// Whether a card may be handed out, as far as the card itself is concerned.
pub(crate) fn may_lend(connection: &Connection, tag: &CardTag) -> Result<(), RegisterError> {
    match Plastic::of_tag(connection, tag)? {
        Some(Plastic { id, is_lost, .. }) if is_lost => Err(StockError::Lost { card: id }.into()),
        Some(Plastic { id, blocked_by, .. }) if blocked_by.is_some() => {
            Err(StockError::Blocked { card: id }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// The cards of the house that are blocked, whoever holds them.
pub(crate) fn blocked(connection: &Connection) -> Result<BTreeSet<CardTag>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT tag FROM stock WHERE blocked_by IS NOT NULL")?;
    let tags = statement.query_map([], |row| row.get(0).map(CardTag::new))?;
    Ok(tags.collect::<Result<_, _>>()?)
}

/// Whether the card with this tag is the house's and blocked, whoever holds it.
pub(crate) fn is_blocked(connection: &Connection, tag: &CardTag) -> Result<bool, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT blocked_by IS NOT NULL FROM stock WHERE tag = ?1")?;
    let blocked = statement.query_row(params![tag.as_bytes().as_slice()], |row| row.get(0));
    Ok(blocked.optional()?.unwrap_or(false))
}
