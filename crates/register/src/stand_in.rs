//! Stand-in: a card for the day, handed to somebody whose own card was left at home (M9). The doors tell when both are used.
//!
//! That two cards are one person's stands in the register alone, while both are out: a record is sealed under the key of one
//! of them, and may not go on to tell of the other.

use access::{IssuanceId, UtcMicros};
use rusqlite::{Connection, params};

use crate::contact::TenantId;
use crate::draft::Draft;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::kind::Kind;
use crate::life;
use crate::stand_in_error::StandInError;
use crate::twins;

/// Refuses what no card may stand in for. Only an employee and a new hire have a card of their own to leave at home: a
/// supplier's ends with the visit, and one that stands in itself is asked for by the card it stands in for.
pub(crate) fn check(
    connection: &Connection,
    (kind, tenant): (Kind, TenantId),
    stands_for: IssuanceId,
    now: UtcMicros,
) -> Result<(), RegisterError> {
    match kind {
        Kind::Forgotten { .. } => {}
        Kind::Employee { .. } | Kind::NewHire { .. } | Kind::Supplier { .. } => {
            return Err(StandInError::NotForgotten.into());
        }
    }
    let other = Issuance::load_live(connection, stands_for)?;
    match other.kind {
        Kind::Employee { .. } | Kind::NewHire { .. } => {}
        Kind::Forgotten { .. } | Kind::Supplier { .. } => {
            return Err(StandInError::NotAnEmployees.into());
        }
    }
    if other.tenant != tenant {
        return Err(StandInError::OtherTenant.into());
    }
    let former = twins::of(connection, stands_for)?;
    let former = former.map(|former| Issuance::load_live(connection, former));
    let ended = |former: &Issuance| former.valid.until().is_some_and(|until| until <= now);
    if former.transpose()?.is_some_and(|former| !ended(&former)) {
        return Err(StandInError::Twice.into());
    }
    Ok(())
}

/// Links a fresh issuance to the card it stands in for, in the place of a former one that has ended.
pub(crate) fn link(
    draft: &mut Draft<'_>,
    issuance: IssuanceId,
    stands_for: IssuanceId,
) -> Result<(), RegisterError> {
    part(draft, stands_for)?;
    draft.tx.execute(
        "INSERT INTO stand_in (issuance, stands_for) VALUES (?1, ?2)",
        params![issuance.get(), stands_for.get()],
    )?;
    let other = Issuance::load(&draft.tx, stands_for)?;
    life::announce(draft, &other)
}

