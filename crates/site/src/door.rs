//! Door: the leaf and the button as their input levels tell, and what follows from them.
//!
//! Everything here goes by level, never by edge: a missed change is seen with the next level, a repeated one changes nothing.

use std::time::Duration;

use access::{DoorMode, ModeCause, ScheduleId};
use reader_bus::Uptime;

use crate::guests::{Guest, Guests};
use crate::hold::HOLD_FOR;
use crate::input::Input;
use crate::plan::DoorPlan;

/// One door and what is known of it.
#[derive(Debug)]
pub(crate) struct Door {
    plan: DoorPlan,
    mode: DoorMode,
    cause: ModeCause,
    locked_down: bool,
    contact: Input,
    button: Input,
    leaf: Leaf,
    pressed: bool,
    /// Until when opening the leaf is no wonder.
    free_until: Option<Uptime>,
    /// Until when the strike is released, as far as we ordered it.
    strike_until: Option<Uptime>,
    /// Until when it is released for somebody who leaves.
    exit_until: Option<Uptime>,
    /// Until when a leave that was given may yet release the strike.
    claimed_until: Option<Uptime>,
    /// By when somebody let in should have opened the leaf.
    entry_by: Option<Uptime>,
    guests: Guests,
    /// Whether the strike was released for somebody while the leaf stood open.
    follower: bool,
    /// Whether the reader with the contact is heard.
    heard: bool,
    /// Whether what the strike does is known: since this start it was released or locked.
    strike_known: bool,
    /// The hours for which a first card came.
    first_card_of: Option<ScheduleId>,
}

/// What happened at a door, apart from cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incident {
    /// The leaf opened though nobody released it.
    Forced,
    /// The leaf will soon have stood open for too long.
    HeldSoon,
    /// The leaf stands open for too long.
    Held,
    /// The leaf is shut again after it was forced or held.
    Closed,
    /// The leaf opened for these, who were let in.
    Entered(Vec<Guest>),
    /// The door was released and nobody went through.
    NoEntry,
    /// The leaf is shut behind somebody, and the strike is still released.
    LeftReleased,
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
        /// When whoever stands there is warned; `None` once that was done.
        warn_at: Option<Uptime>,
        /// When it will have stood open for too long; `None` once that was told.
        held_at: Option<Uptime>,
        /// Whether its closing is worth a word.
        alarmed: bool,
    },
}

impl Door {
    pub(crate) fn new(plan: DoorPlan) -> Self {
        Self {
            mode: plan.rules.mode,
            cause: ModeCause::Configuration,
            locked_down: false,
            contact: Input::default(),
            button: Input::default(),
            leaf: Leaf::Unknown,
            pressed: false,
            free_until: None,
            strike_until: None,
            exit_until: None,
            claimed_until: None,
            entry_by: None,
            guests: Guests::default(),
            follower: false,
            heard: true,
            strike_known: false,
            first_card_of: None,
            plan,
        }
    }

    pub(crate) const fn plan(&self) -> &DoorPlan {
        &self.plan
    }

    /// How it lets people in at present.
    pub(crate) const fn mode(&self) -> DoorMode {
        self.mode
    }

    /// Where that comes from.
    pub(crate) const fn cause(&self) -> ModeCause {
        self.cause
    }

    /// Whether it is to stand unlocked now.
    pub(crate) const fn stands_unlocked(&self) -> bool {
        matches!(self.mode, DoorMode::Unlocked) && !self.locked_down
    }

    /// It lets people in in this way from now on. Gives the way until then.
    pub(crate) fn set_mode(
        &mut self,
        (mode, cause): (DoorMode, ModeCause),
        up: Uptime,
    ) -> DoorMode {
        let before = std::mem::replace(&mut self.mode, mode);
        self.cause = cause;
        if before != mode {
            self.watch_leaf(up);
        }
        before
    }

    /// It is locked down from now on, or no more.
    pub(crate) fn set_locked_down(&mut self, locked_down: bool, up: Uptime) {
        self.locked_down = locked_down;
        self.watch_leaf(up);
    }

    /// A leaf that stands open may do so as long as the door stands unlocked; from then on its time runs.
    fn watch_leaf(&mut self, up: Uptime) {
        let unlocked = self.stands_unlocked();
        let times = self.open_times(up);
        if let Leaf::Open {
            warn_at,
            held_at,
            alarmed: false,
        } = &mut self.leaf
        {
            if unlocked {
                (*warn_at, *held_at) = (None, None);
            } else if held_at.is_none() {
                (*warn_at, *held_at) = times;
            }
        }
    }

