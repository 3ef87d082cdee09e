//! OSDP devices that others wrote, to hold ours against.
//!
//! [`LibosdpReader`] is the C core of libosdp as a reader on a pseudo-terminal, the other end of
//! which our daemon opens like any serial port; [`LibosdpReaders`] are many on one line.
//! [`record`] lets libosdp's own controller talk to
//! libosdp's own reader and keeps every octet.

pub mod controller;
pub mod line;
pub mod reader;
pub mod readers;
pub mod record;

pub use controller::Controller;
pub use line::PtyLine;
pub use reader::{LibosdpReader, Output};
pub use readers::LibosdpReaders;
