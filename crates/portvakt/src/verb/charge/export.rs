//! `portvakt charge export`.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;
use control::Request;
use control::request::charge::ChargeRequest;

use super::invoice::Invoice;
use super::span::Span;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutCharge, Say};

/// Write charges with names for invoicing, and mark them as exported
///
/// Only charges that were not exported before. The names in it are a logged reading; a
/// holder who is forgotten has none any more. The file is made with mode 0600 and never
/// replaces another.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// The CSV file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// From when until when.
    #[command(flatten)]
    span: Span,
    /// Also charges that were exported before
    #[arg(long)]
    again: bool,
}

impl Export {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let [since, until] = self.span.read(&daemon)?;
        let shown = self.to.display().to_string();
        let mut invoice = Invoice::begin(self.file(desk.global.dry_run)?, true)?;
        let request = Request::Charge(ChargeRequest::Export {
            since,
            until,
            again: self.again,
        });
        let mut begun = false;
        let written = daemon.rows(request, &mut |daemon, row| {
            begun = true;
            invoice.add(daemon, &row)
        });
        let written = written.and_then(|count| invoice.finish().map(|()| count));
        match written {
            Ok(count) => self.say(desk, count, &shown),
            Err(cause) if begun => {
                let what = AboutCharge::ExportLost { file: &shown };
                desk.say(&Say::AboutCharge(what));
                Err(cause)
            }
            Err(cause) => {
                // Nothing is in it but the heading.
                if !desk.global.dry_run {
                    fs::remove_file(&self.to).ok();
                }
                Err(cause)
            }
        }
    }

    /// The file, new; under `--dry-run` none.
    fn file(&self, dry_run: bool) -> Result<Box<dyn Write>, Failure> {
        if dry_run {
            return Ok(Box::new(io::sink()));
        }
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.to);
        let cannot = |cause| {
            let file = self.to.display();
            Failure::failed(format!("{file} cannot be made: {cause}"))
        };
        Ok(Box::new(BufWriter::new(made.map_err(cannot)?)))
    }

    fn say(&self, desk: &mut Desk, count: u64, file: &str) -> Result<(), Failure> {
        if desk.out.is_json() {
            let said = serde_json::json!({ "charges": count, "file": file });
            desk.out.json(&said)?;
        } else {
            let what = match count {
                0 if !self.again => AboutCharge::NoneToExport,
                count => AboutCharge::Exported { count, file },
            };
            desk.out.line(&desk.lang.say(&Say::AboutCharge(what)))?;
        }
        desk.say_if_dry();
        Ok(())
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt charge export --to november.csv
  portvakt charge export --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --again --to again.csv";