    /// The reader with the contact is heard, or no more. What it told last stays, so that a leaf which is open when it is heard again
    /// is seen as forced; but nobody relies on it meanwhile.
    pub(crate) const fn set_heard(&mut self, heard: bool) {
        self.heard = heard;
    }

    /// The hours for which a first card came are over, or others have begun.
    pub(crate) fn first_card_is_of(&mut self, schedule: Option<ScheduleId>) -> bool {
        let same = self.first_card_of == schedule;
        self.first_card_of = self.first_card_of.filter(|_| same);
        same && schedule.is_some()
    }

    /// A first card came for these hours.
    pub(crate) const fn set_first_card_of(&mut self, schedule: ScheduleId) {
        self.first_card_of = Some(schedule);
    }

    /// Whether the leaf stands open, as far as is known.
    pub(crate) const fn is_open(&self) -> Option<bool> {
        match self.leaf {
            Leaf::Closed if self.heard => Some(false),
            Leaf::Open { .. } if self.heard => Some(true),
            Leaf::Unknown | Leaf::Closed | Leaf::Open { .. } => None,
        }
    }

    /// Whether an interlock has to wait for it: it is open, or may be opened, or nobody knows.
    pub(crate) fn is_busy(&self, up: Uptime) -> bool {
        let ahead = |until: Option<Uptime>| until.is_some_and(|until| up < until);
        let leaf_is_shut = match self.leaf {
            Leaf::Closed => self.heard,
            Leaf::Unknown => self.plan.contact.is_none(),
            Leaf::Open { .. } => false,
        };
        !leaf_is_shut || ahead(self.free_until) || ahead(self.claimed_until)
    }

    /// Until when the strike is released, if it is or may be: what an earlier run of the controller released nobody knows.
    pub(crate) fn strike_until(&self, up: Uptime) -> Option<Uptime> {
        if !self.strike_known {
            return Some(up + self.plan.open_for.max(HOLD_FOR));
        }
        self.strike_until.filter(|until| up < *until)
    }

    /// A leave was given that may release the strike until then.
    pub(crate) fn claim(&mut self, until: Uptime) {
        self.claimed_until = self.claimed_until.max(Some(until));
    }

    /// Who is let in, and who has come.
    pub(crate) const fn guests_mut(&mut self) -> &mut Guests {
        &mut self.guests
    }

    /// The unlock of this ticket has left. Gives those whom it lets in, and those of them whose coming nothing will tell: there is no
    /// contact, or the leaf stands open.
    pub(crate) fn admit(&mut self, ticket: u64) -> (Vec<Guest>, Vec<Guest>) {
        self.guests.admit(ticket, matches!(self.leaf, Leaf::Closed))
    }

    /// The strike was released for so long from now; `entry` says whether somebody is expected to come in.
    pub(crate) fn released(&mut self, lasts: Duration, entry: bool, up: Uptime) {
        self.strike_known = true;
        self.strike_until = self.strike_until.max(Some(up + lasts));
        self.follower |= matches!(self.leaf, Leaf::Open { .. });
        self.free_for(lasts, up);
        if entry && matches!(self.leaf, Leaf::Closed) {
            self.entry_by = self.free_until;
        }
    }

    /// The strike is released for somebody who leaves, for as long as one unlock lasts.
    pub(crate) fn left_by_exit(&mut self, up: Uptime) {
        self.exit_until = Some(up + self.plan.open_for);
    }

    /// Whether it is.
    pub(crate) fn is_left_by_exit(&self, up: Uptime) -> bool {
        self.exit_until.is_some_and(|until| up < until)
    }

    fn free_for(&mut self, lasts: Duration, up: Uptime) {
        self.free_until = self.free_until.max(Some(up + lasts + CONTACT_LAG));
    }

    /// The reader has confirmed that the strike is locked again.
    pub(crate) fn locked(&mut self, up: Uptime) {
        self.strike_known = true;
        self.strike_until = None;
        self.free_until = self.free_until.min(Some(up + CONTACT_LAG));
    }

    /// The level of the contact.
    pub(crate) fn contact(&mut self, open: bool, up: Uptime) -> Option<Incident> {
        let open = self.contact.hear(open, self.plan.debounce, up)?;
        self.leaf_is(open, up)
    }

