//! `portvakt operator`.

mod add;
mod delegate;
mod instant;
mod list;
mod remove;
mod role;
mod training;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with operators; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum OperatorVerb {
    List(list::List),
    Add(add::Add),
    Role(role::Role),
    Training(training::Training),
    Delegate(delegate::Delegate),
    Remove(remove::Remove),
}

impl OperatorVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::List(verb) => verb.run(desk),
            Self::Add(verb) => verb.run(desk),
            Self::Role(verb) => verb.run(desk),
            Self::Training(verb) => verb.run(desk),
            Self::Delegate(verb) => verb.run(desk),
            Self::Remove(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator list
  portvakt operator add rita --role receptionist
  portvakt operator training rita --until 2027-11-30
  portvakt operator delegate rita --role daily-manager --from 2026-12-24 --until 2027-01-02
  portvakt operator remove rita";
