//! Turn: whose question comes next on a Modbus line, and which.

use super::frame::Query;
use super::unit::Unit;
use super::{ModbusLine, Sent, index_of};
use crate::Uptime;
use crate::unlock::IN_A_ROW;

impl ModbusLine {
    /// Who is asked next, and what: an unlock first, then a relay that has to go off, then everybody in turn; but between unlocks
    /// without end one of the others each time. A lock waits for nobody.
    pub(super) fn next(&mut self, now: Uptime) -> Option<(usize, Query, Option<Sent>)> {
        let others_wait = self.in_a_row >= IN_A_ROW && !self.has_lock_first();
        if others_wait && let Some((at, query)) = self.overdue(now).or_else(|| self.round(now)) {
            self.in_a_row = 0;
            return Some((at, query, None));
        }
        if let Some((at, query, sent)) = self.urgent(now) {
            self.in_a_row = self.in_a_row.saturating_add(1);
            return Some((at, query, Some(sent)));
        }
        self.in_a_row = 0;
        if let Some((at, query)) = self.overdue(now) {
            return Some((at, query, None));
        }
        if self.hold.is_some_and(|(_, until)| now < until) {
            return None;
        }
        self.hold = None;
        let (at, query) = self.round(now)?;
        Some((at, query, None))
    }

    /// An unlock that is to be put once more, or the next.
    fn urgent(&mut self, now: Uptime) -> Option<(usize, Query, Sent)> {
        if let Some((at, query, sent)) = self.again.take() {
            // A lock of the same strike that came meanwhile is not overtaken by an unlock that was lost.
            if now < sent.expires && !self.unlocks.has_lock(index_of(at), sent.output) {
                return Some((at, query, sent));
            }
            self.no_reply(sent.ticket);
        }
        let reader = self.unlocks.readers().next()?;
        let unlock = self.unlocks.take(reader)?;
        self.hold = None;
        let query = self.units.get_mut(reader.at())?.throw(&unlock, now)?;
        let sent = Sent {
            ticket: unlock.ticket,
            output: unlock.output,
            expires: unlock.expires,
            tries: 0,
        };
        Some((reader.at(), query, sent))
    }

    /// A relay that has to go off.
    fn overdue(&self, now: Uptime) -> Option<(usize, Query)> {
        let mut units = self.units.iter().enumerate();
        units.find_map(|(at, unit)| {
            let query = unit.overdue(now).filter(|_| unit.ask_at() <= now)?;
            Some((at, query))
        })
    }

    /// Whoever comes after the one asked last.
    fn round(&mut self, now: Uptime) -> Option<(usize, Query)> {
        let behind = (self.last_asked + 1)..self.units.len();
        let mut places = behind.chain(0..=self.last_asked);
        let due = |unit: &Unit| unit.ask_at() <= now;
        let at = places.find(|at| self.units.get(*at).is_some_and(due))?;
        self.last_asked = at;
        let query = self.units.get_mut(at)?.next_query(now);
        Some((at, query))
    }

    fn has_lock_first(&self) -> bool {
        let again = self.again.as_ref().map(|(_, query, _)| query);
        again.map_or_else(
            || self.unlocks.begins_with_lock(),
            |query| matches!(query, Query::Switch { on: false, .. }),
        )
    }
}
