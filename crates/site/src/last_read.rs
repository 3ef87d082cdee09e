//! Last read: what was read last at each reader, kept in memory only and not for long, for whoever enrols an unknown card.

use std::collections::BTreeMap;
use std::time::Duration;

use access::ReaderId;
use access::card::CardBits;
use reader_bus::Uptime;

/// What a reader read last.
#[derive(Clone, Debug)]
pub struct LastRead {
    /// The raw bits and their count.
    pub bits: CardBits,
    /// When.
    pub at: Uptime,
    /// Whether it was shown just then, not kept by a reader that was offline.
    pub live: bool,
}

/// The last reading of each reader; never written down.
#[derive(Default)]
pub(crate) struct LastReads {
    kept: BTreeMap<ReaderId, LastRead>,
    /// Nothing is too old before.
    look_at: Uptime,
}

impl LastReads {
    pub(crate) fn keep(&mut self, reader: ReaderId, read: LastRead) {
        self.look_at = self.look_at.min(read.at + LAST_READ_KEPT);
        self.kept.insert(reader, read);
    }

    /// What is kept of a reader and not too old.
    pub(crate) fn of(&self, reader: ReaderId, up: Uptime) -> Option<&LastRead> {
        self.kept
            .get(&reader)
            .filter(|read| up < read.at + LAST_READ_KEPT)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }

    /// Forgets what is too old.
    pub(crate) fn forget_old(&mut self, up: Uptime) {
        if up < self.look_at {
            return;
        }
        self.kept.retain(|_, read| up < read.at + LAST_READ_KEPT);
        let oldest = self.kept.values().map(|read| read.at).min();
        self.look_at = oldest.unwrap_or(up) + LAST_READ_KEPT;
    }
}

/// So long a reading is kept.
pub const LAST_READ_KEPT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_forgotten_after_a_minute() {
        let (reader, at) = (ReaderId::new(1), Uptime::from_micros(5));
        let mut reads = LastReads::default();
        let bits = CardBits::new(&[0x80, 0, 0, 0], 26).unwrap();
        reads.keep(
            reader,
            LastRead {
                bits,
                at,
                live: true,
            },
        );
        let almost = Uptime::from_micros(60_000_004);
        assert!(reads.of(reader, almost).is_some());
        let after = at + LAST_READ_KEPT;
        assert!(reads.of(reader, after).is_none());
        reads.forget_old(almost);
        assert_eq!(reads.kept.len(), 1);
        reads.forget_old(after);
        assert_eq!(reads.kept.len(), 0);
    }
}
