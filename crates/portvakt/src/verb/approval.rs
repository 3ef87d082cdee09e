//! `portvakt approval`.

mod approve;
mod list;
mod refuse;
mod show;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with what waits; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ApprovalVerb {
    List(list::List),
    Show(show::Show),
    Approve(approve::Approve),
    Refuse(refuse::Refuse),
}

impl ApprovalVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Show(verb) => verb.run(desk),
            Self::Approve(verb) => verb.run(desk),
            Self::Refuse(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card block P-3F7K2Q --reason 'left the house' --doubt 'is it hers?'
  portvakt approval list
  portvakt approval approve A-12";
