//! What will happen when; at the same moment in the order it was written down.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use access::{LineId, ReaderId};
use reader_bus::Uptime;

use super::fault::Fault;

/// One thing that happens.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// Octets have reached the controller.
    AtController { line: LineId, octets: Vec<u8> },
    /// The log's flush is over.
    Flushed,
    /// The log is sealed if that is due.
    Seal,
    /// The half-hourly round of retention.
    Retention,
    /// Somebody shows a card somewhere.
    Visit,
    /// The holder of this card shows it once more.
    Again { person: usize },
    /// Somebody has the card of this person, and shows it here.
    Shows { person: usize, reader: ReaderId },
    /// Who is where is written down.
    Keep,
    /// Somebody types the PIN of this person, or the one by which they say that they are forced.
    Type {
        reader: ReaderId,
        of: usize,
        forced: bool,
    },
    /// A leaf is pushed open, or falls shut.
    Leaf { reader: ReaderId, open: bool },
    /// Somebody presses the exit button, or lets it go.
    Button { reader: ReaderId, pressed: bool },
    /// An operator does something.
    Operator,
    /// What an operator asked for is in the register.
    Committed,
    /// The holder of a returned card is forgotten.
    Forget { person: usize },
    /// Somebody who was forgotten gets a card anew.
    Issue { person: usize },
    /// A list that was held back reaches the doors.
    Swap,
    /// A fault strikes.
    Strike(Fault),
    /// What a fault did to this line is over.
    Mend { line: LineId, fault: Fault },
    /// What a fault did to the controller's machine is over.
    Heal(Fault),
    /// The controller dies in the middle of a flush.
    Crash(Fault),
    /// The controller starts.
    Start,
    /// A frame that was held back leaves at last.
    Late { line: LineId, octets: Vec<u8> },
    /// The employee who may open everything tries this reader.
    Proof { reader: ReaderId },
}

/// Everything still to come.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    turns: BinaryHeap<Reverse<(Uptime, u64, Turn)>>,
    written: u64,
}

impl Agenda {
    /// Writes something down.
    pub(super) fn add(&mut self, at: Uptime, turn: Turn) {
        self.written = self.written.saturating_add(1);
        self.turns.push(Reverse((at, self.written, turn)));
    }

    /// When the next thing happens.
    pub(super) fn next_at(&self) -> Option<Uptime> {
        self.turns.peek().map(|Reverse((at, _, _))| *at)
    }

    /// The next thing, if its time has come.
    pub(super) fn take_due(&mut self, now: Uptime) -> Option<Turn> {
        if self.next_at()? > now {
            return None;
        }
        self.turns.pop().map(|Reverse((_, _, turn))| turn)
    }

    /// Strikes out whatever is of this kind.
    pub(super) fn strike_out(&mut self, is_of: impl Fn(&Turn) -> bool) {
        self.turns.retain(|Reverse((_, _, turn))| !is_of(turn));
    }

    /// How much is still to come.
    pub(super) fn len(&self) -> usize {
        self.turns.len()
    }
}