    fn leaf_is(&mut self, open: bool, up: Uptime) -> Option<Incident> {
        match (self.leaf, open) {
            (Leaf::Unknown | Leaf::Closed, true) => self.opened(up),
            (Leaf::Open { alarmed, .. }, false) => {
                self.leaf = Leaf::Closed;
                // Whoever pressed the button is out.
                self.exit_until = None;
                let follower = std::mem::take(&mut self.follower);
                if alarmed {
                    return Some(Incident::Closed);
                }
                let relock = self.plan.relock_on_close && !self.stands_unlocked() && !follower;
                let released = self.strike_known && self.strike_until(up).is_some();
                (relock && released).then_some(Incident::LeftReleased)
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
        let pressed = self.button.hear(pressed, self.plan.debounce, up)?;
        self.button_is(pressed, up)
    }

    fn button_is(&mut self, pressed: bool, up: Uptime) -> Option<Incident> {
        let went_down = pressed && !self.pressed;
        self.pressed = pressed;
        if went_down {
            self.free_for(self.plan.open_for, up);
        }
        went_down.then_some(Incident::ExitPressed)
    }

    /// What time alone brought about; to be asked until it says nothing.
    pub(crate) fn tick(&mut self, up: Uptime) -> Option<Incident> {
        if let Some(pressed) = self.button.tick(self.plan.debounce, up)
            && let Some(incident) = self.button_is(pressed, up)
        {
            return Some(incident);
        }
        if let Some(open) = self.contact.tick(self.plan.debounce, up)
            && let Some(incident) = self.leaf_is(open, up)
        {
            return Some(incident);
        }
        if self.entry_by.is_some_and(|by| by <= up) {
            self.entry_by = None;
            self.guests.did_not_come();
            return Some(Incident::NoEntry);
        }
        self.tick_leaf(up)
    }

    fn tick_leaf(&mut self, up: Uptime) -> Option<Incident> {
        let is_past = |at: Option<Uptime>| at.is_some_and(|at| at <= up);
        match &mut self.leaf {
            Leaf::Open {
                warn_at,
                held_at,
                alarmed,
            } if is_past(*held_at) => {
                (*warn_at, *held_at) = (None, None);
                *alarmed = true;
                Some(Incident::Held)
            }
            Leaf::Open { warn_at, .. } if is_past(*warn_at) => {
                *warn_at = None;
                Some(Incident::HeldSoon)
            }
            Leaf::Open { .. } | Leaf::Closed | Leaf::Unknown => None,
        }
    }

    /// When time alone will bring something about.
    pub(crate) fn due(&self) -> Option<Uptime> {
        let (warn_at, held_at) = match self.leaf {
            Leaf::Open {
                warn_at, held_at, ..
            } => (warn_at, held_at),
            Leaf::Closed | Leaf::Unknown => (None, None),
        };
        let debounce = self.plan.debounce;
        let inputs = [self.contact.due(debounce), self.button.due(debounce)];
        let times = [warn_at, held_at, self.entry_by];
        times.into_iter().chain(inputs).flatten().min()
    }

    /// A leaf first seen open, after a start, was not forced as far as anybody knows; but it may be held.
    fn opened(&mut self, up: Uptime) -> Option<Incident> {
        let stands_unlocked = self.stands_unlocked();
        let first_seen = matches!(self.leaf, Leaf::Unknown);
        let free = first_seen
            || stands_unlocked
            || self.pressed
            || self.free_until.is_some_and(|until| up < until);
        self.entry_by = None;
        self.follower = false;
        let (warn_at, held_at) = if stands_unlocked {
            (None, None)
        } else {
            self.open_times(up)
        };
        self.leaf = Leaf::Open {
            warn_at,
            held_at,
            alarmed: !free,
        };
        if !free {
            self.guests.did_not_come();
            return Some(Incident::Forced);
        }
        let guests = self.guests.came();
        (!guests.is_empty()).then_some(Incident::Entered(guests))
    }

    /// When a leaf that opens now is warned of, and when it is held.
    fn open_times(&self, up: Uptime) -> (Option<Uptime>, Option<Uptime>) {
        let held_after = self.plan.held_after;
        let warn_after = self
            .plan
            .warn_before_held
            .and_then(|before| held_after.checked_sub(before));
        (warn_after.map(|after| up + after), Some(up + held_after))
    }
}

/// So long after the strike fell a leaf may still be seen opening: a contact is polled.
const CONTACT_LAG: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests;
