//! The simulated house: its lines, its readers, and what the configuration says of them.

use std::fs;
use std::time::Duration;

use building_sim::{
    AsciiReader, Dice, DoorSpec, Hall, HallReader, House, Line, LineSpec, Person, ReaderSpec,
};

use super::places::Places;
use crate::failure::Failure;

/// Everything that is simulated.
pub(super) struct Stage {
    places: Places,
    hall: Hall,
    gate: AsciiReader,
    readers: Vec<HallReader>,
}

impl Stage {
    /// Lays the lines, hangs the readers and writes the configuration.
    pub(super) fn set() -> Result<Self, Failure> {
        let places = Places::make()?;
        let hall_line = Line::lay(places.folder(), "tty-hall")?.paced(BAUD);
        let gate_line = Line::lay(places.folder(), "tty-yard")?;
        fs::write(
            places.config(),
            house(&places, &hall_line, &gate_line).to_string(),
        )?;
        let mut readers = Vec::new();
        for (address, name) in (0..).zip(HALL) {
            let mut key = [0; 16];
            getrandom::fill(&mut key).map_err(Failure::failed)?;
            readers.push(HallReader { name, address, key });
        }
        let seed = getrandom::u64().map_err(Failure::failed)?;
        let hall = Hall::open(hall_line, &readers, Dice::new(seed))?;
        let gate = AsciiReader::new(gate_line);
        Ok(Self {
            places,
            hall,
            gate,
            readers,
        })
    }

    /// Where everything lies.
    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// The readers in Secure Channel with their keys, for the technician.
    pub(super) fn readers(&self) -> &[HallReader] {
        &self.readers
    }

    /// Somebody shows their card at a reader.
    pub(super) fn present(&mut self, person: &Person, reader: &str) -> Result<(), Failure> {
        if reader == GATE {
            return Ok(self.gate.present(person)?);
        }
        Ok(self.hall.present(person, reader)?)
    }

    /// Whoever opens the door of this reader next props it.
    pub(super) fn prop(&mut self, reader: &str) -> Result<(), Failure> {
        Ok(self.hall.prop(reader)?)
    }

    /// A moment passes: people push doors open, and doors fall shut.
    pub(super) fn go_on(&mut self, now: Duration) -> Result<(), Failure> {
        Ok(self.hall.go_on(now)?)
    }
}

fn house(places: &Places, hall: &Line, gate: &Line) -> House {
    let line = |name: &str, line: &Line, protocol| LineSpec {
        name: name.to_owned(),
        device: line.device().to_path_buf(),
        protocol,
        baud: BAUD,
    };
    let reader = |name: &str, line: &str, address| ReaderSpec {
        name: name.to_owned(),
        line: line.to_owned(),
        address,
        enrol: name == ENROLMENT,
    };
    let in_hall = (0..)
        .zip(HALL)
        .map(|(address, name)| reader(name, "hall", Some(address)));
    House {
        name: "Demo House".to_owned(),
        origin: "demo.example/portvakt".to_owned(),
        data_dir: places.data(),
        socket: places.socket().to_path_buf(),
        lines: vec![
            line("hall", hall, "osdp"),
            line("yard", gate, "wiegand-ascii"),
        ],
        readers: in_hall.chain([reader(GATE, "yard", None)]).collect(),
        doors: vec![
            door("main", "main-in", ("main-in", 0)),
            door("office", "office-in", ("office-in", 0)),
            door("archive", "archive-in", ("archive-in", 0)),
            door("yard", GATE, ("main-in", 1)),
        ],
    }
}

/// A door whose leaf is watched where its strike is its own reader's.
fn door(name: &str, entry: &str, (reader, output): (&str, u8)) -> DoorSpec {
    DoorSpec {
        name: name.to_owned(),
        entry: entry.to_owned(),
        strike: (reader.to_owned(), output),
        open_for_s: 3,
        contact: (reader == entry).then(|| (reader.to_owned(), 0)),
        held_after_s: 2,
    }
}

/// The readers of the hall line, by address.
const HALL: [&str; 3] = ["main-in", "office-in", "archive-in"];
/// Where new cards are presented.
pub(super) const ENROLMENT: &str = "main-in";
const GATE: &str = "yard-gate";
const BAUD: u32 = 115_200;
