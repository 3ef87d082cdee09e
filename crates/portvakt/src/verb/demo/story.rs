//! Who does what, and when.

use std::time::Duration;

use building_sim::person::{ADA, BO, CECILIE, DIDRIK, EIRA, FINN, GRO, HASSE, STRANGER};
use building_sim::{Dice, Person};

use super::office::{Enrolled, Office};
use super::screen::Screen;
use super::stage::Stage;
use crate::failure::Failure;

/// The story, and after it an ordinary day.
pub(super) struct Story {
    enrolled: Enrolled,
    begun: Duration,
    told: usize,
    next_passer_at: Duration,
    dice: Dice,
}

/// One thing that happens.
struct Scene {
    /// After the beginning of the story.
    at_ms: u64,
    /// What the audience is told.
    says: &'static str,
    act: Act,
}

enum Act {
    /// Somebody shows their card at a reader.
    Shows(Person, &'static str),
    /// They do so, and then leave the door open.
    Props(Person, &'static str),
    /// Somebody's card is reported lost.
    Loses(Person),
    /// The office asks, in doubt, for somebody's card to be blocked.
    Doubts(Person),
    /// The office takes their card back.
    TakesBack(Person),
    /// The office locks the whole house down.
    LocksDown,
    /// It ends that.
    Releases,
    /// Nothing; the audience is told something.
    Waits,
}

impl Story {
    /// The story of these people.
    pub(super) fn begin(enrolled: Enrolled, now: Duration) -> Self {
        Self {
            enrolled,
            begun: now,
            told: 0,
            next_passer_at: now.saturating_add(LENGTH),
            dice: Dice::new(1),
        }
    }

    /// Whether all of it has been told.
    pub(super) fn is_told(&self, now: Duration) -> bool {
        now >= self.begun.saturating_add(LENGTH)
    }

    /// Tells what is due.
    pub(super) fn go_on(
        &mut self,
        stage: &mut Stage,
        office: &mut Office,
        screen: &Screen,
        now: Duration,
    ) -> Result<(), Failure> {
        let since = now.saturating_sub(self.begun);
        if let Some(scene) = SCENES.get(self.told) {
            if since >= Duration::from_millis(scene.at_ms) {
                self.told = self.told.saturating_add(1);
                screen.narrate(scene.says)?;
                self.play(&scene.act, stage, office)?;
            }
        } else if now >= self.next_passer_at {
            self.next_passer_at = now.saturating_add(Duration::from_millis(PASSERS_EVERY_MS));
            self.somebody_passes(stage, screen)?;
        }
        Ok(())
    }

    fn play(&self, act: &Act, stage: &mut Stage, office: &mut Office) -> Result<(), Failure> {
        match act {
            Act::Shows(person, reader) => stage.present(person, reader),
            Act::Props(person, reader) => {
                stage.prop(reader)?;
                stage.present(person, reader)
            }
            Act::Loses(person) => office.lose(self.enrolled.of(person)?),
            Act::Doubts(person) => office.block_in_doubt(self.enrolled.of(person)?),
            Act::TakesBack(person) => office.take_back(self.enrolled.of(person)?),
            Act::LocksDown => office.lock_down(),
            Act::Releases => office.release(),
            Act::Waits => Ok(()),
        }
    }

    fn somebody_passes(&mut self, stage: &mut Stage, screen: &Screen) -> Result<(), Failure> {
        let Some((person, readers)) = self.dice.pick(PASSERS) else {
            return Ok(());
        };
        let Some(reader) = self.dice.pick(readers) else {
            return Ok(());
        };
        screen.narrate(&format!("{} at {reader}", person.name))?;
        stage.present(person, reader)
    }
}

const SCENES: &[Scene] = &[
    scene(
        300,
        "Ada, employed here, comes to work",
        Act::Shows(ADA, "main-in"),
    ),
    scene(
        1_300,
        "Bo, a supplier, goes to the office",
        Act::Shows(BO, "office-in"),
    ),
    scene(
        2_200,
        "a stranger tries a card of their own",
        Act::Shows(STRANGER, "main-in"),
    ),
    scene(
        3_200,
        "Cecilie drives up to the yard gate (Wiegand)",
        Act::Shows(CECILIE, "yard-gate"),
    ),
    scene(
        4_200,
        "Didrik has lost his card; no door takes it any more",
        Act::Loses(DIDRIK),
    ),
    scene(
        4_800,
        "somebody tries Didrik's card",
        Act::Shows(DIDRIK, "main-in"),
    ),
    scene(
        5_800,
        "Eira fetches files and props the archive door",
        Act::Props(EIRA, "archive-in"),
    ),
    scene(
        6_800,
        "Finn's visit has ended; he tries once more",
        Act::Shows(FINN, "main-in"),
    ),
    scene(
        7_800,
        "Ada is curious about the archive",
        Act::Shows(ADA, "archive-in"),
    ),
    scene(
        8_800,
        "Gro hands her card back; the office forgets her",
        Act::TakesBack(GRO),
    ),
    scene(
        9_600,
        "Gro's card is tried after that",
        Act::Shows(GRO, "office-in"),
    ),
    scene(
        10_200,
        "block Bo's card? the office is in doubt, so that waits for another person",
        Act::Doubts(BO),
    ),
    scene(
        10_600,
        "Hasse, enrolled at the reader, goes through",
        Act::Shows(HASSE, "main-in"),
    ),
    scene(
        11_600,
        "an alarm: the office locks the whole house down",
        Act::LocksDown,
    ),
    scene(
        12_100,
        "Ada, who may come in, stays outside for now",
        Act::Shows(ADA, "main-in"),
    ),
    scene(
        13_100,
        "the alarm is over; the office releases the house",
        Act::Releases,
    ),
    scene(13_600, "Ada comes in", Act::Shows(ADA, "main-in")),
    scene(14_600, "an ordinary day goes on", Act::Waits),
];

/// Those whose cards work, and where.
const PASSERS: &[(Person, &[&str])] = &[
    (ADA, &["main-in", "office-in"]),
    (BO, &["main-in", "office-in"]),
    (CECILIE, &["main-in", "yard-gate"]),
    (EIRA, &["main-in", "archive-in"]),
    (HASSE, &["main-in", "yard-gate"]),
];

/// From the first scene to the last, with time for the last to be recorded.
const LENGTH: Duration = Duration::from_millis(15_600);
const PASSERS_EVERY_MS: u64 = 1_100;

const fn scene(at_ms: u64, says: &'static str, act: Act) -> Scene {
    Scene { at_ms, says, act }
}
