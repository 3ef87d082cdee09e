//! What a line tells the site.

use firmware_protocol::reply::PdId;

use crate::{Alarm, Bits, DropCause, FailCause, Identity, Keys, Levels, OrderOutcome, ReaderIndex};

/// Something that happened at a reader or to an unlock, in order. Shown without card bits and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusEvent {
    /// A card was read. From a keyed reader it came encrypted in a session.
    Card {
        /// Where.
        reader: ReaderIndex,
        /// The raw bits, left-justified, first bit in the most significant place.
        bits: Bits,
        /// How many bits.
        bit_count: u16,
        /// `false`: the reader may have kept it from a time when it was not heard. To be logged, never granted.
        live: bool,
    },
    /// Keys were pressed. From a keyed reader they came encrypted in a session.
    Keys {
        /// Where.
        reader: ReaderIndex,
        /// The keys in ASCII: digits, `*`, `#`.
        keys: Keys,
        /// As for a card.
        live: bool,
    },
    /// The reader said who it is, for the first time or other than last time.
    Pd {
        /// Which.
        reader: ReaderIndex,
        /// Its identity.
        id: PdId,
    },
    /// A keyed reader said in a session who it is, for the first time: from now on it must stay so. To be kept.
    Pinned {
        /// Which.
        reader: ReaderIndex,
        /// Who it is.
        identity: Identity,
    },
    /// Somebody with the reader's key said in a session to be another than the one known: out of service until
    /// [`pin`](crate::Bus::pin).
    Swapped {
        /// Which.
        reader: ReaderIndex,
        /// Who it was.
        expected: Identity,
        /// Who it says it is; `None`: it does not say.
        said: Option<Identity>,
    },
    /// A keyed reader said in a session that it runs other firmware than in an earlier one. It is the same reader.
    FirmwareChanged {
        /// Which.
        reader: ReaderIndex,
        /// Major, minor and build before.
        from: [u8; 3],
        /// Major, minor and build now.
        to: [u8; 3],
    },
    /// The reader is in service; its tamper and power states have been asked for.
    Online {
        /// Which.
        reader: ReaderIndex,
        /// Whether it speaks Secure Channel.
        secure: bool,
    },
    /// The conversation with a reader in service began anew: it may have restarted, and what its outputs and lights do now is not
    /// known.
    Resumed {
        /// Which.
        reader: ReaderIndex,
    },
    /// The reader was in service and has not answered for 8 s, or its line is down.
    Offline {
        /// Which.
        reader: ReaderIndex,
    },
    /// The tamper state changed.
    Tamper {
        /// Which.
        reader: ReaderIndex,
        /// Whether it is tampered with now.
        on: bool,
    },
    /// The power state changed.
    Power {
        /// Which.
        reader: ReaderIndex,
        /// Whether its power has failed.
        failed: bool,
    },
    /// The levels of the reader's inputs: once after coming online, then whenever one changes.
    Inputs {
        /// Which.
        reader: ReaderIndex,
        /// All inputs.
        levels: Levels,
    },
    /// The levels of the reader's outputs, whenever reported and changed.
    Outputs {
        /// Which.
        reader: ReaderIndex,
        /// All outputs.
        levels: Levels,
    },
    /// A reader is to be served so many octets of the file that is on its way to it; those before `offset` it has.
    FileWanted {
        /// Which.
        reader: ReaderIndex,
        /// The order's ticket.
        ticket: u64,
        /// Where they begin, and how many there are.
        piece: (u32, u16),
    },
    /// An unlock, or a lock, was handed to the line.
    UnlockSent {
        /// The unlock's ticket.
        ticket: u64,
    },
    /// The reader confirmed an unlock, or a lock.
    UnlockAcked {
        /// The unlock's ticket.
        ticket: u64,
    },
    /// An unlock, or a lock, was never sent.
    UnlockDropped {
        /// The unlock's ticket.
        ticket: u64,
        /// Why.
        why: DropCause,
    },
    /// An unlock was sent and not confirmed, and the strike may have opened for its time; or a lock was, and it may stand open for
    /// what was left of its time.
    UnlockFailed {
        /// The unlock's ticket.
        ticket: u64,
        /// Why.
        why: FailCause,
    },
    /// An order has come to its end.
    OrderEnded {
        /// The reader it was for.
        reader: ReaderIndex,
        /// The order's ticket.
        ticket: u64,
        /// How.
        outcome: OrderOutcome,
    },
    /// A key was on its way to the reader, and it has shown which one it has. The other may be forgotten.
    KeySettled {
        /// Which.
        reader: ReaderIndex,
        /// Whether it took the new one.
        taken: bool,
    },
    /// Somebody broke the rules of Secure Channel. At most one of a kind a minute for a reader.
    SecurityAlarm {
        /// At which reader, or on the wires towards it.
        reader: ReaderIndex,
        /// How.
        what: Alarm,
    },
}
