//! What a reader's firmware and the controller must agree on: OSDP 2.2 frames, messages and Secure Channel, both ends.
//!
//! The crate has no `std`, no allocator and no panic path. A controller (ACU) uses [`Scanner`], [`Frame`],
//! [`Command`], [`Reply`] and [`secure`]; a reader's firmware (PD) uses [`Scanner`] and [`pd::Pd`], which does the rest.
//!
//! Source: SIA OSDP 2.2, which is IEC 60839-11-5.
#![no_std]

mod address;
mod check;
mod coded;
mod com_settings;
pub mod command;
pub mod file;
mod frame;
mod manufacturer;
mod message;
pub mod multipart;
mod outlet;
pub mod pd;
mod records;
pub mod reply;
mod scanner;
pub mod secure;
mod sequence;

pub use address::Address;
pub use check::Check;
pub use com_settings::ComSettings;
pub use command::Command;
pub use frame::{Direction, FRAME_LEN_MAX, Frame, FrameError, Header, MARK, SecurityBlock};
pub use manufacturer::Manufacturer;
pub use message::MessageError;
pub use records::{Record, Records};
pub use reply::Reply;
pub use scanner::{ScanCounts, Scanner};
pub use sequence::Sequence;

/// The example in the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
