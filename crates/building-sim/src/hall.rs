//! A hall: OSDP readers on one line, each beside a door that people push open and let fall shut.

use std::io;
use std::time::Duration;

use firmware_protocol::Address;
use firmware_protocol::command::OutputAction;
use firmware_protocol::pd::PdEvent;
use firmware_protocol::secure::Scbk;

use crate::dice::Dice;
use crate::line::Line;
use crate::multidrop::{Happening, Multidrop};
use crate::osdp_readers::OsdpReaders;
use crate::person::Person;

/// A reader before it is hung up.
pub struct HallReader {
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its OSDP address.
    pub address: u8,
    /// Its Secure Channel key.
    pub key: [u8; 16],
}

/// Readers in real time, their doors, and people at them.
///
/// Each reader drives its own door's strike with output 0 and sees its leaf with input 0, active
/// while the leaf stands open. Call [`Hall::go_on`] all the time.
#[derive(Debug)]
pub struct Hall {
    readers: OsdpReaders,
    doors: Vec<Door>,
}

/// A door beside a reader.
#[derive(Debug)]
struct Door {
    reader: &'static str,
    address: Address,
    /// The leaf stands open until then.
    shuts_at: Option<Duration>,
    /// Who opens it next leaves it open longer.
    propped: bool,
}

impl Hall {
    /// Hangs `readers` on `line`; `dice` throw their random numbers.
    ///
    /// # Errors
    /// `InvalidInput` for an address over 126; what the line says.
    pub fn open(line: Line, readers: &[HallReader], dice: Dice) -> io::Result<Self> {
        let mut pds = Vec::new();
        let mut doors = Vec::new();
        for reader in readers {
            let address = Address::new(reader.address).ok_or_else(|| unknown("address"))?;
            pds.push((address, Some(Scbk::new(reader.key))));
            doors.push(Door {
                reader: reader.name,
                address,
                shuts_at: None,
                propped: false,
            });
        }
        let readers = OsdpReaders::start(line, Multidrop::new(pds, dice));
        for door in &doors {
            readers.set_inputs(door.address, &SHUT)?;
        }
        Ok(Self { readers, doors })
    }

    /// Somebody shows their card at a reader.
    ///
    /// # Errors
    /// `InvalidInput` for a reader that is not here; what the line says.
    pub fn present(&mut self, person: &Person, reader: &str) -> io::Result<()> {
        let address = self.door(reader)?.address;
        let card = person.card().ok_or_else(|| unknown("card"))?;
        self.readers.present(address, card.bits(), card.count())
    }

    /// Whoever opens the door of this reader next props it for 3.5 s.
    ///
    /// # Errors
    /// `InvalidInput` for a reader that is not here.
    pub fn prop(&mut self, reader: &str) -> io::Result<()> {
        self.door(reader)?.propped = true;
        Ok(())
    }

    /// Waits up to 25 ms for a strike to be released; people push that door open, and doors that
    /// have stood open fall shut. `now` counts from any beginning.
    ///
    /// # Errors
    /// What the line says.
    pub fn go_on(&mut self, now: Duration) -> io::Result<()> {
        if let Some(happening) = self.readers.next(MOMENT)?
            && releases_strike(&happening)
        {
            self.push(happening.address, now)?;
        }
        for door in &mut self.doors {
            if door.shuts_at.is_some_and(|shuts_at| shuts_at <= now) {
                door.shuts_at = None;
                self.readers.set_inputs(door.address, &SHUT)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, at: Address, now: Duration) -> io::Result<()> {
        for door in self.doors.iter_mut().filter(|door| door.address == at) {
            let open_for = if door.propped { PROPPED } else { PASSING };
            door.propped = false;
            door.shuts_at = Some(now.saturating_add(open_for));
            self.readers.set_inputs(at, &OPEN)?;
        }
        Ok(())
    }

    fn door(&mut self, reader: &str) -> io::Result<&mut Door> {
        let door = self.doors.iter_mut().find(|door| door.reader == reader);
        door.ok_or_else(|| unknown("reader"))
    }
}

fn releases_strike(happening: &Happening) -> bool {
    matches!(&happening.event, PdEvent::Output(control)
        if control.output == 0 && control.action == OutputAction::TimedOn)
}

fn unknown(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("no such {what} in this hall"),
    )
}

const OPEN: [bool; 2] = [true, false];
const SHUT: [bool; 2] = [false, false];
/// How long somebody walking through keeps a door open.
const PASSING: Duration = Duration::from_millis(900);
/// How long a propped door stands open.
const PROPPED: Duration = Duration::from_millis(3_500);
const MOMENT: Duration = Duration::from_millis(25);
