//! The items of a review: each card that was there at its opening and lives still, with its rights below it.

use std::ops::ControlFlow;

use access::{IssuanceId, Place, UtcMicros, Validity};
use rusqlite::{Connection, params};

use super::{Review, Verdict, load};
use crate::error::RegisterError;
use crate::issuance::{COLUMNS, COLUMNS_LEN, Issuance};
use crate::kind::Kind;
use crate::recertify::is_lapsed;
use crate::register::Register;
use crate::rights::{self, PlaceRight};

/// One card of a review, without its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The pseudonym.
    pub id: IssuanceId,
    /// Why it was issued, and its end.
    pub kind: Kind,
    /// Whether it is denied at every door.
    pub is_blocked: bool,
    /// The tenant's name.
    pub tenant: String,
    /// From when until when the card holds.
    pub valid: Validity,
    /// Something was recorded of it since the review was opened, and since it was decided if it is.
    pub is_changed: bool,
    /// What was decided of the card.
    pub decided: Option<Verdict>,
    /// Its rights, by place.
    pub rights: Vec<ItemRight>,
}

/// The rights of a card on one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRight {
    /// The place.
    pub place: Place,
    /// The rights as they are; none where they were taken away.
    pub rights: Vec<PlaceRight>,
    /// One of them was last justified more than a year before the review was opened (M22).
    pub is_lapsed: bool,
    /// Each was granted after the review was opened: they are in the next one.
    pub is_later: bool,
    /// What was decided.
    pub decided: Option<Verdict>,
}

impl Item {
    /// Whether nobody has decided the card, or a right of it.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.decided.is_none() || self.rights.iter().any(ItemRight::is_undecided)
    }
}

impl ItemRight {
    /// Whether nobody has decided it, and it has to be.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        self.decided.is_none() && !self.is_later
    }
}

impl Register {
    /// Calls `each` for every card of a review after `after`, in the order of the pseudonyms, until it breaks.
    ///
    /// # Errors
    /// [`RegisterError::Review`] if there is no such review; what SQLite says.
    pub fn review_items(
        &self,
        review: &Review,
        after: Option<IssuanceId>,
        each: &mut dyn FnMut(Item) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        load(&self.connection, Some(review.id))?;
        items(&self.connection, review, after, each)
    }
}

/// [`Register::review_items`], within a change too.
pub(super) fn items(
    connection: &Connection,
    review: &Review,
    after: Option<IssuanceId>,
    each: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<(), RegisterError> {
    let mut statement = connection.prepare_cached(&format!(
        "{} WHERE i.id > ?2 AND {LIVING} ORDER BY i.id",
        select()
    ))?;
    let after = after.map_or(-1, |id| i64::from(id.get()));
    let mut rows = statement.query(params![review.id.0, after, review.opened_at.micros()])?;
    while let Some(row) = rows.next()? {
        if each(read(connection, review, row)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// One card of a review; `None` if it is not in it.
pub(super) fn item(
    connection: &Connection,
    review: &Review,
    id: IssuanceId,
) -> Result<Option<Item>, RegisterError> {
    let mut statement =
        connection.prepare_cached(&format!("{} WHERE i.id = ?2 AND {LIVING}", select()))?;
    let mut rows = statement.query(params![review.id.0, id.get(), review.opened_at.micros()])?;
    match rows.next()? {
        Some(row) => Ok(Some(read(connection, review, row)?)),
        None => Ok(None),
    }
}

fn read(
    connection: &Connection,
    review: &Review,
    row: &rusqlite::Row<'_>,
) -> Result<Item, RegisterError> {
    let issuance = Issuance::read(row)?;
    let recorded_at: i64 = row.get(COLUMNS_LEN + 1)?;
    let recertified_at: Option<i64> = row.get(COLUMNS_LEN + 2)?;
    let decisions = decisions(connection, review, issuance.id)?;
    let decided_at = decisions.iter().map(|decision| decision.at).max();
    let seen = decided_at.unwrap_or(review.opened_at).max(review.opened_at);
    let of_card = decisions.iter().find(|decision| decision.place.is_none());
    Ok(Item {
        id: issuance.id,
        kind: issuance.kind,
        is_blocked: issuance.blocked.is_some(),
        tenant: row.get(COLUMNS_LEN)?,
        valid: issuance.valid,
        is_changed: recorded_at > seen.micros(),
        decided: of_card.map(|decision| decision.verdict),
        rights: rights_of(
            connection,
            (review, issuance.id),
            recertified_at.map(UtcMicros::from_micros),
            &decisions,
        )?,
    })
}

/// One stored decision of a card.
struct Stored {
    place: Option<Place>,
    verdict: Verdict,
    at: UtcMicros,
}

fn decisions(
    connection: &Connection,
    review: &Review,
    id: IssuanceId,
) -> Result<Vec<Stored>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT place, verdict, decided_at FROM review_decision WHERE review = ?1 AND issuance = ?2 ORDER BY place",
    )?;
    let mut rows = statement.query(params![review.id.0, id.get()])?;
    let mut decisions = Vec::new();
    while let Some(row) = rows.next()? {
        decisions.push(Stored {
            place: place(row.get(0)?)?,
            verdict: Verdict::read(row, 1)?,
            at: UtcMicros::from_micros(row.get(2)?),
        });
    }
    Ok(decisions)
}

/// A place as a decision stores it: 0 is the card.
pub(super) fn place(number: u32) -> Result<Option<Place>, RegisterError> {
    if number == 0 {
        return Ok(None);
    }
    rights::place_of(number).map(Some)
}

fn rights_of(
    connection: &Connection,
    (review, id): (&Review, IssuanceId),
    recertified_at: Option<UtcMicros>,
    decisions: &[Stored],
) -> Result<Vec<ItemRight>, RegisterError> {
    let mut by_place: Vec<ItemRight> = Vec::new();
    for (right, granted_at) in rights::with_grants(connection, id)? {
        let justified = recertified_at.map_or(granted_at, |at| at.max(granted_at));
        let is_later = granted_at > review.opened_at;
        let is_lapsed = is_lapsed(justified, review.opened_at);
        match by_place.last_mut().filter(|last| last.place == right.place) {
            Some(last) => {
                last.rights.push(right);
                last.is_later &= is_later;
                last.is_lapsed |= is_lapsed;
            }
            None => by_place.push(ItemRight {
                place: right.place,
                rights: vec![right],
                is_lapsed,
                is_later,
                decided: None,
            }),
        }
    }
    for decision in decisions {
        let Some(place) = decision.place else {
            continue;
        };
        match by_place.iter_mut().find(|right| right.place == place) {
            Some(right) => right.decided = Some(decision.verdict),
            None => by_place.push(ItemRight {
                place,
                rights: Vec::new(),
                is_lapsed: false,
                is_later: false,
                decided: Some(decision.verdict),
            }),
        }
    }
    by_place.sort_by_key(|right| right.place);
    Ok(by_place)
}

fn select() -> String {
    format!(
        "SELECT {COLUMNS}, t.name, i.recorded_at, t.recertified_at
         FROM issuance i JOIN tenant t ON t.id = i.tenant JOIN review v ON v.id = ?1"
    )
}

/// What is in a review that was opened at `?3`.
pub(super) const LIVING: &str = "i.state <> 'returned' AND i.issued_at <= ?3";
