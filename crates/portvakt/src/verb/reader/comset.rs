//! `portvakt reader comset`.

use clap::Args;
use control::Request;
use control::request::reader::{ReaderComset, ReaderRequest};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutReader, Say};

/// Have a reader answer at another address and speed (COMSET)
///
/// The reader must be in service. Once it has confirmed, it is not heard at its old place any more: write
/// the new address and speed into the configuration and restart the daemon.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Comset {
    /// The reader's name
    reader: String,
    /// The address it is to have
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=126))]
    address: u8,
    /// The speed it is to have, bits per second
    #[arg(long)]
    baud: u32,
}

impl Comset {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let reader = &self.reader;
        let request = Request::Reader(ReaderRequest::Comset(ReaderComset {
            reader: reader.clone(),
            address: self.address,
            baud: self.baud,
        }));
        let what = AboutReader::Readdressed;
        desk.change(request, &Say::AboutReader { reader, what })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader comset main-in --address 3 --baud 115200";
