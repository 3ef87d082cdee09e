//! The real binary, started and stopped as a service manager would, on pseudo-terminals with our own reader at the far end.

mod day;
mod house;
mod reader;
mod refusals;
mod socket;
