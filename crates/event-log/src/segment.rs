//! Segments: the files the records lie in. The octets are drawn in `docs/event-log-format.md`.
//!
//! ```text
//! 0      magic             8    "PVKTSEG1"
//! 8      version           2    u16 little-endian: 1
//! 10     origin length     2    u16 little-endian, at most 256
//! 12     segment           4    u32 little-endian
//! 16     first index       8    u64 little-endian
//! 24     instance id      16
//! 40     frontier count    1    subtrees of the tree before the first index
//! 41     zero              3
//! 44     first flush       4    u32 little-endian, the number of the flush that writes the first record
//! 48     frontier       2048    64 × 32, largest subtree first, rest zero
//! 2096   origin          256    UTF-8, rest zero
//! 2352   schema         1740    how to read what follows, UTF-8, rest zero
//! 4092   check             4    CRC-32C little-endian over octets 0–4091
//! 4096   records
//! ```

mod list;
mod walk;

use std::{fmt, io};

use key_store::disk::DiskFile;

pub(crate) use list::Segments;
pub(crate) use walk::{Found, Sighting, Walk, read_head};

use crate::crc32c::{append_check, checked};
use crate::record::InstanceId;
use crate::tree::{FRONTIER_MAX, Tree};

/// Octets of a segment's head; records begin behind it.
pub(crate) const HEAD_LEN: usize = 4_096;
/// The same, as an offset.
pub(crate) const RECORDS_AT: u64 = 4_096;
/// Where the segments lie, below the log's folder.
pub(crate) const DIR: &str = "segments";
/// Octets of the longest origin.
pub(crate) const ORIGIN_LEN_MAX: usize = 256;

/// What a segment says of itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its number; segments are read in this order.
    pub(crate) segment: u32,
    /// The log, and this life of it.
    pub(crate) instance: InstanceId,
    /// The log's identity.
    pub(crate) origin: String,
    /// The tree over everything before.
    pub(crate) before: Tree,
    /// The number of the flush that writes the first record; within a segment they are consecutive.
    pub(crate) flush: u32,
}

/// The path of a segment below the log's folder.
pub(crate) fn path_of(segment: u32) -> String {
    format!("{DIR}/{segment:010}.seg")
}

/// The number of the segment with this file name.
pub(crate) fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".seg")?;
    let plain = digits.len() == 10 && digits.bytes().all(|octet| octet.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

impl Head {
    /// The index of the first record.
    pub(crate) const fn first_index(&self) -> u64 {
        self.before.size()
    }

    /// The head's octets; `None` if the origin is too long.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        if self.origin.len() > ORIGIN_LEN_MAX {
            return None;
        }
        let mut head = Vec::with_capacity(HEAD_LEN);
        head.extend(MAGIC);
        head.extend(VERSION.to_le_bytes());
        head.extend(u16::try_from(self.origin.len()).ok()?.to_le_bytes());
        head.extend(self.segment.to_le_bytes());
        head.extend(self.first_index().to_le_bytes());
        head.extend(self.instance);
        head.push(u8::try_from(self.before.frontier().len()).ok()?);
        head.resize(FLUSH_AT, 0);
        head.extend(self.flush.to_le_bytes());
        self.before
            .frontier()
            .iter()
            .for_each(|hash| head.extend(hash));
        head.resize(ORIGIN_AT, 0);
        head.extend(self.origin.as_bytes());
        head.resize(SCHEMA_AT, 0);
        head.extend(SCHEMA.as_bytes());
        head.resize(CHECK_AT, 0);
        append_check(&mut head);
        Some(head)
    }

    /// Reads a head.
    pub(crate) fn decode(octets: &[u8]) -> Result<Self, HeadFault> {
        let octets = octets.get(..HEAD_LEN).ok_or(HeadFault::Short)?;
        if !octets.starts_with(MAGIC) {
            return Err(HeadFault::Magic);
        }
        let checked = checked(octets).ok_or(HeadFault::Check)?;
        let (_, rest) = checked.split_first_chunk::<8>().ok_or(HeadFault::Short)?;
        let (version, rest) = rest.split_first_chunk().ok_or(HeadFault::Short)?;
        match u16::from_le_bytes(*version) {
            VERSION => Self::decode_version_1(checked, rest).ok_or(HeadFault::Form),
            found => Err(HeadFault::Version { found }),
        }
    }

    fn decode_version_1(whole: &[u8], rest: &[u8]) -> Option<Self> {
        let (origin_len, rest) = rest.split_first_chunk()?;
        let (segment, rest) = rest.split_first_chunk()?;
        let (first_index, rest) = rest.split_first_chunk()?;
        let (instance, rest) = rest.split_first_chunk()?;
        let count = usize::from(*rest.first()?);
        let flush = whole.get(FLUSH_AT..FRONTIER_AT)?.first_chunk()?;
        let frontier = whole
            .get(FRONTIER_AT..ORIGIN_AT)?
            .as_chunks()
            .0
            .get(..count)?
            .to_vec();
        let origin_end = ORIGIN_AT + usize::from(u16::from_le_bytes(*origin_len));
        let origin = whole.get(ORIGIN_AT..origin_end.min(SCHEMA_AT + 1))?;
        Some(Self {
            segment: u32::from_le_bytes(*segment),
            instance: *instance,
            origin: std::str::from_utf8(origin).ok()?.to_owned(),
            before: Tree::from_frontier(u64::from_le_bytes(*first_index), frontier)?,
            flush: u32::from_le_bytes(*flush),
        })
    }
}

