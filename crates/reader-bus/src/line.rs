//! A line of either kind, so that the site treats them alike.

use crate::{
    AsciiLine, Bus, BusError, BusEvent, Identity, Light, LineStats, Lock, ModbusLine, Order,
    ReaderIndex, ReaderStats, Scbk, Signal, Unlock, Uptime,
};

/// A line of readers. The contract is that of [`Bus`].
#[expect(
    clippy::large_enum_variant,
    reason = "a house has a handful of lines; each is made once and stays where it is"
)]
pub enum Line {
    /// OSDP.
    Osdp(Bus),
    /// A pushed Wiegand reader.
    Ascii(AsciiLine),
    /// Polled Wiegand converters and relay boards.
    Modbus(ModbusLine),
}

impl Line {
    /// As [`Bus::handle_bytes`].
    pub fn handle_bytes(&mut self, bytes: &[u8], now: Uptime) {
        match self {
            Self::Osdp(bus) => bus.handle_bytes(bytes, now),
            Self::Ascii(line) => line.handle_bytes(bytes, now),
            Self::Modbus(line) => line.handle_bytes(bytes, now),
        }
    }

    /// As [`Bus::handle_timeout`].
    pub fn handle_timeout(&mut self, now: Uptime) {
        match self {
            Self::Osdp(bus) => bus.handle_timeout(now),
            Self::Ascii(line) => line.handle_timeout(now),
            Self::Modbus(line) => line.handle_timeout(now),
        }
    }

    /// As [`Bus::poll_transmit`]; nothing on a pushed line.
    pub fn poll_transmit(&mut self, now: Uptime) -> Option<&[u8]> {
        match self {
            Self::Osdp(bus) => bus.poll_transmit(now),
            Self::Ascii(_) => None,
            Self::Modbus(line) => line.poll_transmit(now),
        }
    }

