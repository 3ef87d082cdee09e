//! Which charges are meant, by when they were made.

use clap::Args;
use control::Moment;

use crate::daemon::Daemon;
use crate::failure::Failure;

/// From when until when.
#[derive(Debug, Args)]
pub(super) struct Span {
    /// Only those made at this time or later
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only those made before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
}

impl Span {
    /// As the daemon reads it.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2 for a time that is none.
    pub(super) fn read(&self, daemon: &Daemon) -> Result<[Option<Moment>; 2], Failure> {
        let instant = |text: &Option<String>| {
            let read = text.as_deref().map(|text| daemon.read_time(text));
            let read = read.transpose()?;
            Ok::<_, Failure>(read.map(|zoned| Moment::from(zoned.timestamp())))
        };
        Ok([instant(&self.since)?, instant(&self.until)?])
    }
}
