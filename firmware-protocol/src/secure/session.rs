//! One Secure Channel session: seals what this end sends, opens what the other end sent.

use core::fmt;

use super::chain::Chain;
use super::session_keys::{Block, SessionKeys};
use super::{Header, SecureError};
use crate::{Direction, Frame};

/// One end of a session. A wrong MAC wipes the keys: from then on nothing can be sealed or opened, whoever forgets to look.
///
/// A retry is never sealed anew: keep the sealed octets and send them again. A reply BUSY does not belong to the session;
/// do not open it.
pub struct Session {
    chain: Option<Chain>,
    sends: Direction,
}

/// What a sealed frame said, its MAC checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Opened<'b> {
    /// The command or reply code.
    pub code: u8,
    /// The data in clear.
    pub data: &'b [u8],
    /// Whether the data came encrypted (SCS_17, SCS_18) rather than in clear with a MAC.
    pub encrypted: bool,
}

impl Session {
    pub(super) fn begin(keys: SessionKeys, r_mac_i: Block, sends: Direction) -> Self {
        Self {
            chain: Some(Chain::new(keys, r_mac_i)),
            sends,
        }
    }

    /// Writes a whole sealed frame, without the mark, into `out` and returns its length: MAC only if `data` is empty, else
    /// encrypted too.
    ///
    /// # Errors
    /// [`SecureError`]; none of those that can occur here ends the session.
    pub fn seal(
        &mut self,
        header: Header,
        code: u8,
        data: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SecureError> {
        let chain = self.chain.as_mut().ok_or(SecureError::Dead)?;
        if header.direction != self.sends {
            return Err(SecureError::Direction);
        }
        chain.seal(header, code, data, out)
    }

    /// Checks the MAC of a received frame, in constant time and before anything else, then decrypts its data into `plain`,
    /// which must have room for all of the frame's data. Wipe `plain` afterwards.
    ///
    /// # Errors
    /// [`SecureError`], which says whether the session is over.
    pub fn open<'b>(
        &mut self,
        frame: &Frame<'_>,
        plain: &'b mut [u8],
    ) -> Result<Opened<'b>, SecureError> {
        let chain = self.chain.as_mut().ok_or(SecureError::Dead)?;
        if frame.direction == self.sends {
            return Err(SecureError::Direction);
        }
        let opened = chain.open(frame, plain);
        if matches!(
            opened,
            Err(SecureError::Mac | SecureError::Padding | SecureError::NotSecure)
        ) {
            self.end();
        }
        opened
    }

    /// Ends the session and wipes its keys.
    pub fn end(&mut self) {
        self.chain = None;
    }

    /// Whether the session has ended.
    #[must_use]
    pub const fn is_dead(&self) -> bool {
        self.chain.is_none()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("sends", &self.sends)
            .field("dead", &self.is_dead())
            .finish_non_exhaustive()
    }
}

