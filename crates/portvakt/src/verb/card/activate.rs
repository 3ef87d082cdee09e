//! `portvakt card activate`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::card::CardActivate;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;

/// Bind a card to an issuance and make it live
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Activate {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// The holder was told to return the card
    #[arg(long)]
    return_duty_told: bool,
    /// The card itself.
    #[command(flatten)]
    plastic: Plastic,
}

impl Activate {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let source = self.plastic.source()?;
        let return_duty_told = answer::return_duty(desk, self.return_duty_told, source.as_ref())?;
        let card = self.plastic.wanted()?;
        let request = CardActivate {
            issuance: self.issuance,
            card,
            return_duty_told,
        };
        answer::change(desk, Request::CardActivate(request))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card activate P-3F7K2Q --present main-in --return-duty-told
  portvakt card activate P-3F7K2Q --stock S-014 --return-duty-told
  portvakt card activate P-3F7K2Q --number 123:45678 --format H10301 --return-duty-told";
