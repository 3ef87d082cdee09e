//! Stored octets, read alone: for tests that hand the log's parsers whatever there is, past the checks and signatures that
//! keep strangers from them. The log itself calls nothing here.
//!
//! What is read is written again, and the two are compared: `Some(false)` would be a parser that takes what no writer writes.

use key_store::disk::Disk;

use crate::crc32c::append_check;
use crate::epoch::{SEAL_LEN, Seal};
use crate::error::LogError;
use crate::index::Index;
use crate::record::{Frame, Payload, Place, View};
use crate::scrub::Journal;
use crate::seals::{SealTable, SealWalk};
use crate::segment::{HEAD_LEN, Head, Sighting};
use crate::tiles::TileReader;
use crate::witnessed::Witnessed;

/// What a part says; `None` if the octets are no part.
#[must_use]
pub fn part(octets: &[u8]) -> Option<bool> {
    let payload = Payload::decode(octets).ok()?;
    let written = payload.encode()?;
    let (same, padding) = octets.split_at_checked(written.len())?;
    // A code that this version does not know is refused only here.
    View::default().add(payload).ok();
    Some(same == written && padding.iter().all(|octet| *octet == 0))
}

/// A frame with its record, whatever its check; `None` if they do not fit each other.
#[must_use]
pub fn record(octets: &[u8]) -> Option<bool> {
    let (frame, record) = Frame::form(octets).ok()?;
    let place = Place {
        segment: 3,
        index: 5,
    };
    let mut written = Vec::new();
    let wrapped = frame.wrap(place, record, &mut written);
    let read_again = wrapped.and_then(|()| Sighting::of(place, &written));
    Some(read_again.is_some_and(|sighting| {
        let parts_len: usize = sighting.parts().map(|(part, _)| part.len()).sum();
        sighting.frame == frame && sighting.header_octets().len() + parts_len == record.len()
    }))
}

/// The head of a segment, whatever its check.
#[must_use]
pub fn segment_head(octets: &[u8]) -> Option<bool> {
    let head = with_check(octets, HEAD_LEN)?;
    let decoded = Head::decode(&head).ok()?;
    // Behind the origin and between the fields there may be anything; what is read of it is the same.
    let again = Head::decode(&decoded.encode()?).ok()?;
    Some(again.encode() == decoded.encode())
}

/// A seal, whatever its check and signature.
#[must_use]
pub fn seal(octets: &[u8]) -> Option<bool> {
    let octets = with_check(octets, SEAL_LEN)?;
    let seal = Seal::decode(octets.first_chunk()?)?;
    Some(seal.encode() == octets)
}

/// Every file of a log's folder that has a parser of its own, as far as it can be read; gives how many could. `wanted` says
/// which record, handle, block or day is looked for.
pub fn files(disk: &dyn Disk, wanted: u64) -> usize {
    let [low, _, _, _, high, ..] = wanted.to_le_bytes();
    let handle = std::array::from_fn(|at| if at % 2 == 0 { low } else { high });
    let index = Index::open(disk, 0).and_then(|index| index.find(handle).ok());
    let tree = TileReader::open(disk).before_block(wanted);
    let table = SealTable::open(disk).ok().flatten();
    let sealed = table.and_then(|table| table.at(wanted).ok());
    let read = [
        index.is_some(),
        tree.is_some(),
        sealed.is_some(),
        walk_seals(disk).is_ok_and(|any| any),
        Journal::load(disk).is_ok_and(|journal| journal.is_some()),
        Witnessed::read(disk).is_ok_and(|witnessed| witnessed != Witnessed::default()),
    ];
    read.into_iter().filter(|is_read| *is_read).count()
}

/// These octets with the check that a file of the log has behind them.
#[must_use]
pub fn checked(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    append_check(&mut octets);
    octets
}

fn walk_seals(disk: &dyn Disk) -> Result<bool, LogError> {
    let Some(mut walk) = SealWalk::begin(disk)? else {
        return Ok(false);
    };
    while walk.next()?.is_some() {}
    Ok(true)
}

/// As long as it must be, with its check.
fn with_check(octets: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut body = octets.to_vec();
    body.resize(len.checked_sub(4)?, 0);
    Some(checked(&body))
}
