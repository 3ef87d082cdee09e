//! Strikes: relays that are switched on for a time, or off at once.

use crate::modbus::ModbusLine;
use crate::{BusError, BusEvent, FailCause, Lock, ReaderIndex, Unlock};

impl ModbusLine {
    /// Switches a relay on for a time: the very next frame on the line. As [`Bus::unlock`](crate::Bus::unlock).
    ///
    /// # Errors
    /// [`BusError`] for a unit or relay that is not there, one not in service, a line that is down, too many unlocks; an unlock by no
    /// current is not supported.
    pub fn unlock(&mut self, reader: ReaderIndex, unlock: Unlock) -> Result<(), BusError> {
        self.check(reader, unlock.output, unlock.inverted)?;
        self.unlocks.push(reader, unlock.into())
    }

    /// As [`Bus::recall`](crate::Bus::recall).
    pub fn recall(&mut self, reader: ReaderIndex, output: u8) {
        self.unlocks.recall(reader, output, &mut self.events);
    }

    /// Switches a relay off at once, before every unlock. As [`Bus::lock`](crate::Bus::lock).
    ///
    /// # Errors
    /// As [`ModbusLine::unlock`].
    pub fn lock(&mut self, reader: ReaderIndex, lock: Lock) -> Result<(), BusError> {
        self.check(reader, lock.output, lock.inverted)?;
        self.unlocks
            .push_lock(reader, lock.into(), &mut self.events);
        Ok(())
    }

    /// An unlock was not answered, and is not put again.
    pub(super) fn no_reply(&mut self, ticket: u64) {
        self.events.push_back(BusEvent::UnlockFailed {
            ticket,
            why: FailCause::NoReply,
        });
    }

    fn check(&self, reader: ReaderIndex, output: u8, inverted: bool) -> Result<(), BusError> {
        if !self.stats.up {
            return Err(BusError::LineDown);
        }
        let unit = self.units.get(reader.at());
        let unit = unit.ok_or(BusError::NoSuchReader { reader })?;
        // A relay that had to stay on would fall with the controller, and the door would stand open.
        if !unit.has_relay(output) || inverted {
            return Err(BusError::Unsupported { reader });
        }
        if !unit.in_service() {
            return Err(BusError::NotInService { reader });
        }
        Ok(())
    }
}
