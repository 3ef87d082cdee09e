//! Resolve: the names in a list, each looked up once.

use std::collections::{BTreeMap, HashMap};

use access::DoorId;

use super::problem::{Fault, ImportFault};
use crate::contact::{ActiveContact, ContactRow, TenantId, one_active};
use crate::error::RegisterError;
use crate::register::Register;
use crate::rights::{PlaceRight, RIGHTS_MAX};

/// The names of tenants, contacts and doors, and the sets of doors met so far.
pub(super) struct Names {
    doors: HashMap<String, DoorId>,
    tenants: HashMap<String, Tenant>,
    sets: HashMap<Vec<DoorId>, u32>,
    pub(super) rights: Vec<Vec<PlaceRight>>,
}

struct Tenant {
    id: TenantId,
    has_responsible: bool,
    contacts: Vec<ContactRow>,
    known: HashMap<String, Result<ActiveContact, ImportFault>>,
}

impl Names {
    pub(super) fn of(register: &Register) -> Result<Self, RegisterError> {
        let mut statement = register.connection.prepare("SELECT name, id FROM door")?;
        let doors = statement
            .query_map([], |row| Ok((row.get(0)?, DoorId::new(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        let tenants = register.tenants()?.into_iter().map(|row| {
            let tenant = Tenant {
                id: row.id,
                has_responsible: row.responsible.is_some(),
                contacts: row.contacts,
                known: HashMap::new(),
            };
            (row.name, tenant)
        });
        Ok(Self {
            doors,
            tenants: tenants.collect(),
            sets: HashMap::new(),
            rights: Vec::new(),
        })
    }

    /// The active contact person of that name; or the column and what is wrong there.
    pub(super) fn contact(&mut self, tenant: &str, name: &str) -> Result<ActiveContact, Fault> {
        let tenant = self
            .tenants
            .get_mut(tenant.trim())
            .ok_or(("tenant", ImportFault::NoSuchTenant))?;
        if let Some(known) = tenant.known.get(name) {
            return known.clone().map_err(|fault| ("contact", fault));
        }
        let found = one_active(tenant.id, &tenant.contacts, name).map_err(|error| fault(&error));
        tenant.known.insert(name.to_owned(), found.clone());
        found.map_err(|fault| ("contact", fault))
    }

    /// Whether somebody answers for the tenant (M24).
    pub(super) fn has_responsible(&self, tenant: &str) -> bool {
        let tenant = self.tenants.get(tenant.trim());
        tenant.is_some_and(|tenant| tenant.has_responsible)
    }

    /// The number of the set of these doors, if there are any.
    pub(super) fn doors(&mut self, names: &[String]) -> Result<Option<u32>, ImportFault> {
        if names.is_empty() {
            return Ok(None);
        }
        if names.len() > RIGHTS_MAX {
            return Err(ImportFault::TooManyDoors { found: names.len() });
        }
        let mut doors = BTreeMap::new();
        for name in names {
            let door = self
                .doors
                .get(name.trim())
                .ok_or_else(|| ImportFault::NoSuchDoor(name.trim().to_owned()))?;
            if doors.insert(*door, ()).is_some() {
                return Err(ImportFault::DoorTwice(name.trim().to_owned()));
            }
        }
        let doors: Vec<DoorId> = doors.into_keys().collect();
        if let Some(known) = self.sets.get(&doors) {
            return Ok(Some(*known));
        }
        let number = u32::try_from(self.rights.len()).unwrap_or(u32::MAX);
        self.rights
            .push(doors.iter().map(|door| PlaceRight::on(*door)).collect());
        self.sets.insert(doors, number);
        Ok(Some(number))
    }

    /// The rights of a set.
    pub(super) fn set(&self, number: u32) -> &[PlaceRight] {
        usize::try_from(number)
            .ok()
            .and_then(|at| self.rights.get(at))
            .map_or(&[], Vec::as_slice)
    }
}

fn fault(error: &RegisterError) -> ImportFault {
    if matches!(error, RegisterError::ContactInactive) {
        ImportFault::ContactInactive
    } else if matches!(error, RegisterError::ContactAmbiguous) {
        ImportFault::ContactAmbiguous
    } else {
        ImportFault::NoSuchContact
    }
}
