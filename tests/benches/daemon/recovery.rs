//! How soon the next card opens after something went wrong on the wire.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::house::House;
use crate::process::{Daemon, now};
use crate::readers::{Fault, Readers, Seen};
use crate::{headline, row};

/// Measures and prints.
pub(crate) fn run(binaries: &Path) {
    let (house, mut readers) = House::build(binaries, 1, READERS, 1);
    let line = readers.remove(0);
    let daemon = house.start();
    line.wait(|seen| seen == Seen::SessionUp(READERS - 1));
    thread::sleep(SETTLING);
    headline("8 OSDP readers in Secure Channel at 115200 baud");
    for (what, fault) in FAULTS {
        let times = (0..TIMES).map(|_| after(&line, fault)).collect();
        row(
            &format!("{what}, next card to OUT, ms"),
            CARD_GOAL_MS,
            times,
        );
    }
    let cuts = (0..OUTAGES).map(|_| after_cut(&line)).collect();
    row(
        "line cut 12 s, last reader's session, ms",
        BACK_GOAL_MS,
        cuts,
    );
    without_adapter(&house, line, &daemon);
}

fn after(line: &Readers, fault: Fault) -> f64 {
    thread::sleep(PEACE);
    line.strike(fault);
    let shown = now();
    line.show(0);
    let opened = line.wait(|seen| seen == Seen::Output(0));
    (opened - shown).as_secs_f64() * 1_000.0
}

/// Milliseconds from the repair until every reader's session stands.
fn after_cut(line: &Readers) -> f64 {
    line.cut(true);
    thread::sleep(OUTAGE);
    line.forget();
    let mended = now();
    line.cut(false);
    let mut last = mended;
    for _ in 0..READERS {
        last = line.wait(|seen| matches!(seen, Seen::SessionUp(_)));
    }
    thread::sleep(SETTLING);
    (last - mended).as_secs_f64() * 1_000.0
}

fn without_adapter(house: &House, mut line: Readers, daemon: &Daemon) {
    let (mut back, mut loads) = (Vec::new(), Vec::new());
    for _ in 0..OUTAGES {
        drop(line);
        loads.push(daemon.load_percent(OUTAGE));
        let returned = now();
        line = house.lay(0);
        let asked = line.wait(|seen| seen == Seen::Asked);
        back.push((asked - returned).as_secs_f64() * 1_000.0);
        thread::sleep(SETTLING);
    }
    row(
        "adapter back after 12 s, first question, ms",
        BACK_GOAL_MS,
        back,
    );
    row(
        "processor while it is gone, % of one core",
        LOAD_GOAL,
        loads,
    );
}

const FAULTS: [(&str, Fault); 3] = [
    ("one reply lost", Fault::Lost),
    ("one bit turned", Fault::Flipped),
    ("one NAK in clear", Fault::Nak),
];
const READERS: u8 = 8;
const TIMES: usize = 20;
const OUTAGES: usize = 3;
const CARD_GOAL_MS: f64 = 1_000.0;
const BACK_GOAL_MS: f64 = 2_000.0;
const LOAD_GOAL: f64 = 5.0;
const OUTAGE: Duration = Duration::from_secs(12);
const SETTLING: Duration = Duration::from_secs(3);
/// Longer than a release lasts, so that each fault meets a line at rest.
const PEACE: Duration = Duration::from_millis(1_500);
