//! One line, many readers, one question at a time; sans-IO.
//!
//! [`Bus`] is an OSDP line, [`AsciiLine`] a Wiegand reader behind a serial converter; [`Line`] is either. All are driven by
//! `handle_*` and drained by `poll_*`; none reads a clock, a port or a random source. The bytes come from whoever owns the
//! port, and the same machine answers a simulated one.

mod alarm;
mod ascii;
mod bus;
mod config;
mod entropy;
mod error;
mod event;
mod identity;
mod keypad;
mod levels;
mod line;
mod modbus;
mod order;
mod pace;
mod presence;
mod question;
mod reader;
mod reading;
mod signal;
mod stats;
mod survey;
mod unlock;
mod uptime;

pub use alarm::Alarm;
pub use ascii::{AsciiConfig, AsciiLine, Meaning, Pattern, PatternError};
pub use bus::Bus;
pub use config::{LineConfig, Protocol, READERS_MAX, ReaderConfig, ReaderIndex, Security};
pub use entropy::Entropy;
pub use error::BusError;
pub use event::BusEvent;
pub use firmware_protocol::ComSettings;
pub use firmware_protocol::command::LedColor;
pub use firmware_protocol::file::FileError;
pub use firmware_protocol::reply::{NakCode, PdId};
pub use firmware_protocol::secure::{Scbk, Weakness};
pub use firmware_protocol::{Address, ScanCounts};
pub use identity::Identity;
pub use keypad::Keypad;
pub use levels::{LEVELS_MAX, Levels};
pub use line::Line;
pub use modbus::{
    CardMap, Coil, InputMap, Justified, KeyMap, MapError, ModbusLine, Registers, UnitMap,
};
pub use order::{Order, OrderOutcome};
pub use reading::{Bits, Keys};
pub use signal::{CAPTION_LEN_MAX, Caption, Feedback, Light, Occasion, Signal, Sound};
pub use stats::{LineStats, ReaderState, ReaderStats};
pub use survey::{Found, Survey};
pub use unlock::{DropCause, FailCause, Lock, UNLOCKS_MAX, Unlock};
pub use uptime::Uptime;
