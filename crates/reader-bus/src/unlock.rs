//! An order to open a strike for a time, and the short queue of such orders.

use std::collections::VecDeque;
use std::fmt;

use firmware_protocol::reply::NakCode;

use crate::{BusError, BusEvent, ReaderIndex, Uptime};

/// An order to switch one output on for a time. It is carried out once at most; so it cannot be cloned.
#[derive(Debug, PartialEq, Eq)]
pub struct Unlock {
    /// Whatever the caller knows it by; comes back in the events.
    pub ticket: u64,
    /// The reader's output, from 0.
    pub output: u8,
    /// How long the output stays on, 100 ms units, at least 1.
    pub time_100ms: u16,
    /// From this moment on it is not sent any more, not even again.
    pub expires: Uptime,
}

/// Why an unlock was never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropCause {
    /// Its time ran out before the line could take it.
    Expired,
    /// The reader went offline first.
    ReaderOffline,
    /// The line went down first.
    LineDown,
    /// Whoever ordered it took it back.
    Withdrawn,
}

/// Why a sent unlock counts as failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailCause {
    /// The reader refused it.
    Refused(NakCode),
    /// The reader answered something else than ACK or OSTATR.
    Unexpected {
        /// The reply's code.
        code: u8,
    },
    /// No answer came before its time ran out.
    NoReply,
    /// The session ended before an answer came.
    SessionLost,
    /// The line went down before an answer came.
    LineDown,
    /// Whoever ordered it took it back before an answer came.
    Withdrawn,
}

impl fmt::Display for DropCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "expired before it could be sent",
            Self::ReaderOffline => "the reader went offline",
            Self::LineDown => "the line went down",
            Self::Withdrawn => "it was taken back",
        })
    }
}

impl fmt::Display for FailCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(code) => write!(f, "the reader refused it with nak {:#04x}", code.code()),
            Self::Unexpected { code } => write!(f, "the reader answered with code {code:#04x}"),
            Self::NoReply => f.write_str("the reader did not answer in time"),
            Self::SessionLost => f.write_str("the session ended before the answer"),
            Self::LineDown => f.write_str("the line went down before the answer"),
            Self::Withdrawn => f.write_str("it was taken back before the answer"),
        }
    }
}

/// The unlocks that wait for the line, oldest first.
pub(crate) struct UnlockQueue {
    waiting: VecDeque<(ReaderIndex, Unlock)>,
}

impl UnlockQueue {
    pub(crate) fn new() -> Self {
        Self {
            waiting: VecDeque::with_capacity(UNLOCKS_MAX),
        }
    }

    pub(crate) fn push(&mut self, reader: ReaderIndex, unlock: Unlock) -> Result<(), BusError> {
        if unlock.time_100ms == 0 {
            return Err(BusError::NoTime);
        }
        if self.waiting.len() >= UNLOCKS_MAX {
            return Err(BusError::TooManyUnlocks);
        }
        self.waiting.push_back((reader, unlock));
        Ok(())
    }

    /// The readers that have an unlock waiting, oldest first.
    pub(crate) fn readers(&self) -> impl Iterator<Item = ReaderIndex> {
        self.waiting.iter().map(|(reader, _)| *reader)
    }

    /// Takes the oldest unlock for `reader` out.
    pub(crate) fn take(&mut self, reader: ReaderIndex) -> Option<Unlock> {
        let at = self
            .waiting
            .iter()
            .position(|(whose, _)| *whose == reader)?;
        self.waiting.remove(at).map(|(_, unlock)| unlock)
    }

    /// Drops the unlocks whose time has run out.
    pub(crate) fn expire(&mut self, now: Uptime, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::Expired, events, |_, unlock| {
            unlock.expires <= now
        });
    }

    /// Drops the unlocks of a reader that is gone.
    pub(crate) fn forget(&mut self, reader: ReaderIndex, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::ReaderOffline, events, |whose, _| whose == reader);
    }

    /// Drops all.
    pub(crate) fn clear(&mut self, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::LineDown, events, |_, _| true);
    }

    /// When the next one expires.
    pub(crate) fn next_expiry(&self) -> Option<Uptime> {
        self.waiting.iter().map(|(_, unlock)| unlock.expires).min()
    }

    fn drop_if(
        &mut self,
        why: DropCause,
        events: &mut VecDeque<BusEvent>,
        gone: impl Fn(ReaderIndex, &Unlock) -> bool,
    ) {
        self.waiting.retain(|(reader, unlock)| {
            let gone = gone(*reader, unlock);
            if gone {
                events.push_back(BusEvent::UnlockDropped {
                    ticket: unlock.ticket,
                    why,
                });
            }
            !gone
        });
    }
}

/// Most unlocks that wait for one line.
pub const UNLOCKS_MAX: usize = 32;
