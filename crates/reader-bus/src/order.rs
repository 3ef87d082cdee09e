//! An order: something an operator has one reader do, and what became of it.

use std::fmt;

use firmware_protocol::ComSettings;
use firmware_protocol::file::FileError;

use crate::{DropCause, FailCause, Scbk, Uptime};

/// What a reader is to do. A reader carries out one order at a time, as its next free questions in its session; no unlock
/// waits for it. What becomes of it is told by exactly one [`BusEvent::OrderEnded`](crate::BusEvent::OrderEnded).
///
/// A further kind is a variant here, its precondition in `Bus::order`, and a `Task` in `reader/errand.rs`, which says
/// question by question what is asked, what the answer means and what an interruption does.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    /// Take this key instead of the one the present session was made with (KEYSET). Done when a session under the new key
    /// stands; until then the reader is challenged under both, the new one first.
    SetKey(Scbk),
    /// Take this key as its first, in a session under SCBK-D, the key of a reader in install mode. The one order for a reader
    /// that need not be in service; until its end the reader serves nobody. Done when a session under the new key stands.
    /// A wire that is tapped meanwhile gives the key away.
    Pair {
        /// The key, which nobody else has.
        key: Scbk,
        /// The window closes then, whatever has happened.
        until: Uptime,
        /// Also if the reader has a key, or may have one.
        replace: bool,
    },
    /// Answer at another address and speed from now on (COMSET). Done when the reader has confirmed both; it is not heard
    /// at the old ones any more.
    Communicate(ComSettings),
    /// Take a file (FILETRANSFER). Its contents are asked for with [`BusEvent::FileWanted`](crate::BusEvent::FileWanted) and
    /// served with [`Bus::serve_file`](crate::Bus::serve_file), piece by piece; a lost session or a reader that is away
    /// for a while ends nothing. Withdrawn, the reader is told to forget it (ABORT).
    File {
        /// Octets in all, at least 1.
        total: u32,
        /// Where to begin: 0, or what the reader acknowledged of this very file.
        from: u32,
    },
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOutcome {
    /// The reader has carried it out.
    Done,
    /// Nothing of it was ever sent.
    Dropped(DropCause),
    /// It was sent, in part at least, and is not known to be carried out.
    Failed(FailCause),
    /// The reader was told another key, and the key it had before is still the one it knows.
    KeyKept,
    /// The reader has the file and restarts with it.
    Restarting,
    /// The reader refused the file, or said of it what makes no sense.
    File(FileError),
}

impl fmt::Display for OrderOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("the reader has carried it out"),
            Self::Dropped(why) => write!(f, "nothing was sent: {why}"),
            Self::Failed(why) => why.fmt(f),
            Self::KeyKept => f.write_str("the reader still has the key it had"),
            Self::Restarting => f.write_str("the reader has the file and restarts with it"),
            Self::File(error) => error.fmt(f),
        }
    }
}
