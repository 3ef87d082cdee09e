//! Said: what every row of the register says, in the words in which the log was told it.

use access::{CardTag, IssuanceId, TagKey, UtcMicros};
use key_store::{Fixed, Owner};
use rusqlite::{Connection, OptionalExtension};

use crate::audit::AuditVerb;
use crate::error::RegisterError;
use crate::fold::{Fold, Subject, Telling};
use crate::issuance::{self, COLUMNS, Issuance};
use crate::list;
use crate::mark::mark;
use crate::register::Register;
use crate::seal::FieldKey;
use crate::state::State;
use crate::storage_error::StorageError;
use crate::{approval, links, pins, restate, rights, row_mark, stock};

/// One issuance as its row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidIssuance {
    /// Which.
    pub id: IssuanceId,
    /// In words, as a restatement has them.
    pub words: String,
    /// The card that is bound to it is the one whose number is sealed there.
    pub is_card_its_own: bool,
}

impl SaidIssuance {
    /// As one tells it to a [`Fold`].
    #[must_use]
    pub fn telling(&self) -> Telling<'_> {
        Telling {
            verb: AuditVerb::RegisterRestated,
            issuance: Some(self.id),
            holder_text: &self.words,
            operator_text: "",
            at: UtcMicros::from_micros(0),
            event: 0,
        }
    }
}

impl Register {
    /// What the rows of issuances say, a page of them by ascending number, behind `after`.
    ///
    /// # Errors
    /// What SQLite or the key store says; [`StorageError::Corrupt`](crate::StorageError) for a row that is none.
    pub fn said_of_issuances(
        &self,
        after: Option<IssuanceId>,
        limit: u32,
    ) -> Result<Vec<SaidIssuance>, RegisterError> {
        let tags = TagKey::new(*self.keys.fixed(Fixed::Tag)?.as_bytes());
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, i.holder FROM issuance i WHERE i.id > ?1 ORDER BY i.id LIMIT ?2"
        ))?;
        let after = after.map_or(-1, |id| i64::from(id.get()));
        let mut rows = statement.query((after, limit))?;
        let mut said = Vec::new();
        while let Some(row) = rows.next()? {
            let holder: Vec<u8> = row.get(issuance::COLUMNS_LEN)?;
            said.push(match Issuance::read(row) {
                Ok(issuance) => match self.said(&issuance, &holder, &tags) {
                    Err(cause) if is_of_a_row(&cause) => unreadable(issuance.id),
                    said => said?,
                },
                Err(cause) => unreadable(IssuanceId::new(row.get(0)?).ok_or(cause)?),
            });
        }
        Ok(said)
    }

    /// What one row says; `None` if there is none.
    ///
    /// # Errors
    /// As [`Register::said_of_issuances`].
    pub fn said_of_issuance(&self, id: IssuanceId) -> Result<Option<SaidIssuance>, RegisterError> {
        let before = id.get().checked_sub(1).and_then(IssuanceId::new);
        let page = self.said_of_issuances(before, 1)?;
        Ok(page.into_iter().find(|said| said.id == id))
    }

    /// What all other rows say together at this time.
    ///
    /// # Errors
    /// As [`Register::said_of_issuances`].
    pub fn said_of_house(&self, now: UtcMicros) -> Result<Fold, RegisterError> {
        let mut fold = Fold::default();
        let tell = |fold: &mut Fold, verb, operator_text: &str| {
            fold.take(&Telling {
                verb,
                issuance: None,
                holder_text: "",
                operator_text,
                at: now,
                event: 0,
            });
        };
        for row in restate::words_of_house(&self.connection, now)? {
            match row {
                Ok(words) => {
                    let card = self.foreign_card(&words)?;
                    let words = format!("{words}{card}");
                    tell(&mut fold, AuditVerb::RegisterRestated, &words);
                }
                Err(subject) => fold.take_unreadable(subject),
            }
        }
        for words in tombstones(&self.connection)? {
            tell(&mut fold, AuditVerb::ShredDone, &words);
        }
        for id in all_numbers(&self.connection, "SELECT id FROM waiting_change")? {
            let known = u32::try_from(id).ok();
            let said = known.map(|id| approval::said(&self.connection, id));
            match said {
                Some(Ok(words)) => tell(&mut fold, AuditVerb::ChangePending, &words),
                Some(Err(_)) | None => {
                    fold.take_unreadable(Subject::Approval(format!("A-{id}")));
                }
            }
        }
        for name in self.names_to_tell(UtcMicros::from_micros(i64::MAX))? {
            fold.take_name(&name.words(), now, 0);
        }
        take_counters(&self.connection, &mut fold)?;
        Ok(fold)
    }

    /// A word for a card of the house whose tag is not that of its number.
    fn foreign_card(&self, words: &str) -> Result<&'static str, RegisterError> {
        let Some(stock) = words.strip_prefix("stock=") else {
            return Ok("");
        };
        let id = stock.split(' ').next().unwrap_or_default().parse();
        let Ok(id) = id else {
            return Ok("");
        };
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        let tags = TagKey::new(*self.keys.fixed(Fixed::Tag)?.as_bytes());
        let is_own = stock::is_its_own(&self.connection, (&key, &tags), id)?;
        Ok(if is_own { "" } else { " card=other" })
    }

    fn said(
        &self,
        issuance: &Issuance,
        holder: &[u8],
        tags: &TagKey,
    ) -> Result<SaidIssuance, RegisterError> {
        let id = issuance.id;
        let rights = rights::of(&self.connection, id)?;
        let pin = match pins::of(&self.connection, id)? {
            Some(pin) => format!("pin=1 duress={}", u8::from(pin.duress.is_some())),
            None => "pin=0".to_owned(),
        };
        Ok(SaidIssuance {
            id,
            words: row_mark::stamped(
                &format!(
                    "{} {pin} sealed={}{}",
                    issuance.words(&rights),
                    mark(holder),
                    links::words(&self.connection, &self.keys, id)?
                ),
                &row_mark::of_issuance(&self.connection, id)?,
            ),
            is_card_its_own: self.is_card_its_own(issuance, tags)?,
        })
    }

    /// Whether the tag by which doors know the card is that of the number sealed beside it.
    fn is_card_its_own(&self, issuance: &Issuance, tags: &TagKey) -> Result<bool, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT tag, number FROM card WHERE issuance = ?1")?;
        let card: Option<([u8; 16], Vec<u8>)> = statement
            .query_row([issuance.id.get()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // The card of a returned issuance is on no list.
        let Some((tag, sealed)) = card.filter(|_| issuance.state != State::Returned) else {
            return Ok(true);
        };
        let owner = Owner::Issuance(issuance.id.get());
        let key = FieldKey::of_owner(&self.keys, issuance.slot.index, owner)?;
        match list::opened_number(&key, issuance.id, &sealed) {
            Ok(Some(number)) => Ok(tags.tag(&number) == CardTag::new(tag)),
            // Nothing but the tag came back from a backup.
            Ok(None) => Ok(true),
            Err(RegisterError::Unsealable { .. }) => Ok(false),
            Err(cause) => Err(cause),
        }
    }
}

