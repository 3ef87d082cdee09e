//! Modes: how a door lets people in, by schedule and by command.

use crate::id::{DoorId, ScheduleId};
use crate::schedule::Timetable;
use crate::time::UtcMicros;

/// How a door lets people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoorMode {
    /// No card opens it.
    Locked,
    /// A card with a right opens it.
    Card,
    /// A card with a right opens it, and its PIN.
    CardAndPin,
    /// A card with a right opens it, or the number and the PIN of one.
    CardOrPin,
    /// It stands unlocked; cards are decided and recorded all the same.
    Unlocked,
}

impl DoorMode {
    /// Every mode, in the order of the codes.
    pub const ALL: [Self; 5] = [
        Self::Locked,
        Self::Card,
        Self::CardAndPin,
        Self::CardOrPin,
        Self::Unlocked,
    ];

    /// The name in configuration, commands and lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Card => "card",
            Self::CardAndPin => "card+pin",
            Self::CardOrPin => "card-or-pin",
            Self::Unlocked => "unlocked",
        }
    }

    /// How far it opens its door, from 0 for not at all; a larger number lets in whoever a smaller one does, and more.
    #[must_use]
    pub const fn openness(self) -> u8 {
        match self {
            Self::Locked => 0,
            Self::CardAndPin => 1,
            Self::Card => 2,
            Self::CardOrPin => 3,
            Self::Unlocked => 4,
        }
    }

    /// The mode of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// The mode a door has while a schedule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeBySchedule {
    /// The schedule.
    pub schedule: ScheduleId,
    /// The mode.
    pub mode: DoorMode,
    /// It begins only when, within these hours, a card was let in: a house that nobody came to does not stand open.
    pub after_first_card: bool,
}

/// A mode that an operator ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeOrder {
    /// The mode.
    pub mode: DoorMode,
    /// Until just before when; without, until it is taken back.
    pub until: Option<UtcMicros>,
}

/// What a door does at which time, apart from what its configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModePlan {
    /// Ordered by an operator; beats every schedule.
    pub order: Option<ModeOrder>,
    /// The first whose schedule holds counts.
    pub by_schedule: Vec<ModeBySchedule>,
}

/// The plans of all doors; a door without one does what its configuration says.
#[derive(Debug, Default)]
pub struct ModePlans {
    /// By the doors' numbers.
    plans: Box<[Option<ModePlan>]>,
}

/// Where a door's present mode comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeCause {
    /// Its configuration.
    Configuration,
    /// An operator.
    Order(ModeOrder),
    /// A schedule.
    Schedule(ScheduleId),
    /// A schedule holds, but nobody was let in yet.
    WaitsForFirstCard(ScheduleId),
}

impl ModePlans {
    /// These plans; of two for one door the later holds.
    #[must_use]
    pub fn new(plans: Vec<(DoorId, ModePlan)>) -> Self {
        let last = plans.iter().map(|(door, _)| *door).max();
        let len = last.map_or(0, |door| usize::from(door.get()) + 1);
        let mut by_door = vec![None; len];
        for (door, plan) in plans {
            if let Some(place) = by_door.get_mut(usize::from(door.get())) {
                *place = Some(plan);
            }
        }
        Self {
            plans: by_door.into_boxed_slice(),
        }
    }

    /// All of them, ordered by door.
    pub fn iter(&self) -> impl Iterator<Item = (DoorId, &ModePlan)> {
        let numbered = (0..=u16::MAX).map(DoorId::new).zip(&self.plans);
        numbered.filter_map(|(door, plan)| Some((door, plan.as_ref()?)))
    }