/// Why a file does not begin as a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadFault {
    /// The file is too short.
    Short,
    /// It is another kind of file.
    Magic,
    /// The head's check is wrong.
    Check,
    /// A later version wrote it.
    Version {
        /// The version found.
        found: u16,
    },
    /// It contradicts itself.
    Form,
}

impl fmt::Display for HeadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => write!(
                f,
                "the file is shorter than a segment's head of {HEAD_LEN} octets"
            ),
            Self::Magic => f.write_str("the file does not begin as a segment"),
            Self::Check => f.write_str("the segment's head fails its check"),
            Self::Version { found } => write!(
                f,
                "the segment has format version {found}, this program reads {VERSION}"
            ),
            Self::Form => f.write_str("the segment's head contradicts itself"),
        }
    }
}

/// Zeros from one offset to another.
pub(crate) fn write_zeros(file: &dyn DiskFile, from: u64, to: u64) -> io::Result<()> {
    let zeros = vec![0; 64 * 1024];
    let mut at = from;
    while at < to {
        let rest = usize::try_from(to - at)
            .unwrap_or(usize::MAX)
            .min(zeros.len());
        file.write_at(zeros.get(..rest).unwrap_or_default(), at)?;
        at = at.saturating_add(u64::try_from(rest).unwrap_or(u64::MAX));
    }
    Ok(())
}

const MAGIC: &[u8; 8] = b"PVKTSEG1";
const VERSION: u16 = 1;
const FLUSH_AT: usize = 44;
const FRONTIER_AT: usize = 48;
const ORIGIN_AT: usize = FRONTIER_AT + FRONTIER_MAX * 32;
const SCHEMA_AT: usize = ORIGIN_AT + ORIGIN_LEN_MAX;
const CHECK_AT: usize = HEAD_LEN - 4;

/// Enough to read the file when nothing else is left.
const SCHEMA: &str = "portvakt event log, segment format 1. All numbers little-endian. From octet 4096: records back to back, then zeros.\n\
record = frame 12 | header | parts.\n\
frame = u16 length of header and parts | u8 scrubbed, bit i: part i is overwritten by its SHA-256 and zeros | u8 version 1, bit 7 last of its flush | \
u32 flush | u32 CRC-32C over u32 segment, u64 index, the frame's first 8 octets, header and parts.\n\
header = u8 class (1 passage 2 door 3 reader 4 administration 5 reading 6 system) | u8 flags (bits 0-1 clock, bit 2 late) | \
i64 microseconds since 1970 UTC | u32 run | u8 part count | u8 part length / 16, each.\n\
part = day handle 8 | AES-256-GCM ciphertext | tag 16. nonce = run u32be | index 7 octets be | part u8; AAD = instance id | header.\n\
leaf = SHA-256(00 | header | SHA-256(part 1) | ...). Tree: RFC 6962, SHA-256. Index = leaf number from the head's first index.\n\
Checkpoint: file ../checkpoint, C2SP tlog-checkpoint, Ed25519.\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        let mut before = Tree::new();
        (0..7).for_each(|leaf| before.push([leaf; 32]));
        Head {
            segment: 3,
            instance: [9; 16],
            origin: "house.example/portvakt".to_owned(),
            before,
            flush: 0x0102_0304,
        }
    }

    #[test]
    fn a_head_survives_its_octets() {
        let octets = head().encode().unwrap();
        assert_eq!(octets.len(), HEAD_LEN);
        assert!(Head::decode(&octets).unwrap() == head());
        assert_eq!(octets[..8], *b"PVKTSEG1");
        assert_eq!(octets[12..24], [3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
        assert!(SCHEMA.len() <= CHECK_AT - SCHEMA_AT, "{}", SCHEMA.len());
    }

    #[test]
    fn every_flipped_octet_is_found() {
        let octets = head().encode().unwrap();
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            changed[at] ^= 0x40;
            assert!(Head::decode(&changed).is_err(), "octet {at}");
        }
        assert_eq!(Head::decode(&octets[..4_095]).err(), Some(HeadFault::Short));
    }

    #[test]
    fn names_and_numbers_agree() {
        assert_eq!(path_of(12), "segments/0000000012.seg");
        assert_eq!(number_of("0000000012.seg"), Some(12));
        for name in ["12.seg", "0000000012.tmp", "+000000012.seg", "new"] {
            assert_eq!(number_of(name), None, "{name}");
        }
    }
}
