//! `portvakt man`.

mod roles;

use std::path::PathBuf;

use clap::Args;

use crate::desk::Desk;
use crate::failure::Failure;

/// Manual pages, that of the roles among them, written to a directory
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// The directory, which must exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`] naming the directory if a page cannot be written.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let cannot =
            |error| Failure::failed(format!("cannot write to {}: {error}", self.dir.display()));
        clap_mangen::generate_to((desk.command)(), &self.dir).map_err(cannot)?;
        std::fs::write(self.dir.join("portvakt-roles.7"), roles::page()).map_err(cannot)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt man /usr/local/share/man/man1";
