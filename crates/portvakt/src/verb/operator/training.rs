//! `portvakt operator training`.

use clap::Args;
use control::Request;
use control::request::operator::OperatorRequest;

use super::instant;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Record until when an operator counts as trained
///
/// Without training nobody issues a card or traces a person, whatever their role. A date
/// alone counts as trained through that day. Another manager approves it; nobody records
/// their own.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Training {
    /// The user name
    user: String,
    /// The last day, or an instant; one that has passed ends it
    #[arg(long, value_name = "DATE")]
    until: String,
}

impl Training {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = OperatorRequest::Training {
            until: instant::end(desk, &self.until)?,
            user: self.user,
        };
        desk.change(Request::Operator(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator training rita --until 2027-11-30
  portvakt operator training rita --until 30.11.2027
  portvakt operator training rita --until now";
