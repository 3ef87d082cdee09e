//! Narrower: a card or a right of it gets an earlier end, or the card fewer rights; never more than it had.

use access::{IssuanceId, Place, UtcMicros, Validity};
use rusqlite::params;

use super::Narrower;
use crate::audit::AuditVerb;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::kind::Kind;
use crate::review_error::ReviewError;
use crate::right_error::RightError;
use crate::rights::{self, NO_BEGINNING};
use crate::text::Text;
use crate::{grant, life};

/// A card.
pub(super) fn card(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    narrower: &Narrower,
    reason: &Text,
) -> Result<(), RegisterError> {
    if narrower.until.is_none() && narrower.without.is_empty() {
        return Err(ReviewError::NothingNarrower.into());
    }
    for place in &narrower.without {
        grant::revoke(draft, id, (*place, reason))?;
    }
    match narrower.until {
        Some(until) => end(draft, id, until, reason),
        None => Ok(()),
    }
}

/// The card's own end.
fn end(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    until: UtcMicros,
    reason: &Text,
) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load_live(&draft.tx, id)?;
    let before = issuance.valid;
    check(until, before, draft.now)?;
    issuance.valid = Validity::new(before.from(), Some(until))?;
    issuance.kind = Kind::from_parts(issuance.kind.name(), Some(until))
        .ok_or(RegisterError::corrupt("an unknown kind"))?;
    draft.tx.execute(
        "UPDATE issuance SET valid_until = ?2 WHERE id = ?1",
        params![id.get(), until.micros()],
    )?;
    life::announce(draft, &issuance)?;
    let was = before.until();
    let was = was.map_or_else(|| "-".to_owned(), |until| until.to_string());
    let more = format!("until-before={was} reason={}", reason.expose());
    life::tell(draft, &issuance, AuditVerb::CardChanged, &more)
}

/// The rights of a card on one place.
pub(super) fn right(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    (place, narrower): (Place, &Narrower),
    reason: &Text,
) -> Result<(), RegisterError> {
    let Some(until) = narrower.until.filter(|_| narrower.without.is_empty()) else {
        return Err(ReviewError::NothingNarrower.into());
    };
    let issuance = Issuance::load_live(&draft.tx, id)?;
    let mut there = rights::of(&draft.tx, id)?;
    there.retain(|right| right.place == place);
    let spans = there
        .iter()
        .map(|right| right.valid.unwrap_or(issuance.valid));
    let ends = spans.clone().map(|span| span.until());
    // No end is the latest of all.
    let latest = ends.max_by_key(|end| end.map_or(i64::MAX, UtcMicros::micros));
    let first = spans.map(|span| span.from()).max();
    let (Some(latest), Some(first)) = (latest, first) else {
        return Err(RightError::NotThere.into());
    };
    check(until, Validity::new(first, latest)?, draft.now)?;
    draft.tx.execute(
        "UPDATE OR REPLACE place_right SET valid_from = iif(valid_from = ?3, ?4, valid_from), valid_until = min(valid_until, ?5)
         WHERE issuance = ?1 AND place = ?2",
        params![
            id.get(),
            rights::place_number(place),
            NO_BEGINNING,
            issuance.valid.from().micros(),
            until.micros()
        ],
    )?;
    life::announce(draft, &issuance)?;
    let place = super::canonical::place(Some(place));
    let more = format!("narrowed={place} reason={}", reason.expose());
    life::tell(draft, &issuance, AuditVerb::CardChanged, &more)
}

/// Whether an end is one that takes something away and leaves something.
fn check(until: UtcMicros, now_is: Validity, now: UtcMicros) -> Result<(), ReviewError> {
    if let Some(end) = now_is.until().filter(|end| *end <= until) {
        return Err(ReviewError::NotEarlier { end });
    }
    if until <= now {
        return Err(ReviewError::EndPassed);
    }
    if until <= now_is.from() {
        return Err(ReviewError::BeforeBeginning);
    }
    Ok(())
}
