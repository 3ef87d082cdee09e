//! The daemon: the only tokio, serial ports, clock, sockets.
#![allow(dead_code, unused_imports, reason = "growing")]
mod config;
fn main() {}
