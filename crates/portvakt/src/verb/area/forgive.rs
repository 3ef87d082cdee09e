//! `portvakt area forgive`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::house::HouseRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Forget where a card is, or all cards in an area, so that they may enter anew
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Forgive {
    /// The area's name
    #[arg(required_unless_present = "card", conflicts_with = "card")]
    area: Option<String>,
    /// One card's issuance, P-…
    #[arg(long)]
    card: Option<IssuanceId>,
}

impl Forgive {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let wish = match (self.card, self.area) {
            (Some(issuance), _) => HouseRequest::AreaForgiveCard { issuance },
            (None, Some(area)) => HouseRequest::AreaForgive { area },
            (None, None) => return Err(Failure::usage("which area, or --card P-…")),
        };
        desk.change(Request::House(wish), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt area forgive office
  portvakt area forgive --card P-3F7K2Q";
