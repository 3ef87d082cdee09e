//! What a frame says before its code: who speaks, to whom, how long, how numbered, how checked.

use super::{FRAME_LEN_MAX, FrameError};
use crate::{Address, Check, Sequence};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The controller to a reader.
    Command,
    /// A reader to the controller; bit 7 of the address octet.
    Reply,
}

/// What every frame says before its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Who speaks.
    pub direction: Direction,
    /// The reader spoken to, or speaking.
    pub address: Address,
    /// The frame's number.
    pub sequence: Sequence,
    /// How the frame's end is checked.
    pub check: Check,
}

impl Header {
    /// The first five octets of a frame of `len` octets.
    pub(crate) fn octets(&self, len: usize, secured: bool) -> Result<[u8; HEAD_LEN], FrameError> {
        let long = FrameError::Long { actual: len };
        if len > FRAME_LEN_MAX {
            return Err(long);
        }
        let [low, high] = u16::try_from(len).map_err(|_| long)?.to_le_bytes();
        let reply = match self.direction {
            Direction::Command => 0,
            Direction::Reply => PLACE_REPLY,
        };
        let check = match self.check {
            Check::Crc => CONTROL_CRC,
            Check::Checksum => 0,
        };
        let security = if secured { CONTROL_SECURITY } else { 0 };
        Ok([
            START,
            self.address.get() | reply,
            low,
            high,
            self.sequence.get() | check | security,
        ])
    }
}

/// The length a frame's first five octets announce, if a frame can have it.
pub(crate) fn announced_len(head: &[u8; HEAD_LEN]) -> Result<usize, FrameError> {
    let &[start, _, low, high, control] = head;
    if start != START {
        return Err(FrameError::Start { actual: start });
    }
    let len = usize::from(u16::from_le_bytes([low, high]));
    if len > FRAME_LEN_MAX {
        return Err(FrameError::Long { actual: len });
    }
    if len < HEAD_LEN + 1 + check_of(control).octets() {
        return Err(FrameError::Short { actual: len });
    }
    Ok(len)
}

/// How a frame with this control octet is checked.
pub(super) const fn check_of(control: u8) -> Check {
    if control & CONTROL_CRC == 0 {
        Check::Checksum
    } else {
        Check::Crc
    }
}

/// The first octet of every frame.
pub(crate) const START: u8 = 0x53;
/// Octets before the security block or the code.
pub(crate) const HEAD_LEN: usize = 5;
/// Bit 7 of the address octet: a reply.
pub(super) const PLACE_REPLY: u8 = 0x80;
/// Control bit 3: a security block follows.
pub(super) const CONTROL_SECURITY: u8 = 0x08;
const CONTROL_CRC: u8 = 0x04;
