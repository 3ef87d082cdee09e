//! `portvakt backup`.

mod create;
mod list;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with backups; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum BackupVerb {
    Create(create::Create),
    List(list::List),
}

impl BackupVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Create(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt backup create --passphrase-file /root/backup.phrase
  portvakt backup list";
