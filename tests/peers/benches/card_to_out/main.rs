//! Bench: from a card at a reader to that reader's strike, our daemon against libosdp as controller.
//!
//! `cd tests/peers && cargo bench --bench card_to_out`. Both controllers run at the same time, each on a
//! wire of its own with the same number of the same readers; cards are shown in turn, one here, one there.

mod daemon;
mod dead_reader;
mod panel;
mod wire;

use std::time::Duration;

use building_sim::Dice;
use wire::Wire;

fn main() {
    // Given by `cargo test --benches`; only `cargo bench` measures.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let binaries = daemon::build_binaries();
    println!("card -> OUT, mean ms (worst); floor at the wire's measured turnaround");
    println!(
        "line      readers  cards              ours           libosdp  ratio   goal  floor  ours/floor  turnaround"
    );
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for trial in TRIALS.iter().filter(|trial| trial.is_wanted(&wanted)) {
        println!("{}", trial.run(&binaries));
    }
    if wanted.iter().all(|word| word.starts_with('-')) || wanted.iter().any(|word| word == "dead") {
        dead_reader::run(&binaries);
    }
}

/// One line of the table.
struct Trial {
    name: &'static str,
    /// None: the wire takes no time.
    baud: Option<u32>,
    readers: u8,
    cards: u32,
    /// Cards come at any moment within so long after the last.
    spread: Duration,
    /// Ours ÷ libosdp.
    goal: f64,
}

impl Trial {
    /// Words that are no options name the rows to measure, `115200x8`, or `dead`; none means all.
    fn is_wanted(&self, words: &[String]) -> bool {
        let own = format!("{}x{}", self.name, self.readers);
        let mut rows = words.iter().filter(|word| !word.starts_with('-'));
        let is_own = |word: &String| *word == own;
        rows.clone().next().is_none() || rows.any(is_own)
    }

    fn run(&self, binaries: &std::path::Path) -> String {
        let ours = Wire::lay("ours", self.baud, self.readers);
        let peers = Wire::lay("peers", self.baud, self.readers);
        let daemon = daemon::Daemon::start(binaries, &ours, self.baud.unwrap_or(UNPACED_BAUD));
        let panel = panel::Panel::start(&peers, self.baud.unwrap_or(PEER_BAUD_MAX));
        daemon.wait_until_secure(self.readers);
        panel.wait_until_secure();
        let mut dice = Dice::new(7);
        let (mut our_ms, mut peer_ms) = (Vec::new(), Vec::new());
        for _ in 0..self.cards {
            our_ms.push(self.show(&ours, &mut dice));
            peer_ms.push(self.show(&peers, &mut dice));
        }
        self.row(&our_ms, &peer_ms, ours.turnaround_ms())
    }

    /// Somebody comes along at any moment and shows a card at any reader; milliseconds until OUT.
    fn show(&self, wire: &Wire, dice: &mut Dice) -> f64 {
        let reader = pause(self.spread, dice) % self.readers;
        wire.card_to_out(reader).as_secs_f64() * 1_000.0
    }

    fn row(&self, ours: &[f64], peers: &[f64], turnaround: f64) -> String {
        let (our_mean, peer_mean) = (mean(ours), mean(peers));
        let octet = self.baud.map_or(0.0, |baud| 10_000.0 / f64::from(baud));
        let exchanges = f64::from(self.readers) / 2.0;
        let floor = exchanges * (34.0 * octet + turnaround) + 81.0 * octet + turnaround;
        format!(
            "{:<9} {:>7} {:>6} {our_mean:>8.1} ({:>6.1}) {peer_mean:>8.1} ({:>6.1}) {:>6.2} ≤ {:>4.2} {floor:>6.1} {:>11.2} {turnaround:>11.2}",
            self.name,
            self.readers,
            self.cards,
            worst(ours),
            worst(peers),
            our_mean / peer_mean,
            self.goal,
            our_mean / floor,
        )
    }
}

/// Waits for the next person to come along; a number that says where.
fn pause(spread: Duration, dice: &mut Dice) -> u8 {
    let mut throw = [0; 2];
    dice.throw_octets(&mut throw);
    std::thread::sleep(REST + spread.mul_f64(f64::from(throw[0]) / 256.0));
    throw[1]
}

fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len().max(1) as f64
}

fn worst(of: &[f64]) -> f64 {
    of.iter().copied().fold(0.0, f64::max)
}

const TRIALS: &[Trial] = &[
    trial("unpaced", None, (1, 0.25), (150, 60)),
    trial("unpaced", None, (8, 0.25), (150, 60)),
    trial("115200", Some(115_200), (8, 0.6), (150, 100)),
    trial("115200", Some(115_200), (32, 0.45), (80, 200)),
    trial("9600", Some(9_600), (8, 0.5), (40, 600)),
    trial("9600", Some(9_600), (32, 0.4), (20, 1_500)),
];

const fn trial(
    name: &'static str,
    baud: Option<u32>,
    (readers, goal): (u8, f64),
    (cards, spread_ms): (u32, u64),
) -> Trial {
    Trial {
        name,
        baud,
        readers,
        cards,
        spread: Duration::from_millis(spread_ms),
        goal,
    }
}

/// What our daemon is told of a wire that takes no time: the most it knows.
const UNPACED_BAUD: u32 = 921_600;
/// The most libosdp knows; it spaces nothing by it.
const PEER_BAUD_MAX: u32 = 230_400;
/// Before the next card comes, the light and the buzzer for the last one are through.
const REST: Duration = Duration::from_millis(50);
