//! `portvakt reader rotate-key`.

use clap::Args;
use control::Request;
use control::request::reader::ReaderRequest;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutReader, Say};

/// Have a reader take a new key, inside its Secure Channel session
///
/// The daemon draws the key; nobody sees it. Until a session under the new key stands the
/// old one is kept too, and the reader is reached with either. Refused while the reader is
/// not in a session.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RotateKey {
    /// The reader's name
    reader: String,
}

impl RotateKey {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reader = &self.reader;
        let request = Request::Reader(ReaderRequest::RotateKey {
            reader: reader.clone(),
        });
        let what = AboutReader::KeyRotated;
        desk.change(request, &Say::AboutReader { reader, what })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader rotate-key main-in
  portvakt reader rotate-key main-in --dry-run";
