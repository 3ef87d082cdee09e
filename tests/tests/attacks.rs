//! Attacks and faults on the wire between the real daemon and its readers; `docs/known-attacks.md` lists them by name.

#[path = "attacks/clear_text.rs"]
mod clear_text;
#[path = "attacks/faults.rs"]
mod faults;
#[path = "attacks/forgery.rs"]
mod forgery;
#[path = "attacks/handshake.rs"]
mod handshake;
#[path = "attacks/hostile_line.rs"]
mod hostile_line;
#[path = "attacks/keys.rs"]
mod keys;
#[path = "attacks/known.rs"]
mod known;
#[path = "attacks/liar.rs"]
mod liar;
#[path = "attacks/outages.rs"]
mod outages;
#[path = "attacks/pairing.rs"]
mod pairing;
#[path = "attacks/replay.rs"]
mod replay;
#[path = "attacks/session.rs"]
mod session;
#[path = "attacks/swaps.rs"]
mod swaps;
#[path = "attacks/victim.rs"]
mod victim;
