//! `portvakt right revoke`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::right::RightRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take all rights of an issuance on one place away
///
/// At whatever hours they are. Rights on a group stay where one on a door of it is taken
/// away, and the other way round.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Revoke {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// The door or the group of doors
    place: String,
    /// Why; it is recorded
    #[arg(long)]
    reason: String,
}

impl Revoke {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = RightRequest::Revoke {
            issuance: self.issuance,
            place: self.place,
            reason: self.reason,
        };
        desk.change(Request::Right(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt right revoke P-3F7K2Q cellar --reason 'meters are read from afar'";