    /// As [`Bus::poll_timeout`].
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        match self {
            Self::Osdp(bus) => bus.poll_timeout(),
            Self::Ascii(line) => line.poll_timeout(),
            Self::Modbus(line) => line.poll_timeout(),
        }
    }

    /// As [`Bus::poll_event`].
    pub fn poll_event(&mut self) -> Option<BusEvent> {
        match self {
            Self::Osdp(bus) => bus.poll_event(),
            Self::Ascii(line) => line.poll_event(),
            Self::Modbus(line) => line.poll_event(),
        }
    }

    /// As [`Bus::unlock`].
    ///
    /// # Errors
    /// As [`Bus::unlock`]; [`BusError::Unsupported`] on a pushed line.
    pub fn unlock(&mut self, reader: ReaderIndex, unlock: Unlock) -> Result<(), BusError> {
        match self {
            Self::Osdp(bus) => bus.unlock(reader, unlock),
            Self::Ascii(_) => Err(BusError::Unsupported { reader }),
            Self::Modbus(line) => line.unlock(reader, unlock),
        }
    }

    /// As [`Bus::recall`]; nothing on a pushed line.
    pub fn recall(&mut self, reader: ReaderIndex, output: u8) {
        match self {
            Self::Osdp(bus) => bus.recall(reader, output),
            Self::Ascii(_) => {}
            Self::Modbus(line) => line.recall(reader, output),
        }
    }

    /// As [`Bus::lock`].
    ///
    /// # Errors
    /// As [`Bus::lock`]; [`BusError::Unsupported`] on a pushed line.
    pub fn lock(&mut self, reader: ReaderIndex, lock: Lock) -> Result<(), BusError> {
        match self {
            Self::Osdp(bus) => bus.lock(reader, lock),
            Self::Ascii(_) => Err(BusError::Unsupported { reader }),
            Self::Modbus(line) => line.lock(reader, lock),
        }
    }

    /// As [`Bus::signal`]; nothing on a pushed line.
    pub fn signal(&mut self, reader: ReaderIndex, signal: &Signal) {
        match self {
            Self::Osdp(bus) => bus.signal(reader, signal),
            Self::Ascii(_) | Self::Modbus(_) => {}
        }
    }

    /// As [`Bus::stand`]; nothing on a Wiegand line.
    pub fn stand(&mut self, reader: ReaderIndex, light: Option<Light>) {
        match self {
            Self::Osdp(bus) => bus.stand(reader, light),
            Self::Ascii(_) | Self::Modbus(_) => {}
        }
    }

    /// As [`Bus::release`]; nothing on a pushed line.
    pub fn release(&mut self, reader: ReaderIndex) {
        match self {
            Self::Osdp(bus) => bus.release(reader),
            Self::Ascii(_) => {}
            Self::Modbus(line) => line.release(reader),
        }
    }

    /// As [`Bus::set_key`].
    ///
    /// # Errors
    /// As [`Bus::set_key`]; [`BusError::Unsupported`] on a pushed line.
    pub fn set_key(&mut self, reader: ReaderIndex, key: Scbk) -> Result<(), BusError> {
        match self {
            Self::Osdp(bus) => bus.set_key(reader, key),
            Self::Ascii(_) | Self::Modbus(_) => Err(BusError::Unsupported { reader }),
        }
    }

    /// As [`Bus::order`].
    ///
    /// # Errors
    /// As [`Bus::order`]; [`BusError::Unsupported`] on a pushed line.
    pub fn order(
        &mut self,
        reader: ReaderIndex,
        ticket: u64,
        order: Order,
    ) -> Result<(), BusError> {
        match self {
            Self::Osdp(bus) => bus.order(reader, ticket, order),
            Self::Ascii(_) | Self::Modbus(_) => Err(BusError::Unsupported { reader }),
        }
    }

    /// As [`Bus::serve_file`]; nothing on a Wiegand line.
    pub fn serve_file(&mut self, reader: ReaderIndex, ticket: u64, piece: (u32, &[u8])) {
        match self {
            Self::Osdp(bus) => bus.serve_file(reader, ticket, piece),
            Self::Ascii(_) | Self::Modbus(_) => {}
        }
    }

    /// As [`Bus::withdraw`]; nothing on a pushed line.
    pub fn withdraw(&mut self, reader: ReaderIndex, ticket: u64) {
        match self {
            Self::Osdp(bus) => bus.withdraw(reader, ticket),
            Self::Ascii(_) | Self::Modbus(_) => {}
        }
    }

    /// As [`Bus::pin`]; nothing on a pushed line.
    pub fn pin(&mut self, reader: ReaderIndex, identity: Identity) {
        match self {
            Self::Osdp(bus) => bus.pin(reader, identity),
            Self::Ascii(_) | Self::Modbus(_) => {}
        }
    }

    /// As [`Bus::line_down`].
    pub fn line_down(&mut self, now: Uptime) {
        match self {
            Self::Osdp(bus) => bus.line_down(now),
            Self::Ascii(line) => line.line_down(now),
            Self::Modbus(line) => line.line_down(now),
        }
    }

    /// As [`Bus::line_up`].
    pub fn line_up(&mut self, now: Uptime) {
        match self {
            Self::Osdp(bus) => bus.line_up(now),
            Self::Ascii(line) => line.line_up(now),
            Self::Modbus(line) => line.line_up(now),
        }
    }

    /// As [`Bus::stats`].
    #[must_use]
    pub fn stats(&self, reader: ReaderIndex) -> Option<ReaderStats> {
        match self {
            Self::Osdp(bus) => bus.stats(reader),
            Self::Ascii(line) => (reader == AsciiLine::READER).then(|| line.stats()),
            Self::Modbus(line) => line.stats(reader),
        }
    }

    /// As [`Bus::line_stats`].
    #[must_use]
    pub fn line_stats(&self) -> LineStats {
        match self {
            Self::Osdp(bus) => bus.line_stats(),
            Self::Ascii(line) => line.line_stats(),
            Self::Modbus(line) => line.line_stats(),
        }
    }
}