/// A row that says what no row can say: nobody but an editor of the database made it.
fn unreadable(id: IssuanceId) -> SaidIssuance {
    SaidIssuance {
        id,
        words: UNREADABLE.to_owned(),
        is_card_its_own: true,
    }
}

/// Whether the row is at fault, and not the disk or the database as a whole.
fn is_of_a_row(cause: &RegisterError) -> bool {
    !matches!(
        cause,
        RegisterError::Storage(
            StorageError::Missing
                | StorageError::NotADatabase
                | StorageError::Locked
                | StorageError::DiskFull
                | StorageError::Disk { .. }
                | StorageError::Database { .. }
        )
    )
}

fn tombstones(connection: &Connection) -> Result<Vec<String>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT 'slot=' || slot || ' slot-generation=' || slot_generation FROM tombstone",
    )?;
    let words = statement.query_map([], |row| row.get(0))?;
    Ok(words.collect::<Result<_, _>>()?)
}

fn all_numbers(connection: &Connection, sql: &str) -> Result<Vec<i64>, RegisterError> {
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = statement.query_map([], |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// The last numbers given, and a number that stands in no words.
fn take_counters(connection: &Connection, fold: &mut Fold) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached("SELECT name, value FROM counter")?;
    let counters = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for counter in counters {
        let (name, value): (String, i64) = counter?;
        fold.take_counter(name, u64::try_from(value).unwrap_or(0));
    }
    let batches = all_numbers(
        connection,
        "SELECT coalesce(max(batch), 0) FROM card_approval",
    )?;
    for batch in batches {
        fold.take_number("approval-batch", u64::try_from(batch).unwrap_or(0));
    }
    Ok(())
}

/// What no record says of any issuance.
const UNREADABLE: &str = "kind=unreadable";
