//! Issue: registering that somebody is to hold a card (M1, M7, M14).

use access::{IssuanceId, OperatorId, UtcMicros, Validity};
use key_store::{Owner, Slot};
use rusqlite::types::ValueRef;

use crate::audit::{AuditVerb, Change};
use crate::card_approval::{self, NO_BATCH};
use crate::contact::ActiveContact;
use crate::draft::{Draft, Keyed, Said};
use crate::error::RegisterError;
use crate::grounds;
use crate::holder::HolderFields;
use crate::issuance::{self, Issuance};
use crate::kind::Kind;
use crate::links;
use crate::many;
use crate::mark::mark;
use crate::register::Register;
use crate::replacement;
use crate::responsible;
use crate::rights::{self, PlaceRight};
use crate::seal::Field;
use crate::stand_in;
use crate::state::State;
use crate::tally;
use crate::text::Text;

/// What is registered when somebody is to hold a card, and nothing more (M7).
#[derive(Clone, Debug)]
pub struct NewIssuance {
    /// Why, and with it the end.
    pub kind: Kind,
    /// Who.
    pub holder: HolderFields,
    /// Who answers for them, and for which tenant (M14).
    pub contact: ActiveContact,
    /// The doors and groups of doors they need; at least one, at most [`crate::RIGHTS_MAX`].
    pub rights: Vec<PlaceRight>,
    /// Why they need them (M22); the operator who issues approves.
    pub reason: Text,
    /// Whose card was left at home, where this one stands in for it (M9).
    pub instead_of: Option<IssuanceId>,
    /// The first instant the card opens.
    pub valid_from: UtcMicros,
    /// When the holder signed for it.
    pub signed_at: UtcMicros,
    /// Whether the holder was told already of the duty to return the card (M15).
    pub return_duty_told: bool,
    /// Somebody is not sure of the holder: no card is made live before a superior vouches (M13).
    pub unsure: bool,
    /// The new hire's card that this one takes the place of once it is live (M10).
    pub replaces: Option<IssuanceId>,
}

impl Register {
    /// Registers an issuance: an employee's card is then ordered, a visitor's issued. No door knows it yet.
    ///
    /// # Errors
    /// [`RegisterError::ContactInactive`], [`RegisterError::Tenant`], [`RegisterError::Validity`], [`RegisterError::Ended`],
    /// [`RegisterError::Right`], [`RegisterError::NoSuchDoor`], [`RegisterError::NoSuchOperator`];
    /// [`RegisterError::Hours`] for a schedule that is not there; [`RegisterError::StandIn`], [`RegisterError::Life`] and what
    /// [`Register::find`] says, for a card that it may not stand in for or replace.
    pub fn issue(
        &mut self,
        new: &NewIssuance,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(IssuanceId, Change), RegisterError> {
        self.change(by, now, |draft| enter(draft, new))
    }
}

/// Enters an issuance into the register.
pub(crate) fn enter(draft: &mut Draft<'_>, new: &NewIssuance) -> Result<IssuanceId, RegisterError> {
    let begins = new.valid_from.max(draft.now);
    draft.house_day.check(&new.kind, begins)?;
    if !issuance::is_active(&draft.tx, new.contact.contact)? {
        return Err(RegisterError::ContactInactive);
    }
    responsible::check(&draft.tx, new.contact.tenant)?;
    rights::check(&draft.tx, &new.rights)?;
    if let Some(other) = new.instead_of {
        let this = (new.kind, new.contact.tenant);
        stand_in::check(&draft.tx, this, other, draft.now)?;
    }
    let id = fresh_id(draft)?;
    let slot = draft.allocate(Owner::Issuance(id.get()))?;
    let mut issuance = begun(new, id, slot, draft.now)?;
    if card_approval::is_wanted(&draft.tx, &new.kind, new.contact.tenant)? {
        issuance.awaits = Some(NO_BATCH);
    }
    let of = draft.keyed(issuance.holder())?;
    let sealed = insert(
        draft,
        &issuance,
        &of,
        &Signed {
            holder: &new.holder.pack(),
            at: new.signed_at,
        },
    )?;
    let mark = mark(&sealed);
    grounds::insert(draft, &of, &new.rights, &new.reason)?;
    if let Some(other) = new.instead_of {
        stand_in::link(draft, id, other)?;
    }
    if let Some(other) = new.replaces {
        replacement::link(draft, &issuance, other)?;
    }
    let linked = links::words(&draft.tx, draft.keys, id)?;
    let of_holder = format!("{}{linked} sealed={mark}", issuance.words(&new.rights));
    let of_operator = issuance.bare_words(&new.rights);
    draft.record(
        Some(&of),
        &Said {
            verb: AuditVerb::CardIssued,
            of_holder: &of_holder,
            of_operator: &of_operator,
        },
    )?;
    Ok(id)
}

/// The row as it begins.
fn begun(
    new: &NewIssuance,
    id: IssuanceId,
    slot: Slot,
    now: UtcMicros,
) -> Result<Issuance, RegisterError> {
    let valid = Validity::new(new.valid_from, new.kind.until())?;
    if valid.until().is_some_and(|until| until <= now) {
        return Err(RegisterError::Ended);
    }
    Ok(Issuance {
        id,
        kind: new.kind,
        state: State::first(&new.kind),
        tenant: new.contact.tenant,
        contact: new.contact.contact,
        valid,
        blocked: None,
        lost: None,
        is_duty_told: new.return_duty_told,
        is_unsure: new.unsure,
        awaits: None,
        slot,
    })
}

/// A holder's packed fields, and when they signed.
pub(crate) struct Signed<'a> {
    pub(crate) holder: &'a [u8],
    pub(crate) at: UtcMicros,
}

