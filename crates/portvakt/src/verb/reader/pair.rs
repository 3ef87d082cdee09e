//! `portvakt reader pair`.

use std::time::Duration;

use clap::Args;
use control::Request;
use control::request::reader::{PAIR_FOR_S_MAX, ReaderPair, ReaderRequest};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::length::length;
use crate::text::{AboutReader, Say};

/// Give a reader in install mode its first key, inside a window of a few minutes
///
/// Whoever taps the wire while the window is open learns the key, since a reader in
/// install mode speaks under a key that is printed in the standard: pair on a bench cable,
/// not on the building's wires. The window is for this reader only, is logged, and closes
/// by its time, when this command ends, or with the daemon. Until then the reader serves
/// nobody.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Pair {
    /// The reader's name
    reader: String,
    /// How long the window stands open, at most 10m
    #[arg(long = "for", value_name = "TIME", default_value = "5m", value_parser = length)]
    open_for: Duration,
    /// Give up the key the reader has, or may have from a pairing that was cut off
    #[arg(long)]
    replace: bool,
}

impl Pair {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let seconds = self.open_for.as_secs();
        let for_s = u16::try_from(seconds)
            .ok()
            .filter(|for_s| (1..=PAIR_FOR_S_MAX).contains(for_s))
            .ok_or_else(|| {
                Failure::usage(format!(
                    "a window for pairing stands open for 1 to {PAIR_FOR_S_MAX} s, not {seconds}"
                ))
            })?;
        let reader = &self.reader;
        let request = Request::Reader(ReaderRequest::Pair(ReaderPair {
            reader: reader.clone(),
            for_s,
            replace: self.replace,
        }));
        let what = AboutReader::Paired;
        desk.change(request, &Say::AboutReader { reader, what })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt reader pair main-in
  portvakt reader pair main-in --for 2m
  portvakt reader pair main-in --replace";
