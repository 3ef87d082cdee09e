//! Cards: what those of a simulated house may open and how long, drawn by lot, and the PINs that go with them.

use std::time::Duration;

use access::card::formats::H10301;
use access::schedule::{Calendar, Timetable, TimetableBuilder};
use access::{
    CardBits, CardEntry, DoorId, Holder, Pin, PinDigits, PinKey, PinNumber, Right, ScheduleId,
    Standing, TagKey, UtcMicros, Validity,
};

use super::policy::OFFICE_HOURS;
use super::street::FACILITY;
use super::violation::{Breach, Invariant};
use crate::dice::Dice;

/// A card of the house: which doors, how long and in what standing is left to chance, but not for the employee who may open everything.
pub(super) fn entry(
    (bits, is_employee): (&CardBits, bool),
    holder: Holder,
    doors: &[DoorId],
    tag_key: &TagKey,
    (beginning, dice): (UtcMicros, &mut Dice),
) -> Result<CardEntry, Breach> {
    let number = H10301.read(bits);
    let number = number.map_err(|_| Invariant::Setting.breach("a card of no format"))?;
    let long_ago = UtcMicros::from_micros(0);
    let minutes = |minutes: u64| beginning.saturating_add(Duration::from_secs(60 * minutes));
    let (from, until) = match dice.below(8) {
        _ if is_employee => (long_ago, None),
        0 => (long_ago, Some(beginning)),
        1..=2 => (long_ago, Some(minutes(1 + dice.below(90)))),
        3 => (minutes(1 + dice.below(90)), None),
        _ => (long_ago, None),
    };
    let valid = validity(from, until)?;
    let standing = match dice.below(24) {
        _ if is_employee => Standing::Active,
        0 => Standing::Blocked,
        1 => Standing::Lost,
        2 => Standing::Returned,
        3 => Standing::Pending,
        _ => Standing::Active,
    };
    let mut rights = Vec::new();
    for door in doors {
        let schedule = dice.one_in(4).then_some(ScheduleId::new(1));
        if is_employee {
            rights.push(Right::on(*door, valid));
        } else if !dice.one_in(5) {
            let right = Right::on(*door, valid);
            rights.push(Right { schedule, ..right });
        }
    }
    Ok(CardEntry {
        rights,
        ..CardEntry::new(tag_key.tag(&number), holder, standing, valid)
    })
}

/// From then and, if it ends, until then.
pub(super) fn validity(from: UtcMicros, until: Option<UtcMicros>) -> Result<Validity, Breach> {
    Validity::new(from, until).map_err(|_| Invariant::Setting.breach("a card that ends first"))
}

/// The hours of the house.
pub(super) fn timetable() -> Result<Timetable, Breach> {
    let wrong = |_| Invariant::Setting.breach("the hours are no hours");
    let mut windows = Vec::new();
    for text in OFFICE_HOURS {
        windows.push(text.parse().map_err(wrong)?);
    }
    let mut timetable = TimetableBuilder::default();
    let added = timetable.add(ScheduleId::new(1), "Europe/Oslo", &windows);
    added.map_err(wrong)?;
    timetable.finish(Calendar::default()).map_err(wrong)
}

/// What the holder of this card types: no two people's are the same, and who is forced types another.
pub(super) fn pin_of(number: u16, forced: bool) -> String {
    let digits = 10_000 + 7 * u32::from(number);
    (digits + u32::from(forced)).to_string()
}

/// The same as it is kept.
pub(super) fn kept_pin(key: &PinKey, holder: Holder, number: u16) -> Option<Pin> {
    let hash = |forced| {
        let digits = PinDigits::typed(&pin_of(number, forced))?;
        Some(key.hash(holder.issuance, &digits))
    };
    Some(Pin {
        number: PinNumber::new(number.into())?,
        hash: hash(false)?,
        duress: Some(hash(true)?),
    })
}

/// Whose card it is. Nobody is called so.
pub(super) fn name_of(number: u16) -> String {
    format!("Ingen Oppdikt {number}, card {FACILITY}:{number}")
}
