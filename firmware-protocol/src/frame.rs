//! A frame: one command or reply on the wire, from its start octet to its check.
//!
//! ```text
//! 53 | address+direction | length u16le | control | [security block] | code | data … | [mac 4] | crc u16le or checksum
//! ```

mod error;
mod header;
mod security_block;

use core::fmt;

pub use error::FrameError;
use header::{CONTROL_SECURITY, PLACE_REPLY, check_of};
pub use header::{Direction, Header};
pub(crate) use header::{HEAD_LEN, START, announced_len};
pub use security_block::SecurityBlock;

use crate::check::{checksum, crc16};
use crate::outlet::Outlet;
use crate::{Address, Check, Sequence};

/// The longest frame accepted or made, octets, without the mark (OSDP 2.2).
pub const FRAME_LEN_MAX: usize = 1440;

/// The octet a sender may put before a frame to settle the line; never part of a frame.
pub const MARK: u8 = 0xFF;

/// One frame, borrowed from the buffer it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Who speaks.
    pub direction: Direction,
    /// The reader spoken to, or speaking.
    pub address: Address,
    /// The frame's number.
    pub sequence: Sequence,
    /// How the frame's end is checked.
    pub check: Check,
    /// The security block, if the frame has one.
    pub security: Option<SecurityBlock<'a>>,
    /// The command or reply code.
    pub code: u8,
    /// The octets after the code, without MAC and check; encrypted under SCS_17 and SCS_18.
    pub data: &'a [u8],
    mac: Option<[u8; MAC_LEN]>,
    covered: &'a [u8],
}

impl<'a> Frame<'a> {
    /// A frame outside Secure Channel.
    #[must_use]
    pub const fn plain(header: Header, code: u8, data: &'a [u8]) -> Self {
        let Header {
            direction,
            address,
            sequence,
            check,
        } = header;
        Self {
            direction,
            address,
            sequence,
            check,
            security: None,
            code,
            data,
            mac: None,
            covered: &[],
        }
    }

    /// A frame of the Secure Channel handshake: a security block (SCS_11 to SCS_14), but no MAC.
    #[must_use]
    pub const fn handshake(
        header: Header,
        security: SecurityBlock<'a>,
        code: u8,
        data: &'a [u8],
    ) -> Self {
        let mut frame = Self::plain(header, code, data);
        frame.security = Some(security);
        frame
    }

    /// Reads one whole frame; `bytes` begin with the start octet and end with the check. Reserved control bits may be set.
    ///
    /// # Errors
    /// [`FrameError`] if it is not exactly one sound frame.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let head = bytes.first_chunk().ok_or(FrameError::Short {
            actual: bytes.len(),
        })?;
        let announced = announced_len(head)?;
        if announced != bytes.len() {
            return Err(FrameError::LengthField {
                announced,
                actual: bytes.len(),
            });
        }
        verify(bytes)?;
        Self::parse(bytes)
    }

    /// Writes the frame with its check, without the mark, and returns its length. Reserved control bits are written zero.
    ///
    /// # Errors
    /// [`FrameError::Long`], [`FrameError::Room`], or [`FrameError::NoMac`] for SCS_15 to SCS_18 made by hand: a
    /// session seals those.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, FrameError> {
        let mac: &[u8] = match (&self.security, &self.mac) {
            (_, Some(mac)) => mac,
            (Some(block), None) if block.carries_mac() => {
                return Err(FrameError::NoMac { kind: block.kind });
            }
            (_, None) => &[],
        };
        let block = self.security.map_or(0, |block| block.len());
        let len = HEAD_LEN + block + 1 + self.data.len() + mac.len() + self.check.octets();
        let mut outlet = Outlet::new(out);
        outlet.put(&self.header().octets(len, self.security.is_some())?)?;
        if let Some(block) = self.security {
            outlet.put(&block.head()?)?;
            outlet.put(block.data)?;
        }
        outlet.put(&[self.code])?;
        outlet.put(self.data)?;
        outlet.put(mac)?;
        close(outlet, self.check)
    }

    /// Direction, address, sequence and check together.
    #[must_use]
    pub const fn header(&self) -> Header {
        Header {
            direction: self.direction,
            address: self.address,
            sequence: self.sequence,
            check: self.check,
        }
    }

    /// The four octets of MAC that came with a frame under SCS_15 to SCS_18.
    #[must_use]
    pub const fn mac(&self) -> Option<[u8; MAC_LEN]> {
        self.mac
    }

    /// What the MAC covers: the received octets from the start octet to the end of the data. Empty in a frame made to be sent.
    #[must_use]
    pub const fn covered(&self) -> &'a [u8] {
        self.covered
    }

    /// The layout of a frame whose length and check have been verified.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let short = FrameError::Short {
            actual: bytes.len(),
        };
        let (&[_, place, _, _, control], _) = bytes.split_first_chunk::<HEAD_LEN>().ok_or(short)?;
        let check = check_of(control);
        let body = bytes
            .len()
            .checked_sub(check.octets())
            .and_then(|end| bytes.get(..end))
            .ok_or(short)?;
        let rest = body.get(HEAD_LEN..).ok_or(short)?;
        let (security, rest) = if control & CONTROL_SECURITY == 0 {
            (None, rest)
        } else {
            SecurityBlock::split(rest)?
        };
        let (&code, data) = rest.split_first().ok_or(short)?;
        let (data, covered, mac) = match security {
            Some(block) if block.carries_mac() => {
                let (data, mac) = data
                    .split_last_chunk::<MAC_LEN>()
                    .ok_or(FrameError::NoMac { kind: block.kind })?;
                let (covered, _) = body.split_last_chunk::<MAC_LEN>().ok_or(short)?;
                (data, covered, Some(*mac))
            }
            Some(_) | None => (data, body, None),
        };
        Ok(Self {
            direction: if place & PLACE_REPLY == 0 {
                Direction::Command
            } else {
                Direction::Reply
            },
            address: Address::from_octet(place),
            sequence: Sequence::from_control(control),
            check,
            security,
            code,
            data,
            mac,
            covered,
        })
    }
}

