//! Kills the real daemon under load, again and again. `cargo xtask kill-storm` builds and calls this.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use portvakt_tests::storm::Storm;

/// Kills the real daemon under load, again and again.
#[derive(Parser)]
struct Words {
    /// How often.
    #[arg(long, default_value_t = 200)]
    cycles: u64,
    /// What the dice are loaded with: the same instants and acts, not the same interleaving.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The daemon's binary.
    #[arg(long)]
    daemon: PathBuf,
}

fn main() -> ExitCode {
    let words = Words::parse();
    let folder = tempfile::Builder::new().prefix("kill-storm-").tempdir();
    let folder = folder.expect("a temporary folder").keep();
    let storm = Storm {
        binary: words.daemon,
        folder: folder.clone(),
        cycles: words.cycles,
        seed: words.seed,
    };
    let bar = ProgressBar::new(words.cycles);
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} kills, {eta} left");
    bar.set_style(style.expect("a template"));
    let came = storm.run(&|done| bar.set_position(done));
    bar.finish_and_clear();
    match came {
        Ok(tally) => {
            std::fs::remove_dir_all(&folder).expect("the folder goes");
            println!("{tally}");
            ExitCode::SUCCESS
        }
        Err((cycle, folder, breach)) => {
            println!("{breach}");
            println!(
                "seed {}, cycle {cycle}; everything lies in {}",
                words.seed,
                folder.display()
            );
            println!(
                "again: cargo xtask kill-storm --seed {} --cycles {}",
                words.seed,
                cycle + 1
            );
            ExitCode::FAILURE
        }
    }
}
