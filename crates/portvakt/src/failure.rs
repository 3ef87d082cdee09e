//! Why a verb did not do its work: an exit code and one line.

use std::fmt;
use std::io;
use std::process::ExitCode;

use control::reply::approval::Pending;
use control::{ClientError, Code, Refusal, Reply};

/// A verb that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Said to the operator, with this exit code.
    Said(Refusal),
    /// Nothing failed: what was asked waits for another person, until this instant in the site's zone.
    Kept(Pending, String),
    /// A program that was run for it failed, and said itself why.
    Ended(Code),
    /// Whoever read our output went away; nothing to say and nobody to say it to.
    ReaderGone,
}

impl Failure {
    /// A failure with this exit code and this line.
    pub(crate) fn new(code: Code, message: impl fmt::Display) -> Self {
        Self::Said(Refusal::new(code, message))
    }

    /// What was asked is wrong in itself: exit code 2.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Code::Usage, message)
    }

    /// Something failed: exit code 1.
    pub(crate) fn failed(message: impl fmt::Display) -> Self {
        Self::new(Code::Failed, message)
    }

    /// An answer that does not belong to the question.
    pub(crate) fn unexpected(reply: &Reply) -> Self {
        ClientError::unexpected(reply).into()
    }

    /// The same, of this line of a file.
    pub(crate) fn at_line(self, line: u64) -> Self {
        match self {
            Self::Said(Refusal { code, message }) => {
                Self::new(code, format_args!("line {line}: {message}"))
            }
            Self::Kept(pending, said) => Self::Kept(pending, said),
            Self::Ended(code) => Self::Ended(code),
            Self::ReaderGone => Self::ReaderGone,
        }
    }

    /// The code the process exits with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Said(refusal) => ExitCode::from(u8::from(refusal.code)),
            Self::Ended(code) => ExitCode::from(u8::from(*code)),
            Self::Kept(..) | Self::ReaderGone => ExitCode::SUCCESS,
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::new(error.code(), error)
    }
}

/// From writing our own output; other files say which they are.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::failed(error)
        }
    }
}
