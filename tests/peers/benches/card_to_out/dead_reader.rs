//! What one dead reader of eight costs the others: two wires of ours, one whole, one with a reader pulled off.

use std::path::Path;
use std::time::Instant;

use building_sim::Dice;

use crate::daemon::Daemon;
use crate::wire::Wire;
use crate::{mean, pause};

/// Prints the comparison.
pub(crate) fn run(binaries: &Path) {
    let (whole, broken) = (
        House::build(binaries, "whole"),
        House::build(binaries, "broken"),
    );
    broken.wire.unplug(DEAD);
    // Until it is offline each of its questions is put three times, as to any reader that may have missed one.
    std::thread::sleep(OFFLINE_AFTER);
    let mut dice = Dice::new(11);
    let (mut without, mut with, mut probed) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..CARDS {
        without.push(whole.show(&mut dice).0);
        match broken.show(&mut dice) {
            (ms, false) => with.push(ms),
            (ms, true) => probed.push(ms),
        }
    }
    println!();
    println!("one dead reader of {READERS} at {BAUD} baud, card -> OUT at the others, ms");
    println!("                                   cards     mean      p99    worst");
    row("none dead", &mut without);
    row("one dead", &mut with);
    row("one dead, during its whole probe", &mut probed);
    let ratio = p99(&with) / p99(&without);
    println!("p99, one dead / none dead: {ratio:.2} (goal <= 1.5)");
}

struct House {
    wire: Wire,
    _daemon: Daemon,
}

impl House {
    fn build(binaries: &Path, name: &str) -> Self {
        let wire = Wire::lay(name, Some(BAUD), READERS);
        let daemon = Daemon::start(binaries, &wire, BAUD);
        daemon.wait_until_secure(READERS);
        Self {
            wire,
            _daemon: daemon,
        }
    }

    /// A card at any of the readers that live: milliseconds until OUT, and whether the dead one had its whole time meanwhile.
    fn show(&self, dice: &mut Dice) -> (f64, bool) {
        let reader = pause(SPREAD, dice) % DEAD;
        let shown = Instant::now();
        let ms = self.wire.card_to_out(reader).as_secs_f64() * 1_000.0;
        (ms, self.wire.was_probed_since(shown))
    }
}

fn row(what: &str, ms: &mut [f64]) {
    ms.sort_by(f64::total_cmp);
    let worst = ms.last().copied().unwrap_or_default();
    let count = ms.len();
    println!(
        "{what:<34} {count:>5} {:>8.1} {:>8.1} {worst:>8.1}",
        mean(ms),
        p99(ms)
    );
}

/// The value that one in a hundred exceeds; of sorted values.
fn p99(sorted: &[f64]) -> f64 {
    let at = sorted.len().saturating_sub(1) - sorted.len() / 100;
    sorted.get(at).copied().unwrap_or_default()
}

const READERS: u8 = 8;
/// The last one, so that the living have the addresses below it.
const DEAD: u8 = 7;
const BAUD: u32 = 115_200;
const CARDS: u32 = 500;
const SPREAD: std::time::Duration = std::time::Duration::from_millis(100);
const OFFLINE_AFTER: std::time::Duration = std::time::Duration::from_secs(12);
