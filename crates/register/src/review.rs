//! Review: once a quarter each card and each right is kept, changed or revoked, and the whole is signed (M6).
//!
//! The items of a review are the issuances and rights that were there when it was opened and are there still: what was issued
//! or granted later belongs to the next one, and a card that is returned leaves it.

mod canonical;
mod decide;
mod item;
mod narrow;
mod open;
mod sign;

use std::fmt;

use access::{IssuanceId, OperatorId, Place, Quarter, UtcMicros};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::counter::counted;
use crate::error::RegisterError;
use crate::review_error::ReviewError;
use crate::text::Text;
use canonical::Closing;
pub use decide::{Bulk, Decided, Page};
pub use item::{Item, ItemRight};

/// The number of a review, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReviewId(pub u32);

impl fmt::Display for ReviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A review as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: ReviewId,
    /// The quarter it is of.
    pub quarter: Quarter,
    /// When it was opened: what was there then is in it.
    pub opened_at: UtcMicros,
    /// By whom.
    pub opened_by: OperatorId,
    /// Cards in it at its opening.
    pub cards: u64,
    /// Places on which those had rights, all together.
    pub rights: u64,
    /// The hash of the one before, if there is one.
    pub former: Option<[u8; 32]>,
    /// How it was signed; `None` while it is open.
    pub signed: Option<Signed>,
}

/// How a review was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// When.
    pub at: UtcMicros,
    /// By whom.
    pub by: OperatorId,
    /// How many of its cards the signer had issued.
    pub own: u64,
    /// How many records the log had then.
    pub log_size: u64,
    /// The root of its tree over those.
    pub log_root: [u8; 32],
    /// SHA-256 over all decisions in their canonical form.
    pub decisions: [u8; 32],
    /// SHA-256 over all of this: what the next review is chained to.
    pub hash: [u8; 32],
    /// What was decided, by kind of card.
    pub counts: Vec<KindCount>,
}

/// How many items of one sort were decided one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindCount {
    /// The kind of the card.
    pub kind: String,
    /// Cards; otherwise rights on a place.
    pub is_card: bool,
    /// Which way.
    pub verdict: Verdict,
    /// How many.
    pub number: u64,
}

/// What was decided of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It stays as it is.
    Keep,
    /// It stays, with an earlier end or fewer rights.
    Change,
    /// It was taken away.
    Revoke,
}

impl Verdict {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Change, Self::Revoke];

    /// The name in commands, records and the register.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Revoke => "revoke",
        }
    }

    fn read(row: &Row<'_>, at: usize) -> Result<Self, RegisterError> {
        let name = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
        let known = Self::ALL.into_iter().find(|verdict| verdict.name() == name);
        known.ok_or(RegisterError::corrupt("an unknown verdict"))
    }
}

impl Review {
    /// What the record of its opening says.
    fn opened_words(&self) -> String {
        let former = self.former;
        let former = former.map_or_else(|| "-".to_owned(), |hash| hex(&hash));
        format!(
            "review={} quarter={} cards={} rights={} former={former} opened={} opened-by={}",
            self.id, self.quarter, self.cards, self.rights, self.opened_at, self.opened_by
        )
    }

    /// What is said of it anew; a hash that is not that of the rest is none.
    pub(crate) fn words(&self) -> String {
        let Some(signed) = &self.signed else {
            return self.opened_words();
        };
        let closing = Closing {
            review: self,
            at: signed.at,
            by: signed.by,
            own: signed.own,
            log: (signed.log_size, signed.log_root),
            decisions: signed.decisions,
            counts: &signed.counts,
        };
        let hash = if closing.hash() == signed.hash {
            hex(&signed.hash)
        } else {
            "altered".to_owned()
        };
        format!(
            "{} own={} log={}:{} decisions={} hash={hash}",
            self.opened_words(),
            signed.own,
            signed.log_size,
            hex(&signed.log_root),
            hex(&signed.decisions),
        )
    }
}

/// What is wished for an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It stays as it is.
    Keep,
    /// The card is blocked, or the rights on the place are taken away.
    Revoke,
    /// It stays narrower.
    Change(Narrower),
}

