//! `portvakt retention set`.

use clap::Args;
use control::{Class, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Keep a class of events for so long from now on
///
/// It is recorded and signed. What is older is overwritten within the hour and cannot be
/// brought back. What operators did and read always stays two years.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// passage, door or reader
    class: Class,
    /// Days, as in 90d, or 2y, which is the most
    keep: String,
}

impl Set {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if !desk.global.dry_run && self.keep != MOST {
            desk.confirm(&Say::Fixed(Phrase::AskRetention))?;
        }
        let request = Request::RetentionSet {
            class: self.class,
            keep: self.keep,
        };
        desk.change(request, &Say::Fixed(Phrase::RetentionSet))
    }
}

/// Nothing is overwritten earlier by it.
const MOST: &str = "2y";

const EXAMPLES: &str = "\
Examples:
  portvakt retention set passage 90d
  portvakt retention set door 30d --yes
  portvakt retention set passage 2y
  portvakt --dry-run retention set door 1d";
