//! What polling costs while nobody comes: 32 readers on four lines.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::house::House;
use crate::readers::Seen;
use crate::{headline, row};

/// Measures and prints.
pub(crate) fn run(binaries: &Path) {
    let (house, readers) = House::build(binaries, LINES, READERS_EACH, 1);
    for line in &readers {
        line.forget();
    }
    let daemon = house.start();
    for line in &readers {
        let last = READERS_EACH - 1;
        line.wait(|seen| seen == Seen::SessionUp(last));
    }
    thread::sleep(SETTLING);
    for line in &readers {
        line.forget();
    }
    let loads = (0..SPANS).map(|_| daemon.load_percent(SPAN)).collect();
    headline("32 OSDP readers in Secure Channel on 4 lines at 115200 baud, nobody comes");
    row("processor, % of one core", LOAD_GOAL, loads);
    let questions: usize = readers.iter().map(crate::readers::Readers::questions).sum();
    let seconds = (SPAN * SPANS).as_secs_f64();
    println!(
        "questions a second, all lines: {:.0}",
        questions as f64 / seconds
    );
}

const LINES: u8 = 4;
const READERS_EACH: u8 = 8;
const SETTLING: Duration = Duration::from_secs(3);
const SPAN: Duration = Duration::from_secs(5);
const SPANS: u32 = 5;
const LOAD_GOAL: f64 = 5.0;
