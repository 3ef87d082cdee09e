//! An instant as it is written on the control socket.

use core::fmt;
use core::str::FromStr;

use access::UtcMicros;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A UTC instant to the microsecond; RFC 3339 with six digits in JSON
/// (`2026-11-22T08:14:03.123456Z`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(UtcMicros);

impl Moment {
    /// The same instant as the core keeps it.
    #[must_use]
    pub fn utc(self) -> UtcMicros {
        self.0
    }

    /// The same instant for civil arithmetic; an instant beyond the year ±9999 is
    /// held at that end.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        let micros = self.0.micros();
        Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl From<UtcMicros> for Moment {
    fn from(utc: UtcMicros) -> Self {
        Self(utc)
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(UtcMicros::from_micros(timestamp.as_microsecond()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| de::Error::custom("not an RFC 3339 instant"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_rfc_3339_with_six_digits() {
        let moment = Moment::from(UtcMicros::from_micros(1_795_335_243_123_456));
        assert_eq!(moment.to_string(), "2026-11-22T08:14:03.123456Z");
        assert_eq!(
            "2026-11-22T09:14:03.123456+01:00"
                .parse::<Moment>()
                .unwrap(),
            moment
        );
    }

    #[test]
    fn an_instant_beyond_the_calendar_is_held_at_its_end() {
        let moment = Moment::from(UtcMicros::from_micros(i64::MAX));
        assert_eq!(moment.timestamp(), Timestamp::MAX);
    }
}
