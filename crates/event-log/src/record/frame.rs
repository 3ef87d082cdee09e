//! The frame around a record: how it is found again, and how a torn one is told.
//!
//! ```text
//! 0   length    2   u16 little-endian, octets after the frame
//! 2   scrubbed  1   bit i: part i was overwritten by its hash
//! 3   version   1   bits 0–3 format version, bit 7 last record of its batch, others 0
//! 4   batch     4   u32 little-endian, one more for each flush
//! 8   check     4   CRC-32C little-endian over segment (u32le) ‖ index (u64le) ‖ octets 0–7 ‖ record
//! ```
//!
//! Segment and index go into the check, so what a recycled block held before never parses as a record of its new place.

use super::header::{HEADER_LEN_MAX, PARTS_MAX, UNIT};
use super::{Header, RECORD_LEN_MAX};
use crate::crc32c::CRC;

/// Octets of a frame.
pub(crate) const FRAME_LEN: usize = 12;

/// Where a record stands: in which segment, and as which leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The segment's number.
    pub(crate) segment: u32,
    /// The record's index, from 0.
    pub(crate) index: u64,
}

/// A frame, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Octets of header and parts.
    pub(crate) len: usize,
    /// One bit a part.
    pub(crate) scrubbed: u8,
    /// The flush it was written by.
    pub(crate) batch: u32,
    /// Whether it is the last record of that flush.
    pub(crate) last: bool,
}

/// What is wrong with the octets at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameFault {
    /// Only zeros: nothing was written here yet.
    Empty,
    /// More octets are needed than there are.
    Short,
    /// This is no frame of this format.
    Form,
    /// The check is wrong.
    Check,
}

impl Frame {
    /// Writes frame and record: `out` receives 12 octets and then `record`.
    ///
    /// A record longer than the format allows is refused with `None`.
    pub(crate) fn wrap(&self, place: Place, record: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let len = u16::try_from(record.len()).ok()?;
        if record.len() > RECORD_LEN_MAX - FRAME_LEN {
            return None;
        }
        let last = if self.last { LAST } else { 0 };
        let [l0, l1] = len.to_le_bytes();
        let [b0, b1, b2, b3] = self.batch.to_le_bytes();
        let head = [l0, l1, self.scrubbed, VERSION | last, b0, b1, b2, b3];
        out.extend(head);
        out.extend(check(place, &head, record).to_le_bytes());
        out.extend(record);
        Some(())
    }

    /// Reads the frame at the beginning of `octets` and checks the record behind it. Gives both.
    pub(crate) fn unwrap(place: Place, octets: &[u8]) -> Result<(Self, &[u8]), FrameFault> {
        let (frame, record) = Self::form(octets)?;
        let (head, rest) = octets.split_first_chunk::<8>().ok_or(FrameFault::Short)?;
        let sent = rest.first_chunk::<4>().ok_or(FrameFault::Short)?;
        if check(place, head, record) != u32::from_le_bytes(*sent) {
            return Err(FrameFault::Check);
        }
        Ok((frame, record))
    }

    /// As [`Frame::unwrap`], without the check: whether frame and header fit each other. Cheap, and not yet to be believed.
    pub(crate) fn form(octets: &[u8]) -> Result<(Self, &[u8]), FrameFault> {
        let frame = Self::shape(octets)?;
        let rest = octets.get(FRAME_LEN..).ok_or(FrameFault::Short)?;
        let record = rest.get(..frame.len).ok_or(FrameFault::Short)?;
        let header = Header::decode(record).ok_or(FrameFault::Form)?;
        if header.len() + header.body_len() != frame.len
            || frame.scrubbed >> header.part_lens().count() != 0
        {
            return Err(FrameFault::Form);
        }
        Ok((frame, record))
    }

    /// Reads the frame's own octets, which are not yet to be believed.
    fn shape(octets: &[u8]) -> Result<Self, FrameFault> {
        let (head, _) = octets
            .split_first_chunk::<FRAME_LEN>()
            .ok_or(FrameFault::Short)?;
        let &[l0, l1, scrubbed, version, b0, b1, b2, b3, ..] = head;
        let len = usize::from(u16::from_le_bytes([l0, l1]));
        // The version first: a search for records asks this at every octet.
        if version & !LAST != VERSION
            || !(RECORD_LEN_LEAST..=RECORD_LEN_MOST).contains(&len)
            || scrubbed >> PARTS_MAX != 0
        {
            return Err(if *head == [0; FRAME_LEN] {
                FrameFault::Empty
            } else {
                FrameFault::Form
            });
        }
        let batch = u32::from_le_bytes([b0, b1, b2, b3]);
        Ok(Self {
            len,
            scrubbed,
            batch,
            last: version & LAST != 0,
        })
    }
}

fn check(place: Place, head: &[u8], record: &[u8]) -> u32 {
    let mut digest = CRC.digest();
    digest.update(&place.segment.to_le_bytes());
    digest.update(&place.index.to_le_bytes());
    digest.update(head);
    digest.update(record);
    digest.finalize()
}

const VERSION: u8 = 1;
const LAST: u8 = 0x80;
/// One part of 32 octets behind the shortest header.
const RECORD_LEN_LEAST: usize = HEADER_LEN_MAX - PARTS_MAX + 1 + 2 * UNIT;
const RECORD_LEN_MOST: usize = RECORD_LEN_MAX - FRAME_LEN;

#[cfg(test)]
mod tests {
    use access::UtcMicros;

    use super::*;
    use crate::event::Class;

    const PLACE: Place = Place {
        segment: 3,
        index: 1_000,
    };

    fn record() -> Vec<u8> {
        let mut record = Vec::new();
        Header::new(Class::Door, UtcMicros::from_micros(5), 2, &[32])
            .unwrap()
            .encode(&mut record);
        record.extend([0xAB; 32]);
        record
    }

    fn framed() -> Vec<u8> {
        let mut octets = Vec::new();
        let frame = Frame {
            len: record().len(),
            scrubbed: 0,
            batch: 7,
            last: true,
        };
        frame.wrap(PLACE, &record(), &mut octets).unwrap();
        octets
    }

    #[test]
    fn a_frame_is_these_octets() {
        let octets = framed();
        assert_eq!(octets[..8], [48, 0, 0, 0x81, 7, 0, 0, 0]);
        assert_eq!(octets[12..], record());
        let (frame, found) = Frame::unwrap(PLACE, &octets).unwrap();
        assert_eq!((frame.len, frame.batch, frame.last), (48, 7, true));
        assert_eq!(found, record());
    }

    #[test]
    fn it_parses_in_its_own_place_only() {
        let octets = framed();
        for place in [
            Place {
                segment: 4,
                ..PLACE
            },
            Place {
                index: 1_001,
                ..PLACE
            },
        ] {
            assert_eq!(Frame::unwrap(place, &octets), Err(FrameFault::Check));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let octets = framed();
        for bit in 0..octets.len() * 8 {
            let mut flipped = octets.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Frame::unwrap(PLACE, &flipped).is_err(), "bit {bit}");
        }
        for len in 0..octets.len() {
            assert!(
                Frame::unwrap(PLACE, &octets[..len]).is_err(),
                "{len} octets"
            );
        }
        assert_eq!(Frame::unwrap(PLACE, &[0; 64]), Err(FrameFault::Empty));
    }
}
