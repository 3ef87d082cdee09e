//! Recovery: telling a torn end from damage, and cutting it.
//!
//! A batch is written only after the flush before it has returned. So a bad frame is torn only if no valid frame of a later
//! batch stands behind it; anything else is damage, and damage is never cut (log.md, "Torn tail").

use std::{fmt, io};

use key_store::disk::DiskFile;
use sha2::{Digest, Sha256};

use crate::record::{FRAME_LEN, Frame, Place};
use crate::segment::write_zeros;
use crate::tree::Hash;

/// What was cut off the log's end at its opening. None of it was ever acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Octets cut.
    pub octets: u64,
    /// Their SHA-256.
    pub hash: [u8; 32],
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "torn end cut: {} octets, SHA-256 ", self.octets)?;
        self.hash
            .iter()
            .try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// Where the whole records of a segment end, and which flush is the next to write there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The first octet behind them.
    pub(crate) offset: u64,
    /// The segment, and the index a next record would have.
    pub(crate) place: Place,
    /// The flush under way: the last record's, or the next one's if the last record completes its own.
    pub(crate) flush: u32,
}

/// What lies behind the end of the whole records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Only zeros.
    Nothing,
    /// What a flush left that never returned: so many octets up to the last that is not zero, with this hash.
    Torn(Recovery),
    /// Something that no crash leaves: at this offset a later flush begins.
    Damage(u64),
}

/// Looks at what lies behind the end.
///
/// # Errors
/// What the disk says.
pub(crate) fn rest_of(file: &dyn DiskFile, end: End) -> io::Result<Rest> {
    let Some(octets) = tail(file, end.offset)? else {
        return Ok(Rest::Damage(end.offset));
    };
    if octets.is_empty() {
        return Ok(Rest::Nothing);
    }
    if let Some(at) = later_flush(&octets, end) {
        return Ok(Rest::Damage(
            end.offset
                .saturating_add(u64::try_from(at).unwrap_or(u64::MAX)),
        ));
    }
    let hash: Hash = Sha256::digest(&octets).into();
    Ok(Rest::Torn(Recovery {
        octets: u64::try_from(octets.len()).unwrap_or(u64::MAX),
        hash,
    }))
}

/// Overwrites what was torn with zeros, durably.
pub(crate) fn cut(file: &dyn DiskFile, offset: u64, torn: &Recovery) -> io::Result<()> {
    write_zeros(file, offset, offset.saturating_add(torn.octets))?;
    file.sync()
}

/// Everything from `offset` to the last octet that is not zero; `None` if that is more than one flush can leave.
fn tail(file: &dyn DiskFile, offset: u64) -> io::Result<Option<Vec<u8>>> {
    let there = file.len()?.saturating_sub(offset);
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    if there >= TAIL_LEN_MAX {
        return Ok(None);
    }
    let mut octets = vec![0; there];
    let read = file.read_at(&mut octets, offset)?;
    octets.truncate(read);
    octets.truncate(end_of(&octets));
    Ok(Some(octets))
}

/// Where the zeros at the end begin. Most of what lies behind the records is zeros, and they are passed over by the block.
pub(crate) fn end_of(octets: &[u8]) -> usize {
    let mut blocks = octets.rchunks(ZEROS.len());
    let zeros = blocks
        .by_ref()
        .take_while(|block| ZEROS.get(..block.len()) == Some(*block))
        .map(<[u8]>::len)
        .sum();
    let rest = octets.len().saturating_sub(zeros);
    let last = octets.iter().take(rest).rposition(|octet| *octet != 0);
    last.map_or(0, |last| last + 1)
}

/// Where a whole record of a flush after the one under way begins, or where the search was given up: what cannot be told from
/// damage is not cut.
fn later_flush(octets: &[u8], end: End) -> Option<usize> {
    let mut budget = CHECKED_OCTETS_MAX;
    (1..octets.len()).find(|at| {
        let Some(rest) = octets.get(*at..) else {
            return false;
        };
        let Ok((frame, _)) = Frame::form(rest) else {
            return false;
        };
        let ahead = frame.batch.wrapping_sub(end.flush);
        if ahead == 0 || ahead > FLUSHES_AHEAD_MAX {
            return false;
        }
        // How many records the damage swallowed is not known, and the index is in the check.
        (1..=at / RECORD_LEN_MIN + 1).any(|swallowed| {
            budget = budget.saturating_sub(frame.len);
            let swallowed = u64::try_from(swallowed).unwrap_or(u64::MAX);
            let place = Place {
                index: end.place.index.saturating_add(swallowed),
                ..end.place
            };
            budget == 0 || Frame::unwrap(place, rest).is_ok()
        })
    })
}

/// A block of zeros to compare with.
static ZEROS: [u8; 4_096] = [0; 4_096];
/// Flushes whose records can lie in one segment.
const FLUSHES_AHEAD_MAX: u32 = 1 << 24;
/// Octets of the shortest record with its frame.
const RECORD_LEN_MIN: usize = FRAME_LEN + 16 + 32;
/// What the search for a later flush may cost: a hostile file must not keep a verifier for hours. A torn end costs next to nothing
/// of it, since only what has a frame's form is checked.
const CHECKED_OCTETS_MAX: usize = 512 * 1024 * 1024;
/// What one flush can leave behind, zeros ahead included: more than [`FLUSH_LEN_MAX`](super::FLUSH_LEN_MAX) and the zeros.
const TAIL_LEN_MAX: usize = 16 * 1024 * 1024;
