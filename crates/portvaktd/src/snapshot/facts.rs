//! What a house needs besides its cards to go on without its register: names, operators, hours, lockdowns.

use std::str::FromStr;
use std::sync::Arc;

use access::schedule::{Calendar, SpecialDay, SpecialKind, TimetableBuilder, When, Window};
use access::{
    CardTag, DoorId, DoorMode, ModeBySchedule, ModeOrder, ModePlan, ModePlans, ScheduleId,
    SpareCards, UtcMicros,
};
use register::{Hours, NumberedNames, OperatorRow, Register, RegisterError};
use serde::{Deserialize, Serialize};

use super::card::{TAG_LEN, tag_octets, tag_of};
use super::operator::KnownOperator;

/// All of it, in words and numbers as the register has them. Nothing in it is about a holder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    doors: Vec<(String, u16)>,
    readers: Vec<(String, u16)>,
    groups: Vec<(String, u16)>,
    areas: Vec<(String, u16)>,
    operators: Vec<KnownOperator>,
    schedules: Vec<(u16, String, Vec<String>)>,
    special_days: Vec<(String, String)>,
    modes: Vec<DoorModes>,
    locked_down: Vec<u16>,
    /// The first octets of the tags of the house's own cards, in hexadecimal, and whether each is lost.
    #[serde(default)]
    stock: Vec<(String, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DoorModes {
    door: u16,
    /// The mode's name, and when it ends.
    order: Option<(String, Option<i64>)>,
    /// Schedule, mode, after the first card.
    hours: Vec<(u16, String, bool)>,
}

impl Facts {
    /// As the register has them now.
    ///
    /// # Errors
    /// What the register says.
    pub(crate) fn of(register: &Register) -> Result<Self, RegisterError> {
        let NumberedNames {
            doors,
            readers,
            groups,
            areas,
        } = register.numbered_names()?;
        let schedules = register.schedules()?.into_iter().map(|row| {
            let windows = row.windows.iter().map(ToString::to_string).collect();
            (row.id.get(), row.zone, windows)
        });
        let days = register.special_days()?.into_iter();
        Ok(Self {
            doors,
            readers,
            groups,
            areas,
            operators: register
                .operators()?
                .into_iter()
                .map(KnownOperator::of)
                .collect(),
            schedules: schedules.collect(),
            special_days: days
                .map(|day| (day.when.to_string(), day.kind.to_string()))
                .collect(),
            modes: register
                .mode_plans()?
                .into_iter()
                .map(DoorModes::of)
                .collect(),
            locked_down: register
                .locked_down()?
                .into_iter()
                .map(DoorId::get)
                .collect(),
            stock: register
                .stock_tags()?
                .iter()
                .map(|(tag, lost)| (hex(tag), *lost))
                .collect(),
        })
    }

    /// What doors, readers, groups and areas are called.
    pub(crate) fn names(&self) -> NumberedNames {
        NumberedNames {
            doors: self.doors.clone(),
            readers: self.readers.clone(),
            groups: self.groups.clone(),
            areas: self.areas.clone(),
        }
    }

    /// Who operates the controller; `None` if a role is none that this version knows.
    pub(crate) fn operators(&self) -> Option<Vec<OperatorRow>> {
        self.operators.iter().map(KnownOperator::row).collect()
    }

    /// The doors that are locked down.
    pub(crate) fn locked_down(&self) -> Vec<DoorId> {
        self.locked_down.iter().copied().map(DoorId::new).collect()
    }

    fn spares(&self) -> Option<SpareCards> {
        let stock = self.stock.iter();
        let tags = stock.map(|(tag, lost)| Some((of_hex(tag)?, *lost)));
        Some(SpareCards::new(tags.collect::<Option<Vec<_>>>()?))
    }

    /// Schedules, special days, modes and the house's own cards; `None` if they are none that this version knows.
    pub(crate) fn hours(&self) -> Option<Hours> {
        let mut timetable = TimetableBuilder::default();
        for (id, zone, windows) in &self.schedules {
            let windows: Result<Vec<Window>, _> = windows.iter().map(|text| text.parse()).collect();
            timetable
                .add(ScheduleId::new(*id), zone, &windows.ok()?)
                .ok()?;
        }
        let days = self.special_days.iter().map(|(when, kind)| {
            Some(SpecialDay {
                when: When::from_str(when).ok()?,
                kind: SpecialKind::from_str(kind).ok()?,
            })
        });
        let calendar = Calendar::new(&days.collect::<Option<Vec<_>>>()?).ok()?;
        let plans: Option<Vec<_>> = self.modes.iter().map(DoorModes::plan).collect();
        Some(Hours {
            timetable: Arc::new(timetable.finish(calendar).ok()?),
            modes: Arc::new(ModePlans::new(plans?)),
            spares: Arc::new(self.spares()?),
        })
    }
}

/// A tag as a list keeps it.
fn hex(tag: &CardTag) -> String {
    let octets = tag_octets(tag);
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn of_hex(text: &str) -> Option<CardTag> {
    let mut octets = [0; TAG_LEN];
    // A number may have a sign, digits of an octet may not.
    if text.len() != 2 * TAG_LEN || !text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return None;
    }
    for (at, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(tag_of(octets))
}

impl DoorModes {
    fn of((door, plan): (DoorId, ModePlan)) -> Self {
        let order = plan.order.map(|order| {
            let until = order.until.map(UtcMicros::micros);
            (order.mode.as_str().to_owned(), until)
        });
        let hours = plan.by_schedule.iter();
        Self {
            door: door.get(),
            order,
            hours: hours
                .map(|by| {
                    (
                        by.schedule.get(),
                        by.mode.as_str().to_owned(),
                        by.after_first_card,
                    )
                })
                .collect(),
        }
    }

    fn plan(&self) -> Option<(DoorId, ModePlan)> {
        let order = match &self.order {
            Some((mode, until)) => Some(ModeOrder {
                mode: DoorMode::from_name(mode)?,
                until: until.map(UtcMicros::from_micros),
            }),
            None => None,
        };
        let hours = self.hours.iter().map(|(schedule, mode, after_first_card)| {
            Some(ModeBySchedule {
                schedule: ScheduleId::new(*schedule),
                mode: DoorMode::from_name(mode)?,
                after_first_card: *after_first_card,
            })
        });
        let plan = ModePlan {
            order,
            by_schedule: hours.collect::<Option<Vec<_>>>()?,
        };
        Some((DoorId::new(self.door), plan))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_a_sign_among_its_digits_is_none() {
        assert!(of_hex(&"0f".repeat(TAG_LEN)).is_some());
        for other in ["+f", "0g", "f", "é"] {
            assert!(of_hex(&other.repeat(TAG_LEN)).is_none(), "{other}");
        }
    }
}
