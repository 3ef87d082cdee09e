//! Plan: what the configuration says of the doors, the readers and the areas, as far as a decision asks.

use std::time::Duration;

use crate::id::{AreaId, DoorId, GroupId, ReaderId};
use crate::modes::DoorMode;

/// What a door asks of a card besides a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorRules {
    /// How it lets people in when neither an operator nor a schedule says otherwise.
    pub mode: DoorMode,
    /// What proof of a person it asks for.
    pub level: Level,
    /// Several people are to show their cards.
    pub persons: Option<Persons>,
    /// A visitor is let in only so long after somebody of the house was, at this door.
    pub escort_within: Option<Duration>,
    /// One card is not taken again at the same reader for so long.
    pub again_after: Option<Duration>,
    /// Doors that must be shut before this one opens.
    pub interlock: Vec<DoorId>,
}

impl DoorRules {
    /// A door that asks for no more than its mode does.
    #[must_use]
    pub const fn of_mode(mode: DoorMode) -> Self {
        Self {
            mode,
            level: Level::Controlled,
            persons: None,
            escort_within: None,
            again_after: None,
            interlock: Vec::new(),
        }
    }
}

/// What proof of a person a door asks for, after the areas of NIST SP 800-116.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// One factor: a card at any reader.
    Controlled,
    /// A card at a reader in Secure Channel, or card and PIN at one whose wires can be imitated.
    Limited,
    /// Card and PIN, at a reader in Secure Channel only.
    Exclusion,
}

impl Level {
    /// The name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Controlled => "controlled",
            Self::Limited => "limited",
            Self::Exclusion => "exclusion",
        }
    }

    /// The level of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Controlled, Self::Limited, Self::Exclusion]
            .into_iter()
            .find(|level| level.as_str() == name)
    }
}

/// How many people are to show their cards, and within what time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Persons {
    /// How many; two or more.
    pub count: u8,
    /// So long after the first the last may come.
    pub within: Duration,
}

/// What a reader stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReaderRules {
    /// How far its word is believed.
    pub trust: Trust,
    /// The area it leads into.
    pub into: Option<AreaId>,
    /// The area it leads out of.
    pub out_of: Option<AreaId>,
    /// Whether it is the one inside, at which people leave.
    pub exit: bool,
}

/// Which side of a door a reader is on: those who ask at the same side go the same way.
pub(crate) type Side = (bool, Option<AreaId>, Option<AreaId>);

impl ReaderRules {
    /// Whether whoever is let in there leaves rather than comes in.
    #[must_use]
    pub const fn leads_out(&self) -> bool {
        self.exit || self.out_of.is_some() && self.into.is_none()
    }

    pub(crate) const fn side(&self) -> Side {
        (self.exit, self.into, self.out_of)
    }
}

/// How far a reader's word is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Anybody at its wires can imitate it: Wiegand, OSDP in clear. What is not known is this.
    #[default]
    Low,
    /// It speaks in Secure Channel under a key of its own.
    High,
}

/// How an area keeps people from entering twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AreaRules {
    /// What happens to a card that enters where it is already, or leaves where it is not.
    pub passback: Passback,
    /// A card that entered is not taken again for so long, even if it left meanwhile. Known of a card is the area it entered last.
    pub timed: Option<Duration>,
}

/// What happens to a card on the wrong side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passback {
    /// Nothing.
    #[default]
    Off,
    /// It is let in, and the record says so.
    Soft,
    /// It is refused.
    Hard,
}

/// The house as its configuration has it. What is not in here is not of this house.
#[derive(Clone, Debug, Default)]
pub struct HousePlan {
    doors: Vec<Option<DoorRules>>,
    readers: Vec<ReaderRules>,
    areas: Vec<AreaRules>,
    /// For each group a bit for each door.
    groups: Vec<Vec<u64>>,
}

impl HousePlan {
    /// Sets what a door asks for.
    pub fn set_door(&mut self, door: DoorId, rules: DoorRules) {
        put(&mut self.doors, door.get(), Some(rules));
    }

    /// Sets what a reader stands for.
    pub fn set_reader(&mut self, reader: ReaderId, rules: ReaderRules) {
        put(&mut self.readers, reader.get(), rules);
    }

    /// Sets how an area is kept.
    pub fn set_area(&mut self, area: AreaId, rules: AreaRules) {
        put(&mut self.areas, area.get(), rules);
    }

    /// Puts a door into a group.
    pub fn set_member(&mut self, group: GroupId, door: DoorId) {
        let (word, bit) = bit_of(door);
        let at = usize::from(group.get());
        if self.groups.len() <= at {
            self.groups.resize(at + 1, Vec::new());
        }
        if let Some(members) = self.groups.get_mut(at) {
            if members.len() <= word {
                members.resize(word + 1, 0);
            }
            if let Some(word) = members.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// What a door asks for; `None` for one that is not of this house.
    #[must_use]
    pub fn door(&self, door: DoorId) -> Option<&DoorRules> {
        self.doors.get(usize::from(door.get()))?.as_ref()
    }

    /// What a reader stands for.
    #[must_use]
    pub fn reader(&self, reader: ReaderId) -> ReaderRules {
        let rules = self.readers.get(usize::from(reader.get()));
        rules.copied().unwrap_or_default()
    }

    /// How an area is kept.
    #[must_use]
    pub fn area(&self, area: AreaId) -> AreaRules {
        let rules = self.areas.get(usize::from(area.get()));
        rules.copied().unwrap_or_default()
    }

    /// Whether a door is in a group; a group that is not there has none.
    #[must_use]
    pub fn is_member(&self, group: GroupId, door: DoorId) -> bool {
        let (word, bit) = bit_of(door);
        let members = self.groups.get(usize::from(group.get()));
        members
            .and_then(|members| members.get(word))
            .is_some_and(|word| word & bit != 0)
    }

    /// The doors of the house, in the order of their numbers.
    pub fn doors(&self) -> impl Iterator<Item = (DoorId, &DoorRules)> {
        let numbered = (0..=u16::MAX).map(DoorId::new).zip(&self.doors);
        numbered.filter_map(|(door, rules)| Some((door, rules.as_ref()?)))
    }
}

fn put<T: Clone + Default>(places: &mut Vec<T>, at: u16, value: T) {
    let at = usize::from(at);
    if places.len() <= at {
        places.resize(at + 1, T::default());
    }
    if let Some(place) = places.get_mut(at) {
        *place = value;
    }
}

const fn bit_of(door: DoorId) -> (usize, u64) {
    let door = door.get();
    ((door / 64) as usize, 1 << (door % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_named_is_there() {
        let mut plan = HousePlan::default();
        plan.set_door(DoorId::new(3), DoorRules::of_mode(DoorMode::Card));
        plan.set_door(
            DoorId::new(u16::MAX),
            DoorRules::of_mode(DoorMode::Unlocked),
        );
        plan.set_member(GroupId::new(2), DoorId::new(64));
        let doors: Vec<u16> = plan.doors().map(|(door, _)| door.get()).collect();
        assert_eq!(doors, [3, u16::MAX]);
        assert!(plan.door(DoorId::new(4)).is_none());
        assert_eq!(plan.reader(ReaderId::new(9)).trust, Trust::Low);
        assert!(plan.is_member(GroupId::new(2), DoorId::new(64)));
        assert!(!plan.is_member(GroupId::new(2), DoorId::new(0)));
        assert!(!plan.is_member(GroupId::new(3), DoorId::new(64)));
    }
}
