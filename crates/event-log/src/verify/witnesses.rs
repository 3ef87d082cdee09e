//! What witnesses say of the log: each one that the verifier pins must have vouched for a tree that the log extends.

use access::UtcMicros;
use key_store::disk::Disk;

use super::{Finding, VerifierKey, general};
use crate::checkpoint::Checkpoint;
use crate::cosignature::WitnessKey;
use crate::witnessed::Witnessed;

/// How far a witness vouches for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessedBy {
    /// The witness's name.
    pub name: String,
    /// So many records, from the first on.
    pub size: u64,
    /// The tree's root over them.
    pub root: [u8; 32],
    /// When the witness said so, by its own clock.
    pub time: UtcMicros,
}

/// Reads what the pinned witnesses said. It is read before the log's own checkpoint: a log at work only grows meanwhile.
pub(super) fn read(disk: &dyn Disk, keys: &[WitnessKey]) -> Result<Option<Witnessed>, Finding> {
    if keys.is_empty() {
        return Ok(None);
    }
    Ok(Some(Witnessed::read(disk)?))
}

/// Checks it, for each of them.
pub(super) fn check(
    witnessed: Option<&Witnessed>,
    log: &VerifierKey,
    keys: &[WitnessKey],
) -> Result<Vec<(WitnessedBy, Checkpoint)>, Finding> {
    let Some(witnessed) = witnessed else {
        return Ok(Vec::new());
    };
    let of = |key: &WitnessKey| {
        let (checkpoint, cosigned) = witnessed.newest(log, key).map_err(|fault| {
            general(format!(
                "witnessed: nothing by the witness {} that can be believed: {fault}",
                key.name()
            ))
        })?;
        let by = WitnessedBy {
            name: key.name().to_owned(),
            size: checkpoint.size,
            root: checkpoint.root,
            time: cosigned.time,
        };
        Ok((by, checkpoint))
    };
    keys.iter().map(of).collect()
}
