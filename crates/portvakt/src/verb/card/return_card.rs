//! `portvakt card return`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::card::CardReturn;

use super::answer;
use crate::ask;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Take the card back and forget its holder
///
/// The card is denied at every door at once; its holder's key is destroyed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Return {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// The paper form was shredded
    #[arg(long)]
    form_shredded: bool,
}

impl Return {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let form_shredded = if self.form_shredded || !ask::can_ask() {
            self.form_shredded
        } else {
            desk.ask_yes(&Say::Fixed(Phrase::AskFormShredded))?
        };
        let request = Request::CardReturn(CardReturn {
            issuance: self.issuance,
            form_shredded,
        });
        answer::change(desk, request)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card return P-3F7K2Q --form-shredded";
