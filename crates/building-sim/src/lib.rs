//! A simulated building: readers, lines, disk, clocks, people.
//!
//! In real time, for the demo and for trials with the real daemon: a [`Line`] is a pseudo-terminal,
//! [`OsdpReaders`] and [`AsciiReader`] answer on it, [`House`] writes the configuration that goes
//! with them, and [`PEOPLE`] have cards to show.

pub mod ascii_reader;
pub mod dice;
pub mod house;
pub mod line;
pub mod multidrop;
pub mod osdp_readers;
pub mod person;

pub use ascii_reader::AsciiReader;
pub use dice::Dice;
pub use house::{DoorSpec, House, LineSpec, ReaderSpec};
pub use line::Line;
pub use multidrop::{Happening, Multidrop};
pub use osdp_readers::OsdpReaders;
pub use person::{PEOPLE, Person};
