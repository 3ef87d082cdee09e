//! FTSTAT: how far a reader is with a file.

use crate::message::{MessageError, exactly, write_runs};

/// The data of FTSTAT, 7A, the answer to FILETRANSFER: flags, delay u16le, status i16le, length u16le (OSDP 2.2). Reserved
/// flags are read over and written zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStatus {
    /// Other commands may go to the reader between two pieces.
    pub interleave: bool,
    /// The reader wants the rest outside Secure Channel. Our controller does not follow.
    pub leave_secure: bool,
    /// The reader has something to say to a POLL.
    pub poll_answer_waits: bool,
    /// How long the reader wants to be left alone before the next piece, milliseconds.
    pub delay_ms: u16,
    /// How it goes.
    pub detail: FileDetail,
    /// The longest FILETRANSFER the reader wants from now on, octets; 0 is no change.
    pub message_len_max: u16,
}

/// How a file transfer goes; what is below zero ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileDetail {
    /// 0: go on.
    Proceed,
    /// 1: the contents have been processed.
    Processed,
    /// 2: the reader restarts now.
    Rebooting,
    /// 3: the reader works on it; ask again with an empty piece.
    Finishing,
    /// −1: the transfer is off.
    Abort,
    /// −2: the reader does not know this sort of contents.
    Unrecognized,
    /// −3: the contents are damaged or not for this reader.
    Malformed,
    /// A code this version has no name for, kept as it came.
    Unknown(i16),
}

impl FileStatus {
    /// Go on, at once, with pieces as long as before.
    pub const PROCEED: Self = Self {
        interleave: true,
        leave_secure: false,
        poll_answer_waits: false,
        delay_ms: 0,
        detail: FileDetail::Proceed,
        message_len_max: 0,
    };

    /// The status in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has seven octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [flags, delay_low, delay_high, low, high, max @ ..] = exactly::<DATA_LEN>(data)?;
        Ok(Self {
            interleave: flags & INTERLEAVE != 0,
            leave_secure: flags & LEAVE_SECURE != 0,
            poll_answer_waits: flags & POLL_ANSWER_WAITS != 0,
            delay_ms: u16::from_le_bytes([delay_low, delay_high]),
            detail: FileDetail::from_code(i16::from_le_bytes([low, high])),
            message_len_max: u16::from_le_bytes(max),
        })
    }

    /// Writes the status as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        let flag = |set, flag| if set { flag } else { 0 };
        let flags = flag(self.interleave, INTERLEAVE)
            | flag(self.leave_secure, LEAVE_SECURE)
            | flag(self.poll_answer_waits, POLL_ANSWER_WAITS);
        write_runs(
            out,
            &[
                &[flags],
                &self.delay_ms.to_le_bytes(),
                &self.detail.code().to_le_bytes(),
                &self.message_len_max.to_le_bytes(),
            ],
        )
    }
}

impl FileDetail {
    /// The value behind the wire's number; never fails.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        match code {
            0 => Self::Proceed,
            1 => Self::Processed,
            2 => Self::Rebooting,
            3 => Self::Finishing,
            -1 => Self::Abort,
            -2 => Self::Unrecognized,
            -3 => Self::Malformed,
            other => Self::Unknown(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Proceed => 0,
            Self::Processed => 1,
            Self::Rebooting => 2,
            Self::Finishing => 3,
            Self::Abort => -1,
            Self::Unrecognized => -2,
            Self::Malformed => -3,
            Self::Unknown(other) => other,
        }
    }

    /// Whether the reader refuses the file: everything below zero.
    #[must_use]
    pub const fn ends(self) -> bool {
        self.code() < 0
    }
}

const DATA_LEN: usize = 7;
const INTERLEAVE: u8 = 0x01;
const LEAVE_SECURE: u8 = 0x02;
const POLL_ANSWER_WAITS: u8 = 0x04;

#[cfg(test)]
mod tests {
    use super::{FileDetail, FileStatus};
    use crate::MessageError;

    #[test]
    fn a_status_both_ways() {
        let octets = [
            0x05, // other commands may come between, and a poll has an answer
            0xF4, 0x01, // wait 500 ms, low octet first
            0xFD, 0xFF, // -3: damaged
            0x80, 0x00, // at most 128 octets from now on
        ];
        let status = FileStatus {
            interleave: true,
            leave_secure: false,
            poll_answer_waits: true,
            delay_ms: 500,
            detail: FileDetail::Malformed,
            message_len_max: 128,
        };
        assert_eq!(FileStatus::decode(&octets), Ok(status));
        let mut out = [0; 7];
        assert_eq!(status.encode(&mut out), Ok(7));
        assert_eq!(out, octets);
        assert_eq!(
            FileStatus::decode(&octets[..6]),
            Err(MessageError::Length {
                actual: 6,
                needed: 7
            })
        );
    }

    #[test]
    fn every_number_is_a_status() {
        for code in i16::MIN..=i16::MAX {
            assert_eq!(FileDetail::from_code(code).code(), code);
        }
        assert_eq!(FileDetail::from_code(-4), FileDetail::Unknown(-4));
        assert_eq!(FileDetail::from_code(3), FileDetail::Finishing);
    }
}
