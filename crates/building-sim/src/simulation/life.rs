//! Life: people who come and go, and what they do at doors.

use std::time::Duration;

use access::{DoorId, ReaderId};

use super::Scene;
use super::agenda::Turn;
use super::callers::Shown;
use super::violation::Breach;

impl Scene {
    /// Somebody shows a card somewhere; the next one comes after a while. Sometimes somebody who is inside presses the button.
    pub(super) fn visit(&mut self) {
        let people = u64::try_from(self.desk.people()).unwrap_or(1);
        let person = usize::try_from(self.dice.below(people)).unwrap_or(0);
        self.show_somewhere(person);
        if self.dice.one_in(12) {
            self.leave_by_button();
        }
        let between = u64::try_from(self.plan.between_visits.as_millis()).unwrap_or(1_000);
        let pause = Duration::from_millis(50 + self.dice.below(2 * between));
        self.agenda.add(self.up + pause, Turn::Visit);
    }

    /// Somebody shows a card at any reader.
    pub(super) fn show_somewhere(&mut self, person: usize) {
        let reader = if self.plan.areas {
            self.any_way(person)
        } else {
            self.any_reader()
        };
        if let Some(reader) = reader {
            self.show_and_type(person, reader);
        }
    }

    /// Somebody shows a card at this reader, and types what they think is the PIN.
    pub(super) fn show_and_type(&mut self, person: usize, reader: ReaderId) {
        self.show(person, reader);
        self.think_of_pin(person, reader);
    }

    /// Somebody shows a card at this reader.
    pub(super) fn show(&mut self, person: usize, reader: ReaderId) {
        let Some((number, bits)) = self.desk.card(person) else {
            return;
        };
        let bits = bits.clone();
        self.census.shown += 1;
        self.trace
            .note(self.up, "shown", &[u64::from(number), reader.get().into()]);
        let pushed = self.street.show(reader, (number, &bits), self.up);
        let is_due = self.is_sound(reader) && !self.wants_pin(reader);
        let shown = Shown {
            person,
            holder: self.desk.holder(person),
            up: self.up,
            is_due,
        };
        self.watch.callers.came(reader, shown);
        if let Some((line, octets)) = pushed {
            let is_up = self.street.wire(line).is_some_and(|wire| wire.is_up);
            if is_up {
                self.agenda
                    .add(self.up, Turn::AtController { line, octets });
            }
        }
    }

    /// The leaf of a door that was released is pushed open, or nobody comes; sometimes it is propped.
    pub(super) fn push_leaf(&mut self, door: DoorId) {
        if self.dice.one_in(5) {
            return;
        }
        let reader = ReaderId::new(door.get());
        let opens = Duration::from_millis(300 + self.dice.below(1_500));
        let stays = if self.dice.one_in(20) { 40_000 } else { 2_000 };
        let shuts = opens + Duration::from_millis(500 + self.dice.below(stays));
        let leaf = |open| Turn::Leaf { reader, open };
        self.agenda.add(self.up + opens, leaf(true));
        self.agenda.add(self.up + shuts, leaf(false));
    }

    pub(super) fn leaf(&mut self, reader: ReaderId, open: bool) -> Result<(), Breach> {
        let door = DoorId::new(reader.get());
        let has_come_in = if open { Ok(()) } else { self.has_come_in(door) };
        let up = self.up;
        if let Some(board) = self.street.board_of(door) {
            board.set_leaf(open, up);
        } else if let Some(seat) = self.street.seat(reader) {
            seat.set_leaf(open, up);
        }
        has_come_in
    }

    pub(super) fn button(&mut self, reader: ReaderId, pressed: bool) {
        let up = self.up;
        if let Some(board) = self.street.board_of(DoorId::new(reader.get())) {
            board.set_button(pressed, up);
        } else if let Some(seat) = self.street.seat(reader) {
            seat.set_button(pressed, up);
        }
    }

    fn leave_by_button(&mut self) {
        if let Some(reader) = self.any_reader() {
            let button = |pressed| Turn::Button { reader, pressed };
            self.agenda.add(self.up, button(true));
            let lets_go = Duration::from_millis(400 + self.dice.below(2_000));
            self.agenda.add(self.up + lets_go, button(false));
        }
    }

    fn any_reader(&mut self) -> Option<ReaderId> {
        let seats = self.street.wires.iter().flat_map(|wire| &wire.seats);
        let readers: Vec<ReaderId> = seats.map(|seat| seat.reader).collect();
        self.dice.pick(&readers).copied()
    }

    /// Whether a card shown at this reader has to be decided soon: no fault strikes its line, and the controller has run for a while and
    /// has a log.
    fn is_sound(&self, reader: ReaderId) -> bool {
        let mut wires = self.street.wires.iter();
        let of = wires.find(|wire| wire.seats.iter().any(|seat| seat.reader == reader));
        let runs = self.up.saturating_since(self.started_at) > WARM_AFTER;
        let site = self.site.as_ref();
        of.is_some_and(|wire| !wire.is_struck && !wire.wiegand)
            && runs
            && site.is_some_and(|site| !site.counts().log_failed)
            && !self.plan.faults.has(super::Fault::Rush)
    }
}

/// So long after its start a controller has all sound readers online.
pub(super) const WARM_AFTER: Duration = Duration::from_secs(8);
