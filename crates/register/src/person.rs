//! Person: everything that one holder has, so that it ends in one step when they leave (M30).
//!
//! Which cards are one person's stands in the register alone: what is linked (a card for the day and the one it stands in
//! for, an employee's and the new hire's it replaces) is theirs for certain; what has the same name and mobile is, if an operator says so.

use std::collections::BTreeSet;

use access::{IssuanceId, OperatorId, UtcMicros};

use crate::appointment;
use crate::audit::Change;
use crate::departure;
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::list::CardRow;
use crate::mobile::Mobile;
use crate::register::Register;
use crate::replacement;
use crate::tenant_error::TenantError;
use crate::twins;

/// What one person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The issuance that was asked about, and what is linked with it.
    pub own: Vec<CardRow>,
    /// Others of the same tenant whose holder has the same name and mobile.
    pub others: Vec<CardRow>,
}

impl Register {
    /// What the holder of an issuance has. Opens every holder of the tenant; a reading of personal data, which the caller
    /// records.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`]; what SQLite or the key store says.
    pub fn held_by_holder_of(&self, id: IssuanceId) -> Result<Held, RegisterError> {
        let named = Issuance::load_live(&self.connection, id)?;
        let holder = self.show(id)?.holder;
        let own = self.linked_with(id)?;
        let mut others = Vec::new();
        self.holders_of(named.tenant, &mut |id, other| {
            // Of whom no name is known, nobody has the same.
            let Some(holder) = &holder else { return };
            let mobile = Mobile::of(holder.mobile.expose());
            if other.name.names_the_same(holder.name.expose())
                && Mobile::of(other.mobile.expose()) == mobile
                && !own.contains(&id)
            {
                others.push(id);
            }
        })?;
        let rows = |ids: &mut dyn Iterator<Item = IssuanceId>| {
            ids.map(|id| self.find(id)).collect::<Result<_, _>>()
        };
        Ok(Held {
            own: rows(&mut own.into_iter())?,
            others: rows(&mut others.into_iter())?,
        })
    }

    /// The holder of an issuance left: it, what is linked with it, and these others end now, and their PINs with them. Each is
    /// told under its own key only. Gives what ended.
    ///
    /// # Errors
    /// As [`Register::held_by_holder_of`]; [`RegisterError::Tenant`] if another is not one of theirs.
    pub fn person_left(
        &mut self,
        (id, others): (IssuanceId, &[IssuanceId]),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Vec<IssuanceId>, Change), RegisterError> {
        let held = self.held_by_holder_of(id)?;
        let known: BTreeSet<IssuanceId> = held.others.iter().map(|row| row.id).collect();
        if !others.iter().all(|other| known.contains(other)) {
            return Err(TenantError::NotTheirs.into());
        }
        let own = held.own.iter().map(|row| row.id);
        let all: BTreeSet<IssuanceId> = own.chain(others.iter().copied()).collect();
        self.change(by, now, |draft| {
            for id in &all {
                departure::end(draft, *id, draft.now)?;
            }
            Ok(all.into_iter().collect())
        })
    }

    /// An operator left: no role, no training, no delegation to them or by them; and these cards, which they hold, end now with
    /// what is linked with them. No record tells that the cards are the operator's.
    ///
    /// # Errors
    /// As [`Register::remove_operator`] and [`Register::person_left`].
    pub fn operator_left(
        &mut self,
        (whom, cards): (OperatorId, &[IssuanceId]),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        let mut all = BTreeSet::new();
        for card in cards {
            all.append(&mut self.linked_with(*card)?);
        }
        let left = self.change(by, now, |draft| {
            appointment::remove(draft, whom)?;
            departure::note_operator(draft, whom)?;
            all.into_iter()
                .try_for_each(|id| departure::end(draft, id, draft.now))
        });
        left.map(|((), change)| change)
    }

    /// An issuance and every other that is linked with it, in whatever way.
    fn linked_with(&self, id: IssuanceId) -> Result<BTreeSet<IssuanceId>, RegisterError> {
        let mut linked = BTreeSet::from([id]);
        let mut to_ask = vec![id];
        while let Some(asked) = to_ask.pop() {
            let twin = twins::of(&self.connection, asked)?;
            let further = [twin, replacement::other(&self.connection, asked)?];
            let further = further.into_iter().flatten();
            to_ask.extend(further.filter(|other| linked.insert(*other)));
        }
        Ok(linked)
    }
}

#[cfg(test)]
mod tests {
    use access::PinDigits;

    use super::*;
    use crate::fixture::{House, at, text};
    use crate::{AuditVerb, HolderFields, Kind, NewIssuance, NewPin};

    /// A card for the day instead of another.
    fn stand_in(house: &mut House, name: &str, stands_for: IssuanceId, card: u64) -> IssuanceId {
        let by = house.operator;
        let new = NewIssuance {
            kind: Kind::Forgotten { until: at(100) },
            instead_of: Some(stands_for),
            ..house.supplier(name)
        };
        let (id, _) = house.register.issue(&new, by, at(3)).unwrap();
        let shown = house.shown(card);
        drop(house.register.activate(id, &shown, by, at(3)).unwrap());
        id
    }

    fn ids(rows: &[CardRow]) -> Vec<IssuanceId> {
        rows.iter().map(|row| row.id).collect()
    }

    fn sorted<const N: usize>(mut ids: [IssuanceId; N]) -> Vec<IssuanceId> {
        ids.sort();
        ids.to_vec()
    }