/// Writes the row with its sealed holder, which it gives: a record names it by its mark.
pub(crate) fn insert(
    draft: &mut Draft<'_>,
    row: &Issuance,
    of: &Keyed,
    signed: &Signed<'_>,
) -> Result<Vec<u8>, RegisterError> {
    let sealed = of.key.seal(
        draft.entropy,
        Field::Holder,
        u64::from(row.id.get()),
        signed.holder,
    )?;
    insert_sealed(draft, &[(row, &sealed)], signed.at)?;
    tally::count_issued(&draft.tx, (&row.kind, 1), draft.now)?;
    Ok(sealed)
}

/// Writes rows, each with its holder sealed beforehand; all signed at one instant. Who calls it counts the cards in the tally.
pub(crate) fn insert_sealed(
    draft: &Draft<'_>,
    rows: &[(&Issuance, &[u8])],
    signed_at: UtcMicros,
) -> Result<(), RegisterError> {
    use ValueRef::{Blob, Integer, Null, Text};
    let now = Integer(draft.now.micros());
    let by = Integer(i64::from(draft.operator()?.get()));
    let values = rows.iter().map(|(row, holder)| {
        let until = row.valid.until();
        [
            Integer(i64::from(row.id.get())),
            Text(row.kind.name().as_bytes()),
            Text(row.state.name().as_bytes()),
            Integer(i64::from(row.tenant.0)),
            Integer(i64::from(row.contact.0)),
            Integer(row.valid.from().micros()),
            until.map_or(Null, |until| Integer(until.micros())),
            if row.is_duty_told { now } else { Null },
            Integer(signed_at.micros()),
            now,
            by,
            Integer(i64::from(row.slot.index)),
            Integer(i64::from(row.slot.generation)),
            Blob(holder),
            now,
            Integer(i64::from(row.is_unsure)),
        ]
    });
    many::insert(&draft.tx, ISSUANCE, &values.collect::<Vec<_>>())?;
    for (row, _) in rows {
        if let Some(batch) = row.awaits {
            card_approval::ask(draft, row.id, batch)?;
        }
    }
    Ok(())
}

/// A pseudonym nobody has or had.
fn fresh_id(draft: &mut Draft<'_>) -> Result<IssuanceId, RegisterError> {
    for _ in 0..DRAWS_MAX {
        let mut random = [0; 4];
        draft.entropy.fill(&mut random);
        let id = IssuanceId::from_random(u32::from_be_bytes(random));
        if !issuance::is_taken(&draft.tx, id)? {
            return Ok(id);
        }
    }
    Err(RegisterError::NumbersExhausted { what: "issuance" })
}

