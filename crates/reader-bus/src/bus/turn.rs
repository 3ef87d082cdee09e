//! Turn: whose question comes next when no unlock does.

use crate::Uptime;
use crate::reader::Reader;

/// Readers in order. Every other turn is favoured: it goes to one whose session would soon die unasked, else to one with
/// something to say or to be told. Readers that are not there come last, and still at every fourth turn.
#[derive(Default)]
pub(super) struct Turn {
    present: usize,
    absent: usize,
    count: u8,
    favoured: bool,
}

impl Turn {
    /// The place of the reader to be asked now.
    pub(super) fn next(&mut self, readers: &[Reader], now: Uptime) -> Option<usize> {
        self.count = self.count.wrapping_add(1);
        if self.count.is_multiple_of(PROBE_TURN) {
            self.absent(readers, now)
                .or_else(|| self.present(readers, now))
        } else {
            self.present(readers, now)
                .or_else(|| self.absent(readers, now))
        }
    }

    /// The place of the next reader that is there, whether or not it has something to say.
    pub(super) fn round(&mut self, readers: &[Reader], now: Uptime) -> Option<usize> {
        let next = after(self.present, readers, |reader| is_due(reader, now))?;
        self.present = next;
        Some(next)
    }

    fn present(&mut self, readers: &[Reader], now: Uptime) -> Option<usize> {
        if !std::mem::replace(&mut self.favoured, true)
            && let Some(favoured) = after(self.present, readers, |reader| {
                is_due(reader, now) && reader.is_starving(now)
            })
            .or_else(|| {
                after(self.present, readers, |reader| {
                    is_due(reader, now) && reader.is_keen()
                })
            })
        {
            return Some(favoured);
        }
        self.favoured = false;
        self.round(readers, now)
    }

    fn absent(&mut self, readers: &[Reader], now: Uptime) -> Option<usize> {
        let next = after(self.absent, readers, |reader| {
            reader.is_absent() && reader.ask_at() <= now
        })?;
        self.absent = next;
        Some(next)
    }
}

/// Whether a reader is there and may be asked.
fn is_due(reader: &Reader, now: Uptime) -> bool {
    !reader.is_absent() && reader.ask_at() <= now
}

/// The next place behind `last`, going round, whose reader is wanted.
fn after(last: usize, readers: &[Reader], wanted: impl Fn(&Reader) -> bool) -> Option<usize> {
    let behind = (last + 1)..readers.len();
    behind
        .chain(0..=last)
        .find(|at| readers.get(*at).is_some_and(&wanted))
}

/// At every such turn a reader that is not there is asked first.
const PROBE_TURN: u8 = 4;
