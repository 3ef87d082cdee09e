//! `portvakt reader test-open`.

use clap::Args;
use control::Request;
use control::request::house::HouseRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Open the door of a reader once, to see that it is wired as it should be
///
/// It is recorded as a test, with your name.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestOpen {
    /// The reader's name
    reader: String,
}

impl TestOpen {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reader = self.reader;
        let request = Request::House(HouseRequest::TestOpen { reader });
        desk.change(request, &Say::Fixed(Phrase::TestOpened))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader test-open main-in";
