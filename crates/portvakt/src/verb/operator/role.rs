//! `portvakt operator role`.

use access::role::Role as RoleName;
use clap::Args;
use control::Request;
use control::request::operator::OperatorRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Give an operator roles, or take some away
///
/// It counts from their next request on. Another manager approves it; nobody changes
/// their own. What they had delegated by a role that goes, goes with it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Role {
    /// The user name
    user: String,
    /// Roles they get
    #[arg(
        long,
        value_name = "ROLE[,ROLE]",
        value_delimiter = ',',
        required_unless_present = "remove"
    )]
    add: Vec<RoleName>,
    /// Roles they lose
    #[arg(long, value_name = "ROLE[,ROLE]", value_delimiter = ',')]
    remove: Vec<RoleName>,
    /// The tenant of an hr role they get
    #[arg(long, requires = "add")]
    tenant: Option<String>,
}

impl Role {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = OperatorRequest::Role {
            user: self.user,
            add: self.add,
            remove: self.remove,
            tenant: self.tenant,
        };
        desk.change(Request::Operator(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator role rita --add technician
  portvakt operator role rita --add hr --tenant Kommunen --remove receptionist";