impl Wish {
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Keep => Verdict::Keep,
            Self::Revoke => Verdict::Revoke,
            Self::Change(_) => Verdict::Change,
        }
    }
}

/// What a change takes away; what would widen is issuing, and cannot be said here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrower {
    /// An earlier end.
    pub until: Option<UtcMicros>,
    /// Places on which the card is to have no right any more.
    pub without: Vec<Place>,
}

/// A decision to be stored and carried out.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Which card.
    pub issuance: IssuanceId,
    /// Its rights on this place only; otherwise the card, and with it what of its rights is undecided and not lapsed.
    pub place: Option<Place>,
    /// What is wished.
    pub wish: Wish,
    /// Why.
    pub reason: Text,
}

/// The review of this number; without one the open one, or else the newest.
pub(crate) fn load(connection: &Connection, id: Option<ReviewId>) -> Result<Review, RegisterError> {
    let by_number = format!("{SELECT} WHERE id = ?1");
    let newest = format!("{SELECT} WHERE ?1 IS NULL ORDER BY id DESC LIMIT 1");
    let sql = if id.is_some() { by_number } else { newest };
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.map(|id| id.0)])?;
    match (rows.next()?, id) {
        (Some(row), _) => read(connection, row),
        (None, Some(_)) => Err(ReviewError::NoSuchReview.into()),
        (None, None) => Err(ReviewError::None.into()),
    }
}

/// The same, if nobody has signed it.
pub(crate) fn load_open(connection: &Connection, id: ReviewId) -> Result<Review, RegisterError> {
    let review = load(connection, Some(id))?;
    if review.signed.is_some() {
        return Err(ReviewError::Signed.into());
    }
    Ok(review)
}

fn read(connection: &Connection, row: &Row<'_>) -> Result<Review, RegisterError> {
    let id = ReviewId(row.get(0)?);
    let quarter: String = row.get(1)?;
    let quarter = quarter.parse();
    Ok(Review {
        id,
        quarter: quarter.map_err(|_| RegisterError::corrupt("a review of no quarter"))?,
        opened_at: UtcMicros::from_micros(row.get(2)?),
        opened_by: OperatorId::new(row.get(3)?),
        cards: counted(row.get(4)?)?,
        rights: counted(row.get(5)?)?,
        former: row.get(6)?,
        signed: read_signed(connection, id, row)?,
    })
}

fn read_signed(
    connection: &Connection,
    id: ReviewId,
    row: &Row<'_>,
) -> Result<Option<Signed>, RegisterError> {
    let Some(at) = row.get::<_, Option<i64>>(7)? else {
        return Ok(None);
    };
    Ok(Some(Signed {
        at: UtcMicros::from_micros(at),
        by: OperatorId::new(row.get(8)?),
        own: counted(row.get(9)?)?,
        log_size: counted(row.get(10)?)?,
        log_root: row.get(11)?,
        decisions: row.get(12)?,
        hash: row.get(13)?,
        counts: counts(connection, id)?,
    }))
}

fn counts(connection: &Connection, id: ReviewId) -> Result<Vec<KindCount>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, is_card, verdict, number FROM review_count WHERE review = ?1
         ORDER BY kind, is_card DESC, verdict",
    )?;
    let mut rows = statement.query([id.0])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        counts.push(KindCount {
            kind: row.get(0)?,
            is_card: row.get(1)?,
            verdict: Verdict::read(row, 2)?,
            number: counted(row.get(3)?)?,
        });
    }
    Ok(counts)
}

/// The hash of the newest review that was signed.
pub(crate) fn newest_hash(connection: &Connection) -> Result<Option<[u8; 32]>, RegisterError> {
    let newest = connection.query_row(
        "SELECT hash FROM review WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1",
        params![],
        |row| row.get(0),
    );
    Ok(newest.optional()?)
}

/// Octets in hexadecimal.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

const SELECT: &str = "SELECT id, quarter, opened_at, opened_by, cards, rights, former, signed_at, signed_by, own, \
     log_size, log_root, decisions, hash FROM review";

#[cfg(test)]
mod tests;
