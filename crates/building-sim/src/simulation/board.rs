//! Board: a Modbus unit on a line of its own, whose relay is a door's strike and whose inputs are its contact and its button.

use std::time::Duration;

use access::{DoorId, ReaderId};
use firmware_protocol::command::{OutputAction, OutputControl};
use reader_bus::Uptime;

use super::fault::Fault;
use super::seat::Out;
use crate::dice::Dice;
use crate::modbus_units::{ModbusUnits, Switched};

/// One unit, and the door behind it.
pub(super) struct Board {
    /// As the site counts it among the readers.
    pub(super) reader: ReaderId,
    /// The door that it releases.
    pub(super) door: DoorId,
    /// Somebody answers in its place, with what it said before.
    is_hostile: bool,
    /// When it was last asked anything.
    pub(super) asked_at: Option<Uptime>,
    /// Since when the leaf stands open.
    pub(super) opened_at: Option<Uptime>,
    /// When the leaf or the button moved last.
    pub(super) moved_at: Option<Uptime>,
    units: ModbusUnits,
    /// When its relay falls by itself.
    falls_at: Option<Uptime>,
    /// What it answered before.
    said: Vec<Vec<u8>>,
}

impl Board {
    /// A unit with this number among the readers, and its door.
    pub(super) fn new(reader: ReaderId, door: DoorId) -> Self {
        Self {
            reader,
            door,
            is_hostile: false,
            asked_at: None,
            opened_at: None,
            moved_at: None,
            units: ModbusUnits::new(&[UNIT]),
            falls_at: None,
            said: Vec::new(),
        }
    }

    /// Octets from the controller; what it answers, or whoever does in its place.
    pub(super) fn hear(&mut self, octets: &[u8], at: Uptime, dice: &mut Dice) -> Vec<u8> {
        self.asked_at = Some(at);
        if self.falls_at.is_some_and(|falls| falls <= at) {
            self.falls_at = None;
            self.units.set_relay(UNIT, RELAY.into(), false);
        }
        let answer = self.units.handle_bytes(octets);
        if self.is_hostile && dice.one_in(2) {
            return dice.pick(&self.said).cloned().unwrap_or_default();
        }
        if dice.one_in(KEPT_ONE_IN) && !answer.is_empty() {
            self.said.truncate(SAID_MAX - 1);
            self.said.insert(0, answer.clone());
        }
        answer
    }

    /// What it was told to switch until now.
    pub(super) fn outs(&mut self, at: Uptime) -> Vec<Out> {
        let mut outs = Vec::new();
        while let Some(switched) = self.units.poll_switched() {
            let lasts = switched.time_100ms.filter(|_| switched.on);
            self.falls_at = lasts.map(|lasts| at + TENTH * u32::from(lasts));
            outs.push(Out {
                reader: self.reader,
                control: control(switched),
            });
        }
        outs
    }

    /// The leaf is open or shut.
    pub(super) fn set_leaf(&mut self, open: bool, up: Uptime) {
        self.moved_at = Some(up);
        self.opened_at = open.then(|| self.opened_at.unwrap_or(up));
        self.units.set_input(UNIT, CONTACT.into(), open);
    }

    /// The button is pressed or not.
    pub(super) fn set_button(&mut self, pressed: bool, up: Uptime) {
        self.moved_at = Some(up);
        self.units.set_input(UNIT, BUTTON.into(), pressed);
    }

    /// A fault strikes it: it is unplugged; it loses its power for an instant, and its relay falls; somebody answers in its place.
    pub(super) fn strike(&mut self, fault: Fault) {
        if fault == Fault::Unplugged {
            self.units.set_plugged(UNIT, false);
        } else if fault == Fault::ReaderRestart {
            self.falls_at = None;
            self.units.set_relay(UNIT, RELAY.into(), false);
        } else if fault == Fault::Hostile {
            self.is_hostile = true;
        }
    }

    /// It is there again, and answers itself.
    pub(super) fn mend(&mut self) {
        self.is_hostile = false;
        self.units.set_plugged(UNIT, true);
    }
}

/// The same as a reader would be told it.
fn control(switched: Switched) -> OutputControl {
    let action = match (switched.on, switched.time_100ms) {
        (true, Some(_)) => OutputAction::TimedOn,
        (true, None) => OutputAction::PermanentOnAbort,
        (false, _) => OutputAction::PermanentOffAbort,
    };
    OutputControl {
        output: u8::try_from(switched.coil).unwrap_or(u8::MAX),
        action,
        time_100ms: switched.time_100ms.unwrap_or(0),
    }
}

/// The unit's address, its relay and its inputs.
pub(super) const UNIT: u8 = 1;
pub(super) const RELAY: u8 = 0;
pub(super) const CONTACT: u8 = 0;
pub(super) const BUTTON: u8 = 1;
/// What a relay's time is counted in.
const TENTH: Duration = Duration::from_millis(100);
/// One answer in so many is kept by whoever listens, and so many of them.
const KEPT_ONE_IN: u64 = 8;
const SAID_MAX: usize = 8;
