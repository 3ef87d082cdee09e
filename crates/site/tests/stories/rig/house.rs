//! House: two OSDP lines and a Wiegand line, a main door, a strict vault, a side door.
//!
//! North carries readers 1 (main) and 2 (vault); south carries 3 (side) and 4 (the desk, no door), at the same addresses.
//! West is a Wiegand reader, 5, that asks for the hall, whose strike is on north.

use std::time::Duration;

use access::{DoorId, DoorMode, DoorRules, FormatSet, LineId, PinLimit, ReaderId};
use reader_bus::{Address, AsciiConfig, Feedback, Keypad, LineConfig, Scbk, Security};
use site::{DoorClass, DoorPlan, InputAt, LinePlan, ReaderPlan, SitePlan, Spoken, Strike};

pub(crate) const MAIN: DoorId = DoorId::new(1);
pub(crate) const VAULT: DoorId = DoorId::new(2);
pub(crate) const SIDE: DoorId = DoorId::new(3);
pub(crate) const HALL: DoorId = DoorId::new(5);
pub(crate) const DESK: ReaderId = ReaderId::new(4);
pub(crate) const WIEGAND: ReaderId = ReaderId::new(5);

pub(crate) fn plan() -> SitePlan {
    SitePlan {
        areas: Vec::new(),
        pin_limit: PinLimit::default(),
        feedback: Feedback::default(),
        lines: vec![
            line(1, Spoken::Osdp, vec![reader(1, 0), reader(2, 1)]),
            line(2, Spoken::Osdp, vec![reader(3, 0), reader(4, 1)]),
            line(
                3,
                Spoken::WiegandAscii(AsciiConfig::default()),
                vec![reader(5, 0)],
            ),
        ],
        doors: vec![
            door(MAIN, DoorClass::Standard),
            door(VAULT, DoorClass::Strict),
            door(SIDE, DoorClass::Standard),
            DoorPlan {
                strike: Strike::active(ReaderId::new(1), 1),
                contact: None,
                exit_button: None,
                ..door(HALL, DoorClass::Standard)
            },
        ],
    }
}

/// The main door alone, for long stories.
pub(crate) fn small() -> SitePlan {
    let mut plan = plan();
    plan.lines.truncate(1);
    plan.lines[0].readers.truncate(1);
    plan.doors.truncate(1);
    plan
}

/// A door whose reader has its own number, with everything wired to that reader.
pub(crate) fn door(id: DoorId, class: DoorClass) -> DoorPlan {
    let reader = ReaderId::new(id.get());
    DoorPlan {
        id,
        entry: vec![reader],
        strike: Strike::active(reader, 0),
        open_for: Duration::from_secs(5),
        contact: Some(InputAt::active(reader, 0)),
        exit_button: Some(InputAt::active(reader, 1)),
        held_after: Duration::from_secs(30),
        warn_before_held: None,
        relock_on_close: false,
        debounce: Duration::ZERO,
        class,
        rules: DoorRules::of_mode(DoorMode::Card),
        groups: Vec::new(),
    }
}

/// The key of a reader, its own.
pub(crate) fn key(reader: ReaderId) -> Scbk {
    let seed = reader.get().to_be_bytes()[1];
    Scbk::new(std::array::from_fn(|at| {
        u8::try_from(at * at).unwrap_or(0) ^ seed ^ 0xA5
    }))
}

fn line(id: u8, spoken: Spoken, readers: Vec<ReaderPlan>) -> LinePlan {
    let config = LineConfig {
        baud: 115_200,
        ..LineConfig::default()
    };
    LinePlan {
        id: LineId::new(id),
        config,
        spoken,
        readers,
    }
}

fn reader(id: u16, address: u8) -> ReaderPlan {
    let id = ReaderId::new(id);
    ReaderPlan {
        id,
        address: Address::new(address).unwrap(),
        security: Security::Keyed(key(id)),
        formats: FormatSet::from_names(&["H10301"]).unwrap(),
        keypad: Keypad::FourBits,
        enrol: id == DESK,
        into: None,
        out_of: None,
        exit: false,
    }
}
