//! Orders to a strike: to be released for a time, or locked at once; and the short queue of them.

use std::collections::VecDeque;
use std::fmt;

use firmware_protocol::reply::NakCode;

use crate::{BusError, BusEvent, ReaderIndex, Uptime};

/// An order to release one strike for a time. It is carried out once at most; so it cannot be cloned.
#[derive(Debug, PartialEq, Eq)]
pub struct Unlock {
    /// Whatever the caller knows it by; comes back in the events.
    pub ticket: u64,
    /// The reader's output, from 0.
    pub output: u8,
    /// Whether the strike is released while the output is off.
    pub inverted: bool,
    /// How long it is released, 100 ms units, at least 1; then it locks by itself.
    pub time_100ms: u16,
    /// From this moment on it is not sent any more, not even again.
    pub expires: Uptime,
}

/// An order to lock one strike at once, whatever time it still had. Goes before every unlock, and takes back those that wait for
/// the same strike.
#[derive(Debug, PartialEq, Eq)]
pub struct Lock {
    /// Whatever the caller knows it by; comes back in the same events as an unlock's.
    pub ticket: u64,
    /// The reader's output, from 0.
    pub output: u8,
    /// Whether the strike is released while the output is off.
    pub inverted: bool,
    /// From this moment on it is not sent any more, not even again.
    pub expires: Uptime,
}

/// Either of them, on its way to the line.
#[derive(Debug)]
pub(crate) struct Throw {
    pub(crate) ticket: u64,
    pub(crate) output: u8,
    pub(crate) inverted: bool,
    /// How long the strike is released, 100 ms units; `None` locks it.
    pub(crate) released_100ms: Option<u16>,
    pub(crate) expires: Uptime,
}

impl From<Unlock> for Throw {
    fn from(unlock: Unlock) -> Self {
        Self {
            ticket: unlock.ticket,
            output: unlock.output,
            inverted: unlock.inverted,
            released_100ms: Some(unlock.time_100ms),
            expires: unlock.expires,
        }
    }
}

impl From<Lock> for Throw {
    fn from(lock: Lock) -> Self {
        Self {
            ticket: lock.ticket,
            output: lock.output,
            inverted: lock.inverted,
            released_100ms: None,
            expires: lock.expires,
        }
    }
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

/// The orders that wait for the line: locks first, each oldest first.
pub(crate) struct ThrowQueue {
    waiting: VecDeque<(ReaderIndex, Throw)>,
}

impl ThrowQueue {
    pub(crate) fn new() -> Self {
        Self {
            waiting: VecDeque::with_capacity(UNLOCKS_MAX),
        }
    }

    pub(crate) fn push(&mut self, reader: ReaderIndex, throw: Throw) -> Result<(), BusError> {
        if throw.released_100ms == Some(0) {
            return Err(BusError::NoTime);
        }
        if self.waiting.len() >= UNLOCKS_MAX {
            return Err(BusError::TooManyUnlocks);
        }
        self.waiting.push_back((reader, throw));
        Ok(())
    }

    /// Puts a lock before every throw; those that wait for its strike are dropped.
    pub(crate) fn push_lock(
        &mut self,
        reader: ReaderIndex,
        lock: Throw,
        events: &mut VecDeque<BusEvent>,
    ) {
        self.drop_if(DropCause::Withdrawn, events, |whose, throw| {
            whose == reader && throw.output == lock.output
        });
        let is_lock = |(_, throw): &&(ReaderIndex, Throw)| throw.released_100ms.is_none();
        let behind = self.waiting.iter().take_while(is_lock).count();
        self.waiting.insert(behind, (reader, lock));
    }

    /// Drops the unlocks that wait for a strike.
    pub(crate) fn recall(
        &mut self,
        reader: ReaderIndex,
        output: u8,
        events: &mut VecDeque<BusEvent>,
    ) {
        self.drop_if(DropCause::Withdrawn, events, |whose, throw| {
            whose == reader && throw.output == output && throw.released_100ms.is_some()
        });
    }

    /// Whether a lock waits for this strike.
    pub(crate) fn has_lock(&self, reader: ReaderIndex, output: u8) -> bool {
        let mut waiting = self.waiting.iter();
        waiting.any(|(whose, throw)| {
            *whose == reader && throw.output == output && throw.released_100ms.is_none()
        })
    }

    /// Whether the first of them is a lock.
    pub(crate) fn begins_with_lock(&self) -> bool {
        let first = self.waiting.front();
        first.is_some_and(|(_, throw)| throw.released_100ms.is_none())
    }

    /// The readers that have an order waiting, in the order in which they come.
    pub(crate) fn readers(&self) -> impl Iterator<Item = ReaderIndex> {
        self.waiting.iter().map(|(reader, _)| *reader)
    }

    /// Takes the first order for `reader` out.
    pub(crate) fn take(&mut self, reader: ReaderIndex) -> Option<Throw> {
        let at = self
            .waiting
            .iter()
            .position(|(whose, _)| *whose == reader)?;
        self.waiting.remove(at).map(|(_, throw)| throw)
    }

    /// Drops the orders whose time has run out.
    pub(crate) fn expire(&mut self, now: Uptime, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::Expired, events, |_, throw| throw.expires <= now);
    }

    /// Drops the orders to a reader that is gone.
    pub(crate) fn forget(&mut self, reader: ReaderIndex, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::ReaderOffline, events, |whose, _| whose == reader);
    }

    /// Drops all.
    pub(crate) fn clear(&mut self, events: &mut VecDeque<BusEvent>) {
        self.drop_if(DropCause::LineDown, events, |_, _| true);
    }

    /// When the next one expires.
    pub(crate) fn next_expiry(&self) -> Option<Uptime> {
        self.waiting.iter().map(|(_, throw)| throw.expires).min()
    }

    fn drop_if(
        &mut self,
        why: DropCause,
        events: &mut VecDeque<BusEvent>,
        gone: impl Fn(ReaderIndex, &Throw) -> bool,
    ) {
        self.waiting.retain(|(reader, throw)| {
            let gone = gone(*reader, throw);
            if gone {
                events.push_back(BusEvent::UnlockDropped {
                    ticket: throw.ticket,
                    why,
                });
            }
            !gone
        });
    }
}

/// Most unlocks that wait for one line.
pub const UNLOCKS_MAX: usize = 32;
/// After so many of them in a row somebody else on the line is asked.
pub(crate) const IN_A_ROW: u8 = 2;
