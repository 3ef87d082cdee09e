//! Departure: what ends when somebody leaves: a card at an instant and its PIN with it, and that it did is kept (M25, M30).

use access::{IssuanceId, OperatorId, UtcMicros, Validity};
use rusqlite::params;

use crate::audit::AuditVerb;
use crate::block;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::life;
use crate::pins;
use crate::row_mark;

/// Ends a card at `at`, or now if that has passed; one that ends sooner keeps its end, and one that would only begin then
/// is blocked. A card that ends now has no PIN any more.
pub(crate) fn end(
    draft: &mut Draft<'_>,
    id: IssuanceId,
    at: UtcMicros,
) -> Result<(), RegisterError> {
    let mut issuance = Issuance::load_live(&draft.tx, id)?;
    let at = at.max(draft.now);
    if issuance.valid.from() >= at {
        block::put(draft, &mut issuance)?;
    } else {
        issuance = ended(draft, issuance, at)?;
    }
    let is_cleared = at == draft.now && pins::delete(&draft.tx, id)?;
    note(draft, &issuance, at)?;
    life::announce(draft, &issuance)?;
    let more = if is_cleared { "pin=0" } else { "" };
    life::tell(draft, &issuance, AuditVerb::PersonLeft, more)
}

/// Keeps that an operator left, and tells it.
pub(crate) fn note_operator(draft: &mut Draft<'_>, whom: OperatorId) -> Result<(), RegisterError> {
    draft.tx.execute(
        "INSERT INTO departed (at, operator) VALUES (?1, ?2) ON CONFLICT (operator) DO UPDATE SET at = ?1",
        params![draft.now.micros(), whom.get()],
    )?;
    let mark = row_mark::of_operator(&draft.tx, whom)?;
    let of_operator = format!("operator={whom} left=1 row={mark}");
    draft.record(
        None,
        &Said {
            verb: AuditVerb::PersonLeft,
            of_holder: "",
            of_operator: &of_operator,
        },
    )
}

/// The issuance with its end.
fn ended(draft: &Draft<'_>, issuance: Issuance, at: UtcMicros) -> Result<Issuance, RegisterError> {
    if issuance.valid.until().is_some_and(|until| until <= at) {
        return Ok(issuance);
    }
    let valid = Validity::new(issuance.valid.from(), Some(at))?;
    draft.tx.execute(
        "UPDATE issuance SET valid_until = ?2, end_told = 0 WHERE id = ?1",
        params![issuance.id.get(), at.micros()],
    )?;
    issuance.within(valid)
}

/// Keeps that its holder left, beyond its return.
fn note(draft: &Draft<'_>, issuance: &Issuance, at: UtcMicros) -> Result<(), RegisterError> {
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO departed (at, issuance, slot, slot_generation) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (issuance) DO UPDATE SET at = ?1",
    )?;
    statement.execute(params![
        at.micros(),
        issuance.id.get(),
        issuance.slot.index,
        issuance.slot.generation
    ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use access::{PinDigits, Standing};

    use super::*;
    use crate::NewPin;
    use crate::fixture::{House, at as instant};

    fn ends(house: &mut House, id: IssuanceId, at: i64, now: i64) -> crate::Change {
        let by = house.operator;
        let ended = house
            .register
            .change(by, instant(now), |draft| end(draft, id, instant(at)));
        ended.unwrap().1
    }

    #[test]
    fn m30_a_card_ends_at_once_with_its_pin_and_it_is_kept_that_it_did() {
        let mut house = House::settled();
        let (by, id) = (house.operator, house.active_employee("Kari", 7));
        let pin = NewPin {
            digits: PinDigits::chosen("159268").unwrap(),
            duress: None,
        };
        drop(house.register.set_pin(id, &pin, by, instant(3)).unwrap());
        let change = ends(&mut house, id, 4, 5);
        let [access::Change::Put(entry)] = change.allowlist.as_slice() else {
            panic!()
        };
        assert_eq!((entry.valid.until(), entry.pin), (Some(instant(5)), None));
        let told = &change.records[0].1;
        assert_eq!(told.verb, AuditVerb::PersonLeft);
        assert!(told.holder_text.ends_with(" pin=0"), "{}", told.holder_text);
        let kept: (u32, i64) = house
            .register
            .connection
            .query_row("SELECT issuance, at FROM departed", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(kept, (id.get(), instant(5).micros()));
        house.register.check().unwrap();
    }

    #[test]
    fn m25_a_card_ends_with_the_last_day_and_never_later_than_it_would() {
        let mut house = House::settled();
        let (employee, supplier) = (
            house.active_employee("Kari", 7),
            house.active_supplier("Per", 8),
        );
        drop(ends(&mut house, employee, 50, 5));
        drop(ends(&mut house, supplier, 9_000, 5));
        let end = |id| house.register.find(id).unwrap().valid.until();
        assert_eq!(end(employee), Some(instant(50)));
        assert_eq!(end(supplier), Some(instant(3_600)));
        assert_eq!(house.standing(7), Some(Standing::Active));
    }

    #[test]
    fn m25_a_card_that_begins_after_the_last_day_never_opens() {
        let mut house = House::settled();
        let by = house.operator;
        let new = crate::NewIssuance {
            valid_from: instant(100),
            ..house.supplier("Per")
        };
        let (id, _) = house.register.issue(&new, by, instant(1)).unwrap();
        drop(ends(&mut house, id, 50, 5));
        assert!(house.register.find(id).unwrap().blocked.is_some());
        drop(ends(&mut house, id, 50, 6));
    }
}
