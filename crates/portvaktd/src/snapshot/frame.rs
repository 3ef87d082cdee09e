//! Frames: the octets of `allowlist.snapshot`. Each is vouched for by a key of the house and has its place among the others.
//!
//! ```text
//! allowlist.snapshot, numbers little-endian
//!  0  8  magic "PVKTALOW"
//!  8  2  format version, u16: 1
//! 10  6  zero
//! 16 16  drawn anew for each file
//! 32  …  frames, one behind another; behind the last of them zeros
//!         0  4  octets of the payload, u32; zero here ends the file
//!         4  4  number in the file, u32, from 0
//!         8  1  kind: 1 more of the list follows, 2 the list ends here, 3 a change
//!         9  7  zero
//!        16  8  the list's generation, u64
//!        24  8  the newest record of the register, u64
//!        32  8  events in the log, u64
//!        40  …  payload: items
//!         … 32  HMAC-SHA-256 under the house's snapshot key over "portvakt allowlist", the file's octets 8 to 31, the frame before
//! an item: 1 and a card, 2 and the tag of a card that left, 3 and u32 octets of facts, JSON
//! ```

use access::Generation;
use hmac::{Hmac, KeyInit, Mac};
use key_store::Key32;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Up to where the register and the log had come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The number of the list.
    pub(crate) generation: u64,
    /// The number of the register's newest record.
    pub(crate) record: u64,
    /// Events in the log, at least.
    pub(crate) log_size: u64,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// A part of the list, not the last.
    Part,
    /// The last part of the list.
    LastPart,
    /// What changed after that.
    Change,
}

/// Makes and checks the frames of one file.
#[derive(Clone)]
pub(super) struct Framing {
    mac: Hmac<Sha256>,
    head: [u8; HEAD_LEN],
}

/// A frame as it was read.
pub(super) struct Frame<'a> {
    pub(super) kind: FrameKind,
    pub(super) mark: Mark,
    pub(super) payload: &'a [u8],
}

/// The key under which files are vouched for.
#[derive(Clone)]
pub(super) struct SnapshotKey(Hmac<Sha256>);

impl SnapshotKey {
    pub(super) fn new(key: &Key32) -> Self {
        let mut padded = Zeroizing::new([0; BLOCK]);
        for (place, octet) in padded.iter_mut().zip(key.as_bytes()) {
            *place = *octet;
        }
        Self(Hmac::new((&*padded).into()).chain_update(DOMAIN))
    }

    /// A new file, under 16 octets that no other has.
    pub(super) fn begin(&self, drawn: [u8; 16]) -> Framing {
        let mut head = [0; HEAD_LEN];
        let octets = MAGIC
            .iter()
            .copied()
            .chain(VERSION.to_le_bytes())
            .chain([0; 6]);
        for (place, octet) in head.iter_mut().zip(octets.chain(drawn)) {
            *place = octet;
        }
        self.of(head)
    }

    /// The file that begins so; what is wrong with its beginning otherwise.
    pub(super) fn resume(&self, head: [u8; HEAD_LEN]) -> Result<Framing, &'static str> {
        if !head.starts_with(MAGIC) {
            return Err("it does not begin as one");
        }
        let [_, _, _, _, _, _, _, _, v0, v1, 0, 0, 0, 0, 0, 0, ..] = head else {
            return Err("its header is none");
        };
        if u16::from_le_bytes([v0, v1]) != VERSION {
            return Err("a later version wrote it");
        }
        Ok(self.of(head))
    }

    fn of(&self, head: [u8; HEAD_LEN]) -> Framing {
        let [_, _, _, _, _, _, _, _, own @ ..] = head;
        Framing {
            mac: self.0.clone().chain_update(own),
            head,
        }
    }
}

impl Framing {
    /// How the file begins.
    pub(super) const fn head(&self) -> &[u8; HEAD_LEN] {
        &self.head
    }

    /// A whole frame; `None` for a payload that is too long.
    pub(super) fn encode(
        &self,
        number: u32,
        kind: FrameKind,
        mark: Mark,
        payload: &[u8],
    ) -> Option<Vec<u8>> {
        let len = u32::try_from(payload.len())
            .ok()
            .filter(|len| *len <= PAYLOAD_MAX)?;
        let mut octets = Vec::with_capacity(FRAME_HEAD_LEN + payload.len() + MAC_LEN);
        octets.extend(len.to_le_bytes());
        octets.extend(number.to_le_bytes());
        octets.push(kind.code());
        octets.extend([0; 7]);
        octets.extend(mark.generation.to_le_bytes());
        octets.extend(mark.record.to_le_bytes());
        octets.extend(mark.log_size.to_le_bytes());
        octets.extend_from_slice(payload);
        let mac = self.mac.clone().chain_update(&octets).finalize();
        octets.extend_from_slice(&mac.into_bytes());
        Some(octets)
    }

    /// The frame of this number, whole with its end; `None` if it is not as it was written.
    pub(super) fn decode<'a>(&self, number: u32, octets: &'a [u8]) -> Option<Frame<'a>> {
        let (body, mac) = octets.split_last_chunk::<MAC_LEN>()?;
        self.mac
            .clone()
            .chain_update(body)
            .verify(mac.into())
            .ok()?;
        let (head, payload) = body.split_first_chunk::<FRAME_HEAD_LEN>()?;
        let (lead, marks) = head.split_first_chunk::<16>()?;
        let [_, _, _, _, n0, n1, n2, n3, kind, 0, 0, 0, 0, 0, 0, 0] = *lead else {
            return None;
        };
        let mut marks = marks.chunks_exact(8).map(|mark| {
            let octets = mark.first_chunk::<8>();
            octets.map_or(0, |octets| u64::from_le_bytes(*octets))
        });
        let mark = Mark {
            generation: marks.next()?,
            record: marks.next()?,
            log_size: marks.next()?,
        };
        if u32::from_le_bytes([n0, n1, n2, n3]) != number {
            return None;
        }
        Some(Frame {
            kind: FrameKind::of_code(kind)?,
            mark,
            payload,
        })
    }
}

/// How long a frame is by its first four octets, if it may be so long; zero: there is none.
pub(super) fn frame_len(lead: [u8; 4]) -> Option<usize> {
    match u32::from_le_bytes(lead) {
        0 => Some(0),
        len if len <= PAYLOAD_MAX => Some(FRAME_HEAD_LEN + usize::try_from(len).ok()? + MAC_LEN),
        _ => None,
    }
}

impl FrameKind {
    const fn code(self) -> u8 {
        match self {
            Self::Part => 1,
            Self::LastPart => 2,
            Self::Change => 3,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        let all = [Self::Part, Self::LastPart, Self::Change];
        all.into_iter().find(|kind| kind.code() == code)
    }
}

impl Mark {
    /// The number of the list.
    pub(crate) const fn generation(self) -> Generation {
        Generation::new(self.generation)
    }
}

/// Octets before the first frame.
pub(super) const HEAD_LEN: usize = 32;
/// The longest payload.
pub(super) const PAYLOAD_MAX: u32 = 8 << 20;
const MAGIC: &[u8; 8] = b"PVKTALOW";
const VERSION: u16 = 1;
const FRAME_HEAD_LEN: usize = 40;
const MAC_LEN: usize = 32;
/// The block of SHA-256, as long as which a key may be.
const BLOCK: usize = 64;
/// What keeps this file apart from others under the same key.
const DOMAIN: &[u8] = b"portvakt allowlist";
