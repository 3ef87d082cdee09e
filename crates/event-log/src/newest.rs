//! The newest checkpoint of a log, as its file has it.

use key_store::disk::Disk;

use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::note::{Note, VerifierKey};
use crate::text_file;

/// Reads `checkpoint`, which must be signed by this key and be of its log; the note's text comes with it.
///
/// # Errors
/// [`LogError::DamagedFile`], or what the disk says.
pub(crate) fn newest_checkpoint(
    disk: &dyn Disk,
    key: &VerifierKey,
) -> Result<(String, Checkpoint), LogError> {
    let damaged = |what| LogError::DamagedFile {
        file: "log/checkpoint",
        what,
    };
    let octets = text_file::octets(disk, PATH);
    let octets = octets.map_err(LogError::io("log/checkpoint cannot be read"))?;
    let text = String::from_utf8(octets).map_err(|_| damaged("it is not text"))?;
    let note: Note = text.parse().map_err(|_| damaged("it is no signed note"))?;
    let checkpoint = Checkpoint::open(&note, key)
        .ok()
        .filter(|checkpoint| checkpoint.origin == key.name())
        .ok_or(damaged("it is not signed by this log's key"))?;
    Ok((text, checkpoint))
}

/// Its name, in a log's folder and in one of tiles.
pub(crate) const PATH: &str = "checkpoint";
