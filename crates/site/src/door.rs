//! Door: the leaf and the button as their input levels tell, and what follows from them.
//!
//! Everything here goes by level, never by edge: a missed change is seen with the next level, a repeated one changes nothing.

use std::time::Duration;

use access::DoorMode;
use reader_bus::Uptime;

use crate::plan::DoorPlan;

/// One door and what is known of it.
#[derive(Debug)]
pub(crate) struct Door {
    plan: DoorPlan,
    leaf: Leaf,
    pressed: bool,
    /// Until when opening the leaf is no wonder.
    free_until: Option<Uptime>,
    /// By when somebody let in should have opened the leaf.
    entry_by: Option<Uptime>,
}

/// What happened at a door, apart from cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Incident {
    /// The leaf opened though nobody released it.
    Forced,
    /// The leaf stands open for too long.
    Held,
    /// The leaf is shut again after it was forced or held.
    Closed,
    /// The door was released and nobody went through.
    NoEntry,
    /// The exit button went down.
    ExitPressed,
}

/// The leaf as far as its contact told.
#[derive(Clone, Copy, Debug)]
enum Leaf {
    /// No contact, or it has not spoken yet.
    Unknown,
    Closed,
    Open {
        /// When it will have stood open for too long; `None` once that was told.
        held_at: Option<Uptime>,
        /// Whether its closing is worth a word.
        alarmed: bool,
    },
}

impl Door {
    pub(crate) fn new(plan: DoorPlan) -> Self {
        Self {
            plan,
            leaf: Leaf::Unknown,
            pressed: false,
            free_until: None,
            entry_by: None,
        }
    }

    pub(crate) const fn plan(&self) -> &DoorPlan {
        &self.plan
    }

    /// Whether the leaf stands open, as far as is known.
    pub(crate) const fn is_open(&self) -> Option<bool> {
        match self.leaf {
            Leaf::Unknown => None,
            Leaf::Closed => Some(false),
            Leaf::Open { .. } => Some(true),
        }
    }

    /// The strike was released for so long from now; `entry` says whether somebody is expected to come in.
    pub(crate) fn released(&mut self, lasts: Duration, entry: bool, up: Uptime) {
        let until = up + lasts + CONTACT_LAG;
        self.free_until = self.free_until.max(Some(until));
        if entry && matches!(self.leaf, Leaf::Closed) {
            self.entry_by = Some(until);
        }
    }

    /// The level of the contact.
    pub(crate) fn contact(&mut self, open: bool, up: Uptime) -> Option<Incident> {
        match (self.leaf, open) {
            (Leaf::Unknown | Leaf::Closed, true) => self.opened(up),
            (Leaf::Open { alarmed, .. }, false) => {
                self.leaf = Leaf::Closed;
                alarmed.then_some(Incident::Closed)
            }
            (Leaf::Unknown | Leaf::Closed, false) => {
                self.leaf = Leaf::Closed;
                None
            }
            (Leaf::Open { .. }, true) => None,
        }
    }

    /// The level of the exit button. Its wires may release the strike without us, so the leaf is free at once.
    pub(crate) fn button(&mut self, pressed: bool, up: Uptime) -> Option<Incident> {
        let went_down = pressed && !self.pressed;
        self.pressed = pressed;
        if went_down {
            self.released(self.plan.open_for, false, up);
        }
        went_down.then_some(Incident::ExitPressed)
    }

    /// What time alone brought about; to be asked until it says nothing.
    pub(crate) fn tick(&mut self, up: Uptime) -> Option<Incident> {
        if self.entry_by.is_some_and(|by| by <= up) {
            self.entry_by = None;
            return Some(Incident::NoEntry);
        }
        match &mut self.leaf {
            Leaf::Open { held_at, alarmed } if held_at.is_some_and(|at| at <= up) => {
                *held_at = None;
                *alarmed = true;
                Some(Incident::Held)
            }
            Leaf::Open { .. } | Leaf::Closed | Leaf::Unknown => None,
        }
    }

    /// When time alone will bring something about.
    pub(crate) fn due(&self) -> Option<Uptime> {
        let held_at = match self.leaf {
            Leaf::Open { held_at, .. } => held_at,
            Leaf::Closed | Leaf::Unknown => None,
        };
        held_at.into_iter().chain(self.entry_by).min()
    }

    /// A leaf first seen open, after a start, was not forced as far as anybody knows; but it may be held.
    fn opened(&mut self, up: Uptime) -> Option<Incident> {
        let stands_unlocked = self.plan.rules.mode == DoorMode::Unlocked;
        let first_seen = matches!(self.leaf, Leaf::Unknown);
        let free = first_seen
            || stands_unlocked
            || self.pressed
            || self.free_until.is_some_and(|until| up < until);
        self.entry_by = None;
        self.leaf = Leaf::Open {
            held_at: (!stands_unlocked).then(|| up + self.plan.held_after),
            alarmed: !free,
        };
        (!free).then_some(Incident::Forced)
    }
}

