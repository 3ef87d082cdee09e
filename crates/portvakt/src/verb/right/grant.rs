//! `portvakt right grant`.

use access::IssuanceId;
use clap::Args;
use control::request::right::{RightGrant, RightRequest, WantedRight};
use control::{Moment, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Phrase, Say};
use crate::wanted::wanted;

/// Give an issuance further rights
///
/// A right is on a door or a group of doors; behind an @ a schedule says at which hours.
/// Without --from and --until it lasts as long as the card.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Grant {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Doors or groups of doors
    #[arg(required = true, value_name = "PLACE[@SCHEDULE]", value_parser = wanted)]
    rights: Vec<WantedRight>,
    /// Why they are needed; it is recorded
    #[arg(long)]
    reason: String,
    /// From when on
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Grant {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = RightRequest::Grant(RightGrant {
            valid_from: understood(desk, Label::From, self.from.as_deref())?,
            valid_until: understood(desk, Label::Until, self.until.as_deref())?,
            issuance: self.issuance,
            rights: self.rights,
            reason: self.reason,
        });
        desk.change(Request::Right(request), &Say::Fixed(Phrase::Done))
    }
}

/// The instant, and how it was understood.
fn understood(desk: &Desk, what: Label, written: Option<&str>) -> Result<Option<Moment>, Failure> {
    let Some(written) = written else {
        return Ok(None);
    };
    let daemon = desk.connect()?;
    let moment = Moment::from(daemon.read_time(written)?.timestamp());
    let instant = &daemon.shown(moment);
    desk.say(&Say::Understood { what, instant });
    Ok(Some(moment))
}

const EXAMPLES: &str = "\
Examples:
  portvakt right grant P-3F7K2Q cellar --reason 'reads the meters'
  portvakt right grant P-3F7K2Q ground-floor@office-hours --until '24.12.2026 15:00' --reason 'paints the walls'";
