//! Leaving: a contact person goes. Cards bound to them are suspended (M14), and somebody follows them or nobody does (M24).

use std::ops::ControlFlow;

use access::{OperatorId, UtcMicros};
use rusqlite::params;

use crate::audit::{AuditVerb, Change};
use crate::block;
use crate::contact::{ContactId, TenantId};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance;
use crate::list::{self, CardRow};
use crate::register::Register;
use crate::responsible;
use crate::tenant_error::TenantError;

impl Register {
    /// A contact person left: nobody gets a card on their word any more, and every card bound to them is blocked (M14).
    ///
    /// # Errors
    /// [`RegisterError::NoSuchContact`], [`RegisterError::ContactInactive`] if they had left before.
    pub fn contact_left(
        &mut self,
        contact: ContactId,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<Change, RegisterError> {
        self.contact_followed((contact, None), by, now)
            .map(|(_, change)| change)
    }

    /// [`Register::contact_left`]; who follows answers for the tenant if the one who left did. Gives the tenant's name
    /// if nobody answers for it from now on who did before.
    ///
    /// # Errors
    /// As [`Register::contact_left`], of either; [`RegisterError::Tenant`] if nobody else follows.
    pub fn contact_followed(
        &mut self,
        (contact, follower): (ContactId, Option<ContactId>),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Option<String>, Change), RegisterError> {
        if follower == Some(contact) {
            return Err(TenantError::FollowsItself.into());
        }
        self.change(by, now, |draft| leave(draft, contact, follower))
    }

    /// Contact persons whose last day is over, with whoever said so; at most `limit`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn contacts_to_leave(
        &self,
        limit: u32,
        now: UtcMicros,
    ) -> Result<Vec<(ContactId, OperatorId)>, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, recorded_by FROM contact WHERE leaves_at IS NOT NULL AND active = 1 AND leaves_at <= ?1
             ORDER BY id LIMIT ?2",
        )?;
        let rows = statement.query_map(params![now.micros(), limit], |row| {
            Ok((ContactId(row.get(0)?), OperatorId::new(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Calls `each` for every issuance that is bound to a contact person, in the order of the pseudonyms, until it breaks.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn bound_to(
        &self,
        contact: ContactId,
        each: &mut dyn FnMut(CardRow) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{} WHERE i.tenant = (SELECT tenant FROM contact WHERE id = ?1) AND i.contact = ?1 AND i.state <> 'returned'
             ORDER BY i.id",
            list::select()
        ))?;
        let mut rows = statement.query([contact.0])?;
        while let Some(row) = rows.next()? {
            if each(self.card_row(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Takes a contact person's leave within a change; gives the tenant's name if nobody answers for it from now on who did before.
pub(crate) fn leave(
    draft: &mut Draft<'_>,
    contact: ContactId,
    follower: Option<ContactId>,
) -> Result<Option<String>, RegisterError> {
    let tenant = responsible::tenant_of(&draft.tx, contact)?;
    let left_alone = follow(draft, (tenant, contact), follower)?;
    draft.tx.execute(
        "UPDATE contact SET active = 0, leaves_at = NULL, recorded_at = ?2, recorded_by = ?3 WHERE id = ?1",
        params![contact.0, draft.now.micros(), draft.operator()?.get()],
    )?;
    let of_operator = format!("contact={}", contact.0);
    draft.record(
        None,
        &Said {
            verb: AuditVerb::ContactLeft,
            of_holder: "",
            of_operator: &of_operator,
        },
    )?;
    for id in issuance::unblocked_of(&draft.tx, contact)? {
        block::block(draft, id, "contact-left")?;
    }
    Ok(left_alone)
}

/// Lets the follower answer for the tenant, if who leaves does.
fn follow(
    draft: &mut Draft<'_>,
    (tenant, contact): (TenantId, ContactId),
    follower: Option<ContactId>,
) -> Result<Option<String>, RegisterError> {
    if let Some(follower) = follower
        && responsible::tenant_of(&draft.tx, follower)? != tenant
    {
        return Err(RegisterError::NoSuchContact);
    }
    if responsible::of(&draft.tx, tenant)? != Some(contact) {
        return Ok(None);
    }
    responsible::appoint(draft, tenant, follower)?;
    if follower.is_some() {
        return Ok(None);
    }
    let name = "SELECT name FROM tenant WHERE id = ?1";
    let name: String = draft.tx.query_row(name, [tenant.0], |row| row.get(0))?;
    // Of its own, since somebody has to act on it (M24).
    let said = Said {
        verb: AuditVerb::TenantWithoutContact,
        of_holder: "",
        of_operator: &format!("tenant={} name={name}", tenant.0),
    };
    draft.record(None, &said)?;
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, text};
    use crate::holder::ContactPerson;

    /// A second contact person of the tenant.
    fn second(house: &mut House) -> ContactId {
        let person = ContactPerson {
            name: text("Eva Kontakt"),
            mobile: text("90000009"),
        };
        let tenant = house.contact.tenant;
        let (id, _) = house
            .register
            .add_contact(tenant, &person, house.operator, at(1))
            .unwrap();
        house.settle();
        id
    }

    fn responsible(house: &House) -> Option<ContactId> {
        house.register.tenants().unwrap()[0].responsible
    }

    #[test]
    fn m14_cards_of_a_contact_who_left_are_blocked_and_new_ones_refused() {
        let mut house = House::settled();
        let id = house.active_supplier("Kari", 1);
        house.settle();
        let change = house
            .register
            .contact_left(house.contact.contact, house.operator, at(3))
            .unwrap();
        assert_eq!(change.records.len(), 4);
        let [access::Change::Put(entry)] = change.allowlist.as_slice() else {
            panic!()
        };
        assert_eq!(
            (entry.holder.issuance, entry.standing),
            (id, Standing::Blocked)
        );
        let refusal = house
            .register
            .issue(&house.supplier("Per"), house.operator, at(4))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::ContactInactive));
        let refusal = house
            .register
            .unblock(id, &text("why not"), house.operator, at(4))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::ContactInactive));
    }

    #[test]
    fn m24_the_first_contact_is_responsible_until_another_one_is() {
        let mut house = House::settled();
        let (by, first) = (house.operator, house.contact.contact);
        assert_eq!(responsible(&house), Some(first));
        let other = second(&mut house);
        assert_eq!(responsible(&house), Some(first));
        let change = house.register.set_responsible(other, by, at(2)).unwrap();
        let told = &change.records[0].1;
        assert_eq!(told.verb, AuditVerb::TenantChanged);
        assert_eq!(told.operator_text, "tenant=1 responsible=2");
        assert_eq!(responsible(&house), Some(other));
        let again = house.register.set_responsible(other, by, at(2)).unwrap();
        assert!(again.records.is_empty());
    }

    #[test]
    fn m24_whoever_is_responsible_leaves_to_who_follows_or_to_nobody() {
        let mut house = House::settled();
        let (by, first) = (house.operator, house.contact.contact);
        let other = second(&mut house);
        let refused = house
            .register
            .contact_followed((first, Some(first)), by, at(2));
        assert!(matches!(
            refused.unwrap_err(),
            RegisterError::Tenant(TenantError::FollowsItself)
        ));
        let followed = house
            .register
            .contact_followed((first, Some(other)), by, at(2));
        assert_eq!(followed.unwrap().0, None);
        assert_eq!(responsible(&house), Some(other));
        let (left_alone, change) = house
            .register
            .contact_followed((other, None), by, at(3))
            .unwrap();
        assert_eq!(left_alone.as_deref(), Some("Kommunen"));
        let told: Vec<_> = change
            .records
            .iter()
            .map(|(_, it)| it.operator_text.as_str())
            .collect();
        let alone = "tenant=1 name=Kommunen";
        assert_eq!(told, ["tenant=1 responsible=-", alone, "contact=2"]);
        assert_eq!(change.records[1].1.verb, AuditVerb::TenantWithoutContact);
        // A crash before any of it was in the log.
        let pending = house.register.outbox_pending(99).unwrap();
        let verbs: Vec<_> = pending.iter().map(|(_, it)| it.verb).collect();
        let last_three = &verbs[verbs.len() - 3..];
        assert!(last_three.contains(&AuditVerb::TenantWithoutContact));
        let without = house.register.tenants_without_contact(9).unwrap();
        assert_eq!(without, (vec!["Kommunen".to_owned()], 1));
        let third = second(&mut house);
        assert_eq!(responsible(&house), Some(third), "who comes then answers");
    }

    #[test]
    fn m24_without_a_responsible_contact_nothing_is_issued() {
        let mut house = House::settled();
        let (by, first) = (house.operator, house.contact.contact);
        second(&mut house);
        drop(house.register.contact_left(first, by, at(2)).unwrap());
        let contact = house
            .register
            .active_contact("Kommunen", "Eva Kontakt")
            .unwrap();
        let new = crate::NewIssuance {
            contact,
            ..house.supplier("Per")
        };
        let refused = house.register.issue(&new, by, at(3)).unwrap_err();
        assert!(matches!(
            refused,
            RegisterError::Tenant(TenantError::NoResponsible)
        ));
        drop(
            house
                .register
                .set_responsible(contact.contact, by, at(3))
                .unwrap(),
        );
        drop(house.register.issue(&new, by, at(4)).unwrap());
        let returned = house
            .register
            .connection
            .execute("UPDATE contact SET active = 0 WHERE id = 2", []);
        assert!(returned.is_err(), "the schema itself refuses it");
    }
}
