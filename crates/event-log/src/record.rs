//! Records: an event as it lies in the log. The octets are drawn in `docs/event-log-format.md`.
//!
//! `frame ‖ header ‖ part₁ ‖ …`. The header is clear and hashed; each part is sealed under one key and hashed by itself; the
//! frame finds its way back after a crash and is not hashed.

mod codec;
mod frame;
mod header;
mod parts;
mod seal;
mod view;

pub(crate) use codec::{CodecError, Payload};
pub(crate) use frame::{FRAME_LEN, Frame, Place};
pub(crate) use header::{Header, PARTS_MAX};
pub(crate) use parts::{Share, shares_of};
pub(crate) use seal::{BodyKey, HANDLE_LEN, InstanceId, Seat, TAG_LEN};
pub use view::View;

use crate::short_hash::sha256;
use crate::tree::Hash;

/// Octets of the longest record, frame included.
pub(crate) const RECORD_LEN_MAX: usize = 8 * 1024;

/// The leaf of a record (log.md): `SHA-256(0x00 ‖ header ‖ SHA-256(part₁) ‖ …)`. A scrubbed part lies there as its own hash.
pub(crate) fn leaf(header: &[u8], part_hashes: impl Iterator<Item = Hash>) -> Hash {
    let mut hashes = [Hash::default(); PARTS_MAX];
    let mut count = 0;
    for (to, hash) in hashes.iter_mut().zip(part_hashes) {
        *to = hash;
        count += 1;
    }
    let hashes = hashes.get(..count).unwrap_or_default();
    sha256([&[LEAF_MARK], header, hashes.as_flattened()])
}

/// The same leaf, from all that is hashed: `header ‖ SHA-256(part₁) ‖ …`.
pub(crate) fn leaf_of_entry(entry: &[u8]) -> Hash {
    sha256([&[LEAF_MARK], entry])
}

/// What a part adds to its record's leaf.
pub(crate) fn part_hash(part: &[u8], scrubbed: bool) -> Hash {
    if scrubbed {
        part.first_chunk().copied().unwrap_or_default()
    } else {
        sha256([part])
    }
}

/// What lies where a part was scrubbed: its hash, then zeros.
pub(crate) fn scrub(part: &mut [u8]) {
    let hash = part_hash(part, false);
    part.fill(0);
    part.iter_mut()
        .zip(hash)
        .for_each(|(octet, by)| *octet = by);
}

/// RFC 6962, 2.1: leaves and nodes are hashed apart.
const LEAF_MARK: u8 = 0;
