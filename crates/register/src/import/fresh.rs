//! Fresh: what a card that a list brings begins with: a pseudonym, the words of its record, and the mark over its rows, made of what is
//! written instead of reading it back.

use access::{CardTag, IssuanceId, OperatorId, UtcMicros};
use rusqlite::types::ValueRef;

use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::{self, Issuance};
use crate::issue;
use crate::rights::PlaceRight;
use crate::row_mark::{Marker, TABLES};

/// What an import wrote about one new card. No other table has a row of it, unless it waits for its personnel office.
pub(super) struct Fresh<'a> {
    pub(super) issuance: &'a Issuance,
    pub(super) signed_at: UtcMicros,
    pub(super) issued_at: UtcMicros,
    pub(super) by: OperatorId,
    /// The sealed holder.
    pub(super) holder: &'a [u8],
    /// The tag, and the sealed number.
    pub(super) card: (&'a CardTag, &'a [u8]),
    /// The sealed reason of the rights.
    pub(super) reason: &'a [u8],
    pub(super) rights: &'a [PlaceRight],
}

impl Fresh<'_> {
    /// The same as [`row_mark::of_issuance`](crate::row_mark::of_issuance) finds.
    pub(super) fn mark(&self) -> Result<String, RegisterError> {
        use ValueRef::{Blob, Integer};
        let mut marker = Marker::default();
        marker.row(self.own()).end();
        let (tag, number) = self.card;
        marker.row([Blob(tag.as_bytes()), Blob(number)]).end();
        let (by, at) = (i64::from(self.by.get()), self.issued_at.micros());
        let grounds = [
            Integer(GROUNDS),
            Integer(by),
            Integer(at),
            Blob(self.reason),
        ];
        marker.row(grounds).end();
        let mut rights: Vec<[i64; 4]> = self
            .rights
            .iter()
            .map(|right| right.stored())
            .collect::<Result<_, _>>()?;
        rights.sort_unstable();
        for right in rights {
            marker.row(right.into_iter().chain([GROUNDS]).map(Integer));
        }
        marker.end();
        for table in FURTHER..TABLES {
            if let Some(batch) = self.issuance.awaits.filter(|_| table == WAITING) {
                marker.row([i64::from(batch), by, at].map(Integer));
            }
            marker.end();
        }
        Ok(marker.mark())
    }

    /// The issuance's own row, in the order of the mark's columns: nothing happened to it yet.
    fn own(&self) -> [ValueRef<'_>; 26] {
        use ValueRef::{Blob, Integer, Null, Text};
        let of = self.issuance;
        let issued_at = Integer(self.issued_at.micros());
        let until = of.valid.until();
        [
            Text(of.kind.name().as_bytes()),
            Text(of.state.name().as_bytes()),
            Integer(i64::from(of.tenant.0)),
            Integer(i64::from(of.contact.0)),
            Integer(of.valid.from().micros()),
            until.map_or(Null, |until| Integer(until.micros())),
            Null,
            Null,
            if of.is_duty_told { issued_at } else { Null },
            Integer(self.signed_at.micros()),
            issued_at,
            Integer(i64::from(self.by.get())),
            Null,
            Null,
            Integer(i64::from(of.slot.index)),
            Integer(i64::from(of.slot.generation)),
            Blob(self.holder),
            Null,
            Null,
            Null,
            Null,
            Null,
            Integer(i64::from(of.is_unsure)),
            Null,
            Integer(0),
            Integer(0),
        ]
    }
}

/// What the holder's part says of an imported card.
pub(super) fn words(issuance: &Issuance, doors: &[PlaceRight], mark: &str) -> String {
    format!("{} sealed={mark}", issuance.words(doors))
}

/// So many pseudonyms nobody has or had, ascending.
pub(super) fn ids(draft: &mut Draft<'_>, count: usize) -> Result<Vec<IssuanceId>, RegisterError> {
    let taken = issuance::taken(&draft.tx)?;
    let mut ids = Vec::with_capacity(count);
    for _ in 0..=issue::DRAWS_MAX {
        // Those that somebody has, or that were drawn twice, are drawn again: few.
        let missing = count.saturating_sub(ids.len());
        if missing == 0 {
            return Ok(ids);
        }
        let mut random = vec![0; missing.saturating_mul(4)];
        draft.entropy.fill(&mut random);
        let drawn = random.as_chunks().0.iter();
        let drawn = drawn.map(|drawn| IssuanceId::from_random(u32::from_be_bytes(*drawn)));
        ids.extend(drawn.filter(|id| taken.binary_search(id).is_err()));
        ids.sort_unstable();
        ids.dedup();
    }
    Err(RegisterError::NumbersExhausted { what: "issuance" })
}

/// The number of the first grounds of an issuance.
pub(super) const GROUNDS: i64 = 1;
/// Which of the mark's tables is the first that has no row of a new card, unless it is that of the cards that wait.
const FURTHER: usize = 4;
const WAITING: usize = 5;
