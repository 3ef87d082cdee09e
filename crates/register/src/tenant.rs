//! Tenant: a firm in the house and its contact persons, without one of whom nobody gets a card (M14, M24).

use access::{OperatorId, UtcMicros};
use key_store::Fixed;
use rusqlite::{OptionalExtension, params};

use crate::audit::{AuditVerb, Change};
use crate::contact::{ActiveContact, ContactId, ContactRow, TenantId, one_active};
use crate::counter::counted;
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::holder::ContactPerson;
use crate::mark::mark;
use crate::mobile::Mobile;
use crate::register::Register;
use crate::responsible;
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
    /// Who of them answers for it (M24).
    pub responsible: Option<ContactId>,
    /// Issuances that were not returned.
    pub cards: u64,
    /// Its employee cards wait for its personnel office (M16).
    pub cards_by_hr: bool,
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
        self.change(by, now, |draft| insert(draft, name))
    }

    /// Adds a tenant together with the contact person who answers for it (M24).
    ///
    /// # Errors
    /// As [`Register::add_tenant`]; what the key store says.
    pub fn add_tenant_with(
        &mut self,
        (name, responsible): (&Text, &ContactPerson),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(TenantId, Change), RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        self.change(by, now, |draft| {
            let tenant = insert(draft, name)?;
            insert_contact(draft, &key, tenant, responsible)?;
            Ok(tenant)
        })
    }

    /// Adds a contact person of a tenant, who answers for it if nobody else does (M24).
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
        self.change(by, now, |draft| insert_contact(draft, &key, tenant, person))
    }

    /// Adds a contact person who answers for the tenant, in place of whoever did (M24).
    ///
    /// # Errors
    /// As [`Register::add_contact`].
    pub fn add_responsible(
        &mut self,
        tenant: TenantId,
        person: &ContactPerson,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(ContactId, Change), RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        self.change(by, now, |draft| {
            let contact = insert_contact(draft, &key, tenant, person)?;
            responsible::appoint(draft, tenant, Some(contact))?;
            Ok(contact)
        })
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
                responsible: responsible::of(&self.connection, id)?,
                cards: self.cards_of(id)?,
                cards_by_hr: self.cards_by_hr(id)?,
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

    /// The one active contact person of that name with the tenant, upper and lower case alike; of those with this mobile, if
    /// one is given.
    ///
    /// # Errors
    /// As [`Register::active_contact`].
    pub fn contact_by(
        &self,
        tenant: TenantId,
        name: &str,
        mobile: Option<&str>,
    ) -> Result<ContactId, RegisterError> {
        let mut contacts = self.contacts(tenant)?;
        if let Some(mobile) = mobile {
            contacts.retain(|row| Mobile::of(row.person.mobile.expose()) == Mobile::of(mobile));
        }
        one_active(tenant, &contacts, name).map(|found| found.contact)
    }

    /// The names of all tenants.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tenant_names(&self) -> Result<Vec<(TenantId, String)>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name FROM tenant ORDER BY id")?;
        let names = statement.query_map([], |row| Ok((TenantId(row.get(0)?), row.get(1)?)))?;
        Ok(names.collect::<Result<_, _>>()?)
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

    /// How many issuances of a tenant were not returned.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cards_of(&self, tenant: TenantId) -> Result<u64, RegisterError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM issuance WHERE tenant = ?1 AND state <> 'returned'",
        )?;
        counted(statement.query_row([tenant.0], |row| row.get(0))?)
    }

    pub(crate) fn contacts(&self, tenant: TenantId) -> Result<Vec<ContactRow>, RegisterError> {
        let key = FieldKey::of(&self.keys.fixed(Fixed::Register)?)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT id, person, active, leaves_at FROM contact WHERE tenant = ?1 ORDER BY id",
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
                leaves_at: row.get::<_, Option<i64>>(3)?.map(UtcMicros::from_micros),
            });
        }
        Ok(contacts)
    }
}

fn insert(draft: &mut Draft<'_>, name: &Text) -> Result<TenantId, RegisterError> {
    let known = draft
        .tx
        .prepare("SELECT 1 FROM tenant WHERE name = ?1")?
        .exists([name.expose()])?;
    if known {
        return Err(RegisterError::TenantExists);
    }
    let id = TenantId(draft.number("tenant")?);
    draft.tx.execute(
        "INSERT INTO tenant (id, name, added_at, recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?3, ?4)",
        params![id.0, name.expose(), draft.now.micros(), draft.operator()?.get()],
    )?;
    let of_operator = format!("tenant={} name={}", id.0, name.expose());
    tell(draft, AuditVerb::TenantAdded, &of_operator)?;
    Ok(id)
}

fn insert_contact(
    draft: &mut Draft<'_>,
    key: &FieldKey,
    tenant: TenantId,
    person: &ContactPerson,
) -> Result<ContactId, RegisterError> {
    let known = draft
        .tx
        .prepare("SELECT 1 FROM tenant WHERE id = ?1")?
        .exists([tenant.0])?;
    if !known {
        return Err(RegisterError::NoSuchTenant);
    }
    let id = ContactId(draft.number("contact")?);
    let sealed = key.seal(
        draft.entropy,
        Field::Contact,
        u64::from(id.0),
        &person.pack(),
    )?;
    draft.tx.execute(
        "INSERT INTO contact (id, tenant, person, active, added_at, recorded_at, recorded_by)
         VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5)",
        params![
            id.0,
            tenant.0,
            sealed,
            draft.now.micros(),
            draft.operator()?.get()
        ],
    )?;
    let sealed = mark(&sealed);
    let of_operator = format!("tenant={} contact={} sealed={sealed}", tenant.0, id.0);
    tell(draft, AuditVerb::ContactAdded, &of_operator)?;
    if responsible::of(&draft.tx, tenant)?.is_none() {
        responsible::appoint(draft, tenant, Some(id))?;
    }
    Ok(id)
}

/// Records what was done with what is no person's.
fn tell(draft: &mut Draft<'_>, verb: AuditVerb, of_operator: &str) -> Result<(), RegisterError> {
    draft.record(
        None,
        &Said {
            verb,
            of_holder: "",
            of_operator,
        },
    )
}

#[cfg(test)]
mod tests {
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
