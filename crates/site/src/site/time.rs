//! Time: the wall clock as the site takes it.

use event_log::{SystemEvent, SystemKind, Text, What};

use crate::now::Now;
use crate::site::Site;

impl Site {
    /// The time as this site takes it.
    #[must_use]
    pub fn lift(&self, now: Now) -> Now {
        self.floor.lift(now)
    }

    /// What the wall clock says while its jump ahead is held; a card is then let in only if it would be at both times.
    #[must_use]
    pub fn held_clock(&self, now: Now) -> Option<access::UtcMicros> {
        self.floor.held(now.up)
    }

    /// Takes a wall clock whose jump is held at its word. Says whether it was held.
    pub fn confirm_clock(&mut self, now: Now) -> bool {
        let held = self.floor.confirm(now);
        if held {
            let lifted = self.floor.lift(now);
            self.clock_record(SystemKind::ClockConfirmed, "", lifted);
            self.modes.hurry();
            self.settle(now);
        }
        held
    }

    /// Takes notice of the wall clock, and gives the time as it is taken.
    pub(super) fn tick_clock(&mut self, wall: Now) -> Now {
        let taken = self.floor.first_word(wall);
        let jump = self.floor.look(wall);
        let lifted = self.floor.lift(wall);
        if let Some((floor, wall)) = taken {
            let detail = format!("synchronised: it says {wall} where {floor} was expected");
            self.clock_record(SystemKind::ClockConfirmed, &detail, lifted);
            self.modes.hurry();
        }
        if let Some((floor, wall)) = jump {
            let detail = format!("it says {wall} where {floor} was expected");
            self.clock_record(SystemKind::ClockHeld, &detail, lifted);
            self.modes.hurry();
        }
        lifted
    }

    fn clock_record(&mut self, kind: SystemKind, detail: &str, now: Now) {
        let detail = Text::new(detail);
        self.record(What::System(SystemEvent { kind, detail }), now);
    }
}
