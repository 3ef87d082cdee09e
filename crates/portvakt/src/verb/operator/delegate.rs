//! `portvakt operator delegate`.

use access::role::Role;
use clap::Args;
use control::Request;
use control::request::operator::OperatorRequest;

use super::instant;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Name a deputy for a role of your own, for a time
///
/// It begins and ends by itself, after 90 days at most, and the deputy acts under their
/// own name. A date alone is meant whole. Another manager approves it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Delegate {
    /// The deputy's user name
    user: String,
    /// The role, one that you hold yourself; with --end only that one ends
    #[arg(long, required_unless_present = "end")]
    role: Option<Role>,
    /// From when on [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME", required_unless_present = "end")]
    until: Option<String>,
    /// End what is delegated to them before its time
    #[arg(long, conflicts_with_all = ["from", "until"])]
    end: bool,
}

impl Delegate {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = match (self.role, self.until) {
            (Some(role), Some(until)) => OperatorRequest::Delegate {
                user: self.user,
                role,
                from: self
                    .from
                    .map(|from| instant::begin(desk, &from))
                    .transpose()?,
                until: instant::end(desk, &until)?,
            },
            (role, _) => OperatorRequest::EndDelegation {
                user: self.user,
                role,
            },
        };
        desk.change(Request::Operator(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt operator delegate rita --role daily-manager --from 2026-12-24 --until 2027-01-02
  portvakt operator delegate rita --role daily-manager --until 'today 16:00'
  portvakt operator delegate rita --end";
