//! `portvakt schedule set`.

use clap::Args;
use control::Request;
use control::request::schedule::ScheduleRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Make a schedule, or replace one whole
///
/// A window is days and hours by the clock on the wall: mon-fri 08:00-16:00,
/// sat,holiday 10:00-14:00, or daily 22:00-06:00+1 into the day after. On a holiday or
/// another special day only windows hold that name its kind.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// What it is called: letters, digits, -, _ or .
    schedule: String,
    /// When it holds
    #[arg(required = true, value_name = "WINDOW")]
    windows: Vec<String>,
    /// Whose clocks count, as in Europe/Oslo [default: the site's]
    #[arg(long)]
    zone: Option<String>,
}

impl Set {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = ScheduleRequest::Set {
            schedule: self.schedule,
            zone: self.zone,
            windows: self.windows,
        };
        desk.change(Request::Schedule(request), &Say::Fixed(Phrase::Done))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt schedule set office-hours 'mon-fri 08:00-16:00' 'sat 10:00-14:00'
  portvakt schedule set night 'daily,holiday 22:00-06:00+1' --zone Europe/Oslo
  portvakt --dry-run schedule set office-hours 'mon-fri 07:00-17:00'";
