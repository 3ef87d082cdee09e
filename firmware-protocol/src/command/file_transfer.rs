//! FILETRANSFER: a piece of a file for a reader, such as its firmware.

use core::fmt;

use crate::coded::coded;
use crate::message::{MessageError, write_runs};

/// The data of FILETRANSFER, 7C: kind, length of the file u32le, offset u32le, length of the piece u16le, the piece (OSDP
/// 2.2). Without octets it only asks how far the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileTransfer<'a> {
    kind: FileKind,
    total: u32,
    offset: u32,
    len: u16,
    octets: &'a [u8],
}

coded! {
    /// What sort of file it is.
    pub enum FileKind {
        /// A file that only the reader understands: its firmware.
        Opaque = 1,
    }
}

impl<'a> FileTransfer<'a> {
    /// The piece `octets` that stands at `offset` in a file of `total` octets.
    ///
    /// # Errors
    /// [`MessageError::Count`] for more than 65,535 octets; [`MessageError::Overrun`] if they go past the file's end.
    pub fn new(
        kind: FileKind,
        total: u32,
        offset: u32,
        octets: &'a [u8],
    ) -> Result<Self, MessageError> {
        let too_many = MessageError::Count {
            announced: usize::from(u16::MAX),
            carried: octets.len(),
        };
        let len = u16::try_from(octets.len()).map_err(|_| too_many)?;
        let end = u64::from(offset) + u64::from(len);
        if end > u64::from(total) {
            return Err(MessageError::Overrun {
                end,
                total: u64::from(total),
            });
        }
        Ok(Self {
            kind,
            total,
            offset,
            len,
            octets,
        })
    }

    /// The piece in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] below eleven octets; [`MessageError::Count`] if the message does not carry the octets it
    /// announces; [`MessageError::Overrun`] if they go past the file's end.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let short = MessageError::Length {
            actual: data.len(),
            needed: HEAD_LEN,
        };
        let (&[kind, t0, t1, t2, t3, o0, o1, o2, o3, l0, l1], octets) =
            data.split_first_chunk::<HEAD_LEN>().ok_or(short)?;
        let announced = usize::from(u16::from_le_bytes([l0, l1]));
        if announced != octets.len() {
            return Err(MessageError::Count {
                announced,
                carried: octets.len(),
            });
        }
        let total = u32::from_le_bytes([t0, t1, t2, t3]);
        let offset = u32::from_le_bytes([o0, o1, o2, o3]);
        Self::new(FileKind::from_code(kind), total, offset, octets)
    }

    /// Writes the piece as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(
            out,
            &[
                &[self.kind.code()],
                &self.total.to_le_bytes(),
                &self.offset.to_le_bytes(),
                &self.len.to_le_bytes(),
                self.octets,
            ],
        )
    }

    /// What sort of file it is.
    #[must_use]
    pub const fn kind(&self) -> FileKind {
        self.kind
    }

    /// Octets of the whole file.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// Where in the file the piece begins.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Octets in the piece.
    #[must_use]
    pub const fn len(&self) -> u16 {
        self.len
    }

    /// Whether it carries nothing and only asks.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The piece.
    #[must_use]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }
}

/// Shows which piece, not its octets.
impl fmt::Debug for FileTransfer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "FileTransfer({:?}, {} octets at {} of {})",
            self.kind, self.len, self.offset, self.total
        )
    }
}

/// Octets before the piece.
pub(crate) const HEAD_LEN: usize = 11;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{FileKind, FileTransfer};
    use crate::MessageError;

    const OCTETS: [u8; 14] = [
        0x01, // a file only the reader understands
        0x03, 0x00, 0x01, 0x00, // 65539 octets in all, low octet first
        0x00, 0x00, 0x01, 0x00, // these stand at 65536
        0x03, 0x00, // three of them
        0xDE, 0xAD, 0x01, // the octets
    ];

    #[test]
    fn a_piece_both_ways() {
        let piece = FileTransfer::decode(&OCTETS).unwrap();
        assert_eq!(
            Ok(piece),
            FileTransfer::new(FileKind::Opaque, 65_539, 65_536, &[0xDE, 0xAD, 0x01])
        );
        let mut out = [0; 14];
        assert_eq!(piece.encode(&mut out), Ok(14));
        assert_eq!(out, OCTETS);
        assert_eq!(
            std::format!("{piece:?}"),
            "FileTransfer(Opaque, 3 octets at 65536 of 65539)"
        );
    }

    #[test]
    fn a_piece_that_contradicts_itself_is_refused() {
        assert_eq!(
            FileTransfer::decode(&OCTETS[..13]),
            Err(MessageError::Count {
                announced: 3,
                carried: 2
            })
        );
        assert_eq!(
            FileTransfer::decode(&OCTETS[..10]),
            Err(MessageError::Length {
                actual: 10,
                needed: 11
            })
        );
        let beyond = FileTransfer::new(FileKind::Opaque, u32::MAX, u32::MAX, &[0]);
        assert_eq!(
            beyond,
            Err(MessageError::Overrun {
                end: 0x1_0000_0000,
                total: 0xFFFF_FFFF
            })
        );
        assert!(FileTransfer::new(FileKind::Opaque, 9, 9, &[]).is_ok_and(|piece| piece.is_empty()));
    }
}
