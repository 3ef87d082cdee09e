//! Tenant: a firm in the house and its contact persons, without one of whom nobody gets a card (M14, M24).

use access::{OperatorId, UtcMicros};
use key_store::Fixed;
use rusqlite::{OptionalExtension, params};

use crate::audit::{AuditVerb, Change};
use crate::block;
use crate::contact::{ActiveContact, ContactId, ContactRow, TenantId, one_active};
use crate::draft::Said;
use crate::error::RegisterError;
use crate::holder::ContactPerson;
use crate::issuance;
use crate::register::Register;
use crate::seal::{Field, FieldKey};
use crate::text::Text;

/// A tenant as registered.
#[derive(Clone, Debug)]
pub struct TenantRow {
    /// The number.
    pub id: TenantId,
    /// The name.
    pub name: String,
    /// Everyone who is or was its contact person.
    pub contacts: Vec<ContactRow>,
}

impl Register {
    /// Adds a tenant.
    ///
    /// # Errors
    /// [`RegisterError::TenantExists`], [`RegisterError::NoSuchOperator`].
    pub fn add_tenant(
        &mut self,
        name: &Text,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(TenantId, Change), RegisterError> {
        self.change(by, now, |draft| {
            if draft
                .tx
                .prepare("SELECT 1 FROM tenant WHERE name = ?1")?
                .exists([name.expose()])?
            {
                return Err(RegisterError::TenantExists);
            }
            let id = TenantId(draft.number("tenant")?);
            draft.tx.execute(
                "INSERT INTO tenant (id, name, added_at, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?3, ?4)",
                params![id.0, name.expose(), draft.now.micros(), draft.operator()?.get()],
            )?;
            let of_operator = format!("tenant={} name={}", id.0, name.expose());
            draft.record(
                None,
                &Said {
                    verb: AuditVerb::TenantAdded,
                    of_holder: "",
                    of_operator: &of_operator,
                },
            )?;
            Ok(id)
        })
    }

    /// Adds a contact person of a tenant.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`], [`RegisterError::NoSuchOperator`].
    pub fn add_contact(
        &mut self,
        tenant: TenantId,
        person: &ContactPerson,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(ContactId, Change), RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        self.change(by, now, |draft| {
            if !draft.tx.prepare("SELECT 1 FROM tenant WHERE id = ?1")?.exists([tenant.0])? {
                return Err(RegisterError::NoSuchTenant);
            }
            let id = ContactId(draft.number("contact")?);
            let sealed = key.seal(draft.entropy, Field::Contact, u64::from(id.0), &person.pack())?;
            draft.tx.execute(
                "INSERT INTO contact (id, tenant, person, active, added_at, recorded_at, recorded_by)
                 VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5)",
                params![id.0, tenant.0, sealed, draft.now.micros(), draft.operator()?.get()],
            )?;
            let of_operator = format!("tenant={} contact={}", tenant.0, id.0);
            draft.record(None, &Said { verb: AuditVerb::ContactAdded, of_holder: "", of_operator: &of_operator })?;
            Ok(id)
        })
    }

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
        let left = self.change(by, now, |draft| {
            let mut is_active = draft
                .tx
                .prepare("SELECT active FROM contact WHERE id = ?1")?;
            match is_active
                .query_row([contact.0], |row| row.get(0))
                .optional()?
            {
                None => return Err(RegisterError::NoSuchContact),
                Some(false) => return Err(RegisterError::ContactInactive),
                Some(true) => drop(is_active),
            }
            draft.tx.execute(
                "UPDATE contact SET active = 0, recorded_at = ?2, recorded_by = ?3 WHERE id = ?1",
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
            Ok(())
        });
        left.map(|((), change)| change)
    }

