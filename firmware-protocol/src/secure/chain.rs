//! The chain of MACs that ties every frame of a session to the one before it.

use super::session_keys::{BLOCK_LEN, Block, PAD_MARK, SessionKeys, same};
use super::{Header, Opened, SecureError};
use crate::frame::{HEAD_LEN, MAC_LEN, close};
use crate::outlet::{Outlet, copy};
use crate::{Direction, FRAME_LEN_MAX, Frame, SecurityBlock};

/// The keys, and the MAC of the last frame: it is the next frame's initial value, inverted for its encryption.
pub(super) struct Chain {
    keys: SessionKeys,
    last_mac: Block,
    turn: Direction,
}

impl Chain {
    /// A chain before its first command.
    pub(super) fn new(keys: SessionKeys, r_mac_i: Block) -> Self {
        Self {
            keys,
            last_mac: r_mac_i,
            turn: Direction::Command,
        }
    }

    pub(super) fn seal(
        &mut self,
        header: Header,
        code: u8,
        data: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SecureError> {
        if header.direction != self.turn {
            return Err(SecureError::OutOfTurn);
        }
        let kind = kind_of(header.direction, data.is_empty());
        let before = HEAD_LEN + BLOCK_OCTETS + 1;
        let len = before + padded_len(data.len()) + MAC_LEN + header.check.octets();
        if len > FRAME_LEN_MAX {
            return Err(SecureError::Long { actual: len });
        }
        let room = out.len();
        let mut outlet = Outlet::new(
            out.get_mut(..len)
                .ok_or(SecureError::Room { needed: len, room })?,
        );
        outlet.put(&header.octets(len, true)?)?;
        outlet.put(&[BLOCK_LEN_OCTET, kind, code])?;
        if !data.is_empty() {
            outlet.put(data)?;
            outlet.put(padding(data.len()))?;
            self.keys.encrypt_data(
                &self.last_mac,
                outlet.written().get_mut(before..).unwrap_or_default(),
            );
        }
        let mac = self.keys.mac(&self.last_mac, outlet.written());
        outlet.put(&travelling(&mac))?;
        let len = close(outlet, header.check)?;
        self.advance(mac);
        Ok(len)
    }

    pub(super) fn open<'b>(
        &mut self,
        frame: &Frame<'_>,
        plain: &'b mut [u8],
    ) -> Result<Opened<'b>, SecureError> {
        if frame.direction != self.turn {
            return Err(SecureError::OutOfTurn);
        }
        let room = plain.len();
        let plain = plain.get_mut(..frame.data.len()).ok_or(SecureError::Room {
            needed: frame.data.len(),
            room,
        })?;
        let encrypted = encryption_of(frame).ok_or(SecureError::NotSecure)?;
        let sent = frame.mac().ok_or(SecureError::NotSecure)?;
        let mac = self.keys.mac(&self.last_mac, frame.covered());
        if !same(&travelling(&mac), &sent) {
            return Err(SecureError::Mac);
        }
        copy(frame.data, plain);
        let data = if encrypted {
            self.decrypt(plain)?
        } else {
            plain
        };
        self.advance(mac);
        Ok(Opened {
            code: frame.code,
            data,
            encrypted,
        })
    }

    /// Decrypts in place and takes the padding off. No data at all stays none: some readers send it so.
    fn decrypt<'b>(&self, plain: &'b mut [u8]) -> Result<&'b mut [u8], SecureError> {
        if plain.is_empty() {
            return Ok(plain);
        }
        if !plain.len().is_multiple_of(BLOCK_LEN) {
            return Err(SecureError::Padding);
        }
        self.keys.decrypt_data(&self.last_mac, plain);
        let zeros = plain.iter().rev().take_while(|octet| **octet == 0).count();
        let end = plain.len().saturating_sub(zeros + 1);
        if zeros >= BLOCK_LEN || plain.get(end) != Some(&PAD_MARK) {
            return Err(SecureError::Padding);
        }
        Ok(plain.get_mut(..end).unwrap_or_default())
    }

    fn advance(&mut self, mac: Block) {
        self.last_mac = mac;
        self.turn = match self.turn {
            Direction::Command => Direction::Reply,
            Direction::Reply => Direction::Command,
        };
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.last_mac);
    }
}

const fn kind_of(direction: Direction, empty: bool) -> u8 {
    match (direction, empty) {
        (Direction::Command, true) => SecurityBlock::SCS_15,
        (Direction::Reply, true) => SecurityBlock::SCS_16,
        (Direction::Command, false) => SecurityBlock::SCS_17,
        (Direction::Reply, false) => SecurityBlock::SCS_18,
    }
}

/// Whether the frame's data is encrypted; `None` if its security block is not one of its direction's.
fn encryption_of(frame: &Frame<'_>) -> Option<bool> {
    let kind = frame.security?.kind;
    [true, false]
        .into_iter()
        .find(|empty| kind == kind_of(frame.direction, *empty))
        .map(|empty| !empty)
}

/// Data is always padded, unless there is none.
const fn padded_len(len: usize) -> usize {
    if len == 0 {
        0
    } else {
        (len / BLOCK_LEN + 1) * BLOCK_LEN
    }
}

fn padding(len: usize) -> &'static [u8] {
    PADDING.get(..padded_len(len) - len).unwrap_or_default()
}

/// The part of a MAC that travels: its first four octets.
fn travelling(mac: &Block) -> [u8; MAC_LEN] {
    let [m0, m1, m2, m3, ..] = *mac;
    [m0, m1, m2, m3]
}

const PADDING: [u8; BLOCK_LEN] = [PAD_MARK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const BLOCK_OCTETS: usize = 2;
const BLOCK_LEN_OCTET: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secure::Scbk;

    /// What is left of these blocks once they are decrypted.
    fn unpadded(blocks: &mut [u8]) -> Result<usize, SecureError> {
        let keys = SessionKeys::derive(&Scbk::new([7; BLOCK_LEN]), [1; 8]);
        let chain = Chain::new(keys, [3; BLOCK_LEN]);
        chain.keys.encrypt_data(&chain.last_mac, blocks);
        chain.decrypt(blocks).map(|plain| plain.len())
    }

    #[test]
    fn padding_is_a_mark_and_fewer_zeros_than_a_block_has() {
        let marked = |at: usize, zeros: usize| {
            let mut blocks = [1; 2 * BLOCK_LEN];
            blocks[at] = PAD_MARK;
            blocks[at + 1..][..zeros].fill(0);
            unpadded(&mut blocks)
        };
        assert_eq!(marked(16, 15), Ok(16));
        assert_eq!(marked(31, 0), Ok(31));
        assert_eq!(
            marked(15, 16),
            Err(SecureError::Padding),
            "a block of zeros"
        );
        assert_eq!(
            marked(20, 10),
            Err(SecureError::Padding),
            "something behind"
        );
        let mut no_mark = [1; BLOCK_LEN];
        assert_eq!(unpadded(&mut no_mark), Err(SecureError::Padding));
        assert_eq!(unpadded(&mut [0; BLOCK_LEN]), Err(SecureError::Padding));
        assert_eq!(unpadded(&mut [PAD_MARK; 15]), Err(SecureError::Padding));
        assert_eq!(unpadded(&mut []), Ok(0));
    }
}
