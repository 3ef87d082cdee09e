//! Plan: what one run of the simulation is made of, all of it drawn from its seed.

use std::time::Duration;

use super::fault::Faults;
use super::plant::Plant;
use crate::dice::Dice;

/// One run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// How long the building lives with its faults, in simulated time.
    pub length: Duration,
    /// Which faults there are.
    pub faults: Faults,
    /// Lines, 1 to 4.
    pub lines: u8,
    /// Readers on each OSDP line, 1 to 4, each beside a door of its own.
    pub readers: u8,
    /// Whether the last line is a Wiegand reader's, if there are two or more.
    pub wiegand: bool,
    /// People with cards, up to 1,000.
    pub people: u16,
    /// On average so much time lies between two visits.
    pub between_visits: Duration,
    /// So long an idle reader takes to answer: how the timing of the lines is coarsened. At most 180 ms.
    pub idle_answer: Duration,
    /// So long after a card was shown the line's readers answer as fast as they can.
    pub busy_for: Duration,
    /// Whether some doors want a PIN beside the card.
    pub keypads: bool,
    /// Whether holders of returned cards are forgotten.
    pub forgets: bool,
    /// Whether there are areas with passback, and readers on both sides of doors.
    pub areas: bool,
    /// Whether some doors open only while others are shut.
    pub interlocks: bool,
    /// Whether some doors want several persons, and visitors come behind somebody of the house.
    pub persons: bool,
    /// Whether one door's strike and contact are a Modbus unit's, on a line of its own.
    pub modbus: bool,
    /// Whether that unit's relay does not fall by itself.
    pub switched: bool,
    /// A bug that is planted to see that it is found.
    pub plant: Option<Plant>,
}

impl Plan {
    /// The run of this seed. Those below [`LATER_HOUSES`], and from there on those below [`LATEST_HOUSES`], are what they were when they found the bugs that are on record.
    #[must_use]
    pub fn drawn(seed: u64, length: Duration) -> Self {
        let mut dice = Dice::new(seed ^ PLANS);
        let small = |sides| u8::try_from(sides).unwrap_or(0) + 1;
        Self {
            seed,
            length,
            faults: Faults::drawn(&mut dice),
            lines: small(dice.below(4)),
            readers: small(dice.below(3)),
            wiegand: dice.one_in(2),
            people: u16::try_from(8 + dice.below(40)).unwrap_or(8),
            between_visits: Duration::from_secs(8 + dice.below(50)),
            idle_answer: Duration::from_millis(90 + dice.below(60)),
            busy_for: Duration::from_millis(400),
            keypads: false,
            forgets: false,
            areas: false,
            interlocks: false,
            persons: false,
            modbus: false,
            switched: false,
            plant: None,
        }
        .in_its_time()
    }

    /// How many people may open everything, always: as many as the most that a door wants.
    pub(super) const fn trusted(&self) -> u16 {
        if self.persons { 3 } else { 1 }
    }

    /// Whether the site is to know over a restart who is where.
    pub(super) const fn keeps_people(&self) -> bool {
        self.areas || self.persons
    }

    /// What later houses have besides.
    fn in_its_time(self) -> Self {
        if self.seed < LATER_HOUSES {
            return self;
        }
        let mut dice = Dice::new(self.seed ^ LATER_PLANS);
        Self {
            keypads: dice.one_in(2),
            forgets: dice.one_in(2),
            idle_answer: Duration::from_millis(110 + dice.below(70)),
            busy_for: Duration::from_millis(250),
            ..self
        }
        .with_walls()
    }

    /// What the latest houses have besides.
    fn with_walls(self) -> Self {
        if self.seed < LATEST_HOUSES {
            return self;
        }
        let mut dice = Dice::new(self.seed ^ LATEST_PLANS);
        Self {
            areas: dice.one_in(2),
            interlocks: dice.one_in(2),
            persons: dice.one_in(2),
            modbus: dice.one_in(2),
            switched: self.seed >= SWITCHED_HOUSES && dice.one_in(2),
            ..self
        }
    }
}

/// The first seed of a house that may have keypads and forget people.
pub const LATER_HOUSES: u64 = 100_000;
/// The first seed of a house that may have areas, interlocks, doors that want several persons, and a Modbus unit.
pub const LATEST_HOUSES: u64 = 1_000_000;
/// The first seed of a house whose Modbus unit may have a relay that does not fall by itself.
const SWITCHED_HOUSES: u64 = 2_000_000;
const LATEST_PLANS: u64 = 0x5EED_0F9A_11A5_0003;
const LATER_PLANS: u64 = 0x5EED_0F9A_11A5_0002;
/// So that a plan and the run after it do not throw the same numbers.
const PLANS: u64 = 0x5EED_0F9A_11A5_0001;
