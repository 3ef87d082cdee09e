//! `portvakt review recertify`.

use clap::Args;
use control::Request;
use control::request::review::ReviewRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Record that all a tenant's people hold is justified anew
///
/// A right that was granted over a year ago, and whose tenant was not recertified since, is
/// lapsed: right list says so, and the next review decides it by itself. No door closes by
/// that alone.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Recertify {
    /// The tenant
    tenant: String,
    /// Why; it is recorded
    #[arg(long)]
    reason: String,
}

impl Recertify {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = ReviewRequest::Recertify {
            tenant: self.tenant,
            reason: self.reason,
        };
        desk.change(Request::Review(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review recertify Kommunen --reason 'confirmed by its head of office'";
