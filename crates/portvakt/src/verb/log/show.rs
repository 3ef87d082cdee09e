//! `portvakt log show`.

use clap::Args;
use control::Request;
use control::request::log::EventFilter;

use super::filter::{self, Filter};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Past events, pseudonymous, oldest first
///
/// The reading is itself an event. Times are read and shown in the site's zone.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// Which events.
    #[command(flatten)]
    filter: Filter,
    /// The newest so many
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Verify the whole log once more before anything is shown
    #[arg(long)]
    proven: bool,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let wanted = self.filter.read(&daemon, self.limit)?;
        let request = Request::LogShow(EventFilter {
            proven: self.proven,
            ..wanted
        });
        if filter::show(desk, &mut daemon, request)? == 0 {
            desk.say(&Say::Fixed(Phrase::Empty));
        }
        Ok(())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt log show --limit 20
  portvakt log show --class reading --proven
  portvakt log show --since 'today 06:00' --door main --denied
  portvakt --json log show --class administration --since -7d";
