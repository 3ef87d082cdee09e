//! Runs the simulated building: many seeds, or one and what happens in it. `cargo xtask simulate` builds and calls this.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use building_sim::simulation::campaign::{Campaign, Tally};
use building_sim::simulation::{Census, Faults, Figures, Plan, Violation, shrunk};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

/// Runs the simulated building.
#[derive(Parser)]
struct Words {
    /// How many seeds to run; 2,000 if nothing else says when it is enough.
    #[arg(long)]
    seeds: Option<u64>,
    /// Seeds until so many hours were lived in all buildings together.
    #[arg(long)]
    hours_total: Option<u64>,
    /// Seeds for so many seconds.
    #[arg(long = "for")]
    wall: Option<u32>,
    /// Where each range of seeds is written down; what is there already counts, and is not run again.
    #[arg(long)]
    figures: Option<PathBuf>,
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
    /// Whether some doors want a PIN.
    #[arg(long)]
    keypads: Option<bool>,
    /// Whether holders of returned cards are forgotten.
    #[arg(long)]
    forgets: Option<bool>,
    /// Whether there are areas with passback.
    #[arg(long)]
    areas: Option<bool>,
    /// Whether some doors open only while others are shut.
    #[arg(long)]
    interlocks: Option<bool>,
    /// Whether some doors want several persons, and visitors an escort.
    #[arg(long)]
    persons: Option<bool>,
    /// Whether one door's strike is a Modbus unit's.
    #[arg(long)]
    modbus: Option<bool>,
    /// Whether that unit's relay does not fall by itself.
    #[arg(long)]
    switched: Option<bool>,
}

fn main() -> ExitCode {
    let words = Words::parse();
    let length = Duration::from_secs_f64(words.hours.clamp(0.01, 10_000.0) * 3_600.0);
    if let Some(seed) = words.seed {
        return alone(&words, Plan::drawn(seed, length));
    }
    many(&words, length).unwrap_or_else(|why| {
        eprintln!("simulate: {why}");
        ExitCode::FAILURE
    })
}

fn alone(words: &Words, drawn: Plan) -> ExitCode {
    let plan = Plan {
        faults: words.faults.unwrap_or(drawn.faults),
        lines: words.lines.unwrap_or(drawn.lines),
        readers: words.readers.unwrap_or(drawn.readers),
        people: words.people.unwrap_or(drawn.people),
        wiegand: words.wiegand.unwrap_or(drawn.wiegand),
        keypads: words.keypads.unwrap_or(drawn.keypads),
        forgets: words.forgets.unwrap_or(drawn.forgets),
        areas: words.areas.unwrap_or(drawn.areas),
        interlocks: words.interlocks.unwrap_or(drawn.interlocks),
        persons: words.persons.unwrap_or(drawn.persons),
        modbus: words.modbus.unwrap_or(drawn.modbus),
        switched: words.switched.unwrap_or(drawn.switched),
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

/// Range after range, until there is enough of it, or a seed breaks.
fn many(words: &Words, length: Duration) -> Result<ExitCode, String> {
    let before = words.figures.as_deref().map_or(Ok(String::new()), read)?;
    let Figures { mut census, next } = Figures::read(&before)?;
    let from = next.map_or(words.from, |next| next.max(words.from));
    let clock = clock();
    let limit = Limit::of(words);
    let bar = limit.bar();
    let mut done = 0;
    while limit.allows(done, &census, &clock) {
        let threads = available_parallelism().map_or(1, NonZeroUsize::get);
        let campaign = Campaign {
            from: from + done,
            seeds: limit.seeds.map_or(RANGE, |seeds| (seeds - done).min(RANGE)),
            length,
            threads: u64::try_from(threads).unwrap_or(1),
            twice_one_in: 50,
            plant: None,
        };
        let Tally {
            census: more,
            broken,
        } = campaign.run(&|seeds| {
            if limit.seeds.is_some() {
                bar.set_position(done + seeds);
            }
        });
        census.add(&more);
        if let Some((plan, violation)) = broken {
            bar.abandon();
            println!("{census}");
            return Ok(complain(&plan, violation));
        }
        done += campaign.seeds;
        let line = Figures::line(campaign.from, campaign.from + campaign.seeds, &more);
        words
            .figures
            .as_deref()
            .map_or(Ok(()), |path| append(path, &line))?;
        bar.set_position(limit.position(done, &census, &clock));
    }
    bar.finish_and_clear();
    println!("{census}");
    Ok(ExitCode::SUCCESS)
}

/// When it is enough.
struct Limit {
    seeds: Option<u64>,
    hours: Option<u64>,
    wall: Option<Duration>,
}

impl Limit {
    fn of(words: &Words) -> Self {
        let endless = words.hours_total.is_some() || words.wall.is_some();
        Self {
            seeds: words.seeds.or((!endless).then_some(SEEDS)),
            hours: words.hours_total,
            wall: words
                .wall
                .map(|seconds| Duration::from_secs(seconds.into())),
        }
    }

    fn allows(&self, done: u64, census: &Census, clock: &dyn Fn() -> Duration) -> bool {
        self.seeds.is_none_or(|seeds| done < seeds)
            && self.hours.is_none_or(|hours| hours_of(census) < hours)
            && self.wall.is_none_or(|wall| clock() < wall)
    }

    /// A bar of what is counted: seeds, else hours, else seconds.
    fn bar(&self) -> ProgressBar {
        let wall = self.wall.map(|wall| wall.as_secs());
        let (len, unit) = match (self.seeds, self.hours) {
            (Some(seeds), _) => (seeds, "seeds"),
            (None, Some(hours)) => (hours, "building-hours"),
            (None, None) => (wall.unwrap_or(0), "seconds"),
        };
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} {msg}, {eta} to go");
        let bar = ProgressBar::new(len).with_message(unit);
        style.map_or(bar.clone(), |style| bar.with_style(style))
    }

    fn position(&self, done: u64, census: &Census, clock: &dyn Fn() -> Duration) -> u64 {
        match (self.seeds, self.hours) {
            (Some(_), _) => done,
            (None, Some(_)) => hours_of(census),
            (None, None) => clock().as_secs(),
        }
    }
}

const fn hours_of(census: &Census) -> u64 {
    census.lived.as_secs() / 3_600
}

#[expect(
    clippy::disallowed_methods,
    reason = "a run that is to last so long is measured by the wall clock, and nothing in it is"
)]
fn clock() -> impl Fn() -> Duration {
    let begun = std::time::Instant::now();
    move || begun.elapsed()
}

fn read(path: &Path) -> Result<String, String> {
    match fs::read_to_string(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|why| format!("{}: {why}", path.display())),
    }
}

fn append(path: &Path, line: &str) -> Result<(), String> {
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|why| format!("{}: {why}", path.display()))
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
        "cargo xtask simulate --seed {} --hours {} --faults {} --lines {} --readers {} --people {} --wiegand {} --keypads {} --forgets {} --areas {} --interlocks {} --persons {} --modbus {} --switched {} --trace",
        plan.seed,
        plan.length.as_secs_f64() / 3_600.0,
        plan.faults,
        plan.lines,
        plan.readers,
        plan.people,
        plan.wiegand,
        plan.keypads,
        plan.forgets,
        plan.areas,
        plan.interlocks,
        plan.persons,
        plan.modbus,
        plan.switched
    )
}

/// Seeds, unless said otherwise.
const SEEDS: u64 = 2_000;
/// Seeds that are run, and written down, together.
const RANGE: u64 = 100;
