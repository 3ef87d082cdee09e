//! `portvakt reader set-key`.

use clap::Args;
use control::request::reader::ReaderRequest;
use control::{ReaderKey, Request};

use crate::ask::read_secret;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Say;

/// Give the controller a reader's Secure Channel key
///
/// The key is 32 hex digits. Weak keys, and keys another reader has, are refused. The
/// key is never shown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SetKey {
    /// The reader's name
    reader: String,
    /// The file the key is in, or - for standard input
    #[arg(long, value_name = "FILE")]
    key_file: String,
}

impl SetKey {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let text = read_secret(&self.key_file)?;
        let key = ReaderKey::from_hex(text.trim()).ok_or_else(|| {
            Failure::usage("a reader key is 32 hex digits; what was given is something else")
        })?;
        let request = Request::Reader(ReaderRequest::SetKey {
            reader: self.reader.clone(),
            key,
        });
        desk.change(
            request,
            &Say::KeySet {
                reader: &self.reader,
            },
        )
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader set-key main-in --key-file main-in.key
  pass show doors/main-in | portvakt reader set-key main-in --key-file -";
