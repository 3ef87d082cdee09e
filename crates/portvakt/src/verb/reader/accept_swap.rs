//! `portvakt reader accept-swap`.

use clap::Args;
use control::request::reader::ReaderRequest;
use control::{Reply, Request};

use super::show;
use crate::desk::Desk;
use crate::failure::Failure;

/// Take the reader that came in another's place for the one that was known
///
/// A reader with a key is known by vendor, model and serial number from its first session
/// on. Another one that knows its key is out of service until this is said. Look at the
/// reader first: somebody may have copied its key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AcceptSwap {
    /// The reader's name
    reader: String,
}

impl AcceptSwap {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reply = desk
            .connect()?
            .ask(Request::Reader(ReaderRequest::AcceptSwap {
                reader: self.reader,
            }))?;
        let Reply::Reader(reader) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        show::display(desk, reader)?;
        desk.say_if_dry();
        Ok(())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader show main-in
  portvakt reader accept-swap main-in";
