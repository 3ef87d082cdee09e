//! `portvakt tenant`.

mod add;
mod contact;
mod list;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with tenants.; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum TenantVerb {
    Add(add::Add),
    Contact(contact::Contact),
    List(list::List),
}

impl TenantVerb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Add(verb) => verb.run(desk),
            Self::Contact(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant add Kommunen
  portvakt tenant contact Kommunen --name 'Ola Hansen' --mobile '+47 900 00 000'
  portvakt tenant list";
