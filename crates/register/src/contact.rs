//! Contact: the person of a tenant who answers for a card's holder (M14).

use access::UtcMicros;

use crate::error::RegisterError;
use crate::holder::ContactPerson;

/// A tenant; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub(crate) u32);

impl TenantId {
    /// Wraps the stored number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number as it is stored.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A contact person; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub(crate) u32);

/// A contact person who was active when looked up, and the tenant they answer for. Only the register makes one; whether
/// they still are is asked once more where it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveContact {
    pub(crate) tenant: TenantId,
    pub(crate) contact: ContactId,
}

/// A contact person as registered.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// The number.
    pub id: ContactId,
    /// Name and mobile.
    pub person: ContactPerson,
    /// Whether cards may be bound to them.
    pub active: bool,
    /// When they are to be inactive, if that was said ahead.
    pub leaves_at: Option<UtcMicros>,
}

/// The one of a tenant's contacts who is active and has this name.
pub(crate) fn one_active(
    tenant: TenantId,
    contacts: &[ContactRow],
    name: &str,
) -> Result<ActiveContact, RegisterError> {
    let named: Vec<&ContactRow> = contacts
        .iter()
        .filter(|row| row.person.name.names_the_same(name))
        .collect();
    let active: Vec<&&ContactRow> = named.iter().filter(|row| row.active).collect();
    match (active.as_slice(), named.as_slice()) {
        ([one], _) => Ok(ActiveContact {
            tenant,
            contact: one.id,
        }),
        ([], []) => Err(RegisterError::NoSuchContact),
        ([], _) => Err(RegisterError::ContactInactive),
        _ => Err(RegisterError::ContactAmbiguous),
    }
}
