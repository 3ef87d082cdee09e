//! The rules once more, as simply as they can be said: what a decision is compared with.

use std::collections::{BTreeMap, BTreeSet};

use access::{
    CardEntry, DoorId, DoorMode, Generation, Holder, ModeOrder, Place, Reason, Standing, UtcMicros,
    Validity,
};

/// What the office knows, and so what every decision is to go by.
#[derive(Clone, Debug)]
pub(super) struct Knowledge {
    /// The number of this state of things.
    pub(super) generation: Generation,
    /// Every card.
    pub(super) cards: Vec<CardEntry>,
    /// Modes that an operator ordered.
    pub(super) orders: BTreeMap<DoorId, ModeOrder>,
    /// Doors that want a PIN beside the card.
    pub(super) pin_doors: BTreeSet<DoorId>,
    /// Doors that are locked down.
    pub(super) locked_down: BTreeSet<DoorId>,
}

impl Knowledge {
    /// What is to be said of this holder's card at this door at this time, of all doors being locked down or not as they are, and what
    /// was found of the side of the door on which it is, and of the doors that must be shut.
    pub(super) fn verdict(
        &self,
        holder: Holder,
        door: DoorId,
        at: UtcMicros,
        hurdle: Reason,
    ) -> Reason {
        let Some(card) = self.cards.iter().find(|card| card.holder == holder) else {
            return Reason::UnknownCard;
        };
        let said = [
            standing(card.standing),
            holds(card.valid, at),
            right(card, door, at),
        ];
        if let Some(reason) = said.into_iter().find(|reason| *reason != Reason::Ok) {
            return reason;
        }
        if self.locked_down.contains(&door) {
            return Reason::Lockdown;
        }
        match self.mode(door, at) {
            DoorMode::Locked => Reason::DoorLocked,
            DoorMode::Card | DoorMode::Unlocked | DoorMode::CardAndPin | DoorMode::CardOrPin
                if hurdle != Reason::Ok =>
            {
                hurdle
            }
            DoorMode::Card | DoorMode::Unlocked => Reason::Ok,
            DoorMode::CardAndPin | DoorMode::CardOrPin => Reason::PinNeeded,
        }
    }

    /// How a door lets people in: as was ordered, until that ends; else by card, and with a PIN where the door wants one.
    pub(super) fn mode(&self, door: DoorId, at: UtcMicros) -> DoorMode {
        match self.orders.get(&door) {
            Some(order) if order.until.is_none_or(|until| at < until) => order.mode,
            Some(_) | None if self.pin_doors.contains(&door) => DoorMode::CardAndPin,
            Some(_) | None => DoorMode::Card,
        }
    }
}

const fn standing(standing: Standing) -> Reason {
    match standing {
        Standing::Active => Reason::Ok,
        Standing::Pending => Reason::Pending,
        Standing::Blocked => Reason::Blocked,
        Standing::Lost => Reason::Lost,
        Standing::Returned => Reason::Returned,
    }
}

fn holds(valid: Validity, at: UtcMicros) -> Reason {
    if at < valid.from() {
        return Reason::NotYetValid;
    }
    match valid.until() {
        Some(until) if until <= at => Reason::Expired,
        Some(_) | None => Reason::Ok,
    }
}

/// One right that holds is enough; else the one that came nearest speaks.
fn right(card: &CardEntry, door: DoorId, at: UtcMicros) -> Reason {
    let here = card.rights.iter();
    let here = here.filter(|right| right.place == Place::Door(door));
    let said: Vec<Reason> = here
        .map(|right| {
            let held = holds(right.valid, at);
            let is_outside = right.schedule.is_some() && !in_office_hours(at);
            if held == Reason::Ok && is_outside {
                Reason::OutsideSchedule
            } else {
                held
            }
        })
        .collect();
    let nearest = [
        Reason::Ok,
        Reason::OutsideSchedule,
        Reason::NotYetValid,
        Reason::Expired,
    ];
    let nearest = nearest.into_iter().find(|reason| said.contains(reason));
    nearest.unwrap_or(Reason::NoRight)
}

/// Whether the hours hold: every day from seven to five, and at night from half past one to half past three, by the clocks of Oslo.
fn in_office_hours(at: UtcMicros) -> bool {
    let local = at.micros().div_euclid(MINUTE) + 60 + if is_summer(at) { 60 } else { 0 };
    let minute = local.rem_euclid(24 * 60);
    (7 * 60..17 * 60).contains(&minute) || (90..210).contains(&minute)
}

/// Whether it is summer time in Europe: from the last Sunday of March, one o'clock by UTC, to that of October.
fn is_summer(at: UtcMicros) -> bool {
    let hour = at.micros().div_euclid(60 * MINUTE);
    let day = hour.div_euclid(24);
    let mut year = 1970 + day / 366;
    while first_day(year + 1) <= day {
        year += 1;
    }
    let leap = first_day(year + 1) - first_day(year) - 365;
    let march = first_day(year) + 31 + 28 + leap + 30;
    let october = march + 30 + 31 + 30 + 31 + 31 + 30 + 31;
    (last_sunday(march) * 24 + 1..last_sunday(october) * 24 + 1).contains(&hour)
}

/// The day with which a year begins, counted from 1970.
const fn first_day(year: i64) -> i64 {
    365 * (year - 1970) + (year - 1969) / 4 - (year - 1901) / 100 + (year - 1601) / 400
}

/// The last Sunday up to this day. The fourth day of 1970 was one.
const fn last_sunday(day: i64) -> i64 {
    day - (day - 3).rem_euclid(7)
}

const MINUTE: i64 = 60_000_000;
/// The windows of those hours, as the product is told of them.
pub(super) const OFFICE_HOURS: &[&str] = &["daily 07:00-17:00", "daily 01:30-03:30"];

#[cfg(test)]
mod tests {
    use access::ScheduleId;
    use access::schedule::{Calendar, TimetableBuilder};

    use super::*;

    #[test]
    fn the_hours_are_those_of_the_product_through_both_changes_of_the_clocks() {
        let windows: Vec<_> = OFFICE_HOURS
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let mut hours = TimetableBuilder::default();
        let id = ScheduleId::new(1);
        hours.add(id, "Europe/Oslo", &windows).unwrap();
        let hours = hours.finish(Calendar::default()).unwrap();
        for day in first_day(2026)..first_day(2034) {
            for minute in [
                0, 29, 30, 89, 90, 149, 150, 209, 329, 330, 389, 930, 989, 990,
            ] {
                let at = UtcMicros::from_micros((day * 24 * 60 + minute) * MINUTE);
                assert_eq!(in_office_hours(at), hours.holds(id, at), "{at}");
            }
        }
    }
}
