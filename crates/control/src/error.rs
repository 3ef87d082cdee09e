//! What can be wrong with a frame or with what is in it.

use core::fmt;
use std::io;

/// A frame that could not be read, written or understood.
#[derive(Debug)]
pub enum ControlError {
    /// The length prefix asks for more octets than a frame may have.
    TooLong {
        /// Octets the frame has.
        len: usize,
        /// Octets it may have.
        max: usize,
    },
    /// The other end closed the connection inside a frame.
    CutShort {
        /// Octets that came.
        len: usize,
        /// Octets that were announced.
        announced: usize,
    },
    /// The frame is whole, and its JSON is not what is spoken here. The connection
    /// itself is still in step.
    Malformed(String),
    /// The socket failed.
    Io(io::Error),
}

impl ControlError {
    /// Whether the connection is out of step and must be closed.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Malformed(_) => false,
            Self::TooLong { .. } | Self::CutShort { .. } | Self::Io(_) => true,
        }
    }

    /// A malformed frame, described without any value it held: a name or a key
    /// typed into the wrong field must not reach a journal.
    pub(crate) fn malformed(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let names_a_field = ["unknown field", "missing field", "duplicate field"]
            .iter()
            .any(|start| text.starts_with(start));
        Self::Malformed(if names_a_field {
            text
        } else if error.is_data() {
            format!(
                "a value of the wrong type or range at octet {}",
                error.column()
            )
        } else {
            format!("not valid JSON at octet {}", error.column())
        })
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len, max } => write!(f, "frame of {len} octets, at most {max} allowed"),
            Self::CutShort { len, announced } => {
                write!(
                    f,
                    "connection closed after {len} of {announced} octets of a frame"
                )
            }
            Self::Malformed(what) => write!(f, "malformed message: {what}"),
            Self::Io(error) => write!(f, "control socket: {error}"),
        }
    }
}

impl std::error::Error for ControlError {}

impl From<io::Error> for ControlError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
