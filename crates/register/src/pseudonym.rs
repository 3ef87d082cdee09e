//! Pseudonym: an issuance's number as it is stored.

use access::IssuanceId;

use crate::error::RegisterError;

/// The pseudonym with this number; a greater one than there can be is damage.
pub(crate) fn pseudonym(stored: u32) -> Result<IssuanceId, RegisterError> {
    IssuanceId::new(stored).ok_or(RegisterError::corrupt("a pseudonym of more than 30 bits"))
}
