//! What will happen when; at the same moment in the order it was written down.

use std::collections::BTreeMap;

use access::LineId;
use event_log::Receipt;
use firmware_protocol::Address;
use reader_bus::Uptime;

/// One thing that happens.
pub(super) enum Turn {
    /// Somebody shows a card.
    Visit,
    /// The controller's octets have reached the readers of a line.
    AtReaders { line: LineId, octets: Vec<u8> },
    /// The readers' octets have reached the controller.
    AtController { line: LineId, octets: Vec<u8> },
    /// Somebody finds the plug of a reader.
    Plugged { line: LineId, address: Address },
    /// The log's answer has reached the site.
    Durable(Vec<Receipt>),
}

/// Everything still to come.
#[derive(Default)]
pub(super) struct Agenda {
    turns: BTreeMap<(Uptime, u64), Turn>,
    written: u64,
}

impl Agenda {
    /// Writes something down.
    pub(super) fn add(&mut self, at: Uptime, turn: Turn) {
        self.written = self.written.saturating_add(1);
        self.turns.insert((at, self.written), turn);
    }

    /// When the next thing happens.
    pub(super) fn next_at(&self) -> Option<Uptime> {
        self.turns.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next thing, if its time has come.
    pub(super) fn take_due(&mut self, now: Uptime) -> Option<Turn> {
        let entry = self.turns.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }
}
