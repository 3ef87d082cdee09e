//! Blueprint: which reader stands at which door and leads where, and what is asked there besides a right; drawn from the seed, so that a
//! smaller run of it has the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use access::{AreaId, AreaRules, DoorId, Passback, Persons, ReaderId};
use site::DoorClass;

use super::plan::Plan;
use super::street::Street;
use crate::dice::Dice;

/// Every reader and door.
#[derive(Debug, Default)]
pub(super) struct Blueprint {
    stands: BTreeMap<ReaderId, Stand>,
    areas: BTreeMap<AreaId, AreaRules>,
    /// Doors whose readers do not take a card twice within a time.
    again_after: BTreeMap<DoorId, Duration>,
    /// Doors with a Wiegand reader.
    wiegand: BTreeSet<DoorId>,
    /// Doors that want several persons.
    persons: BTreeMap<DoorId, Persons>,
    /// Doors where visitors come behind somebody of the house.
    escorts: BTreeMap<DoorId, Duration>,
    /// Doors that open only while others are shut.
    locks: BTreeMap<DoorId, Vec<DoorId>>,
}

/// Where a reader stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// The door it asks for. That of the same number, but for a reader inside.
    pub(super) door: DoorId,
    /// The area it leads into.
    pub(super) into: Option<AreaId>,
    /// The area it leads out of.
    pub(super) out_of: Option<AreaId>,
    /// Whether it is inside, for those who leave.
    pub(super) exit: bool,
}

impl Blueprint {
    /// What this plan has at these lines.
    pub(super) fn drawn(plan: &Plan, street: &Street) -> Self {
        let mut blueprint = Self::default();
        for wire in &street.wires {
            let seats = wire.seats.iter().filter(|_| wire.wiegand);
            (blueprint.wiegand).extend(seats.map(|seat| DoorId::new(seat.reader.get())));
            let mut outside = None;
            for seat in &wire.seats {
                let reader = seat.reader;
                if !plan.areas {
                    blueprint.stands.insert(reader, Stand::beside(reader));
                    continue;
                }
                let own = Stand::drawn(plan.seed, reader);
                // Every second reader of a line is the one on the other side of the door before it.
                let stand = match outside.take() {
                    Some(before) => Stand::beyond(before),
                    None => *outside.insert(own),
                };
                blueprint.stands.insert(reader, stand);
            }
        }
        if plan.areas {
            blueprint.draw_areas(plan.seed);
        }
        if plan.persons {
            blueprint.draw_company(plan);
        }
        if plan.interlocks {
            // Only where a contact tells whether the leaf is shut.
            let doors = blueprint.doors();
            let wired = doors
                .filter(|door| street.contact(*door).is_some())
                .collect();
            blueprint.draw_locks(plan.seed, wired);
        }
        blueprint
    }

    /// Not where a PIN is wanted besides.
    fn draw_company(&mut self, plan: &Plan) {
        let doors: Vec<DoorId> = self.doors().collect();
        for door in doors
            .into_iter()
            .filter(|door| !wants_pin(plan, *door, false))
        {
            let mut dice = dice_of(plan.seed, COMPANY_DICE, door.get());
            let within = Duration::from_secs(5 + dice.below(20));
            let count = if dice.one_in(4) { 3 } else { 2 };
            match dice.below(5) {
                0 => {}
                1..=2 => {
                    self.persons.insert(door, Persons { count, within });
                }
                3 => {
                    self.escorts.insert(door, within);
                }
                _ => {
                    self.persons.insert(door, Persons { count, within });
                    self.escorts.insert(door, within);
                }
            }
        }
    }

    /// Most doors are in a lock with the one before them; some lock joins three.
    fn draw_locks(&mut self, seed: u64, wired: Vec<DoorId>) {
        let mut lock: Vec<DoorId> = Vec::new();
        for door in wired {
            let mut dice = dice_of(seed, LOCK_DICE, door.get());
            if lock.len() > 2 || lock.len() == 2 && !dice.one_in(3) || dice.one_in(4) {
                lock.clear();
            }
            for other in &lock {
                self.locks.entry(*other).or_default().push(door);
            }
            if !lock.is_empty() {
                self.locks.insert(door, lock.clone());
            }
            lock.push(door);
        }
    }

    fn draw_areas(&mut self, seed: u64) {
        for area in AREAS {
            let mut dice = dice_of(seed, AREA_DICE, area.get());
            let passback = match dice.below(5) {
                0..=2 => Passback::Hard,
                3 => Passback::Soft,
                _ => Passback::Off,
            };
            let seconds = 20 + dice.below(300);
            let timed = dice.one_in(3).then(|| Duration::from_secs(seconds));
            self.areas.insert(area, AreaRules { passback, timed });
        }
        let doors: Vec<DoorId> = self.doors().collect();
        for door in doors {
            let mut dice = dice_of(seed, AGAIN_DICE, door.get());
            if dice.one_in(4) {
                let after = Duration::from_secs(5 + dice.below(60));
                self.again_after.insert(door, after);
            }
        }
    }