    /// Every tenant with its contact persons; a reading of personal data.
    ///
    /// # Errors
    /// What SQLite or the key store says; [`RegisterError::Unsealable`].
    pub fn tenants(&self) -> Result<Vec<TenantRow>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name FROM tenant ORDER BY name")?;
        let tenants = statement
            .query_map([], |row| Ok((TenantId(row.get(0)?), row.get(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        let row = |(id, name)| {
            Ok(TenantRow {
                id,
                name,
                contacts: self.contacts(id)?,
            })
        };
        tenants.into_iter().map(row).collect()
    }

    /// The number of the tenant of this name.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`].
    pub fn tenant(&self, name: &str) -> Result<TenantId, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM tenant WHERE name = ?1")?;
        let id = statement
            .query_row([name.trim()], |row| row.get(0))
            .optional()?;
        id.map(TenantId).ok_or(RegisterError::NoSuchTenant)
    }

    /// The one active contact person of that name with the tenant, upper and lower case alike.
    ///
    /// # Errors
    /// [`RegisterError::NoSuchTenant`], [`RegisterError::NoSuchContact`], [`RegisterError::ContactInactive`],
    /// [`RegisterError::ContactAmbiguous`].
    pub fn active_contact(&self, tenant: &str, name: &str) -> Result<ActiveContact, RegisterError> {
        let tenant = self.tenant(tenant)?;
        one_active(tenant, &self.contacts(tenant)?, name)
    }

    pub(crate) fn contacts(&self, tenant: TenantId) -> Result<Vec<ContactRow>, RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT id, person, active FROM contact WHERE tenant = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([tenant.0])?;
        let mut contacts = Vec::new();
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            let packed = key.open(Field::Contact, u64::from(id), &row.get::<_, Vec<u8>>(1)?)?;
            let person = ContactPerson::unpack(&packed).ok_or(RegisterError::Unsealable {
                what: "contact person",
            })?;
            contacts.push(ContactRow {
                id: ContactId(id),
                person,
                active: row.get(2)?,
            });
        }
        Ok(contacts)
    }
}

#[cfg(test)]
mod tests {
    use access::Standing;

    use super::*;
    use crate::fixture::{House, at, text};

    #[test]
    fn a_contact_is_found_by_name_and_only_while_active() {
        let mut house = House::settled();
        let register = &mut house.register;
        let tenant = register.tenant(" Kommunen ").unwrap();
        let person = ContactPerson {
            name: text("Ola Kontakt"),
            mobile: text("2"),
        };
        assert!(matches!(
            register.active_contact("Kommunen", "Kari").unwrap_err(),
            RegisterError::NoSuchContact
        ));
        assert!(matches!(
            register
                .active_contact("Staten", "Ola Kontakt")
                .unwrap_err(),
            RegisterError::NoSuchTenant
        ));
        let (second, _) = register
            .add_contact(tenant, &person, house.operator, at(1))
            .unwrap();
        assert!(matches!(
            register
                .active_contact("Kommunen", "Ola Kontakt")
                .unwrap_err(),
            RegisterError::ContactAmbiguous
        ));
        drop(
            register
                .contact_left(second, house.operator, at(2))
                .unwrap(),
        );
        assert_eq!(
            register.active_contact("Kommunen", "OLA KONTAKT").unwrap(),
            house.contact
        );
        drop(
            register
                .contact_left(house.contact.contact, house.operator, at(2))
                .unwrap(),
        );
        assert!(matches!(
            register
                .active_contact("Kommunen", "Ola Kontakt")
                .unwrap_err(),
            RegisterError::ContactInactive
        ));
        assert!(matches!(
            register
                .contact_left(second, house.operator, at(3))
                .unwrap_err(),
            RegisterError::ContactInactive
        ));
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
        assert_eq!(change.records.len(), 2);
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
    fn a_tenant_is_added_once() {
        let mut house = House::new();
        let refusal = house
            .register
            .add_tenant(&text("Kommunen"), house.operator, at(1))
            .unwrap_err();
        assert!(matches!(refusal, RegisterError::TenantExists));
        assert_eq!(house.register.tenants().unwrap().len(), 1);
    }
}
