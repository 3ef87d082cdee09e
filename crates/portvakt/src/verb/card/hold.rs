//! `portvakt card hold`.

use access::IssuanceId;
use clap::Args;
use control::Request;
use control::request::card::CardHold;

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Hold the shredding of a holder for a case, ninety days at most
///
/// The card itself dies with its return all the same. When the hold is over, or ended
/// with --end, the holder of a returned card is forgotten.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Hold {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Until when
    #[arg(long, value_name = "TIME", required_unless_present = "end")]
    until: Option<String>,
    /// Why; it is logged, and names the case
    #[arg(long, required_unless_present = "end")]
    reason: Option<String>,
    /// End the hold
    #[arg(long, conflicts_with_all = ["until", "reason"])]
    end: bool,
}

impl Hold {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let issuance = self.issuance;
        let request = match (self.until, self.reason) {
            (Some(until), Some(reason)) => {
                let until = desk.connect()?.read_time(&until)?;
                Request::CardHold(CardHold {
                    issuance,
                    until: until.timestamp().into(),
                    reason,
                })
            }
            (_, _) => Request::CardHoldEnd { issuance },
        };
        answer::change(desk, request)
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card hold P-3F7K2Q --until +30d --reason 'case 2026-7'
  portvakt card hold P-3F7K2Q --end";
