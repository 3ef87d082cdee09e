//! Messages longer than a frame, in parts: EXT_PDID, PIVDATAR, transparent mode.
//!
//! ```text
//! total length u16le | offset u16le | length of the part u16le | part …
//! ```
//! Parts come in order, without gaps. The sender gives up with an offset at the end or behind it, and no octets (OSDP 2.2,
//! 5.10).

mod assembler;
mod error;

use core::fmt;

pub use assembler::{Assembled, Assembler};
pub use error::MultipartError;

use crate::message::{MessageError, write_runs};

/// One part of a message, as the data of its command or reply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    total: u16,
    offset: u16,
    len: u16,
    octets: &'a [u8],
}

impl<'a> Part<'a> {
    /// The part `octets` that stands at `offset` in a message of `total` octets.
    ///
    /// # Errors
    /// [`MessageError::Count`] for more than 65,535 octets; [`MessageError::Overrun`] if they go past the message's end.
    pub fn new(total: u16, offset: u16, octets: &'a [u8]) -> Result<Self, MessageError> {
        let too_many = MessageError::Count {
            announced: usize::from(u16::MAX),
            carried: octets.len(),
        };
        let len = u16::try_from(octets.len()).map_err(|_| too_many)?;
        let end = u64::from(offset) + u64::from(len);
        if len > 0 && end > u64::from(total) {
            return Err(MessageError::Overrun {
                end,
                total: u64::from(total),
            });
        }
        Ok(Self {
            total,
            offset,
            len,
            octets,
        })
    }

    /// What a sender says that gives up a message of `total` octets.
    #[must_use]
    pub const fn given_up(total: u16) -> Self {
        Self {
            total,
            offset: total,
            len: 0,
            octets: &[],
        }
    }

    /// The part in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] below six octets; [`MessageError::Count`] if the part does not carry the octets it
    /// announces; [`MessageError::Overrun`] if they go past the message's end.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: HEAD_LEN,
        };
        let (&[t0, t1, o0, o1, l0, l1], octets) =
            data.split_first_chunk::<HEAD_LEN>().ok_or(short)?;
        let announced = usize::from(u16::from_le_bytes([l0, l1]));
        if announced != octets.len() {
            return Err(MessageError::Count {
                announced,
                carried: octets.len(),
            });
        }
        Self::new(
            u16::from_le_bytes([t0, t1]),
            u16::from_le_bytes([o0, o1]),
            octets,
        )
    }

    /// Writes the part as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(
            out,
            &[
                &self.total.to_le_bytes(),
                &self.offset.to_le_bytes(),
                &self.len.to_le_bytes(),
                self.octets,
            ],
        )
    }

    /// Octets of the whole message.
    #[must_use]
    pub const fn total(&self) -> u16 {
        self.total
    }

    /// Where in the message the part begins.
    #[must_use]
    pub const fn offset(&self) -> u16 {
        self.offset
    }

    /// The part.
    #[must_use]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Whether the sender gives up. A message of no octets is not given up, it is whole.
    #[must_use]
    pub const fn is_given_up(&self) -> bool {
        self.len == 0 && self.total > 0 && self.offset >= self.total
    }
}

/// The parts of `message`, each of at most `part_len_max` octets, at least 1.
///
/// # Errors
/// [`MessageError::Count`] for a message of more than 65,535 octets.
pub fn parts(
    message: &[u8],
    part_len_max: u16,
) -> Result<impl Iterator<Item = Part<'_>>, MessageError> {
    let too_long = MessageError::Count {
        announced: usize::from(u16::MAX),
        carried: message.len(),
    };
    let total = u16::try_from(message.len()).map_err(|_| too_long)?;
    let step = usize::from(part_len_max.max(1));
    Ok(message
        .chunks(step)
        .zip((0..total).step_by(step))
        .filter_map(move |(octets, offset)| Part::new(total, offset, octets).ok()))
}

/// Shows which part, not its octets.
impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, offset, total) = (self.len, self.offset, self.total);
        write!(f, "Part({len} octets at {offset} of {total})")
    }
}

const HEAD_LEN: usize = 6;

#[cfg(test)]
mod tests {
    use super::{Part, parts};
    use crate::MessageError;

    #[test]
    fn a_part_both_ways() {
        let octets = [
            0x2C, 0x01, // 300 octets in all, low octet first
            0x80, 0x00, // these stand at 128
            0x02, 0x00, // two of them
            0xCA, 0xFE, // the octets
        ];
        let part = Part::decode(&octets).unwrap();
        assert_eq!(Ok(part), Part::new(300, 128, &[0xCA, 0xFE]));
        let mut out = [0; 8];
        assert_eq!(part.encode(&mut out), Ok(8));
        assert_eq!(out, octets);
        assert_eq!(
            Part::decode(&octets[..7]),
            Err(MessageError::Count {
                announced: 2,
                carried: 1
            })
        );
        assert_eq!(
            Part::decode(&octets[..5]),
            Err(MessageError::Length {
                actual: 5,
                needed: 6
            })
        );
    }

    #[test]
    fn a_part_past_the_end_is_refused_unless_it_gives_up() {
        assert_eq!(
            Part::decode(&[4, 0, 3, 0, 2, 0, 7, 7]),
            Err(MessageError::Overrun { end: 5, total: 4 })
        );
        let given_up = Part::decode(&[4, 0, 9, 0, 0, 0]).unwrap();
        assert!(given_up.is_given_up() && Part::given_up(4).is_given_up());
        assert!(!Part::decode(&[0; 6]).unwrap().is_given_up());
    }

    #[test]
    fn a_message_falls_into_parts() {
        let places = |len, max| {
            let message = &[7; 9][..len];
            parts(message, max)
                .unwrap()
                .map(|part| (part.offset(), part.octets().len()))
                .fold([(0, 0); 3], |[_, b, c], part| [b, c, part])
        };
        assert_eq!(places(9, 4), [(0, 4), (4, 4), (8, 1)]);
        assert_eq!(places(8, 4), [(0, 0), (0, 4), (4, 4)]);
        assert_eq!(places(0, 4), [(0, 0); 3]);
        assert!(parts(&[0; 65_536], 4).is_err());
    }
}
