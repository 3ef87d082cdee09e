//! The building as the site is told of it: every reader beside a door of the same number.

use std::time::Duration;

use access::{DoorId, DoorMode, DoorRules, FormatSet, PinLimit, ReaderId};
use firmware_protocol::secure::Scbk;
use reader_bus::{
    Address, AsciiConfig, Coil, Feedback, InputMap, Keypad, LineConfig, Security, UnitMap,
};
use site::{DoorPlan, InputAt, LinePlan, ReaderPlan, SitePlan, Spoken, Strike};

use super::blueprint::{Blueprint, Stand, wants_pin};
use super::board;
use super::plan::Plan;
use super::plant::Plant;
use super::seat::Seat;
use super::street::{BAUD, Wire};
use super::violation::{Breach, Invariant};

/// The plan of these lines.
pub(super) fn plan(of: &Plan, wires: &[Wire], blueprint: &Blueprint) -> Result<SitePlan, Breach> {
    let mut lines = Vec::new();
    let mut doors = Vec::new();
    for wire in wires {
        let mut readers = Vec::new();
        for seat in &wire.seats {
            let stand = blueprint.stand(seat.reader);
            readers.push(reader(seat, wire.wiegand, stand)?);
            if stand.door == door_beside(seat.reader) {
                doors.push(door(of, (seat.reader, wire.wiegand), blueprint));
            }
        }
        if let Some(board) = &wire.board {
            readers.push(unit(board.reader)?);
            let mut theirs = doors.iter_mut();
            let theirs = theirs.find(|door: &&mut DoorPlan| door.id == board.door);
            theirs.into_iter().for_each(|door| hang(door, board.reader));
        }
        lines.push(LinePlan {
            id: wire.id,
            config: LineConfig {
                baud: BAUD,
                ..LineConfig::default()
            },
            spoken: match &wire.board {
                Some(_) => Spoken::WiegandModbus(vec![map(!of.switched)]),
                None if wire.wiegand => Spoken::WiegandAscii(AsciiConfig::default()),
                None => Spoken::Osdp,
            },
            readers,
        });
    }
    Ok(SitePlan {
        lines,
        doors,
        areas: blueprint.areas().collect(),
        pin_limit: PinLimit::default(),
        feedback: Feedback::default(),
    })
}

/// The door of the same number as a reader.
pub(super) const fn door_beside(reader: ReaderId) -> DoorId {
    DoorId::new(reader.get())
}

/// Which reader's output releases a door, and which output that is: its own reader's, or the first reader's for a Wiegand reader, which
/// has none.
pub(super) const fn strike_of(reader: ReaderId, wiegand: bool) -> Strike {
    if wiegand {
        Strike::active(FIRST, 1)
    } else {
        Strike::active(reader, 0)
    }
}

fn reader(seat: &Seat, wiegand: bool, stand: Stand) -> Result<ReaderPlan, Breach> {
    let formats = FormatSet::from_names(&["H10301"]);
    let security = if wiegand {
        Security::Clear
    } else {
        Security::Keyed(Scbk::new(seat.key))
    };
    Ok(ReaderPlan {
        id: seat.reader,
        address: seat.address,
        security,
        formats: formats.map_err(|_| Invariant::Setting.breach("H10301 is no format"))?,
        keypad: Keypad::None,
        enrol: false,
        into: stand.into,
        out_of: stand.out_of,
        exit: stand.exit,
    })
}

/// A unit that is nobody's reader.
fn unit(reader: ReaderId) -> Result<ReaderPlan, Breach> {
    let address = Address::new(board::UNIT);
    let address = address.ok_or_else(|| Invariant::Setting.breach("no such unit"))?;
    let formats = FormatSet::from_names(&["H10301"]);
    Ok(ReaderPlan {
        id: reader,
        address,
        security: Security::Clear,
        formats: formats.map_err(|_| Invariant::Setting.breach("H10301 is no format"))?,
        keypad: Keypad::None,
        enrol: false,
        into: None,
        out_of: None,
        exit: false,
    })
}

/// Where it has its relay and its inputs.
fn map(timed: bool) -> UnitMap {
    UnitMap {
        address: board::UNIT,
        card: None,
        keys: None,
        inputs: Some(InputMap {
            first: board::CONTACT.into(),
            count: 2,
        }),
        coils: vec![Coil {
            number: board::RELAY,
            timed,
        }],
    }
}

/// A door whose strike, contact and button are a unit's.
fn hang(door: &mut DoorPlan, board: ReaderId) {
    door.strike = Strike::active(board, board::RELAY);
    door.contact = Some(InputAt::active(board, board::CONTACT));
    door.exit_button = Some(InputAt::active(board, board::BUTTON));
}

fn door(of: &Plan, (reader, wiegand): (ReaderId, bool), blueprint: &Blueprint) -> DoorPlan {
    let id = door_beside(reader);
    let asking = blueprint.readers().filter(|(_, stand)| stand.door == id);
    let mode = if wants_pin(of, id, wiegand) {
        DoorMode::CardAndPin
    } else {
        DoorMode::Card
    };
    let input = |number| (!wiegand).then_some(InputAt::active(reader, number));
    DoorPlan {
        id,
        entry: asking.map(|(reader, _)| reader).collect(),
        strike: strike_of(reader, wiegand),
        open_for: OPEN_FOR,
        contact: input(0),
        exit_button: input(1),
        held_after: Duration::from_secs(30),
        warn_before_held: None,
        relock_on_close: id.get().is_multiple_of(3),
        debounce: Duration::ZERO,
        class: blueprint.class(id),
        rules: DoorRules {
            again_after: blueprint.again_after(id),
            persons: blueprint
                .persons(id)
                .filter(|_| of.plant != Some(Plant::OnePersonEnough)),
            escort_within: blueprint.escort_within(id),
            interlock: match of.plant {
                Some(Plant::InterlockNotAsked) => Vec::new(),
                Some(_) | None => blueprint.lock_of(id).to_vec(),
            },
            ..DoorRules::of_mode(mode)
        },
        groups: Vec::new(),
    }
}

/// How long one unlock lasts.
pub(super) const OPEN_FOR: Duration = Duration::from_secs(5);
const FIRST: ReaderId = ReaderId::new(1);
