//! The daemon: the only tokio, serial ports, clock, sockets.
fn main() {}