const ISSUANCE: &str = "issuance (id, kind, state, tenant, contact, valid_from, valid_until, return_duty_told_at, signed_at,
     issued_at, issued_by, slot, slot_generation, holder, recorded_at, unsure)";

/// Of 2³⁰ pseudonyms a house uses a small part; so many draws do not all hit it.
pub(crate) const DRAWS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{House, at};

    #[test]
    fn m07_an_issuance_keeps_what_was_asked_and_no_door_knows_it() {
        let mut house = House::settled();
        let (id, change) = house
            .register
            .issue(&house.supplier("Kari Nordmann"), house.operator, at(1))
            .unwrap();
        let shown = house.register.show(id).unwrap();
        assert_eq!(shown.holder, Some(House::holder("Kari Nordmann")));
        assert_eq!(
            (shown.row.state, shown.row.kind),
            (State::Issued, Kind::Supplier { until: at(3600) })
        );
        assert_eq!(
            shown.row.places,
            [1, 2].map(|door| access::Place::Door(access::DoorId::new(door)))
        );
        assert_eq!(shown.number, None);
        assert_eq!(change.allowlist, []);
        assert_eq!(change.records[0].1.verb, AuditVerb::CardIssued);
        assert!(house.register.allowlist().unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_issued_leaves_neither_row_nor_key_nor_record() {
        let mut house = House::settled();
        let living = house.keys.live().len();
        let good = house.supplier("Kari");
        let refusals = [
            (
                NewIssuance {
                    valid_from: at(3600),
                    ..good.clone()
                },
                "the end 2026-11-22T13:00:00.000000Z is not after the beginning",
            ),
            (
                NewIssuance {
                    kind: Kind::Forgotten { until: at(1) },
                    ..good.clone()
                },
                "the end of the issuance has passed",
            ),
            (
                NewIssuance {
                    rights: Vec::new(),
                    ..good.clone()
                },
                "at least one door",
            ),
        ];
        for (new, says) in refusals {
            let refusal = house
                .register
                .issue(&new, house.operator, at(1))
                .unwrap_err()
                .to_string();
            assert!(refusal.starts_with(says), "{refusal}");
        }
        let refusal = house
            .register
            .issue(&good, OperatorId::new(99), at(1))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::NoSuchOperator));
        assert_eq!(house.keys.live().len(), living);
        assert_eq!(house.register.outbox_pending(9).unwrap(), []);
    }

    #[test]
    fn a_rehearsal_answers_and_changes_nothing() {
        let mut house = House::settled();
        let living = house.keys.live().len();
        let new = house.supplier("Kari");
        let by = house.operator;
        let (_, change) = house
            .register
            .rehearse(|register| register.issue(&new, by, at(1)))
            .unwrap();
        assert_eq!(change.records.len(), 1);
        assert_eq!(house.keys.live().len(), living);
        assert_eq!(house.register.outbox_pending(9).unwrap(), []);
        let (_, real) = house.register.issue(&new, by, at(1)).unwrap();
        assert_eq!(real.outbox(), change.outbox());
    }

    #[test]
    fn a_key_whose_row_never_came_to_be_is_reclaimed() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 1);
        house
            .keys
            .allocate(
                Owner::Issuance(77),
                &mut crate::fixture::Counting::default(),
            )
            .unwrap();
        house
            .keys
            .allocate(
                Owner::Issuance(id.get()),
                &mut crate::fixture::Counting::default(),
            )
            .unwrap();
        let orphans = house.register.orphaned_keys().unwrap();
        assert_eq!(house.register.destroy_orphaned_keys(&orphans).unwrap(), 2);
        assert_eq!(house.register.orphaned_keys().unwrap(), []);
        assert_eq!(
            house.register.show(id).unwrap().holder,
            Some(House::holder("Kari"))
        );
    }
}
