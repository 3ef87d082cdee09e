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
    plans: Box<[(DoorId, ModePlan)]>,
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
    pub fn new(mut plans: Vec<(DoorId, ModePlan)>) -> Self {
        plans.reverse();
        plans.sort_by_key(|(door, _)| *door);
        plans.dedup_by_key(|(door, _)| *door);
        Self {
            plans: plans.into_boxed_slice(),
        }
    }

    /// All of them, ordered by door.
    pub fn iter(&self) -> impl Iterator<Item = (DoorId, &ModePlan)> {
        self.plans.iter().map(|(door, plan)| (*door, plan))
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
        let at = self.plans.binary_search_by_key(&door, |(known, _)| *known);
        let Some((_, plan)) = at.ok().and_then(|at| self.plans.get(at)) else {
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
