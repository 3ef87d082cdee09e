//! `portvakt log follow`.

use clap::Args;
use control::Request;

use super::filter::{self, Filter};
use crate::desk::Desk;
use crate::failure::Failure;

/// Events as they happen, until interrupted
///
/// With --since it begins in the past and goes on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Follow {
    /// Which events.
    #[command(flatten)]
    filter: Filter,
}

impl Follow {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`]; the stream ends only with the daemon.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let request = Request::LogFollow(self.filter.read(&daemon, None)?);
        filter::show(desk, &mut daemon, request).map(|_| ())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt log follow
  portvakt --json log follow --door main --since -1h";