    /// The door that a reader asks for.
    pub(super) fn door_of(&self, reader: ReaderId) -> DoorId {
        self.stand(reader).door
    }

    /// Where a reader stands.
    pub(super) fn stand(&self, reader: ReaderId) -> Stand {
        let known = self.stands.get(&reader).copied();
        known.unwrap_or(Stand::beside(reader))
    }

    /// Every reader and where it stands.
    pub(super) fn readers(&self) -> impl Iterator<Item = (ReaderId, Stand)> {
        self.stands.iter().map(|(reader, stand)| (*reader, *stand))
    }

    /// Every door, once.
    pub(super) fn doors(&self) -> impl Iterator<Item = DoorId> {
        let readers = self.stands.iter();
        readers
            .filter(|(reader, stand)| stand.door.get() == reader.get())
            .map(|(_, stand)| stand.door)
    }

    /// The areas, and how each is kept.
    pub(super) fn areas(&self) -> impl Iterator<Item = (AreaId, AreaRules)> {
        self.areas.iter().map(|(area, rules)| (*area, *rules))
    }

    /// How an area is kept.
    pub(super) fn area(&self, area: AreaId) -> AreaRules {
        self.areas.get(&area).copied().unwrap_or_default()
    }

    /// So long a card is not taken again at one reader of a door.
    pub(super) fn again_after(&self, door: DoorId) -> Option<Duration> {
        self.again_after.get(&door).copied()
    }

    /// How many persons a door wants.
    pub(super) fn persons(&self, door: DoorId) -> Option<Persons> {
        self.persons.get(&door).copied()
    }

    /// So long behind somebody of the house a visitor may come.
    pub(super) fn escort_within(&self, door: DoorId) -> Option<Duration> {
        self.escorts.get(&door).copied()
    }

    /// The doors that must be shut before this one opens.
    pub(super) fn lock_of(&self, door: DoorId) -> &[DoorId] {
        self.locks.get(&door).map_or(&[], Vec::as_slice)
    }

    /// Every door of a lock.
    pub(super) fn locked(&self) -> impl Iterator<Item = DoorId> {
        self.locks.keys().copied()
    }

    /// What a door does without the log.
    pub(super) fn class(&self, door: DoorId) -> DoorClass {
        let numbered = if self.areas.is_empty() {
            door
        } else {
            // There only every second number may be a door.
            DoorId::new(door.get().div_ceil(2))
        };
        class_of(numbered, self.wiegand.contains(&door))
    }
}

impl Stand {
    /// A reader beside a door of the same number, which leads nowhere in particular.
    pub(super) const fn beside(reader: ReaderId) -> Self {
        Self {
            door: DoorId::new(reader.get()),
            into: None,
            out_of: None,
            exit: false,
        }
    }

    /// A reader beside a door of its own: into an area from outside or from another one, out of one, or neither.
    fn drawn(seed: u64, reader: ReaderId) -> Self {
        let mut dice = dice_of(seed, STAND_DICE, reader.get());
        let [one, other] = AREAS;
        let (into, out_of) = match dice.below(8) {
            0 => (None, None),
            1..=3 => (Some(one), None),
            4 => (Some(other), None),
            5 => (Some(other), Some(one)),
            6 => (None, Some(one)),
            _ => (None, Some(other)),
        };
        Self {
            into,
            out_of,
            exit: into.is_none() && out_of.is_some(),
            ..Self::beside(reader)
        }
    }

    /// A reader on the other side of another one's door.
    const fn beyond(before: Self) -> Self {
        Self {
            door: before.door,
            into: before.out_of,
            out_of: before.into,
            exit: !before.exit,
        }
    }
}

/// Whether a door wants a PIN beside the card.
pub(super) const fn wants_pin(of: &Plan, door: DoorId, wiegand: bool) -> bool {
    of.keypads && !wiegand && door.get() % 3 == 2
}

/// What a door does without the log.
const fn class_of(door: DoorId, wiegand: bool) -> DoorClass {
    if wiegand || door.get() % 2 == 1 {
        DoorClass::Standard
    } else {
        DoorClass::Strict
    }
}

/// Dice for one thing, whatever else there is.
fn dice_of(seed: u64, kind: u64, number: u16) -> Dice {
    Dice::new(seed ^ kind ^ (u64::from(number) << 32))
}

/// The areas of a house that has any.
const AREAS: [AreaId; 2] = [AreaId::new(1), AreaId::new(2)];
const STAND_DICE: u64 = 0x5EED_0F9A_11A5_0011;
const AREA_DICE: u64 = 0x5EED_0F9A_11A5_0012;
const LOCK_DICE: u64 = 0x5EED_0F9A_11A5_0014;
const COMPANY_DICE: u64 = 0x5EED_0F9A_11A5_0015;
const AGAIN_DICE: u64 = 0x5EED_0F9A_11A5_0013;
