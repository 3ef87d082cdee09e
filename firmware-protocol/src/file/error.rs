//! Why a file does not get to a reader.

use core::fmt;

use crate::MessageError;
use crate::reply::FileDetail;

/// Why a transfer cannot begin, or is over before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is nothing to send.
    Empty,
    /// The offset to go on from is behind the file's end.
    Offset {
        /// Where it should go on.
        actual: u32,
        /// Octets of the file.
        total: u32,
    },
    /// A frame of this length has no room for a piece.
    FrameLen {
        /// The longest frame the reader takes, octets.
        actual: u16,
        /// The least that will do, octets.
        needed: u16,
    },
    /// The caller served another number of octets than were asked for.
    Served {
        /// Octets served.
        actual: usize,
        /// Octets asked for.
        needed: usize,
    },
    /// A status came though nothing had been sent.
    Unasked,
    /// The reader ended it.
    Refused {
        /// What the reader said.
        detail: FileDetail,
        /// How far it had got, octets.
        acknowledged: u32,
    },
    /// The reader restarted before it had everything.
    Early {
        /// How far it had got, octets.
        acknowledged: u32,
    },
    /// The same piece was answered by NAK too often.
    Naks {
        /// How often.
        limit: u8,
    },
    /// The reader has everything and does not finish.
    Unfinished {
        /// How often it was asked.
        limit: u16,
    },
    /// A message could not be made.
    Message(MessageError),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("file has no octets"),
            Self::Offset { actual, total } => {
                write!(
                    f,
                    "offset {actual} is behind the end of a file of {total} octets"
                )
            }
            Self::FrameLen { actual, needed } => write!(
                f,
                "reader takes frames of {actual} octets, a piece of a file needs {needed}"
            ),
            Self::Served { actual, needed } => {
                write!(f, "{actual} octets of the file served, {needed} asked for")
            }
            Self::Unasked => f.write_str("reader answers a piece of a file that was not sent"),
            Self::Refused {
                detail,
                acknowledged,
            } => write!(
                f,
                "reader ends the transfer with status {} after {acknowledged} octets",
                detail.code()
            ),
            Self::Early { acknowledged } => {
                write!(
                    f,
                    "reader restarts after {acknowledged} octets, before the end"
                )
            }
            Self::Naks { limit } => {
                write!(f, "reader refused the same piece of the file {limit} times")
            }
            Self::Unfinished { limit } => write!(
                f,
                "reader has the file and has not finished after {limit} questions"
            ),
            Self::Message(error) => write!(f, "piece of the file: {error}"),
        }
    }
}

impl core::error::Error for FileError {}

impl From<MessageError> for FileError {
    fn from(error: MessageError) -> Self {
        Self::Message(error)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use super::FileError;
    use crate::reply::FileDetail;

    #[test]
    fn each_error_says_what_and_how_far() {
        let refused = FileError::Refused {
            detail: FileDetail::Malformed,
            acknowledged: 4096,
        };
        assert_eq!(
            refused.to_string(),
            "reader ends the transfer with status -3 after 4096 octets"
        );
        let offset = FileError::Offset {
            actual: 9,
            total: 8,
        };
        assert_eq!(
            offset.to_string(),
            "offset 9 is behind the end of a file of 8 octets"
        );
    }
}
