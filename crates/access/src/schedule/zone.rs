//! Zone: how far the clocks on the wall are ahead of UTC, ready to be asked at every card.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::schedule::error::ScheduleError;
use crate::time::UtcMicros;

/// A zone of the IANA's list. For the years in which a controller runs it is written out.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    zone: TimeZone,
    /// The stretches from [`FROM`] on; none if the clocks of this zone are changed too often for that.
    stretches: Arc<[Stretch]>,
}

/// Some weeks in which the clocks are changed once at most.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// The second since 1970 at which they are.
    change: i64,
    /// How many seconds they are ahead before.
    before: i32,
    /// How many from then on.
    after: i32,
}

impl Zone {
    /// The zone of this name.
    ///
    /// # Errors
    /// [`ScheduleError::NoSuchZone`].
    pub(super) fn named(name: &str) -> Result<Self, ScheduleError> {
        let no_such_zone = |_| ScheduleError::NoSuchZone {
            zone: name.to_owned(),
        };
        // The list that was built in, so that every machine reads a schedule the same way.
        let zone = TimeZoneDatabase::bundled()
            .get(name)
            .map_err(no_such_zone)?;
        let stretches = written_out(&zone).unwrap_or_default().into();
        Ok(Self { zone, stretches })
    }

    /// Seconds that the clocks show since 1970-01-01T00:00:00; `None` at an instant that no calendar has.
    pub(super) fn wall_seconds(&self, now: UtcMicros) -> Option<i64> {
        let seconds = now.micros().div_euclid(1_000_000);
        let offset = match self.stretch(seconds) {
            Some(stretch) if seconds < stretch.change => i64::from(stretch.before),
            Some(stretch) => i64::from(stretch.after),
            None => self.asked(now)?,
        };
        Some(seconds + offset)
    }

    fn stretch(&self, seconds: i64) -> Option<&Stretch> {
        let place = seconds.checked_sub(FROM)?.div_euclid(STRETCH);
        self.stretches.get(usize::try_from(place).ok()?)
    }

    /// The zone itself.
    pub(super) const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn asked(&self, now: UtcMicros) -> Option<i64> {
        let instant = Timestamp::from_microsecond(now.micros()).ok()?;
        Some(i64::from(self.zone.to_offset(instant).seconds()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.zone.iana_name().unwrap_or("UTC"))
    }
}

fn written_out(zone: &TimeZone) -> Option<Vec<Stretch>> {
    let from = Timestamp::from_second(FROM).ok()?;
    let mut changes = zone.following(from).peekable();
    let mut before = zone.to_offset(from).seconds();
    let mut stretches = Vec::new();
    for stretch in 0..STRETCHES {
        let end = FROM + (stretch + 1) * STRETCH;
        let mut in_it = || changes.next_if(|change| change.timestamp().as_second() < end);
        let (change, after) = match (in_it(), in_it()) {
            (None, _) => (end, before),
            (Some(change), None) => (change.timestamp().as_second(), change.offset().seconds()),
            (Some(_), Some(_)) => return None,
        };
        stretches.push(Stretch {
            change,
            before,
            after,
        });
        before = after;
    }
    Some(stretches)
}

/// The beginning of 2020.
const FROM: i64 = 1_577_836_800;
/// Seconds of a stretch: 24 days, and some hours.
const STRETCH: i64 = 1 << 21;
/// So many are a hundred years.
const STRETCHES: i64 = 1_505;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 6] = [
        "Europe/Oslo",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "UTC",
    ];

    fn same(name: &str, micros: i64) -> bool {
        let zone = Zone::named(name).unwrap();
        let now = UtcMicros::from_micros(micros);
        let asked = zone.asked(now);
        zone.wall_seconds(now) == asked.map(|offset| micros.div_euclid(1_000_000) + offset)
    }

    #[test]
    fn what_is_written_out_begins_and_ends_as_it_would_go_on() {
        for name in NAMES {
            for second in [FROM, FROM + STRETCHES * STRETCH] {
                for beside in [-1_000_000, -1, 0, 1, 1_000_000] {
                    assert!(same(name, second * 1_000_000 + beside), "{name} {second}");
                }
            }
        }
    }

    #[test]
    fn zones_in_use_are_written_out() {
        for name in NAMES {
            let stretches = Zone::named(name).unwrap().stretches.len();
            assert_eq!(i64::try_from(stretches), Ok(STRETCHES), "{name}");
        }
    }

    #[test]
    fn a_zone_that_is_not_there_is_refused_and_an_instant_beyond_all_calendars_has_no_wall() {
        let refused = Zone::named("Europe/Atlantis").err();
        let zone = "Europe/Atlantis".to_owned();
        assert_eq!(refused, Some(ScheduleError::NoSuchZone { zone }));
        let zone = Zone::named("UTC").unwrap();
        assert_eq!(zone.wall_seconds(UtcMicros::from_micros(i64::MAX)), None);
        assert_eq!(zone.wall_seconds(UtcMicros::from_micros(i64::MIN)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_out_is_what_the_zone_says(name in 0..NAMES.len(), micros in 0_i64..6_000_000_000_000_000) {
            prop_assert!(same(NAMES[name], micros));
        }
    }
}
