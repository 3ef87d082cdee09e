//! Looks at images that power cuts may leave of a log. `cargo xtask images` builds and calls this.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread::available_parallelism;

use building_sim::simulation::images::Sampling;
use clap::Parser;
use indicatif::ProgressBar;

/// Looks at images that power cuts may leave of a log and its keys.
#[derive(Parser)]
struct Words {
    /// How many images, at least.
    #[arg(long, default_value_t = 100_000)]
    images: u64,
    /// The first scene.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One scene alone.
    #[arg(long)]
    scene: Option<u64>,
}

fn main() -> ExitCode {
    let words = Words::parse();
    let threads = available_parallelism().map_or(1, NonZeroUsize::get);
    let sampling = Sampling {
        from: words.from,
        images: words.images,
        threads: u64::try_from(threads).unwrap_or(1),
        lying_disk: false,
    };
    let looked = match words.scene {
        Some(scene) => sampling.scene(scene),
        None => {
            let bar = ProgressBar::new(words.images);
            let looked = sampling.run(&|images| bar.set_position(images));
            bar.finish_and_clear();
            looked
        }
    };
    match looked {
        Ok(album) => {
            println!("{album}");
            ExitCode::SUCCESS
        }
        Err(bad) => {
            println!("{bad}\nreplay: cargo xtask images --scene {}", bad.scene);
            ExitCode::FAILURE
        }
    }
}
