//! A simulated building: readers, lines, disk, clocks, people.
//!
//! In real time, for the demo and for trials with the real daemon: a [`Line`] is a pseudo-terminal,
//! [`OsdpReaders`], [`AsciiReader`] and [`ModbusUnits`] answer on it, [`House`] writes the configuration that goes
//! with them, and the people of [`person`] have cards to show.
//!
//! On simulated time: a [`Trial`] lets strangers and friends loose on a whole site and checks the rules; a
//! [`simulation`] breaks everything around it besides, restarts it at any instant, and checks the invariants at every step.

pub mod ascii_reader;
pub mod dice;
pub mod hall;
pub mod house;
pub mod line;
pub mod long_log;
pub mod modbus_units;
pub mod multidrop;
pub mod osdp_readers;
pub mod person;
pub mod simulation;
pub mod traces;
pub mod trial;

pub use ascii_reader::AsciiReader;
pub use dice::Dice;
pub use hall::{Hall, HallReader};
pub use house::{DoorSpec, House, LineSpec, ReaderSpec};
pub use line::Line;
pub use long_log::{LongLog, Written};
pub use modbus_units::{ModbusUnits, Switched};
pub use multidrop::{Happening, Multidrop};
pub use osdp_readers::OsdpReaders;
pub use person::Person;
pub use trial::{Broken, Outcome, Trial};
