//! What can be wrong with a frame.

use core::fmt;

use super::{FRAME_LEN_MAX, START};
use crate::outlet::Full;

/// Why octets are not a frame, or a frame could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The first octet is not the start octet 53.
    Start {
        /// The octet found.
        actual: u8,
    },
    /// Too few octets for a header, a code and a check.
    Short {
        /// Octets held or announced.
        actual: usize,
    },
    /// More than [`FRAME_LEN_MAX`] octets.
    Long {
        /// Octets announced or asked for.
        actual: usize,
    },
    /// The length field does not fit the octets given.
    LengthField {
        /// What the length field says.
        announced: usize,
        /// Octets given.
        actual: usize,
    },
    /// CRC or checksum is wrong.
    Check,
    /// The security block's own length is impossible.
    SecurityBlock {
        /// What its length octet says.
        announced: usize,
        /// Octets that follow in the frame.
        actual: usize,
    },
    /// A frame under SCS_15 to SCS_18 has no MAC.
    NoMac {
        /// The security block's kind.
        kind: u8,
    },
    /// The output buffer is too small.
    Room {
        /// Octets needed.
        needed: usize,
        /// Octets the buffer has.
        room: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { actual } => {
                write!(f, "frame begins with {actual:#04x}, not {START:#04x}")
            }
            Self::Short { actual } => write!(
                f,
                "frame of {actual} octets is too short for header, code and check"
            ),
            Self::Long { actual } => {
                write!(f, "frame of {actual} octets is longer than {FRAME_LEN_MAX}")
            }
            Self::LengthField { announced, actual } => {
                write!(f, "frame says {announced} octets and has {actual}")
            }
            Self::Check => write!(f, "frame fails its crc or checksum"),
            Self::SecurityBlock { announced, actual } => {
                write!(
                    f,
                    "security block says {announced} octets, 2 to {actual} are possible"
                )
            }
            Self::NoMac { kind } => write!(f, "frame with security block {kind:#04x} has no mac"),
            Self::Room { needed, room } => {
                write!(f, "frame needs {needed} octets, the buffer has {room}")
            }
        }
    }
}

impl core::error::Error for FrameError {}

impl From<Full> for FrameError {
    fn from(full: Full) -> Self {
        Self::Room {
            needed: full.needed,
            room: full.room,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FrameError;
    use crate::{Address, Check, Direction, FRAME_LEN_MAX, Frame, Header, SecurityBlock, Sequence};

    #[test]
    fn what_is_not_one_sound_frame_is_refused() {
        let refused = |octets: &[u8]| Frame::decode(octets).unwrap_err();
        assert_eq!(refused(&[]), FrameError::Short { actual: 0 });
        assert_eq!(
            refused(&[0x54, 0, 8, 0, 4, 0x60, 0xEB, 0xAA]),
            FrameError::Start { actual: 0x54 }
        );
        assert_eq!(
            refused(&[0x53, 0, 8, 0, 4, 0x60, 0xEB, 0xAB]),
            FrameError::Check
        );
        assert_eq!(refused(&[0x53, 0, 7, 0, 2, 0x60, 0x45]), FrameError::Check);
        assert_eq!(
            refused(&[0x53, 0, 0xFF, 0x7F, 4, 0x60, 0xEB, 0xAA]),
            FrameError::Long { actual: 32767 }
        );
        assert_eq!(
            refused(&[0x53, 0, 6, 0, 4, 0x60]),
            FrameError::Short { actual: 6 }
        );
        let two = FrameError::LengthField {
            announced: 8,
            actual: 9,
        };
        assert_eq!(refused(&[0x53, 0, 8, 0, 4, 0x60, 0xEB, 0xAA, 0]), two);
        assert_eq!(
            refused(&checked([0x53, 0, 0x0A, 0, 0x0C, 0x09, 0x15, 0x60])),
            FrameError::SecurityBlock {
                announced: 9,
                actual: 3
            }
        );
        assert_eq!(
            refused(&checked([0x53, 0, 0x0A, 0, 0x0C, 0x01, 0x15, 0x60])),
            FrameError::SecurityBlock {
                announced: 1,
                actual: 3
            }
        );
        assert_eq!(
            refused(&checked([0x53, 0, 0x0A, 0, 0x0C, 0x02, 0x15, 0x60])),
            FrameError::NoMac { kind: 0x15 }
        );
    }

    #[test]
    fn a_frame_that_cannot_be_sent_is_not_made() {
        let header = Header {
            direction: Direction::Command,
            address: Address::BROADCAST,
            sequence: Sequence::RESET,
            check: Check::Crc,
        };
        let long = [0; FRAME_LEN_MAX];
        let mut out = [0; FRAME_LEN_MAX];
        let made = |data, out: &mut [u8]| Frame::plain(header, 0x6B, data).encode(out);
        assert_eq!(
            made(&long, &mut out),
            Err(FrameError::Long {
                actual: FRAME_LEN_MAX + 8
            })
        );
        assert_eq!(made(&long[8..], &mut out), Ok(FRAME_LEN_MAX));
        assert_eq!(
            made(&[], &mut out[..7]),
            Err(FrameError::Room { needed: 8, room: 7 })
        );
        let block = SecurityBlock {
            kind: SecurityBlock::SCS_17,
            data: &[],
        };
        let by_hand = Frame::handshake(header, block, 0x68, &[0; 16]);
        assert_eq!(
            by_hand.encode(&mut out),
            Err(FrameError::NoMac { kind: 0x17 })
        );
    }

    fn checked(body: [u8; 8]) -> [u8; 10] {
        let [low, high] = crate::check::crc16(&body).to_le_bytes();
        let [a, b, c, d, e, f, g, h] = body;
        [a, b, c, d, e, f, g, h, low, high]
    }
}
