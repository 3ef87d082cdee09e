//! What a start costs with 10,000 cards: time to the first question, and memory.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::house::House;
use crate::process::now;
use crate::readers::{Readers, Seen};
use crate::{headline, row};

/// Measures and prints.
pub(crate) fn run(binaries: &Path) {
    let (house, readers) = House::build(binaries, 1, 1, CARDS);
    let measured = (0..STARTS).map(|_| measure(&house, &readers[0]));
    let (polls, sizes): (Vec<f64>, Vec<f64>) = measured.unzip();
    headline(&format!(
        "{CARDS} cards, one OSDP reader in Secure Channel at 115200 baud, {STARTS} starts"
    ));
    row("start to first question, ms", POLL_GOAL_MS, polls);
    row("resident after 5 s of polls, MiB", SIZE_GOAL_MIB, sizes);
}

/// Milliseconds from spawn to the first octets on the line, MiB resident after five seconds of polls.
fn measure(house: &House, readers: &Readers) -> (f64, f64) {
    readers.forget();
    let spawned = now();
    let daemon = house.spawn();
    let first = readers.wait(|seen| seen == Seen::Asked);
    thread::sleep((first + POLLING).saturating_duration_since(now()));
    (
        (first - spawned).as_secs_f64() * 1_000.0,
        daemon.resident_mib(),
    )
}

const CARDS: u32 = 10_000;
const STARTS: usize = 5;
const POLL_GOAL_MS: f64 = 200.0;
const SIZE_GOAL_MIB: f64 = 32.0;
const POLLING: Duration = Duration::from_secs(5);
