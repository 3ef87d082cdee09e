//! `portvakt card pin clear`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::pin::PinRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take the PIN of an issuance away
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Clear {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Clear {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = PinRequest::Clear {
            issuance: self.issuance,
        };
        desk.change(Request::CardPin(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card pin clear P-3F7K2Q";
