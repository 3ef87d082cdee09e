//! `portvakt operator add`.

use access::role::Role;
use clap::Args;
use control::Request;
use control::request::operator::OperatorRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Make a user of this system an operator
///
/// The user needs an account, in the group portvakt. Another manager approves it. Nobody
/// issues cards before training is recorded, with operator training.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// The user name
    user: String,
    /// What they may do: portvakt-roles(7) has the table
    #[arg(
        long = "role",
        value_name = "ROLE[,ROLE]",
        value_delimiter = ',',
        required = true
    )]
    roles: Vec<Role>,
    /// The tenant of an hr role
    #[arg(long)]
    tenant: Option<String>,
}

impl Add {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = OperatorRequest::Add {
            user: self.user,
            roles: self.roles,
            tenant: self.tenant,
        };
        desk.change(Request::Operator(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator add rita --role receptionist
  portvakt operator add per --role technician,auditor
  portvakt operator add hanne --role hr --tenant Kommunen";
