//! Answers the real daemon's calls wrongly, each in turn. `cargo xtask faults` builds and calls this.

use std::path::PathBuf;
use std::process::ExitCode;

use building_sim::Dice;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use portvakt_tests::sweep::{self, Sweep};

/// Answers the real daemon's calls wrongly, each in turn.
#[derive(Parser)]
struct Words {
    /// How many faults are drawn; all of them when it is left out.
    #[arg(long)]
    sample: Option<usize>,
    /// Only those in whose line this stands.
    #[arg(long)]
    only: Option<String>,
    /// What the dice are loaded with.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Houses at a time.
    #[arg(long, default_value_t = 2)]
    houses: usize,
    /// Tell how each went.
    #[arg(long)]
    tell: bool,
    /// The daemon's binary.
    #[arg(long)]
    daemon: PathBuf,
}

fn main() -> ExitCode {
    let words = Words::parse();
    if let Some(why) = sweep::missing() {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    let mut dice = Dice::new(words.seed);
    let mut cases = match words.sample {
        Some(count) => sweep::sample(count, &mut dice),
        None => sweep::all(&mut dice),
    };
    if let Some(only) = &words.only {
        cases.retain(|case| case.to_string().contains(only));
    }
    let folder = tempfile::Builder::new().prefix("faults-").tempdir();
    let folder = folder.expect("a temporary folder").keep();
    let bar = ProgressBar::new(u64::try_from(cases.len()).expect("a length"));
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} faults, {eta} left");
    bar.set_style(style.expect("a template"));
    let report = Sweep {
        binary: words.daemon,
        folder: folder.clone(),
        cases,
        houses: words.houses,
        seed: words.seed,
    }
    .run(&|case, how| {
        if words.tell {
            println!("{case}: {how}");
        }
        bar.inc(1);
    });
    bar.finish_and_clear();
    println!("{}", report.tally);
    for finding in &report.findings {
        let (case, folder) = (finding.case, finding.folder.display());
        println!("{case}: {}; everything lies in {folder}", finding.breach);
        println!(
            "again: cargo xtask faults --all --seed {} --only {:?}",
            words.seed,
            case.to_string()
        );
    }
    if report.findings.is_empty() {
        std::fs::remove_dir_all(&folder).expect("the folder goes");
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}
