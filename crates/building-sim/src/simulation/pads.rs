//! Pads: what was typed at doors that want a PIN beside the card, and how often wrongly.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use access::{Holder, IssuanceId, PinLimit, ReaderId, Reason, UtcMicros};
use reader_bus::Uptime;

use super::Scene;
use super::agenda::Turn;
use super::blueprint::wants_pin;
use super::cards::pin_of;

/// Which PINs were typed where.
#[derive(Default)]
pub(super) struct Pads {
    /// The right PIN of this issuance was typed, and when.
    typed: BTreeMap<ReaderId, VecDeque<(IssuanceId, Uptime)>>,
    /// When anything was typed last.
    pressed: BTreeMap<ReaderId, Uptime>,
    /// Wrong ones in a row, and the last.
    wrong: BTreeMap<IssuanceId, (u8, UtcMicros)>,
}

impl Pads {
    /// Somebody types something.
    pub(super) fn pressed(&mut self, reader: ReaderId, up: Uptime) {
        self.pressed.insert(reader, up);
    }

    /// Whether something was typed that a decision of this instant may be about.
    pub(super) fn is_about_typed(&self, reader: ReaderId, decided: Uptime) -> bool {
        let at = self.pressed.get(&reader);
        at.is_some_and(|at| decided <= *at + PIN_HOLDS_FOR)
    }

    /// The right PIN of an issuance is typed.
    pub(super) fn typed(&mut self, reader: ReaderId, of: IssuanceId, up: Uptime) {
        let here = self.typed.entry(reader).or_default();
        here.push_back((of, up));
        here.drain(..here.len().saturating_sub(TYPED_MAX));
    }

    /// A holder is let in where a PIN is wanted: the right one was typed just before, once for each time, and none too many wrong ones
    /// before that. Says what is wrong.
    pub(super) fn let_in(
        &mut self,
        (reader, holder): (ReaderId, Holder),
        decided: Uptime,
        time: UtcMicros,
    ) -> Option<&'static str> {
        let of = holder.issuance;
        let is_it =
            |typed: &(IssuanceId, Uptime)| typed.0 == of && decided <= typed.1 + PIN_HOLDS_FOR;
        let here = self.typed.entry(reader).or_default();
        let Some(at) = here.iter().position(is_it) else {
            return Some("without the PIN");
        };
        here.remove(at);
        let limit = PinLimit::default();
        match self.wrong.remove(&of) {
            Some((count, last))
                if count >= limit.wrong_max && time < last.saturating_add(limit.locked_for) =>
            {
                Some("though too many PINs were wrong")
            }
            Some(_) | None => None,
        }
    }

    /// A holder is refused at a door that wants a PIN.
    pub(super) fn refused(&mut self, holder: Holder, reason: Reason, time: UtcMicros) {
        if reason == Reason::PinWrong {
            let wrong = self.wrong.entry(holder.issuance).or_insert((0, time));
            *wrong = (wrong.0.saturating_add(1), time);
        } else if !is_about_pin(reason) {
            // The right one may have been typed, which is not said.
            self.wrong.remove(&holder.issuance);
        }
    }

    /// The controller is gone, and with it what it counted.
    pub(super) fn forget(&mut self) {
        self.typed.clear();
        self.pressed.clear();
        self.wrong.clear();
    }
}

/// Whether a refusal is for the PIN.
pub(super) fn is_about_pin(reason: Reason) -> bool {
    [Reason::PinNeeded, Reason::PinWrong, Reason::PinLocked].contains(&reason)
}

impl Scene {
    /// Somebody who showed a card types what they think is the PIN, if the door wants one; some type nothing, some another's.
    pub(super) fn think_of_pin(&mut self, person: usize, reader: ReaderId) {
        if !self.wants_pin(reader) || self.desk.holder(person).is_none() {
            return;
        }
        let others = u64::from(self.plan.people);
        let (of, forced) = match self.dice.below(12) {
            0 => return,
            1..=2 => (usize::try_from(self.dice.below(others)).unwrap_or(0), false),
            3 => (person, true),
            _ => (person, false),
        };
        let after = Duration::from_millis(300 + self.dice.below(2_000));
        let turn = Turn::Type { reader, of, forced };
        self.agenda.add(self.up + after, turn);
    }

    /// The PIN of this person, or the one that says that they are forced, is typed.
    pub(super) fn type_pin(&mut self, reader: ReaderId, of: usize, forced: bool) {
        let Some((number, _)) = self.desk.card(of) else {
            return;
        };
        if let Some(holder) = self.desk.holder(of) {
            self.watch.pads.typed(reader, holder.issuance, self.up);
        }
        self.census.typed += 1;
        self.watch.pads.pressed(reader, self.up);
        let keys = format!("{}#", pin_of(number, forced));
        self.street.press(reader, keys.as_bytes(), self.up);
    }

    /// Whether the door beside a reader wants a PIN beside the card.
    pub(super) fn wants_pin(&self, reader: ReaderId) -> bool {
        let mut wires = self.street.wires.iter();
        let of = wires.find(|wire| wire.seats.iter().any(|seat| seat.reader == reader));
        of.is_some_and(|wire| wants_pin(&self.plan, self.blueprint.door_of(reader), wire.wiegand))
    }
}

/// A card waits 15 s for its PIN, and what was typed is some seconds on its way at most.
const PIN_HOLDS_FOR: Duration = Duration::from_secs(20);
/// PINs that are remembered at one reader.
const TYPED_MAX: usize = 256;