    /// The mode of a door whose configuration says `base`. Allocates nothing.
    #[must_use]
    pub fn mode(
        &self,
        timetable: &Timetable,
        (door, base): (DoorId, DoorMode),
        first_card_came: bool,
        now: UtcMicros,
    ) -> (DoorMode, ModeCause) {
        let plan = self.plans.get(usize::from(door.get()));
        let Some(plan) = plan.and_then(Option::as_ref) else {
            return (base, ModeCause::Configuration);
        };
        if let Some(order) = plan
            .order
            .filter(|order| order.until.is_none_or(|until| now < until))
        {
            return (order.mode, ModeCause::Order(order));
        }
        let holds = plan
            .by_schedule
            .iter()
            .find(|by| timetable.holds(by.schedule, now));
        match holds {
            Some(by) if by.after_first_card && !first_card_came => {
                (base, ModeCause::WaitsForFirstCard(by.schedule))
            }
            Some(by) => (by.mode, ModeCause::Schedule(by.schedule)),
            None => (base, ModeCause::Configuration),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{DOOR, HOURS, OTHER_DOOR, Scene, at};

    const HOUR: i64 = 3_600_000_000;
    const DAY: i64 = 24 * HOUR;
    const MISSING: ScheduleId = ScheduleId::new(99);

    fn by(schedule: ScheduleId, mode: DoorMode, after_first_card: bool) -> ModeBySchedule {
        ModeBySchedule {
            schedule,
            mode,
            after_first_card,
        }
    }

    fn ordered(until: Option<i64>) -> ModeOrder {
        ModeOrder {
            mode: DoorMode::Locked,
            until: until.map(at),
        }
    }

    fn said(plan: ModePlan, first_card_came: bool, now: i64) -> (DoorMode, ModeCause) {
        let list = Scene::new().list();
        let plans = ModePlans::new(vec![(DOOR, plan)]);
        let door = (DOOR, DoorMode::Card);
        plans.mode(list.timetable(), door, first_card_came, at(now))
    }

    #[test]
    fn names_find_their_mode() {
        for mode in DoorMode::ALL {
            assert_eq!(DoorMode::from_name(mode.as_str()), Some(mode));
        }
        assert_eq!(DoorMode::from_name("open"), None);
    }

    #[test]
    fn a_door_without_a_plan_does_what_its_configuration_says() {
        let list = Scene::new().list();
        let plans = ModePlans::new(vec![(OTHER_DOOR, ModePlan::default())]);
        for mode in DoorMode::ALL {
            let found = plans.mode(list.timetable(), (DOOR, mode), true, at(0));
            assert_eq!(found, (mode, ModeCause::Configuration));
        }
        let empty = said(ModePlan::default(), true, 0);
        assert_eq!(empty, (DoorMode::Card, ModeCause::Configuration));
    }

    #[test]
    fn an_order_beats_the_schedule_until_just_before_its_end() {
        let plan = |until| ModePlan {
            order: Some(ordered(until)),
            by_schedule: vec![by(HOURS, DoorMode::Unlocked, false)],
        };
        let order = (DoorMode::Locked, ModeCause::Order(ordered(Some(10))));
        let schedule = (DoorMode::Unlocked, ModeCause::Schedule(HOURS));
        assert_eq!(said(plan(Some(10)), false, 9), order);
        assert_eq!(said(plan(Some(10)), false, 10), schedule);
        assert_eq!(said(plan(Some(10)), false, 11), schedule);
        assert_eq!(
            said(plan(None), false, 400 * DAY),
            (DoorMode::Locked, ModeCause::Order(ordered(None)))
        );
    }

    #[test]
    fn a_schedule_gives_its_mode_in_its_hours() {
        let plan = || ModePlan {
            order: None,
            by_schedule: vec![by(HOURS, DoorMode::Unlocked, false)],
        };
        let base = (DoorMode::Card, ModeCause::Configuration);
        let open = (DoorMode::Unlocked, ModeCause::Schedule(HOURS));
        for (edge, before, after) in [(-2 * HOUR, base, open), (6 * HOUR, open, base)] {
            assert_eq!(said(plan(), false, edge - 1), before);
            assert_eq!(said(plan(), false, edge), after);
        }
        assert_eq!(said(plan(), false, DAY), base, "a holiday");
    }

    #[test]
    fn the_first_schedule_that_holds_counts() {
        let plan = || ModePlan {
            order: None,
            by_schedule: vec![
                by(MISSING, DoorMode::Locked, false),
                by(HOURS, DoorMode::CardAndPin, false),
                by(HOURS, DoorMode::Unlocked, false),
            ],
        };
        let found = said(plan(), false, 0);
        assert_eq!(found, (DoorMode::CardAndPin, ModeCause::Schedule(HOURS)));
        let found = said(plan(), false, 7 * HOUR);
        assert_eq!(found, (DoorMode::Card, ModeCause::Configuration));
    }

    #[test]
    fn a_door_that_waits_for_the_first_card_stays_as_it_is_until_then() {
        let plan = || ModePlan {
            order: None,
            by_schedule: vec![
                by(HOURS, DoorMode::Unlocked, true),
                by(HOURS, DoorMode::CardAndPin, false),
            ],
        };
        let waits = (DoorMode::Card, ModeCause::WaitsForFirstCard(HOURS));
        assert_eq!(said(plan(), false, 0), waits);
        let open = (DoorMode::Unlocked, ModeCause::Schedule(HOURS));
        assert_eq!(said(plan(), true, 0), open);
        let base = (DoorMode::Card, ModeCause::Configuration);
        assert_eq!(said(plan(), true, 6 * HOUR), base, "the hours are over");
    }

    #[test]
    fn of_two_plans_for_a_door_the_later_holds() {
        let plan = |mode| ModePlan {
            order: Some(ModeOrder { mode, until: None }),
            by_schedule: Vec::new(),
        };
        let plans = ModePlans::new(vec![
            (OTHER_DOOR, plan(DoorMode::Card)),
            (DOOR, plan(DoorMode::Locked)),
            (DOOR, plan(DoorMode::Unlocked)),
        ]);
        let doors: Vec<(DoorId, Option<DoorMode>)> = plans
            .iter()
            .map(|(door, plan)| (door, plan.order.map(|order| order.mode)))
            .collect();
        assert_eq!(
            doors,
            [
                (DOOR, Some(DoorMode::Unlocked)),
                (OTHER_DOOR, Some(DoorMode::Card))
            ]
        );
    }

    #[test]
    fn a_card_meets_the_mode_of_the_hour() {
        let mut scene = Scene::new();
        let plan = ModePlan {
            order: None,
            by_schedule: vec![by(HOURS, DoorMode::CardAndPin, false)],
        };
        scene.modes = vec![(DOOR, plan)];
        use crate::Reason::{Ok, PinNeeded};
        let said = [-1, 0].map(|micros| scene.reason(6 * HOUR + micros));
        assert_eq!(said, [PinNeeded, Ok]);
    }
}