/// Ends the link that an issuance has, and tells the doors so of the other card.
pub(crate) fn part(draft: &mut Draft<'_>, id: IssuanceId) -> Result<(), RegisterError> {
    let Some(twin) = twins::of(&draft.tx, id)? else {
        return Ok(());
    };
    twins::part(&draft.tx, id)?;
    let other = Issuance::load(&draft.tx, twin)?;
    life::announce(draft, &other)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::NewIssuance;
    use crate::fixture::{House, at, text};

    /// A card for the day instead of another.
    fn instead_of(house: &House, stands_for: IssuanceId) -> NewIssuance {
        NewIssuance {
            kind: Kind::Forgotten { until: at(100) },
            instead_of: Some(stands_for),
            ..house.supplier("Kari")
        }
    }

    fn issued(house: &mut House, new: &NewIssuance, now: i64) -> Result<IssuanceId, RegisterError> {
        let by = house.operator;
        house.register.issue(new, by, at(now)).map(|(id, _)| id)
    }

    fn twin(house: &House, of: IssuanceId) -> Option<IssuanceId> {
        house.register.allowlist().unwrap().twin(of)
    }

    /// The pseudonyms and twins that a change puts on the list.
    fn put(change: &crate::Change) -> Vec<(IssuanceId, Option<IssuanceId>)> {
        let put = change.allowlist.iter().filter_map(|change| match change {
            access::Change::Put(entry) => Some((entry.holder.issuance, entry.twin)),
            access::Change::Remove(_) => None,
        });
        put.collect()
    }

    #[test]
    fn m09_the_doors_know_both_cards_of_one_person_and_no_record_does() {
        let mut house = House::settled();
        let by = house.operator;
        let own = house.active_employee("Kari", 7);
        let new = instead_of(&house, own);
        let (id, change) = house.register.issue(&new, by, at(5)).unwrap();
        assert_eq!(put(&change), [(own, Some(id))]);
        let shown = house.shown(8);
        let change = house.register.activate(id, &shown, by, at(6)).unwrap();
        assert_eq!(put(&change), [(id, Some(own))]);
        assert_eq!((twin(&house, own), twin(&house, id)), (Some(id), Some(own)));
        for (_, audit) in house.register.outbox_pending(99).unwrap() {
            let told = audit.holder_text + &audit.operator_text;
            for it in [own, id] {
                assert!(!told.contains(&it.to_string()) && !told.contains(&it.get().to_string()));
            }
        }
    }

    #[test]
    fn m09_when_either_card_is_returned_nothing_links_the_other_to_it() {
        for is_own_first in [true, false] {
            let mut house = House::settled();
            let by = house.operator;
            let own = house.active_employee("Kari", 7);
            let new = instead_of(&house, own);
            let id = issued(&mut house, &new, 5).unwrap();
            let shown = house.shown(8);
            drop(house.register.activate(id, &shown, by, at(6)).unwrap());
            let (gone, left) = if is_own_first { (own, id) } else { (id, own) };
            let change = house.register.return_card(gone, true, by, at(7)).unwrap();
            assert_eq!(put(&change), [(left, None)]);
            assert_eq!(
                twins::all(&house.register.connection).unwrap(),
                HashMap::new()
            );
            house.settle();
            drop(house.register.finish_return(gone, at(8)).unwrap());
            assert_eq!(twin(&house, left), None);
        }
    }

    #[test]
    fn m09_what_no_card_may_stand_in_for_is_refused() {
        let mut house = House::settled();
        let by = house.operator;
        let own = house.active_employee("Kari", 7);
        let supplier = house.active_supplier("Per", 8);
        let gone = house.active_employee("Siv", 9);
        drop(house.register.return_card(gone, true, by, at(4)).unwrap());
        let good = instead_of(&house, own);
        let mut refused = |new: &NewIssuance| issued(&mut house, new, 5).unwrap_err().to_string();
        let of = |instead_of| NewIssuance {
            instead_of: Some(instead_of),
            ..good.clone()
        };
        let lasting = NewIssuance {
            kind: Kind::Supplier { until: at(100) },
            ..good.clone()
        };
        assert!(refused(&lasting).contains("only a forgotten card"));
        assert!(refused(&of(supplier)).contains("an employee's or a new hire's"));
        assert!(refused(&of(gone)).contains("was returned"));
        assert_eq!(refused(&of(IssuanceId::from_random(1))), "no such issuance");
        let elsewhere = house.contact_elsewhere("Staten");
        let elsewhere = NewIssuance {
            contact: elsewhere,
            ..good.clone()
        };
        let refusal = issued(&mut house, &elsewhere, 5).unwrap_err();
        assert!(refusal.to_string().contains("another tenant"));
    }

    #[test]
    fn a_second_stand_in_waits_for_the_end_of_the_first_and_takes_its_place() {
        let mut house = House::settled();
        let own = house.active_employee("Kari", 7);
        let new = instead_of(&house, own);
        let first = issued(&mut house, &new, 5).unwrap();
        let refusal = issued(&mut house, &new, 99).unwrap_err();
        assert!(matches!(
            refusal,
            RegisterError::StandIn(StandInError::Twice)
        ));
        let new = NewIssuance {
            kind: Kind::Forgotten { until: at(200) },
            ..new
        };
        let second = issued(&mut house, &new, 100).unwrap();
        assert_eq!(twin(&house, own), Some(second));
        let left = twins::of(&house.register.connection, first).unwrap();
        assert_eq!(left, None);
        let blocked = house
            .register
            .block(own, &text("left at the gym"), house.operator, at(101));
        assert_eq!(put(&blocked.unwrap()), [(own, Some(second))]);
    }
}
