//! Forgetting: the holder of a returned card leaves the key store, the log and the register, in this order, each step durable
//! before the next and repeatable after a crash (M19).

use std::fmt;

use access::{IssuanceId, UtcMicros};
use event_log::{LogError, PartOwner};
use key_store::KeyError;
use register::{Change, Register, RegisterError};

use crate::archive::ArchiveError;
use crate::ledger::Ledger;
use crate::log_handle::NotLogged;

/// Why somebody is not forgotten yet.
#[derive(Debug)]
pub(crate) enum ForgettingError {
    /// The register or the key store refused.
    Register(RegisterError),
    /// The log's past cannot be read.
    Archive(ArchiveError),
    /// What is in the log could not be overwritten.
    Log(NotLogged),
}

/// Forgets the holder: notes in the log's own journal what is to be overwritten, destroys the key, overwrites, and clears the
/// register. The change that is given has the record that says so.
///
/// # Errors
/// [`ForgettingError`]; what is missing is made good by the same call, or at the next start.
pub(crate) fn forget(
    register: &mut Register,
    ledger: &Ledger,
    (issuance, now): (IssuanceId, UtcMicros),
) -> Result<Change, ForgettingError> {
    let holder = register
        .returned_holder(issuance, now)
        .map_err(ForgettingError::Register)?;
    if let Some(holder) = holder {
        // What the disk refused of an earlier one, whose records may be half overwritten.
        ledger.log.finish_erasure().map_err(ForgettingError::Log)?;
        let _held = ledger.archive.hold_indexing();
        let size = ledger.log.state().size;
        let found = ledger.archive.parts_of(PartOwner::Holder(holder), 0..size);
        match found {
            Ok(found) => {
                let unindexed = ledger.archive.read(|reader| reader.unindex(&found));
                unindexed.map_err(ForgettingError::Archive)?;
                ledger
                    .log
                    .begin_erasure(found)
                    .map_err(ForgettingError::Log)?;
            }
            // The key went in an earlier try, and what it noted before was overwritten at the start.
            Err(ArchiveError::Log(LogError::Keys(KeyError::NoKey { .. }))) => {}
            Err(cause) => return Err(ForgettingError::Archive(cause)),
        }
        register
            .destroy_returned_key(issuance, now)
            .map_err(ForgettingError::Register)?;
        ledger.log.finish_erasure().map_err(ForgettingError::Log)?;
    }
    register
        .finish_return(issuance, now)
        .map_err(ForgettingError::Register)
}

impl fmt::Display for ForgettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Register(cause) => cause.fmt(f),
            Self::Archive(cause) => cause.fmt(f),
            Self::Log(cause) => write!(
                f,
                "{cause}; what is to be erased is noted and is erased at the next start"
            ),
        }
    }
}
