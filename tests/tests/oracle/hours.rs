//! Hours: whether a schedule holds, said once more with nothing but dates and times as a wall shows them.

use access::schedule::{Days, SpecialDay, When, Window};
use access::{Reason, UtcMicros};
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};

/// The zone of this name, from the list that was built in.
pub fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

/// A window holds when the wall of its zone shows a time from its beginning to just before its end, on a day of its kind or, past
/// midnight, on the day after.
pub fn check(
    (zone, windows): (&TimeZone, &[Window]),
    special: &[SpecialDay],
    now: UtcMicros,
) -> Result<(), Reason> {
    let wall = zone.to_datetime(Timestamp::from_microsecond(now.micros()).unwrap());
    let today = wall.date();
    for day in [today, today.yesterday().unwrap()] {
        let kind = kind_of(special, day);
        for window in windows.iter().filter(|window| window.days().meets(kind)) {
            if minute_of(day, window.from()) <= wall && wall < minute_of(day, window.until()) {
                return Ok(());
            }
        }
    }
    if special_kind(special, today).is_some() {
        return Err(Reason::Holiday);
    }
    Err(Reason::OutsideSchedule)
}

/// So many minutes after the midnight with which a day begins, as a wall shows it.
pub fn minute_of(day: Date, minute: u16) -> DateTime {
    day.at(0, 0, 0, 0) + i64::from(minute).minutes()
}

fn kind_of(special: &[SpecialDay], day: Date) -> Days {
    let weekday = u8::try_from(day.weekday().to_monday_zero_offset()).unwrap();
    special_kind(special, day).unwrap_or(Days::weekday(weekday))
}

/// A date of its own beats one of every year.
fn special_kind(special: &[SpecialDay], date: Date) -> Option<Days> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let whens = [When::Once { year, month, day }, When::Yearly { month, day }];
    let mut found = whens
        .iter()
        .filter_map(|when| special.iter().find(|special| special.when == *when));
    found.next().map(|special| Days::special(special.kind))
}
