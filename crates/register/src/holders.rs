//! Holders: those of one tenant, opened one after the other.

use access::IssuanceId;
use key_store::Owner;

use crate::contact::TenantId;
use crate::error::RegisterError;
use crate::holder::HolderFields;
use crate::list::opened_holder;
use crate::register::Register;
use crate::seal::FieldKey;

impl Register {
    /// Calls `each` with the holder of every issuance of a tenant that was not returned and whose holder is known, in the order of the pseudonyms.
    pub(crate) fn holders_of(
        &self,
        tenant: TenantId,
        each: &mut dyn FnMut(IssuanceId, &HolderFields),
    ) -> Result<(), RegisterError> {
        let mut statement = self.connection.prepare(
            "SELECT id, slot, holder FROM issuance WHERE tenant = ?1 AND state <> 'returned' ORDER BY id",
        )?;
        let mut rows = statement.query([tenant.0])?;
        while let Some(row) = rows.next()? {
            let id = IssuanceId::from_random(row.get(0)?);
            let key = FieldKey::of_owner(&self.keys, row.get(1)?, Owner::Issuance(id.get()))?;
            if let Some(holder) = opened_holder(&key, id, &row.get::<_, Vec<u8>>(2)?)? {
                each(id, &holder);
            }
        }
        Ok(())
    }
}