/// Shows how much data, not which.
impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Opened({:#04x}, {} octets, encrypted {})",
            self.code,
            self.data.len(),
            self.encrypted
        )
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Session;
    use crate::secure::{AcuHandshake, HandshakeError, PdHandshake, Scbk, SecureError};
    use crate::{Address, Check, Direction, FRAME_LEN_MAX, Frame, Header, SecurityBlock, Sequence};

    const COMMAND: Header = Header {
        direction: Direction::Command,
        address: Address::BROADCAST,
        sequence: Sequence::RESET,
        check: Check::Crc,
    };
    const REPLY: Header = Header {
        direction: Direction::Reply,
        ..COMMAND
    };

    fn pair() -> (Session, Session) {
        let scbk = Scbk::new(*b"sixteen octets !");
        let acu = AcuHandshake::new(&scbk, [1; 8]);
        let (cryptogram, pd) = PdHandshake::challenged(&scbk, acu.challenge(), [2; 8], [3; 8]);
        let acu = acu.client_cryptogram(&cryptogram).unwrap();
        let (r_mac_i, pd) = pd.server_cryptogram(&acu.server_cryptogram()).unwrap();
        (acu.r_mac_i(&r_mac_i).unwrap(), pd)
    }

    #[test]
    fn a_command_and_its_reply_go_through() {
        let (mut acu, mut pd) = pair();
        let (mut wire, mut plain) = ([0; 64], [0; 64]);
        for (data, kind, encrypted) in [
            (&[][..], SecurityBlock::SCS_15, false),
            (&[0, 5, 30, 0], SecurityBlock::SCS_17, true),
        ] {
            let len = acu.seal(COMMAND, 0x68, data, &mut wire).unwrap();
            let frame = Frame::decode(&wire[..len]).unwrap();
            assert_eq!(frame.security.map(|block| block.kind), Some(kind));
            let opened = pd.open(&frame, &mut plain).unwrap();
            assert_eq!(
                (opened.code, opened.data, opened.encrypted),
                (0x68, data, encrypted)
            );
            let len = pd.seal(REPLY, 0x40, &[], &mut wire).unwrap();
            assert_eq!(len, 14); // 15 on the wire, with the mark
            let frame = Frame::decode(&wire[..len]).unwrap();
            assert_eq!(acu.open(&frame, &mut plain).unwrap().code, 0x40);
        }
    }

    #[test]
    fn a_wrong_mac_ends_the_session_for_good() {
        let (mut acu, mut pd) = pair();
        let (mut wire, mut other, mut plain) = ([0; 64], [0; 64], [0; 64]);
        let len = acu.seal(COMMAND, 0x60, &[], &mut wire).unwrap();
        let (mut stranger, _) = pair();
        let other_len = stranger.seal(COMMAND, 0x64, &[], &mut other).unwrap();
        let mut forged = other;
        forged[8..12].copy_from_slice(&wire[8..12]);
        let crc = crate::check::crc16(&forged[..other_len - 2]).to_le_bytes();
        forged[other_len - 2..other_len].copy_from_slice(&crc);
        let forged = Frame::decode(&forged[..other_len]).unwrap();
        assert_eq!(pd.open(&forged, &mut plain), Err(SecureError::Mac));
        assert!(pd.is_dead());
        let good = Frame::decode(&wire[..len]).unwrap();
        assert_eq!(pd.open(&good, &mut plain), Err(SecureError::Dead));
        assert_eq!(pd.seal(REPLY, 0x40, &[], &mut wire), Err(SecureError::Dead));
    }

    #[test]
    fn nothing_is_decrypted_before_the_mac_is_right() {
        let (mut acu, mut pd) = pair();
        let (mut wire, mut plain) = ([0; 64], [0xEE; 64]);
        let len = acu.seal(COMMAND, 0x68, &[0, 5, 30, 0], &mut wire).unwrap();
        wire[8] ^= 1;
        let crc = crate::check::crc16(&wire[..len - 2]).to_le_bytes();
        wire[len - 2..len].copy_from_slice(&crc);
        let frame = Frame::decode(&wire[..len]).unwrap();
        assert_eq!(pd.open(&frame, &mut plain), Err(SecureError::Mac));
        assert_eq!(plain, [0xEE; 64]);
    }

    #[test]
    fn a_frame_without_mac_ends_the_session() {
        let (mut acu, mut pd) = pair();
        let mut plain = [0; 64];
        assert_eq!(
            pd.open(&Frame::plain(COMMAND, 0x60, &[]), &mut plain),
            Err(SecureError::NotSecure)
        );
        assert!(pd.is_dead());
        acu.seal(COMMAND, 0x60, &[], &mut plain).unwrap();
        assert_eq!(
            acu.open(&Frame::plain(REPLY, 0x40, &[]), &mut plain),
            Err(SecureError::NotSecure)
        );
        assert!(acu.is_dead());
    }

    #[test]
    fn ends_take_turns_and_what_is_refused_changes_nothing() {
        let (mut acu, mut pd) = pair();
        let (mut wire, mut spare, mut plain) = ([0; FRAME_LEN_MAX], [0; FRAME_LEN_MAX], [0; 64]);
        assert_eq!(
            acu.seal(REPLY, 0x40, &[], &mut wire),
            Err(SecureError::Direction)
        );
        assert_eq!(
            pd.seal(REPLY, 0x40, &[], &mut wire),
            Err(SecureError::OutOfTurn)
        );
        let room = SecureError::Room {
            needed: 14,
            room: 13,
        };
        assert_eq!(acu.seal(COMMAND, 0x60, &[], &mut wire[..13]), Err(room));
        let long = SecureError::Long { actual: 1438 + 16 };
        assert_eq!(acu.seal(COMMAND, 0x6B, &[0; 1424], &mut wire), Err(long));
        let len = acu.seal(COMMAND, 0x68, &[7; 40], &mut wire).unwrap();
        assert_eq!(
            acu.seal(COMMAND, 0x60, &[], &mut spare),
            Err(SecureError::OutOfTurn)
        );
        let frame = Frame::decode(&wire[..len]).unwrap();
        assert_eq!(acu.open(&frame, &mut plain), Err(SecureError::Direction));
        let room = SecureError::Room {
            needed: 48,
            room: 40,
        };
        assert_eq!(pd.open(&frame, &mut plain[..40]), Err(room));
        assert_eq!(pd.open(&frame, &mut plain).unwrap().data, [7; 40]);
        assert_eq!(pd.open(&frame, &mut plain), Err(SecureError::OutOfTurn));
    }

    #[test]
    fn another_key_is_found_out_at_each_step() {
        let (ours, theirs) = (Scbk::new([7; 16]), Scbk::new([8; 16]));
        let acu = AcuHandshake::new(&ours, [1; 8]);
        let (cryptogram, pd) = PdHandshake::challenged(&theirs, [1; 8], [2; 8], [3; 8]);
        assert_eq!(
            acu.client_cryptogram(&cryptogram).err(),
            Some(HandshakeError::ClientCryptogram)
        );
        assert_eq!(
            pd.server_cryptogram(&[0; 16]).err(),
            Some(HandshakeError::ServerCryptogram)
        );
        let acu = AcuHandshake::new(&ours, [1; 8]);
        let (cryptogram, _) = PdHandshake::challenged(&ours, [1; 8], [2; 8], [3; 8]);
        let acu = acu.client_cryptogram(&cryptogram).unwrap();
        assert_eq!(acu.r_mac_i(&[0; 16]).err(), Some(HandshakeError::RMacI));
    }

    #[test]
    fn debug_shows_no_key_and_no_data() {
        let (mut acu, mut pd) = pair();
        let (mut wire, mut plain) = ([0; 64], [0; 64]);
        let len = acu.seal(COMMAND, 0x68, &[0xCA; 4], &mut wire).unwrap();
        let opened = pd
            .open(&Frame::decode(&wire[..len]).unwrap(), &mut plain)
            .unwrap();
        assert_eq!(
            std::format!("{opened:?}"),
            "Opened(0x68, 4 octets, encrypted true)"
        );
        assert_eq!(
            std::format!("{acu:?}"),
            "Session { sends: Command, dead: false, .. }"
        );
    }
}
