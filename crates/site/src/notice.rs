//! Notice: what a site tells its owner apart from bytes and records.

use std::collections::VecDeque;

use access::{CardBits, Day, DoorId, ReaderId};
use reader_bus::{Identity, OrderOutcome, PdId};

/// Something the owner may want to act on.
#[derive(Debug)]
pub enum Notice {
    /// The card that was waited for was shown; it opened nothing and was not recorded.
    Presented {
        /// The token given to `expect_presentation`.
        token: u64,
        /// The reader.
        reader: ReaderId,
        /// What the reader read.
        bits: CardBits,
    },
    /// Nobody showed a card in time.
    NotPresented {
        /// The token given to `expect_presentation`.
        token: u64,
    },
    /// A noted record is durable.
    Recorded {
        /// The ticket that `note` gave.
        ticket: u64,
        /// Its place in the log.
        index: u64,
    },
    /// A reader has released a door.
    DoorOpened {
        /// The ticket of the record behind it.
        ticket: u64,
        /// The door.
        door: DoorId,
    },
    /// A door was to be released and was not; that is recorded too.
    DoorNotOpened {
        /// The ticket of the record behind it.
        ticket: u64,
        /// The door.
        door: DoorId,
    },
    /// A file on its way to a reader needs so many octets from there on; those before it has.
    FileWanted {
        /// The order's ticket.
        ticket: u64,
        /// Where they begin, and how many there are.
        piece: (u32, u16),
    },
    /// A reader answers.
    ReaderOnline {
        /// The reader.
        reader: ReaderId,
        /// Whether in Secure Channel.
        secure: bool,
    },
    /// A reader answers no more.
    ReaderOffline {
        /// The reader.
        reader: ReaderId,
    },
    /// A reader said who it is, for the first time or other than last time.
    ReaderIdentified {
        /// The reader.
        reader: ReaderId,
        /// Its identity.
        id: PdId,
    },
    /// A keyed reader said in a session who it is, for the first time. To be kept, and given to `pin_reader` at each start.
    ReaderPinned {
        /// The reader.
        reader: ReaderId,
        /// Who it is.
        identity: Identity,
    },
    /// Somebody else knows a reader's key; that is recorded. `pin_reader` accepts it.
    ReaderSwapped {
        /// The reader.
        reader: ReaderId,
        /// Who the reader is.
        expected: Identity,
        /// Who it says it is; `None`: it does not say.
        said: Option<Identity>,
    },
    /// An order to a reader has come to its end.
    OrderEnded {
        /// The ticket that `order` gave.
        ticket: u64,
        /// The reader.
        reader: ReaderId,
        /// How.
        outcome: OrderOutcome,
    },
    /// A reader that was sent another key has shown which one it has; the other may be forgotten.
    KeySettled {
        /// The reader.
        reader: ReaderId,
        /// Whether it took the new one.
        taken: bool,
    },
    /// The key under which unknown cards of this day get their tags is needed: answer with `set_day_key`.
    DayKeyWanted(Day),
}

/// Notices not fetched yet, oldest first, at most [`NOTICES_MAX`].
#[derive(Debug, Default)]
pub(crate) struct Notices {
    waiting: VecDeque<Notice>,
    dropped: u64,
}

impl Notices {
    /// Adds one; if nobody fetches them the newest is dropped and counted.
    pub(crate) fn push(&mut self, notice: Notice) {
        if self.waiting.len() < NOTICES_MAX {
            self.waiting.push_back(notice);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Notice> {
        self.waiting.pop_front()
    }

    /// How many were dropped since the start.
    pub(crate) const fn dropped(&self) -> u64 {
        self.dropped
    }
}

/// The most notices that wait to be fetched.
const NOTICES_MAX: usize = 2_048;
