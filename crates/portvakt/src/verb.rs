//! The nouns of the command line; their verbs are below them.

pub(crate) mod card;
pub(crate) mod completions;
pub(crate) mod door;
pub(crate) mod line;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod reader;
pub(crate) mod status;
pub(crate) mod tenant;
pub(crate) mod why;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What `portvakt` is asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Issue, activate, list, block and take back cards
    #[command(subcommand)]
    Card(card::CardVerb),
    /// List doors, open one
    #[command(subcommand)]
    Door(door::DoorVerb),
    /// List readers, look at one, give one its key
    #[command(subcommand)]
    Reader(reader::ReaderVerb),
    /// List the lines readers are on
    #[command(subcommand)]
    Line(line::LineVerb),
    /// Tenants and their contact persons
    #[command(subcommand)]
    Tenant(tenant::TenantVerb),
    /// Read, follow and verify the event log
    #[command(subcommand)]
    Log(log::LogVerb),
    /// Each rule that opens a door to a card, or refuses it
    Why(why::Why),
    /// The controller's state in a few lines
    Status(status::Status),
    /// Completions for a shell, on standard output
    Completions(completions::Completions),
    /// Manual pages, written to a directory
    Man(man::Man),
}

impl Verb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`], which the process exits with.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Card(verb) => verb.run(desk),
            Self::Door(verb) => verb.run(desk),
            Self::Reader(verb) => verb.run(desk),
            Self::Line(verb) => verb.run(desk),
            Self::Tenant(verb) => verb.run(desk),
            Self::Log(verb) => verb.run(desk),
            Self::Why(verb) => verb.run(desk),
            Self::Status(verb) => verb.run(desk),
            Self::Completions(verb) => verb.run(desk),
            Self::Man(verb) => verb.run(desk),
        }
    }
}
