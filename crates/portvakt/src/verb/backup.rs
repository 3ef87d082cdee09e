//! `portvakt backup`.

mod create;
mod list;
mod restore;
mod shreds;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with backups; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum BackupVerb {
    Create(create::Create),
    List(list::List),
    Shreds(shreds::Shreds),
    Restore(restore::Restore),
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
            Self::Shreds(verb) => verb.run(desk),
            Self::Restore(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt backup create --passphrase-file /root/backup.phrase
  portvakt backup list
  portvakt backup shreds
  portvakt backup restore --from /media/backup/20261122T080000Z --shreds /media/backup/shreds";
