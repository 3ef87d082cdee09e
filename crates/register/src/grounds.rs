//! Grounds: rights as they are written, each set on the grounds of its own: who approved it, when and why.

use access::IssuanceId;
use key_store::Entropy;
use rusqlite::types::ValueRef;

use crate::draft::{Draft, Keyed};
use crate::error::RegisterError;
use crate::many;
use crate::rights::PlaceRight;
use crate::seal::{Field, FieldKey};
use crate::text::Text;

/// Writes rights and their one reason; the operator of the change approved them.
pub(crate) fn insert(
    draft: &mut Draft<'_>,
    of: &Keyed,
    rights: &[PlaceRight],
    reason: &Text,
) -> Result<(), RegisterError> {
    let id = of.holder.issuance;
    let sealed = sealed_reason((&of.key, draft.entropy), id, reason)?;
    let number = draft
        .tx
        .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM grounds WHERE issuance = ?1")?
        .query_row([id.get()], |row| row.get(0))?;
    let granted = Granted {
        to: id,
        rights,
        number,
        reason: &sealed,
    };
    insert_sealed(draft, &[granted])
}

/// Rights of one issuance on one grounds.
pub(crate) struct Granted<'a> {
    pub(crate) to: IssuanceId,
    pub(crate) rights: &'a [PlaceRight],
    /// The issuance's grounds of this number.
    pub(crate) number: i64,
    /// Their reason, sealed beforehand.
    pub(crate) reason: &'a [u8],
}

/// [`insert`] of many, with what is sealed sealed beforehand.
pub(crate) fn insert_sealed(
    draft: &Draft<'_>,
    granted: &[Granted<'_>],
) -> Result<(), RegisterError> {
    use ValueRef::{Blob, Integer};
    let by = Integer(i64::from(draft.operator()?.get()));
    let now = Integer(draft.now.micros());
    let grounds = granted.iter().map(|one| {
        let id = Integer(i64::from(one.to.get()));
        [id, Integer(one.number), by, now, Blob(one.reason)]
    });
    let into = "grounds (issuance, number, approver, granted_at, reason)";
    many::insert(&draft.tx, into, &grounds.collect::<Vec<_>>())?;
    let mut rights = Vec::with_capacity(granted.len());
    for one in granted {
        for right in one.rights {
            let [place, schedule, from, until] = right.stored()?;
            let id = i64::from(one.to.get());
            rights.push([id, place, schedule, from, until, one.number].map(Integer));
        }
    }
    let into = "place_right (issuance, place, schedule, valid_from, valid_until, grounds)";
    many::insert(&draft.tx, into, &rights)
}

/// The reason as the row of the grounds has it.
pub(crate) fn sealed_reason(
    (key, entropy): (&FieldKey, &mut dyn Entropy),
    id: IssuanceId,
    reason: &Text,
) -> Result<Vec<u8>, RegisterError> {
    let octets = reason.expose().as_bytes();
    key.seal(entropy, Field::Grounds, u64::from(id.get()), octets)
}
