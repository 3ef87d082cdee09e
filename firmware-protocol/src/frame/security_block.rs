//! The block that says how a frame is secured.

use super::FrameError;

/// A security block (OSDP 2.2): `length | kind | data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityBlock<'a> {
    /// SCS_11 to SCS_18 are 0x11 to 0x18; any other value is kept as it came.
    pub kind: u8,
    /// What follows the kind; in the handshake one octet: which key, or how it went.
    pub data: &'a [u8],
}

impl<'a> SecurityBlock<'a> {
    /// Controller's challenge, CHLNG.
    pub const SCS_11: u8 = 0x11;
    /// Reader's cryptogram, CCRYPT.
    pub const SCS_12: u8 = 0x12;
    /// Controller's cryptogram, SCRYPT.
    pub const SCS_13: u8 = 0x13;
    /// Reader's initial MAC, RMAC_I.
    pub const SCS_14: u8 = 0x14;
    /// Command with a MAC, data in clear.
    pub const SCS_15: u8 = 0x15;
    /// Reply with a MAC, data in clear.
    pub const SCS_16: u8 = 0x16;
    /// Command with a MAC, data encrypted.
    pub const SCS_17: u8 = 0x17;
    /// Reply with a MAC, data encrypted.
    pub const SCS_18: u8 = 0x18;

    /// Whether frames of this kind end with a MAC.
    #[must_use]
    pub const fn carries_mac(&self) -> bool {
        matches!(self.kind, Self::SCS_15..=Self::SCS_18)
    }

    /// Whether frames of this kind have their data encrypted.
    #[must_use]
    pub const fn encrypts(&self) -> bool {
        matches!(self.kind, Self::SCS_17 | Self::SCS_18)
    }

    /// Octets the block takes in a frame.
    pub(super) const fn len(&self) -> usize {
        BLOCK_HEAD_LEN + self.data.len()
    }

    /// Length octet and kind.
    pub(super) fn head(&self) -> Result<[u8; BLOCK_HEAD_LEN], FrameError> {
        let len = u8::try_from(self.len()).map_err(|_| FrameError::Long { actual: self.len() })?;
        Ok([len, self.kind])
    }

    /// Takes the block off the front of `octets`.
    pub(super) fn split(octets: &'a [u8]) -> Result<(Option<Self>, &'a [u8]), FrameError> {
        let announced = octets.first().copied().map_or(0, usize::from);
        let bad = FrameError::SecurityBlock {
            announced,
            actual: octets.len(),
        };
        let (block, rest) = octets.split_at_checked(announced).ok_or(bad)?;
        match block {
            [_, kind, data @ ..] => Ok((Some(Self { kind: *kind, data }), rest)),
            [] | [_] => Err(bad),
        }
    }
}

const BLOCK_HEAD_LEN: usize = 2;
