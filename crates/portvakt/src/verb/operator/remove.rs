//! `portvakt operator remove`.

use clap::Args;
use control::Request;
use control::request::operator::OperatorRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take everything away by which somebody is an operator
///
/// Roles, training and delegations end at once, in an open session too; what they did
/// stays under their name. Another manager approves it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Remove {
    /// The user name
    user: String,
}

impl Remove {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = OperatorRequest::Remove { user: self.user };
        desk.change(Request::Operator(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator remove rita
  portvakt --dry-run operator remove rita";
