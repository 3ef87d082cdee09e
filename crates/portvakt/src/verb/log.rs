//! `portvakt log`.

mod export;
mod filter;
mod follow;
mod proof;
mod prove;
mod reconcile;
mod show;
pub(crate) mod source;
mod status;
mod tiles;
mod verify;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with the log; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum LogVerb {
    Show(show::Show),
    Follow(follow::Follow),
    Status(status::Status),
    Verify(verify::Verify),
    Prove(prove::Prove),
    Export(export::Export),
    Reconcile(reconcile::Reconcile),
}

impl LogVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Show(verb) => verb.run(desk),
            Self::Follow(verb) => verb.run(desk),
            Self::Status(verb) => verb.run(desk),
            Self::Verify(verb) => verb.run(desk),
            Self::Prove(verb) => verb.run(desk),
            Self::Export(verb) => verb.run(desk),
            Self::Reconcile(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt log show --since 'today 06:00' --denied
  portvakt log follow --door main
  portvakt log verify --dir /media/audit/log --key verifier.txt
  portvakt log prove 184467 --out 184467.tlog-proof";
