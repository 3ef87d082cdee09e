//! Runs the simulated building: many seeds, or one and what happens in it. `cargo xtask simulate` builds and calls this.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use building_sim::simulation::campaign::{Campaign, Tally};
use building_sim::simulation::{Faults, Plan, Violation, shrunk};
use clap::Parser;

/// Runs the simulated building.
#[derive(Parser)]
struct Words {
    /// How many seeds to run.
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many hours each building lives with its faults, such as 1 or 0.25.
    #[arg(long, default_value_t = 1.0)]
    hours: f64,
    /// One seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Print what happens in it.
    #[arg(long)]
    trace: bool,
    /// Its faults, with commas between them, instead of those that the seed draws.
    #[arg(long)]
    faults: Option<Faults>,
    /// Its lines, instead of as many as the seed draws.
    #[arg(long)]
    lines: Option<u8>,
    /// The readers on each line.
    #[arg(long)]
    readers: Option<u8>,
    /// The people.
    #[arg(long)]
    people: Option<u16>,
    /// Whether the last line is a Wiegand reader's.
    #[arg(long)]
    wiegand: Option<bool>,
}

fn main() -> ExitCode {
    let words = Words::parse();
    let length = Duration::from_secs_f64(words.hours.clamp(0.01, 10_000.0) * 3_600.0);
    match words.seed {
        Some(seed) => alone(&words, Plan::drawn(seed, length)),
        None => many(&words, length),
    }
}

fn alone(words: &Words, drawn: Plan) -> ExitCode {
    let plan = Plan {
        faults: words.faults.unwrap_or(drawn.faults),
        lines: words.lines.unwrap_or(drawn.lines),
        readers: words.readers.unwrap_or(drawn.readers),
        people: words.people.unwrap_or(drawn.people),
        wiegand: words.wiegand.unwrap_or(drawn.wiegand),
        ..drawn
    };
    println!("{plan:?}, faults {}", plan.faults);
    match plan.run(words.trace) {
        Ok(outcome) => {
            println!(
                "{}\nfingerprint: {:016x}",
                outcome.census, outcome.fingerprint
            );
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("{violation}");
            ExitCode::FAILURE
        }
    }
}

fn many(words: &Words, length: Duration) -> ExitCode {
    let threads = available_parallelism().map_or(1, NonZeroUsize::get);
    let campaign = Campaign {
        from: words.from,
        seeds: words.seeds,
        length,
        threads: u64::try_from(threads).unwrap_or(1),
        twice_one_in: 50,
        plant: None,
    };
    let step = (words.seeds / 20).max(1);
    let Tally { census, broken } = campaign.run(&|done| {
        if done.is_multiple_of(step) {
            eprintln!("{done} of {} seeds", words.seeds);
        }
    });
    println!("{census}");
    match broken {
        None => ExitCode::SUCCESS,
        Some((plan, violation)) => complain(&plan, violation),
    }
}

fn complain(plan: &Plan, violation: Violation) -> ExitCode {
    println!("{violation}");
    println!("replay: {}", command(plan));
    eprintln!("looking for a smaller run that breaks the same");
    let (small, violation) = shrunk(plan, violation);
    println!("smallest found: {violation}");
    println!("replay: {}", command(&small));
    ExitCode::FAILURE
}

/// The one command that does it again.
fn command(plan: &Plan) -> String {
    format!(
        "cargo xtask simulate --seed {} --hours {} --faults {} --lines {} --readers {} --people {} --wiegand {} --trace",
        plan.seed,
        plan.length.as_secs_f64() / 3_600.0,
        plan.faults,
        plan.lines,
        plan.readers,
        plan.people,
        plan.wiegand
    )
}
