//! Writes a log as long as you say into an empty directory, to try a verifier or a search on.
//!
//! `cargo run --release -p building-sim --example long_log -- DIR [EVENTS] [CARDS]`; 10,000,000 events take about 800 MB.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use building_sim::LongLog;
use event_log::disk::{Disk, RealDisk};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let usage = "say where: long_log DIR [EVENTS] [CARDS]";
    let dir = PathBuf::from(words.next().ok_or(usage)?);
    let events = words.next().map_or(Ok(10_000_000), |word| word.parse())?;
    let cards = words.next().map_or(Ok(20_000), |word| word.parse())?;
    std::fs::create_dir_all(&dir)?;
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.clone()));
    let plan = LongLog {
        events,
        cards,
        span: TWO_YEARS,
        seed: 1,
    };
    let written = plan.write(&disk, &mut |done| {
        if done.is_multiple_of(1 << 20) {
            eprintln!("{done} of {events} events");
        }
    })?;
    println!("{}", written.keys.join("\n"));
    eprintln!(
        "portvakt log verify --dir {} --key THE_KEYS_ABOVE",
        dir.display()
    );
    Ok(())
}

const TWO_YEARS: Duration = Duration::from_secs(730 * 86_400);
