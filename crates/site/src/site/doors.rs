//! Doors: what their inputs tell, and what time alone brings about.

use access::{DoorId, ReaderId};
use event_log::{DoorEvent, DoorKind, Text, What};
use reader_bus::{Levels, Occasion};

use crate::door::Incident;
use crate::effect::{Cause, Effect};
use crate::now::Now;
use crate::plan::InputAt;
use crate::site::Site;

impl Site {
    /// A reader told all its input levels. The button counts before the leaf: whoever presses it may open.
    pub(super) fn inputs(&mut self, reader: ReaderId, levels: Levels, now: Now) {
        let level = |input: Option<InputAt>| {
            let wired = input.filter(|input| input.reader == reader)?;
            Some(levels.is_active(wired.input)? != wired.inverted)
        };
        let mut incidents = Vec::new();
        for (id, door) in &mut self.doors {
            let (button, contact) = (level(door.plan().exit_button), level(door.plan().contact));
            let pressed = button.and_then(|pressed| door.button(pressed, now.up));
            let moved = contact.and_then(|open| door.contact(open, now.up));
            incidents.extend(
                pressed
                    .into_iter()
                    .chain(moved)
                    .map(|incident| (*id, incident)),
            );
        }
        for (door, incident) in incidents {
            self.incident(door, incident, now);
        }
    }

    /// What time alone brings about at the doors.
    pub(super) fn tick_doors(&mut self, now: Now) {
        let mut incidents = Vec::new();
        for (id, door) in &mut self.doors {
            while let Some(incident) = door.tick(now.up) {
                incidents.push((*id, incident));
            }
        }
        for (door, incident) in incidents {
            self.incident(door, incident, now);
        }
        self.tick_locks(now);
        self.tick_holds(now);
    }

    /// The strikes of this reader can be ordered again: doors that stand unlocked are released at once.
    pub(super) fn strikes_back(&mut self, reader: ReaderId, now: Now) {
        for hold in &mut self.holds {
            if self
                .doors
                .get(&hold.door())
                .is_some_and(|door| door.plan().strike.reader == reader)
            {
                hold.hurry(now.up);
            }
        }
    }

    fn incident(&mut self, door: DoorId, incident: Incident, now: Now) {
        let kind = match incident {
            Incident::Forced => DoorKind::Forced,
            Incident::Held => DoorKind::Held,
            Incident::Closed => DoorKind::Closed,
            Incident::NoEntry => DoorKind::NoEntry,
            Incident::HeldSoon => return self.warn(door),
            Incident::Entered(guests) => return self.entered(&guests, now),
            Incident::LeftReleased => return self.lock_behind(door, now),
            Incident::ExitPressed => return self.exit_pressed(door, now),
        };
        self.record(door_event(kind, door, ""), now);
    }

    /// Whoever stands in the door is told that it is to be shut.
    fn warn(&mut self, door: DoorId) {
        let readers = self.doors.get(&door).map(|door| door.plan().entry.clone());
        for reader in readers.unwrap_or_default() {
            self.show(reader, Occasion::HeldSoon);
        }
    }

    /// Recorded first, then released, as everything is; the wires of the way out do not depend on us.
    fn exit_pressed(&mut self, door: DoorId, now: Now) {
        let what = door_event(DoorKind::ExitButton, door, "");
        if self.may_unlock(door, now) {
            let event = self.event(what, now);
            self.record_then_unlock(
                Effect::open(event, door, Cause::ExitButton, now.up),
                door,
                now,
            );
        } else {
            self.record(what, now);
        }
    }
}

/// What happened at a door, without an operator.
pub(super) fn door_event(kind: DoorKind, door: DoorId, detail: &str) -> What {
    What::Door(DoorEvent {
        kind,
        door,
        operator: None,
        detail: Text::new(detail),
    })
}
