//! What can go wrong in a handshake and in a session.

use core::fmt;

use crate::frame::FrameError;
use crate::outlet::Full;

/// Why a handshake did not become a session. The other end does not know the key, or the line was disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeError {
    /// The reader's cryptogram is wrong.
    ClientCryptogram,
    /// The controller's cryptogram is wrong.
    ServerCryptogram,
    /// The reader's initial MAC is wrong.
    RMacI,
}

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientCryptogram => "the reader's cryptogram is wrong: it has another key",
            Self::ServerCryptogram => "the controller's cryptogram is wrong: it has another key",
            Self::RMacI => "the reader's initial mac is wrong",
        })
    }
}

impl core::error::Error for HandshakeError {}

/// Why a frame was not sealed or opened.
///
/// [`Mac`](Self::Mac), [`Padding`](Self::Padding) and [`NotSecure`](Self::NotSecure) end the session at once; after that
/// every call is [`Dead`](Self::Dead). The others change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecureError {
    /// The MAC is wrong. The session is over.
    Mac,
    /// The MAC is right but the data is not whole blocks that end in padding. The session is over.
    Padding,
    /// The frame has no MAC, or the security block of the other direction. The session is over.
    NotSecure,
    /// The session has ended earlier; a new handshake is needed.
    Dead,
    /// The frame goes the wrong way for this end: a controller seals commands and opens replies, a reader the reverse.
    Direction,
    /// Two frames the same way without an answer between them. A retry is the same octets, not a new frame.
    OutOfTurn,
    /// The frame would be longer than a frame may be.
    Long {
        /// Octets it would have.
        actual: usize,
    },
    /// The output buffer is too small.
    Room {
        /// Octets needed.
        needed: usize,
        /// Octets the buffer has.
        room: usize,
    },
}

impl fmt::Display for SecureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mac => write!(f, "the mac is wrong, the session is over"),
            Self::Padding => write!(f, "the encrypted data has no padding, the session is over"),
            Self::NotSecure => write!(
                f,
                "a frame without its mac came in a session, the session is over"
            ),
            Self::Dead => write!(f, "the session has ended, a new handshake is needed"),
            Self::Direction => write!(
                f,
                "the frame goes the wrong way for this end of the session"
            ),
            Self::OutOfTurn => write!(
                f,
                "the frame is out of turn: commands and replies alternate"
            ),
            Self::Long { actual } => {
                write!(
                    f,
                    "the sealed frame would have {actual} octets, the limit is {}",
                    crate::FRAME_LEN_MAX
                )
            }
            Self::Room { needed, room } => {
                write!(f, "the frame needs {needed} octets, the buffer has {room}")
            }
        }
    }
}

impl core::error::Error for SecureError {}

impl From<Full> for SecureError {
    fn from(full: Full) -> Self {
        Self::Room {
            needed: full.needed,
            room: full.room,
        }
    }
}

impl From<FrameError> for SecureError {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Long { actual } => Self::Long { actual },
            FrameError::Room { needed, room } => Self::Room { needed, room },
            FrameError::Start { .. }
            | FrameError::Short { .. }
            | FrameError::LengthField { .. }
            | FrameError::Check
            | FrameError::SecurityBlock { .. }
            | FrameError::NoMac { .. } => Self::NotSecure,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use super::*;

    #[test]
    fn each_says_what_is_wrong_and_where_something_is_too_long_how_long() {
        for error in [
            HandshakeError::ClientCryptogram,
            HandshakeError::ServerCryptogram,
            HandshakeError::RMacI,
        ] {
            assert!(
                format!("{error}").ends_with(" is wrong")
                    || format!("{error}").contains("another key")
            );
        }
        let ended = format!("{}", SecureError::Dead);
        assert_eq!(ended, "the session has ended, a new handshake is needed");
        let long = format!("{}", SecureError::Long { actual: 1_454 });
        assert!(long.contains("1454") && long.contains("1440"), "{long}");
        let (needed, room) = (48, 40);
        let small = format!("{}", SecureError::Room { needed, room });
        assert!(small.contains("48") && small.contains("40"), "{small}");
    }
}
