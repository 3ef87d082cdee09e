//! How long octets take on the wire.

use std::time::Duration;

/// The time of octets at a baud rate: a start bit, eight data bits, a stop bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    baud: u64,
}

impl Pace {
    pub(crate) fn new(baud: u32) -> Self {
        Self {
            baud: u64::from(baud).max(1),
        }
    }

    /// The time `count` octets take, rounded up to whole microseconds.
    pub(crate) fn octets(self, count: usize) -> Duration {
        let bits = u64::try_from(count)
            .unwrap_or(u64::MAX)
            .saturating_mul(BITS_PER_OCTET);
        Duration::from_micros(bits.saturating_mul(MICROS_PER_SECOND).div_ceil(self.baud))
    }
}

const BITS_PER_OCTET: u64 = 10;
const MICROS_PER_SECOND: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pace;

    #[test]
    fn a_secure_exchange_at_9600_takes_35_milliseconds() {
        assert_eq!(Pace::new(9600).octets(34), Duration::from_micros(35_417));
        assert_eq!(Pace::new(115_200).octets(34), Duration::from_micros(2_952));
        assert_eq!(Pace::new(921_600).octets(1), Duration::from_micros(11));
    }
}
