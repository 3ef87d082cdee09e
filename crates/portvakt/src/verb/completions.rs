//! `portvakt completions`.

use clap::Args;
use clap_complete::Shell;

use crate::desk::Desk;
use crate::failure::Failure;

/// Completions for a shell, on standard output
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`] if they cannot be written.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut (desk.command)(), "portvakt", &mut script);
        desk.out.line(String::from_utf8_lossy(&script).trim_end())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt completions bash > /usr/share/bash-completion/completions/portvakt";
