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

use sha2::{Digest, Sha256};

pub(crate) use codec::{CodecError, Payload};
pub(crate) use frame::{FRAME_LEN, Frame, Place};
pub(crate) use header::Header;
pub(crate) use parts::{Share, shares_of};
pub(crate) use seal::{BodyKey, HANDLE_LEN, InstanceId, Seat, TAG_LEN};
pub use view::View;

use crate::tree::Hash;

/// Octets of the longest record, frame included.
pub(crate) const RECORD_LEN_MAX: usize = 8 * 1024;

/// The leaf of a record (log.md): `SHA-256(0x00 ‖ header ‖ SHA-256(part₁) ‖ …)`. A scrubbed part lies there as its own hash.
pub(crate) fn leaf(header: &[u8], part_hashes: impl Iterator<Item = Hash>) -> Hash {
    let mut digest = Sha256::new();
    digest.update([LEAF_MARK]);
    digest.update(header);
    part_hashes.for_each(|hash| digest.update(hash));
    digest.finalize().into()
}

/// What a part adds to its record's leaf.
pub(crate) fn part_hash(part: &[u8], scrubbed: bool) -> Hash {
    if scrubbed {
        part.first_chunk().copied().unwrap_or_default()
    } else {
        Sha256::digest(part).into()
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