    #[test]
    fn m30_what_is_linked_is_the_persons_and_what_has_the_same_name_may_be() {
        let mut house = House::settled();
        let own = house.active_employee("Kari", 1);
        // Written down otherwise, which makes it nobody else's.
        let for_the_day = stand_in(&mut house, "Kari N.", own, 2);
        let supplier = house.active_supplier("KARI", 3);
        let by = house.operator;
        let namesake = NewIssuance {
            holder: HolderFields {
                mobile: text("+47 999 99 999"),
                ..House::holder("Kari")
            },
            ..house.supplier("Kari")
        };
        drop(house.register.issue(&namesake, by, at(3)).unwrap());
        let elsewhere = NewIssuance {
            contact: house.contact_elsewhere("Staten"),
            ..house.supplier("Kari")
        };
        drop(house.register.issue(&elsewhere, by, at(3)).unwrap());
        for named in [own, for_the_day] {
            let held = house.register.held_by_holder_of(named).unwrap();
            assert_eq!(ids(&held.own), sorted([own, for_the_day]));
        }
        let held = house.register.held_by_holder_of(own).unwrap();
        assert_eq!(ids(&held.others), [supplier]);
    }

    #[test]
    fn m30_the_card_that_an_employees_replaces_is_the_persons_too() {
        let mut house = House::settled();
        let by = house.operator;
        let until = at(3_600);
        let new = NewIssuance {
            kind: Kind::NewHire { until },
            ..house.supplier("Kari N.")
        };
        let (new_hire, _) = house.register.issue(&new, by, at(1)).unwrap();
        let new = NewIssuance {
            replaces: Some(new_hire),
            ..house.employee("Kari")
        };
        let (employee, _) = house.register.issue(&new, by, at(1)).unwrap();
        let (ended, _) = house
            .register
            .person_left((new_hire, &[]), by, at(5))
            .unwrap();
        assert_eq!(ended, sorted([employee, new_hire]));
    }

    #[test]
    fn m30_an_operator_who_leaves_loses_every_role_and_the_cards_that_were_named() {
        let mut house = House::settled();
        let by = house.operator;
        let (own, other) = (
            house.active_supplier("Rita", 1),
            house.active_supplier("Per", 2),
        );
        let rita = crate::NewOperator {
            user: "rita".into(),
            uid: 1002,
            roles: crate::Roles::new(&[access::role::Role::Receptionist], None).unwrap(),
            trained_until: None,
        };
        let (rita, _) = house.register.add_operator(&rita, Some(by), at(1)).unwrap();
        house.settle();
        let own_act = house.register.operator_left((by, &[]), by, at(5));
        assert!(own_act.is_err(), "nobody ends their own");
        let nobodys = IssuanceId::from_random(7);
        let refused = house.register.operator_left((rita, &[nobodys]), by, at(5));
        assert!(matches!(
            refused.unwrap_err(),
            RegisterError::NoSuchIssuance
        ));
        let change = house
            .register
            .operator_left((rita, &[own]), by, at(5))
            .unwrap();
        let verbs: Vec<_> = change.records.iter().map(|(_, it)| it.verb).collect();
        let left = AuditVerb::PersonLeft;
        assert_eq!(verbs, [AuditVerb::OperatorRemoved, left, left]);
        let told = &change.records[1].1.operator_text;
        assert!(told.starts_with("operator=2 left=1 row="), "{told}");
        let row = house.register.operator_by(1002, "rita").unwrap();
        assert!(row.is_none_or(|row| row.roles_at(at(5)).is_empty()));
        let end = |id| house.register.find(id).unwrap().valid.until();
        assert_eq!((end(own), end(other)), (Some(at(5)), Some(at(3_600))));
        let again = house.register.operator_left((rita, &[]), by, at(6));
        assert!(matches!(again.unwrap_err(), RegisterError::NoSuchOperator));
    }

    #[test]
    fn m30_cards_and_pins_end_in_one_step_and_no_record_tells_of_two_of_them() {
        let mut house = House::settled();
        let by = house.operator;
        let own = house.active_employee("Kari", 1);
        let for_the_day = stand_in(&mut house, "Kari", own, 2);
        let supplier = house.active_supplier("Kari", 3);
        let pin = NewPin {
            digits: PinDigits::chosen("159268").unwrap(),
            duress: None,
        };
        drop(house.register.set_pin(own, &pin, by, at(4)).unwrap());
        house.settle();
        let stranger = house.active_supplier("Per", 4);
        let refused = house.register.person_left((own, &[stranger]), by, at(5));
        assert!(matches!(
            refused.unwrap_err(),
            RegisterError::Tenant(TenantError::NotTheirs)
        ));
        let (ended, change) = house
            .register
            .person_left((own, &[supplier]), by, at(5))
            .unwrap();
        assert_eq!(ended, sorted([own, for_the_day, supplier]));
        let list = house.register.allowlist().unwrap();
        for card in 1..=3 {
            let entry = list.find(&house.tag(card)).unwrap();
            assert_eq!(entry.valid.until(), Some(at(5)));
        }
        assert_eq!(list.pin(own), None);
        let told = change.records.iter().map(|(_, audit)| audit);
        let told: Vec<_> = told
            .map(|audit| (audit.verb, audit.holder.unwrap().issuance))
            .collect();
        let expected: Vec<_> = ended
            .iter()
            .map(|id| (AuditVerb::PersonLeft, *id))
            .collect();
        assert_eq!(told, expected);
        for (_, audit) in &change.records {
            let said = audit.holder_text.clone() + &audit.operator_text;
            assert!(!said.contains("P-"), "{said}");
        }
        let end = house.register.find(stranger).unwrap().valid.until();
        assert_eq!(end, Some(at(3_600)), "somebody else's goes on");
        house.register.check().unwrap();
    }
}
