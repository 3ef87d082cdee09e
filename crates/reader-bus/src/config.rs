//! How a line and its readers are set up.

use std::fmt;
use std::time::Duration;

use firmware_protocol::Address;
use firmware_protocol::secure::Scbk;

use crate::BusError;

/// What is spoken on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OSDP 2.2 on RS-485: many readers, asked one after another.
    Osdp,
    /// A Wiegand reader behind a converter that pushes card numbers as text.
    WiegandAscii,
    /// Wiegand converters and relay boards on Modbus RTU, asked one after another.
    WiegandModbus,
}

/// A reader's place in its line's list, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderIndex(u8);

impl ReaderIndex {
    /// The place `index`.
    #[must_use]
    pub const fn new(index: u8) -> Self {
        Self(index)
    }

    /// The place as a number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    pub(crate) fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// Timing of one line. All frame times follow from `baud`, also where the port underneath does not pace itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineConfig {
    /// Bits a second, 1200 to 4,000,000. Default 9600.
    pub baud: u32,
    /// How long a reader may take to begin its reply, 1 to 200 ms. Default 200 (OSDP 2.2, 5.7).
    pub reply_timeout_ms: u16,
    /// Silence that breaks a frame off, 1 to 1000 ms. Default 20; behind USB and network adapters 150.
    pub inter_character_ms: u16,
    /// Silence kept after a reply on top of the two idle characters, for adapters that turn round slowly. Default 0.
    pub turnaround_ms: u8,
    /// How long the line waits after a card for the unlock or a [`release`](crate::Bus::release), 0 to 100 ms. Default 5.
    pub grant_hold_ms: u16,
}

impl Default for LineConfig {
    fn default() -> Self {
        Self {
            baud: 9600,
            reply_timeout_ms: REPLY_TIMEOUT_MS_MAX,
            inter_character_ms: 20,
            turnaround_ms: 0,
            grant_hold_ms: 5,
        }
    }
}

impl LineConfig {
    pub(crate) fn check(&self) -> Result<(), BusError> {
        if !(BAUD_MIN..=BAUD_MAX).contains(&self.baud) {
            return Err(BusError::Baud { actual: self.baud });
        }
        within(
            "reply_timeout_ms",
            self.reply_timeout_ms,
            1,
            REPLY_TIMEOUT_MS_MAX,
        )?;
        within(
            "inter_character_ms",
            self.inter_character_ms,
            1,
            INTER_CHARACTER_MS_MAX,
        )?;
        within("grant_hold_ms", self.grant_hold_ms, 0, GRANT_HOLD_MS_MAX)
    }

    pub(crate) fn reply_timeout(&self) -> Duration {
        Duration::from_millis(u64::from(self.reply_timeout_ms))
    }

    pub(crate) fn inter_character(&self) -> Duration {
        Duration::from_millis(u64::from(self.inter_character_ms))
    }

    pub(crate) fn turnaround(&self) -> Duration {
        Duration::from_millis(u64::from(self.turnaround_ms))
    }

    pub(crate) fn grant_hold(&self) -> Duration {
        Duration::from_millis(u64::from(self.grant_hold_ms))
    }
}

/// One reader of an OSDP line.
#[derive(Debug)]
pub struct ReaderConfig {
    /// Its address; no two readers of a line share one.
    pub address: Address,
    /// How its frames are secured.
    pub security: Security,
}

/// How a reader's frames are secured. Nothing a reader says changes this.
pub enum Security {
    /// Secure Channel with this key and no other.
    Keyed(Scbk),
    /// Secure Channel with one of two keys of ours: one was on its way to the reader, and no session has shown yet which it
    /// has. The new one is tried first.
    Between {
        /// The key that was on its way.
        new: Scbk,
        /// The key it had before, if it had one.
        old: Option<Scbk>,
    },
    /// Secure Channel, but the key is not there yet: the reader is asked who it is and what it can do, and serves nobody.
    NoKey,
    /// In clear, because the configuration spells it out.
    Clear,
}

impl Security {
    pub(crate) fn check(&self, reader: ReaderIndex) -> Result<(), BusError> {
        let (key, other) = match self {
            Self::Keyed(key) => (Some(key), None),
            Self::Between { new, old } => (Some(new), old.as_ref()),
            Self::NoKey | Self::Clear => (None, None),
        };
        match key.into_iter().chain(other).find_map(Scbk::weakness) {
            Some(weakness) => Err(BusError::WeakKey { reader, weakness }),
            None => Ok(()),
        }
    }

    /// Whether there is a key the reader can be challenged under.
    pub(crate) const fn is_keyed(&self) -> bool {
        matches!(self, Self::Keyed(_) | Self::Between { .. })
    }
}

/// Shows the kind, never the key.
impl fmt::Debug for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyed(_) => "Keyed",
            Self::Between { .. } => "Between",
            Self::NoKey => "NoKey",
            Self::Clear => "Clear",
        })
    }
}

/// Refuses a timing outside `min` to `max`.
pub(crate) fn within(field: &'static str, actual: u16, min: u16, max: u16) -> Result<(), BusError> {
    if (min..=max).contains(&actual) {
        Ok(())
    } else {
        Err(BusError::Timing {
            field,
            actual,
            min,
            max,
        })
    }
}

/// Most readers on one line: every address but the broadcast one.
pub const READERS_MAX: usize = 127;
pub(crate) const BAUD_MIN: u32 = 1200;
pub(crate) const BAUD_MAX: u32 = 4_000_000;
const REPLY_TIMEOUT_MS_MAX: u16 = 200;
const INTER_CHARACTER_MS_MAX: u16 = 1000;
const GRANT_HOLD_MS_MAX: u16 = 100;
