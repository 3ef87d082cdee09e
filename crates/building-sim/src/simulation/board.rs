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
    /// Whether its relay falls by itself, and when it will.
    timed: bool,
    falls_at: Option<Uptime>,
    /// When a relay that does not is to be off, at the latest.
    off_by: Option<Uptime>,
    /// What it answered before.
    said: Vec<Vec<u8>>,
}

impl Board {
    /// A unit with this number among the readers, and its door.
    pub(super) fn new(reader: ReaderId, door: DoorId, timed: bool) -> Self {
        Self {
            reader,
            door,
            is_hostile: false,
            asked_at: None,
            opened_at: None,
            moved_at: None,
            units: ModbusUnits::new(&[UNIT]),
            timed,
            falls_at: None,
            off_by: None,
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
                control: control(switched, self.timed),
            });
        }
        outs
    }

    /// Its relay was switched on for so long.
    pub(super) fn released(&mut self, lasts: Duration, up: Uptime) {
        if !self.timed {
            self.off_by = Some(up + lasts + OFF_WITHIN);
        }
    }

    /// Whether its relay is on though it was to be off by then, or since.
    pub(super) fn is_left_on(&self, up: Uptime) -> bool {
        let is_over = self.off_by.is_none_or(|off_by| off_by < up);
        !self.timed && is_over && self.units.is_on(UNIT, RELAY.into())
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

/// The same as a reader would be told it. Who switches a relay off that does not fall by itself is the controller.
fn control(switched: Switched, timed: bool) -> OutputControl {
    let action = match (switched.on, switched.time_100ms) {
        (true, Some(_)) => OutputAction::TimedOn,
        (true, None) if timed => OutputAction::PermanentOnAbort,
        (true, None) => OutputAction::TimedOn,
        (false, _) => OutputAction::PermanentOffAbort,
    };
    let unsaid = if timed { 0 } else { OPEN_FOR_TENTHS };
    OutputControl {
        output: u8::try_from(switched.coil).unwrap_or(u8::MAX),
        action,
        time_100ms: switched.time_100ms.unwrap_or(unsaid),
    }
}

/// The unit's address, its relay and its inputs.
pub(super) const UNIT: u8 = 1;
pub(super) const RELAY: u8 = 0;
pub(super) const CONTACT: u8 = 0;
pub(super) const BUTTON: u8 = 1;
/// So long after its time a relay is off that has to be switched.
const OFF_WITHIN: Duration = Duration::from_secs(2);
/// As long as a door is released, in 100 ms.
const OPEN_FOR_TENTHS: u16 = 50;
/// What a relay's time is counted in.
const TENTH: Duration = Duration::from_millis(100);
/// One answer in so many is kept by whoever listens, and so many of them.
const KEPT_ONE_IN: u64 = 8;
const SAID_MAX: usize = 8;