/// So long after the strike fell a leaf may still be seen opening: a contact is polled.
const CONTACT_LAG: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use access::{DoorId, DoorRules, ReaderId};

    use super::*;
    use crate::plan::{DoorClass, InputAt, Strike};

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    fn door(mode: DoorMode) -> Door {
        let reader = ReaderId::new(1);
        Door::new(DoorPlan {
            id: DoorId::new(1),
            entry: vec![reader],
            strike: Strike::active(reader, 0),
            open_for: Duration::from_secs(5),
            contact: Some(InputAt::active(reader, 0)),
            exit_button: Some(InputAt::active(reader, 1)),
            held_after: Duration::from_secs(30),
            warn_before_held: None,
            relock_on_close: false,
            debounce: Duration::ZERO,
            class: DoorClass::Standard,
            rules: DoorRules::of_mode(mode),
            groups: Vec::new(),
        })
    }

    fn shut() -> Door {
        let mut door = door(DoorMode::Card);
        assert_eq!(door.contact(false, at(0)), None);
        door
    }

    #[test]
    fn a_leaf_opened_without_leave_is_forced() {
        let mut door = shut();
        assert_eq!(door.contact(true, at(10)), Some(Incident::Forced));
        assert_eq!(
            door.contact(true, at(20)),
            None,
            "the same level again is no news"
        );
        assert_eq!(door.contact(false, at(30)), Some(Incident::Closed));
    }

    #[test]
    fn a_released_leaf_may_open_until_the_strike_falls() {
        let released = |opens_ms| {
            let mut door = shut();
            door.released(Duration::from_secs(5), true, at(0));
            door.contact(true, at(opens_ms))
        };
        assert_eq!(released(4_999), None);
        assert_eq!(released(5_999), None, "the contact is polled");
        assert_eq!(released(6_000), Some(Incident::Forced));
    }

    #[test]
    fn a_leaf_that_stands_open_is_held_once() {
        let mut door = shut();
        door.released(Duration::from_secs(5), true, at(0));
        assert_eq!(door.contact(true, at(1_000)), None);
        assert_eq!(door.due(), Some(at(31_000)));
        assert_eq!(door.tick(at(30_999)), None);
        assert_eq!(door.tick(at(31_000)), Some(Incident::Held));
        assert_eq!((door.tick(at(99_000)), door.due()), (None, None));
        assert_eq!(door.contact(false, at(99_001)), Some(Incident::Closed));
    }

    #[test]
    fn a_release_nobody_used_is_no_entry() {
        let mut door = shut();
        door.released(Duration::from_secs(5), true, at(0));
        assert_eq!(door.due(), Some(at(6_000)));
        assert_eq!(door.tick(at(6_000)), Some(Incident::NoEntry));
        assert_eq!(door.tick(at(6_000)), None);
    }

    #[test]
    fn without_a_contact_nobody_is_missed() {
        let mut door = door(DoorMode::Card);
        door.released(Duration::from_secs(5), true, at(0));
        assert_eq!((door.due(), door.is_open()), (None, None));
    }

    #[test]
    fn a_missed_closing_is_seen_with_the_next_level() {
        let mut door = shut();
        door.released(Duration::from_secs(1), true, at(0));
        door.contact(true, at(500));
        // Closed and opened again between two polls: still open, still one opening.
        assert_eq!(door.contact(true, at(20_000)), None);
        assert_eq!(door.contact(false, at(21_000)), None);
        assert_eq!(door.contact(true, at(22_000)), Some(Incident::Forced));
    }

    #[test]
    fn a_leaf_found_open_at_the_start_is_not_forced_but_may_be_held() {
        let mut door = door(DoorMode::Card);
        assert_eq!(door.contact(true, at(0)), None);
        assert_eq!(door.tick(at(30_000)), Some(Incident::Held));
    }

    #[test]
    fn the_exit_button_counts_once_a_press_and_excuses_an_opening() {
        let mut door = shut();
        assert_eq!(door.button(true, at(0)), Some(Incident::ExitPressed));
        assert_eq!(door.button(true, at(0)), None);
        assert_eq!(door.contact(true, at(10)), None);
        assert_eq!(door.button(false, at(20)), None);
        assert_eq!(door.button(true, at(0)), Some(Incident::ExitPressed));
    }

    #[test]
    fn a_door_that_stands_unlocked_is_neither_forced_nor_held() {
        let mut door = door(DoorMode::Unlocked);
        door.contact(false, at(0));
        assert_eq!(door.contact(true, at(10)), None);
        assert_eq!(door.due(), None);
    }
}