/// Shows everything but the data, which may be a card.
impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("header", &self.header())
            .field("security", &self.security)
            .field("code", &format_args!("{:#04x}", self.code))
            .field("data_octets", &self.data.len())
            .finish_non_exhaustive()
    }
}

/// Whether the check at the end of `bytes` is right.
pub(crate) fn verify(bytes: &[u8]) -> Result<(), FrameError> {
    let short = FrameError::Short {
        actual: bytes.len(),
    };
    let right = match check_of(*bytes.get(HEAD_LEN - 1).ok_or(short)?) {
        Check::Crc => {
            let (body, sent) = bytes.split_last_chunk::<2>().ok_or(short)?;
            crc16(body) == u16::from_le_bytes(*sent)
        }
        Check::Checksum => checksum(bytes) == 0,
    };
    if right {
        Ok(())
    } else {
        Err(FrameError::Check)
    }
}

/// Puts the check behind a frame and returns the frame's length.
pub(crate) fn close(mut outlet: Outlet<'_>, check: Check) -> Result<usize, FrameError> {
    match check {
        Check::Crc => {
            let crc = crc16(outlet.written());
            outlet.put(&crc.to_le_bytes())?;
        }
        Check::Checksum => {
            let sum = checksum(outlet.written());
            outlet.put(&[sum])?;
        }
    }
    Ok(outlet.filled())
}

/// Octets of a MAC that travel.
pub(crate) const MAC_LEN: usize = 4;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Direction, Frame, Header};
    use crate::{Address, Check, SecurityBlock, Sequence};

    fn header(direction: Direction, address: u8, sequence: u8, check: Check) -> Header {
        let address = Address::new(address).unwrap();
        Header {
            direction,
            address,
            sequence: Sequence::new(sequence).unwrap(),
            check,
        }
    }

    #[track_caller]
    fn both_ways(frame: Frame<'_>, octets: &[u8]) {
        let mut out = [0; 64];
        let len = frame.encode(&mut out).unwrap();
        assert_eq!(out[..len], *octets);
        let decoded = Frame::decode(octets).unwrap();
        assert_eq!(decoded.header(), frame.header());
        assert_eq!(
            (decoded.security, decoded.code, decoded.data),
            (frame.security, frame.code, frame.data)
        );
        assert_eq!(
            decoded.covered(),
            &octets[..octets.len() - frame.check.octets()]
        );
    }

    #[test]
    fn a_poll_both_ways() {
        let octets = [
            0x53, // start
            0x00, // command to reader 0
            0x08, 0x00, // eight octets, low octet first
            0x05, // sequence 1, CRC
            0x60, // POLL
            0xDA, 0x99, // CRC, low octet first
        ];
        both_ways(
            Frame::plain(header(Direction::Command, 0, 1, Check::Crc), 0x60, &[]),
            &octets,
        );
    }

    #[test]
    fn a_checksummed_reply_both_ways() {
        let octets = [
            0x53, // start
            0x86, // reply from reader 6
            0x08, 0x00, // eight octets
            0x02, // sequence 2, checksum
            0x41, 0x06, // NAK, code 6
            0xD6, // checksum
        ];
        both_ways(
            Frame::plain(header(Direction::Reply, 6, 2, Check::Checksum), 0x41, &[6]),
            &octets,
        );
    }

    #[test]
    fn a_handshake_frame_both_ways() {
        #[rustfmt::skip]
        let octets = [
            0x53, // start
            0x00, // command to reader 0
            0x13, 0x00, // nineteen octets
            0x0D, // sequence 1, CRC, security block
            0x03, 0x11, 0x01, // block of three octets: SCS_11, the reader's own key
            0x76, // CHLNG
            0x63, 0x6E, 0x34, 0x78, 0xF7, 0x08, 0x5C, 0x57, // RND.A
            0x5C, 0xE0, // CRC
        ];
        let header = header(Direction::Command, 0, 1, Check::Crc);
        let block = SecurityBlock {
            kind: SecurityBlock::SCS_11,
            data: &[1],
        };
        both_ways(
            Frame::handshake(header, block, 0x76, &octets[9..17]),
            &octets,
        );
    }

    #[test]
    fn reserved_control_bits_are_tolerated() {
        let mut octets = [0x53, 0x00, 0x08, 0x00, 0xF5, 0x60, 0, 0];
        let crc = crate::check::crc16(&octets[..6]).to_le_bytes();
        octets[6..].copy_from_slice(&crc);
        let frame = Frame::decode(&octets).unwrap();
        assert_eq!(
            (frame.sequence.get(), frame.check, frame.security),
            (1, Check::Crc, None)
        );
    }

    #[test]
    fn debug_shows_no_data() {
        let frame = Frame::plain(
            header(Direction::Reply, 0, 1, Check::Crc),
            0x50,
            &[0xCA, 0xFE],
        );
        let shown = std::format!("{frame:?}");
        assert!(
            shown.contains("data_octets: 2") && !shown.contains("202"),
            "{shown}"
        );
    }
}
