//! `portvakt tenant`.

mod add;
mod contact;
mod contact_leave;
mod leavers;
mod list;
mod rule;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What is done with tenants; each verb says of itself what it does.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum TenantVerb {
    Add(add::Add),
    Contact(contact::Contact),
    ContactLeave(contact_leave::ContactLeave),
    Leavers(leavers::Leavers),
    List(list::List),
    Rule(rule::Rule),
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
            Self::ContactLeave(verb) => verb.run(desk),
            Self::Leavers(verb) => verb.run(desk),
            Self::List(verb) => verb.run(desk),
            Self::Rule(verb) => verb.run(desk),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant add Kommunen --responsible 'Ola Hansen' --mobile '+47 900 00 000'
  portvakt tenant contact Kommunen --name 'Ola Hansen' --mobile '+47 900 00 000'
  portvakt tenant contact-leave Kommunen 'Ola Hansen' --dry-run
  portvakt tenant leavers Kommunen leavers.csv --dry-run
  portvakt tenant rule Kommunen --employee-cards-by-hr yes
  portvakt tenant list";
